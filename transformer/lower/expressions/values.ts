import type ts from "typescript";
import { catalogue, excerpt } from "../../diagnostics.js";
import type { Atom } from "../../ir/model.js";
import { isNumeric, isReference, nullable, type Type } from "../../ir/types.js";
import type { Lowering } from "../lowering.js";
import { Rejected, reject } from "../rejected.js";
import { bare } from "../syntax.js";
import { expression, type Want } from "./index.js";

/** The value of an expression that has to be a number, known not to be undefined. */
export function numeric(l: Lowering, node: ts.Expression, want: Want = {}): Atom {
  const value = expression(l, node, want);
  if (isNumeric(value.type)) return l.present(value);
  return notNumeric(l, node, value);
}

function notNumeric(l: Lowering, node: ts.Expression, value: Atom): never {
  const type = l.checker.getTypeAtLocation(bare(l.ts, node));
  const text = declaredAs(l, node);
  if (type.flags & (l.ts.TypeFlags.Any | l.ts.TypeFlags.Unknown)) {
    if (value.kind === "literal") throw new Rejected();
    reject(catalogue.anyValue, node, excerpt(node), text);
  }
  // TypeScript knows it as a number, yet what it is taken out of was made of `any`.
  const inner = bare(l.ts, node);
  if (type.flags & l.ts.TypeFlags.NumberLike && l.ts.isElementAccessExpression(inner)) reject(catalogue.elementType, inner.expression, excerpt(inner.expression));
  if (l.types.admitsNull(type)) reject(catalogue.nullValue, node, excerpt(node));
  return reject(catalogue.notNumber, node, excerpt(node), text);
}

/** The type of an expression, of a variable or a member that which it is declared with: behind a test TypeScript knows it as less. */
function declaredAs(l: Lowering, node: ts.Expression): string {
  const inner = bare(l.ts, node);
  const symbol = l.ts.isIdentifier(inner) || l.ts.isPropertyAccessExpression(inner) ? l.checker.getSymbolAtLocation(inner) : undefined;
  return l.checker.typeToString(symbol?.valueDeclaration === undefined ? l.checker.getTypeAtLocation(inner) : l.checker.getTypeOfSymbol(symbol));
}

/** The value of an expression where something of that type is wanted. */
export function value(l: Lowering, node: ts.Expression, type: Type, name?: string): Atom {
  const want: Want = { type, optional: type.nullable === true, ...(name !== undefined && { name }) };
  const found = expression(l, node, want);
  if (l.closures.isUnbound(found)) return found;
  const atom: Atom = isAbsent(found) ? { ...found, type: nullable(type) } : found;
  if (isNumeric(type) && !isNumeric(atom.type) && !isAbsent(atom)) return notNumeric(l, node, atom);
  if (isReference(type) && !isReference(atom.type) && !isAbsent(atom)) {
    reject(catalogue.notArray, node, excerpt(node), declaredAs(l, node));
  }
  // An accessor of a class, where an interface has a number, is no part of the record that stands for the object.
  const lacking = memberLacking(type, atom.type);
  if (lacking !== undefined) reject(catalogue.method, node, lacking, excerpt(node));
  return type.nullable || type.kind === "opaque" ? atom : l.present(atom);
}

/** A member that objects of the one type have and those of the other have not. */
function memberLacking(wanted: Type, given: Type, seen = new Set<unknown>()): string | undefined {
  if (wanted.kind === "array" && given.kind === "array") return memberLacking(wanted.element, given.element, seen);
  if (wanted.kind !== "record" || given.kind !== "record" || wanted === given || seen.has(wanted.fields)) return undefined;
  seen.add(wanted.fields);
  for (const { name, type } of wanted.fields) {
    const found = given.fields.find((f) => f.name === name);
    const lacking = found === undefined ? (type.nullable === true ? undefined : name) : memberLacking(type, found.type, seen);
    if (lacking !== undefined) return lacking;
  }
  return undefined;
}

function isAbsent(atom: Atom): boolean {
  return atom.kind === "literal" && atom.value === undefined;
}
