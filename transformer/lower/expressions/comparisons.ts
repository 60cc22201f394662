import type ts from "typescript";
import { catalogue, excerpt } from "../../diagnostics.js";
import { literal } from "../../ir/build.js";
import type { Atom } from "../../ir/model.js";
import { bool, carriesReal, isNull, isNumeric, isReference, nullable, opaque as opaqueType, orNull, type Type } from "../../ir/types.js";
import type { Lowering } from "../lowering.js";
import { reject } from "../rejected.js";
import { bare } from "../syntax.js";
import { array, literalKey } from "./arrays.js";
import { choose, thereIs } from "./conditions.js";
import { closureOf, isAbsentFunction, isFunction } from "./function-values.js";
import { expression, type Want } from "./index.js";
import { isGlobal } from "./library.js";
import { opaque } from "./opaque.js";
import { numeric } from "./values.js";

/** `a < b`, `a === b`, and `a === undefined`, which is a question of its own. */
export function lowerComparison(l: Lowering, node: ts.BinaryExpression, want: Want): Atom {
  const operator = node.operatorToken.getText();
  if (operator.endsWith("=") && !operator.startsWith("<") && !operator.startsWith(">")) return equality(l, node, operator, want);
  if (!isNumeric(kindOf(l, node.left)) || !isNumeric(kindOf(l, node.right))) return ordered(l, node, want);
  const left = numeric(l, node.left);
  const right = numeric(l, node.right);
  return l.let(operator, [left, right], bool, want.name);
}

/** Texts are compared where they stand; what is of an unknown type is rejected where it is a number. */
function ordered(l: Lowering, node: ts.BinaryExpression, want: Want): Atom {
  const unknown = [node.left, node.right].find((e) => l.checker.getTypeAtLocation(e).flags & l.ts.TypeFlags.Any);
  if (unknown !== undefined && l.facts.taint.carries(unknown)) {
    reject(catalogue.anyValue, unknown, excerpt(unknown), l.checker.typeToString(l.checker.getTypeAtLocation(unknown)));
  }
  return opaque(l, node, want);
}

/** The type of a value; where TypeScript says `any`, that of what a name stands for. */
function kindOf(l: Lowering, node: ts.Expression): Type {
  const type = l.types.at(node);
  const name = bare(l.ts, node);
  if (type.kind !== "opaque" && !(type.kind === "array" && type.element.kind === "opaque")) return type;
  if (l.ts.isElementAccessExpression(name)) {
    const of = kindOf(l, name.expression);
    return of.kind === "array" ? of.element : type;
  }
  const symbol = l.ts.isIdentifier(name) ? l.symbol(name) : undefined;
  return (symbol && l.values.get(symbol)?.type) ?? type;
}

function equality(l: Lowering, node: ts.BinaryExpression, operator: string, want: Want): Atom {
  const differs = operator.startsWith("!");
  const absent = [node.left, node.right].find((e) => isAbsent(l, e));
  const other = absent === node.left ? node.right : node.left;
  if (absent !== undefined) return isUndefined(l, node, other, { absent: bare(l.ts, absent), differs, isLoose: operator.length === 2 }, want);
  const types = [kindOf(l, node.left), kindOf(l, node.right)];
  const isText = [node.left, node.right].every((e) => l.types.isText(l.checker.getTypeAtLocation(e)));
  const comparable = isText || types.every((t) => isNumeric(t) || t.kind === "bool" || isReference(t));
  // `==` and `===` are the same for two values of one kind.
  if (!comparable || (operator.length === 2 && types[0]?.kind !== types[1]?.kind)) return opaque(l, node, want);
  const left = expression(l, node.left, { optional: true });
  const right = expression(l, node.right, { optional: true });
  return compare(l, differs ? "!==" : "===", left, right, want.name);
}

export function compare(l: Lowering, operator: "===" | "!==", left: Atom, right: Atom, name = ""): Atom {
  return l.let(operator, [left, right], bool, name);
}

/** `undefined`, and `null` where `==` makes no difference. */
function isAbsent(l: Lowering, expression: ts.Expression): boolean {
  const node = bare(l.ts, expression);
  return node.kind === l.ts.SyntaxKind.NullKeyword || (l.ts.isIdentifier(node) && node.text === "undefined" && isGlobal(l, node));
}

/** Whether there is a function, where that is known. */
function isKnownFunction(l: Lowering, node: ts.Expression): Atom | undefined {
  if (isAbsentFunction(l, node)) return literal(false);
  const closure = closureOf(l, node);
  return closure && thereIs(l, closure);
}

/** "r" in s, where some members of a union have it and the others do not   becomes   s.r !== undefined */
export function lowerIn(l: Lowering, node: ts.BinaryExpression, want: Want): Atom {
  const name = literalKey(l, bare(l.ts, node.left));
  const type = l.types.at(node.right);
  if (name === undefined || type.kind !== "record" || type.shape !== "object") return opaque(l, node, want);
  const declared = type.fields.find((f) => f.name === name);
  if (declared?.type.nullable !== true) return opaque(l, node, want);
  const of = l.checker.getTypeAtLocation(node.right);
  const members = of.isUnion() ? of.types : [of];
  // A member that is there and undefined, or null, is told from none by nobody but "r" in s.
  if (isNull(declared.type) || !members.every((t) => hasAlways(l, t, name) || t.getProperty(name) === undefined)) return reject(catalogue.expression, node, excerpt(node));
  if (declared.type.kind === "opaque") return opaque(l, node, want);
  const found = l.loadField(array(l, node.right), name, "", true);
  return l.let("!", [l.let("isUndefined", [found], bool)], bool, want.name);
}

/** Whether every object of a type has a member, and has something there. */
function hasAlways(l: Lowering, type: ts.Type, name: string): boolean {
  const property = type.getProperty(name);
  if (property === undefined || property.flags & l.ts.SymbolFlags.Optional) return false;
  return !l.types.admitsUndefined(l.checker.getTypeOfSymbol(property));
}

function isUndefined(l: Lowering, node: ts.BinaryExpression, tested: ts.Expression, { absent, differs, isLoose }: { readonly absent: ts.Expression; readonly differs: boolean; readonly isLoose: boolean }, want: Want): Atom {
  const isThere = isFunction(l, tested) ? isKnownFunction(l, tested) : undefined;
  if (isThere !== undefined) return isThere.kind === "literal" ? literal(isThere.value === differs) : differs ? isThere : l.let("!", [isThere], bool, want.name);
  const type = kindOf(l, tested);
  if (!isReference(type) && !isNumeric(type) && type.kind !== "bool") return opaque(l, node, want);
  if (l.types.admitsNull(l.checker.getTypeAtLocation(tested)) && !isNull(type) && carriesReal(type)) {
    reject(catalogue.nullValue, tested, excerpt(tested));
  }
  // What is missing is never null where it is undefined, and the other way round.
  const asksForNull = absent.kind === l.ts.SyntaxKind.NullKeyword;
  const value = expression(l, tested, { optional: true });
  if (isNull(type) && value.kind === "var" && value.type.kind === "opaque" && !isNull(value.type)) {
    // Of a constant it is not known which of the two it is: it is asked as it is written.
    const is = (missing: Type): Atom => compare(l, differs ? "!==" : "===", value, literal(undefined, missing));
    const [none, nothing] = [orNull(opaqueType), nullable(opaqueType)];
    if (!isLoose) return is(asksForNull ? none : nothing);
    return choose(l, is(none), () => (differs ? is(nothing) : literal(true)), () => (differs ? literal(false) : is(nothing)), want.name);
  }
  if (!isLoose && asksForNull !== isNull(type) && (asksForNull || isNull(type))) return literal(differs);
  const test = l.let("isUndefined", [value], bool, differs ? "" : want.name);
  return differs ? l.let("!", [test], bool, want.name) : test;
}
