import type ts from "typescript";
import { catalogue, excerpt } from "../diagnostics.js";
import { literal } from "../ir/build.js";
import type { Atom, Var } from "../ir/model.js";
import { bool, isNull, isReference, nonNull, nullable, type Type } from "../ir/types.js";
import { choose } from "./expressions/conditions.js";
import { functionValue } from "./expressions/function-values.js";
import { expression } from "./expressions/index.js";
import { value } from "./expressions/values.js";
import type { Lowering } from "./lowering.js";
import { reject } from "./rejected.js";
import { bind } from "./statements/declarations.js";
import { bare } from "./syntax.js";
import type { Types } from "./types.js";

/** The parameters but for `this`, which is only a type. */
export function ownParameters(compiler: typeof ts, declaration: ts.FunctionLikeDeclaration): readonly ts.ParameterDeclaration[] {
  return declaration.parameters.filter((p) => !(compiler.isIdentifier(p.name) && p.name.text === "this"));
}

/** The type of what is given for a parameter: one with a default, or with a question mark, may be left out. */
export function parameterType(types: Types, checker: ts.TypeChecker, p: ts.ParameterDeclaration): Type {
  const type = types.from(checker.getTypeAtLocation(p));
  return checker.isOptionalParameter(p) || p.initializer !== undefined ? nullable(type) : type;
}

/** Refuses parameters that hold numbers in a way that has no shadow. */
export function checkParameter(l: Lowering, p: ts.ParameterDeclaration): void {
  const type = l.checker.getTypeAtLocation(p);
  const found = l.types.from(type);
  const name = excerpt(p.name);
  const text = (): string => l.checker.typeToString(type);
  if (type.isUnion()) {
    const present = l.checker.getNonNullableType(type);
    const kinds = present.isUnion() ? present.types.map((t) => l.types.from(t)) : [];
    if (kinds.some(isReference) && new Set(kinds.map((k) => (k.kind === "typed" ? k.name : k.kind))).size > 1) {
      if (kinds.every(isReference)) reject(catalogue.notArray, p.name, name, text());
    }
    if (l.types.admitsNull(type) && !isNull(found) && l.types.holdsNumbers(present)) reject(catalogue.nullValue, p.name, name);
    if (kinds.some((k) => k.kind === "real")) return;
  }
  if (l.types.elementsOf(l.checker.getNonNullableType(type))?.some((t) => l.types.admitsNull(t) && l.types.holdsNumbers(t)) === true) reject(catalogue.nullValue, p.name, name);
  if (type.flags & (l.ts.TypeFlags.Any | l.ts.TypeFlags.Unknown)) return;
  if (found.kind === "opaque" && l.types.holdsNumbers(type)) reject(catalogue.objectType, p.name, name, text());
}

// f(x = e)   becomes   x = x === undefined ? e : x
export function bindParameter(l: Lowering, p: ts.ParameterDeclaration, given: Atom): void {
  const { initializer } = p;
  if (initializer === undefined) return bind(l, p.name, given);
  const declared = l.types.from(l.checker.getTypeAtLocation(p));
  if (isNull(declared)) {
    // What is left out is null then, which it may be anyway. Any other default is for undefined alone.
    if (bare(l.ts, initializer).kind !== l.ts.SyntaxKind.NullKeyword) reject(catalogue.nullValue, p.name, excerpt(p.name));
    return bind(l, p.name, given.kind === "literal" && given.value === undefined ? literal(undefined, declared) : given);
  }
  const name = l.ts.isIdentifier(p.name) ? p.name.text : "";
  const wanted = nonNull(given.type);
  const byDefault = (): Atom => functionValue(l, initializer) ?? (wanted.kind === "opaque" ? expression(l, initializer) : value(l, initializer, wanted));
  if (given.kind === "literal") return bind(l, p.name, given.value === undefined ? byDefault() : given);
  if (!given.type.nullable || l.closures.isKnown(given)) return bind(l, p.name, given);
  const isLeftOut = l.let("isUndefined", [given], bool);
  if (wanted.kind !== "real") return bind(l, p.name, choose(l, isLeftOut, byDefault, () => l.present(given), name));
  // The derivative by a parameter that is left out is that at its default.
  const fallback = choose(l, isLeftOut, byDefault, () => literal(0, wanted));
  bind(l, p.name, l.let("??", [given, fallback], wanted, name));
}

/** The name of a parameter in the IR. */
export function parameterVariable(l: Lowering, p: ts.ParameterDeclaration, i: number, type: Type): Var {
  return l.from(p, () => l.variable(l.ts.isIdentifier(p.name) ? p.name.text : `argument${String(i + 1)}`, type));
}
