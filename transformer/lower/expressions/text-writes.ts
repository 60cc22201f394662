import type ts from "typescript";
import { catalogue, excerpt } from "../../diagnostics.js";
import { isReference } from "../../ir/types.js";
import { isAssignment, isUpdate, mutators, rootsOf } from "../facts/writes.js";
import type { Lowering } from "../lowering.js";
import { reject } from "../rejected.js";
import { bare, isWithin } from "../syntax.js";
import { readsOf } from "./read-only.js";

/**
 * R5: text neither assigns variables of the function nor writes differentiated memory, be it by another name or in a
 * function that it calls.
 */
export function refuseWrites(l: Lowering, root: ts.Node): void {
  const { ts } = l;
  const visit = (n: ts.Node): void => {
    if (ts.isTypeNode(n)) return;
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

function isDifferentiated(l: Lowering, node: ts.Expression): boolean {
  return isReference(l.types.at(node)) && l.facts.aliases.roots(node).some((root) => l.facts.taint.has(root));
}
