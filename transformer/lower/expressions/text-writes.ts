import type ts from "typescript";
import { catalogue, excerpt } from "../../diagnostics.js";
import { isReference } from "../../ir/types.js";
import { isAssignment, isUpdate, mutators, rootsOf } from "../facts/writes.js";
import type { Lowering } from "../lowering.js";
import { reject } from "../rejected.js";
import { bare, isWithin } from "../syntax.js";
import { isPure, readsOf } from "./read-only.js";

/**
 * An assignment or `i++` within text to a variable of the function, which can be run before the text because it is run in
 * any case and nothing that does anything stands in front of it.
 */
export function isLifted(l: Lowering, root: ts.Node, node: ts.Node): node is ts.BinaryExpression | ts.PrefixUnaryExpression | ts.PostfixUnaryExpression {
  const { ts } = l;
  if (node === root || !isWriteOfLocal(l, node)) return false;
  for (let at: ts.Node = node; at !== root; at = at.parent) {
    const { parent } = at;
    if (ts.isFunctionLike(parent) || ts.isOptionalChain(parent) || mayBeSkipped(l, parent, at)) return false;
    const before: ts.Node[] = [];
    ts.forEachChild(parent, (child) => void (child.end <= at.pos && before.push(child)));
    if (!before.every((child) => isPure(l, child) || isWriteOfLocal(l, child))) return false;
  }
  return true;
}

function isWriteOfLocal(l: Lowering, node: ts.Node): boolean {
  const { ts } = l;
  const isAssigned = ts.isBinaryExpression(node) && isAssignment(ts, node.operatorToken.kind) && isPure(l, node.right);
  const target = isAssigned ? node.left : isUpdate(ts, node) ? node.operand : undefined;
  const symbol = target !== undefined && ts.isIdentifier(target) ? l.symbol(target) : undefined;
  return symbol !== undefined && l.isLocal(symbol);
}

/** The sides of `?:`, and the right ones of `&&`, `||` and `??`. */
function mayBeSkipped(l: Lowering, parent: ts.Node, part: ts.Node): boolean {
  const { ts } = l;
  if (ts.isConditionalExpression(parent)) return part !== parent.condition;
  if (!ts.isBinaryExpression(parent) || part === parent.left) return false;
  const { AmpersandAmpersandToken, BarBarToken, QuestionQuestionToken } = ts.SyntaxKind;
  return [AmpersandAmpersandToken, BarBarToken, QuestionQuestionToken].some((kind) => kind === parent.operatorToken.kind);
}

/**
 * R5: text neither assigns variables of the function nor writes differentiated memory, be it by another name or in a
 * function that it calls.
 */
export function refuseWrites(l: Lowering, root: ts.Node): void {
  const { ts } = l;
  const visit = (n: ts.Node): void => {
    if (ts.isTypeNode(n) || isLifted(l, root, n)) return;
    if (ts.isBinaryExpression(n) && isAssignment(ts, n.operatorToken.kind)) refuseAssignment(l, root, n.left, n.right);
    else if (isUpdate(ts, n)) refuseAssignment(l, root, n.operand, undefined);
    else if (ts.isCallExpression(n) || ts.isNewExpression(n)) refuseCall(l, n);
    ts.forEachChild(n, visit);
  };
  visit(root);
}

function refuseAssignment(l: Lowering, root: ts.Node, target: ts.Expression, value: ts.Expression | undefined): void {
  const place = bare(l.ts, target);
  const isVariable = l.ts.isIdentifier(place) || l.ts.isArrayLiteralExpression(place) || l.ts.isObjectLiteralExpression(place);
  for (const symbol of rootsOf(l.ts, (name) => l.symbol(name), place)) {
    const isOwn = (symbol.declarations ?? []).some((d) => isWithin(d, root));
    if (isVariable && isOwn) continue;
    if (isVariable && l.isLocal(symbol)) reject(catalogue.assignmentWithin, target, symbol.name, excerpt(root));
    const carried = value !== undefined && l.facts.taint.carries(value);
    if (carried && !l.isLocal(symbol)) reject(catalogue.outerWrite, target, symbol.name);
    if (carried || (!isVariable && l.facts.taint.has(symbol))) reject(catalogue.expression, root, excerpt(root));
  }
}

/** A function that is given differentiated memory may write to it, unless it is known not to. */
function refuseCall(l: Lowering, node: ts.CallExpression | ts.NewExpression): void {
  if (l.ts.isCallExpression(node) && readsOf(l, node) !== "unknown") return;
  const callee = bare(l.ts, node.expression);
  if (l.ts.isCallExpression(node) && l.ts.isPropertyAccessExpression(callee) && mutators.has(callee.name.text) && isDifferentiated(l, callee.expression)) {
    reject(catalogue.arrayMethod, callee.name, callee.name.text, excerpt(callee.expression));
  }
  for (const a of node.arguments ?? []) {
    if (isDifferentiated(l, a) && !l.facts.taint.isReadOnly(a)) reject(catalogue.mayWrite, a, excerpt(callee), excerpt(a));
  }
}

/** Whether memory that an expression leads to holds differentiated values. */
export function isDifferentiated(l: Lowering, node: ts.Expression): boolean {
  return isReference(l.types.at(node)) && l.facts.aliases.roots(node).some((root) => l.facts.taint.has(root));
}
