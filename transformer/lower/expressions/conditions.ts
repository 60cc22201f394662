import type ts from "typescript";
import { literal } from "../../ir/build.js";
import type { Atom } from "../../ir/model.js";
import { bool, type Type } from "../../ir/types.js";
import { branch, type Side } from "../branch.js";
import { assignedWithin } from "../facts/assigned.js";
import { dead, normal } from "../jumps.js";
import type { Lowering } from "../lowering.js";
import { bare } from "../syntax.js";
import type { Closure } from "../closures.js";
import { isFunctionType } from "../facts/holders.js";
import { closureOf, isAbsentFunction } from "./function-values.js";
import { expression, type Want } from "./index.js";
import { never, nothing, opaque } from "./opaque.js";

/** The boolean that a condition comes down to. */
export function condition(l: Lowering, node: ts.Expression): Atom {
  const { ts } = l;
  const inner = bare(ts, node);
  if (ts.isBinaryExpression(inner)) {
    const kind = inner.operatorToken.kind;
    if (kind === ts.SyntaxKind.AmpersandAmpersandToken) return l.from(inner, () => both(l, inner));
    if (kind === ts.SyntaxKind.BarBarToken) return l.from(inner, () => either(l, inner));
  }
  if (isFunctionType(l.checker, l.checker.getTypeAtLocation(inner))) {
    // Whether there is a function is known where it is known which one.
    if (isAbsentFunction(l, inner)) return literal(false);
    const closure = closureOf(l, inner);
    const known = closure && thereIs(l, closure);
    if (known !== undefined) return known;
  }
  return truth(l, expression(l, inner));
}

/** Whether there is a function, where that is known or depends on a test. */
export function thereIs(l: Lowering, closure: Closure): Atom | undefined {
  if (closure.kind === "lost") return undefined;
  if (closure.kind !== "choice") return literal(closure.kind !== "none");
  const then = thereIs(l, closure.then);
  const otherwise = thereIs(l, closure.otherwise);
  if (then === undefined || otherwise === undefined) return undefined;
  if (then.kind === "literal" && otherwise.kind === "literal" && then.value === otherwise.value) return then;
  return choose(l, closure.test, () => then, () => otherwise);
}

/** a && b   becomes   if (a) { yield b } else { yield false } */
function both(l: Lowering, node: ts.BinaryExpression): Atom {
  return choose(
    l,
    condition(l, node.left),
    () => condition(l, node.right),
    () => literal(false),
  );
}

/** a || b   becomes   if (a) { yield true } else { yield b } */
function either(l: Lowering, node: ts.BinaryExpression): Atom {
  return choose(
    l,
    condition(l, node.left),
    () => literal(true),
    () => condition(l, node.right),
  );
}

/** Whether a value counts as true. */
export function truth(l: Lowering, value: Atom): Atom {
  if (value.kind === "literal") return literal(Boolean(value.value));
  if (value.type.kind === "bool" && !value.type.nullable) return value;
  return l.let("!", [l.let("!", [value], bool)], bool);
}

export function choose(l: Lowering, test: Atom, then: () => Atom, otherwise: () => Atom, name = ""): Atom {
  const side = (run: () => Atom) => (): Side => {
    const value = run();
    if (value === never) return { flow: dead };
    return value === nothing ? { flow: normal } : { flow: normal, value };
  };
  const { flow, value } = branch(l, test, side(then), side(otherwise), name);
  return value ?? (flow === dead ? never : nothing);
}

/**
 * a ? b : c   becomes   if (a) { yield b } else { yield c }
 *
 * A branch and not a choice between two values: reversing the side not taken turns Math.sqrt at 0 into NaN.
 */
export function lowerConditional(l: Lowering, node: ts.ConditionalExpression, want: Want): Atom {
  const type = l.types.at(node);
  if (type.kind === "opaque" && !isUsable(l, node) && ![node.whenTrue, node.whenFalse].every((side) => isHeld(l, side))) return opaque(l, node, want);
  const inner: Want = { ...want, name: want.name ?? "" };
  return choose(
    l,
    condition(l, node.condition),
    () => expression(l, node.whenTrue, inner),
    () => expression(l, node.whenFalse, inner),
    want.name,
  );
}

/** Whether a name stands for an object of which it is known what functions it holds. */
function isHeld(l: Lowering, node: ts.Expression): boolean {
  const name = bare(l.ts, node);
  const symbol = l.ts.isIdentifier(name) ? l.symbol(name) : undefined;
  return symbol !== undefined && l.closures.holderOf(l.values.get(symbol)) !== undefined;
}

/** Values of no known type are chosen as text, unless the text would assign something. */
function isUsable(l: Lowering, node: ts.Expression): boolean {
  return l.facts.taint.carries(node) || [...assignedWithin(l, node)].some((symbol) => l.isLocal(symbol));
}

/** `&&`, `||` and `??` as values: the left side where it decides, else the right one. */
export function lowerLogical(l: Lowering, node: ts.BinaryExpression, want: Want): Atom {
  const kinds = l.ts.SyntaxKind;
  const operator = node.operatorToken.kind;
  const type: Type = l.types.at(node);
  if (operator !== kinds.QuestionQuestionToken && type.kind === "bool") return condition(l, node);
  // a[6] ?? (a[6] ?? x): for TypeScript the element is there.
  const isNever = (l.checker.getTypeAtLocation(node).flags & l.ts.TypeFlags.Never) !== 0;
  if (type.kind === "opaque" && !isNever && !isUsable(l, node)) return opaque(l, node, want);
  const optional = operator === kinds.QuestionQuestionToken;
  const left = guardedNumber(l, node) ?? expression(l, node.left, { ...want, optional });
  return decide(l, operator, left, () => expression(l, node.right, want), want.name);
}

/** (test && x) || y: the left side is a number or false, and 0 is as good as false here. */
function guardedNumber(l: Lowering, node: ts.BinaryExpression): Atom | undefined {
  const { ts } = l;
  const left = bare(ts, node.left);
  if (node.operatorToken.kind !== ts.SyntaxKind.BarBarToken || !ts.isBinaryExpression(left)) return undefined;
  if (left.operatorToken.kind !== ts.SyntaxKind.AmpersandAmpersandToken || l.types.at(left).kind !== "opaque") return undefined;
  if (l.types.at(left.left).kind !== "bool" || l.types.at(left.right).kind !== "real") return undefined;
  return choose(l, condition(l, left.left), () => expression(l, left.right), () => literal(0));
}

/** The value of `left op right()`; also of the operator in `x ??= e`. */
export function decide(l: Lowering, operator: ts.SyntaxKind, left: Atom, right: () => Atom, name = ""): Atom {
  const kinds = l.ts.SyntaxKind;
  if (operator === kinds.QuestionQuestionToken || operator === kinds.QuestionQuestionEqualsToken) {
    const test = l.let("isUndefined", [left], bool);
    return choose(l, test, right, () => l.present(left), name);
  }
  const isAnd = operator === kinds.AmpersandAmpersandToken || operator === kinds.AmpersandAmpersandEqualsToken;
  const keep = (): Atom => (isAnd ? left : l.present(left));
  return isAnd ? choose(l, truth(l, left), right, keep, name) : choose(l, truth(l, left), keep, right, name);
}
