import type ts from "typescript";
import { isAssignment, isUpdate } from "../facts/writes.js";
import type { Lowering } from "../lowering.js";
import { bare, isWithin } from "../syntax.js";
import { entryOf } from "./callee.js";
import { isAccessor, isLibraryClass, readsOf } from "./read-only.js";

/**
 * Whether a call of functions of the program leaves all memory as it is that was there before: they assign only variables
 * of their own and fields of objects that they make, and call only what does the same.
 */
export function isHarmless(l: Lowering, node: ts.CallExpression | ts.NewExpression, seen = new Set<ts.Node>()): boolean {
  const { ts } = l;
  if (ts.isNewExpression(node)) {
    const made = l.context.classes.named(node.expression);
    const chain = made && l.context.classes.chain(made);
    return chain !== undefined && chain.every((at) => at.members.every((m) => !(ts.isConstructorDeclaration(m) || ts.isPropertyDeclaration(m)) || leaves(l, m, m, seen)));
  }
  const callee = bare(ts, node.expression);
  // A member of an object may be assigned, but for a table of which it is known.
  const entries = (ts.isPropertyAccessExpression(callee) ? (l.symbol(callee.name)?.declarations ?? []) : []).filter((d) => ts.isPropertyAssignment(d));
  if (entries.some((d) => entryOf(l, d) === undefined)) return false;
  const bodies = [...l.facts.bodies.of(callee)];
  return bodies.length > 0 && bodies.every((body) => leaves(l, body, body, seen));
}

/** The same of running a method. One without a body is declared somewhere else. */
export function isHarmlessBody(l: Lowering, method: ts.Node): boolean {
  return leaves(l, method, method, new Set());
}

function leaves(l: Lowering, node: ts.Node, body: ts.Node, seen: Set<ts.Node>): boolean {
  const { ts } = l;
  if (node === body) {
    if (seen.has(body)) return true;
    seen.add(body);
  }
  if (ts.isTypeNode(node)) return true;
  if (ts.isBinaryExpression(node) && isAssignment(ts, node.operatorToken.kind) && !isOwn(l, node.left, body)) return false;
  if (isUpdate(ts, node) && !isOwn(l, node.operand, body)) return false;
  if (ts.isDeleteExpression(node) || ts.isTaggedTemplateExpression(node) || ts.isAwaitExpression(node) || ts.isYieldExpression(node)) return false;
  if (ts.isCallExpression(node) && node.expression.kind !== ts.SyntaxKind.SuperKeyword && readsOf(l, node) === "unknown" && !isHarmless(l, node, seen)) return false;
  if (ts.isPropertyAccessExpression(node) && isAccessor(l, node)) {
    const accessors = [...l.facts.bodies.of(node)];
    if (accessors.length === 0 || !accessors.every((a) => leaves(l, a, a, seen))) return false;
  }
  if (ts.isNewExpression(node) && !isLibraryClass(l, node) && !isHarmless(l, node, seen)) return false;
  return ts.forEachChild(node, (child) => (leaves(l, child, body, seen) ? undefined : true)) !== true;
}

/** A variable declared in the body, or in a constructor a field of the object that is made. */
function isOwn(l: Lowering, target: ts.Expression, body: ts.Node): boolean {
  const { ts } = l;
  const place = bare(ts, target);
  if (ts.isIdentifier(place)) return (l.symbol(place)?.declarations ?? []).every((d) => isWithin(d, body));
  const isField = ts.isPropertyAccessExpression(place) && place.expression.kind === ts.SyntaxKind.ThisKeyword;
  return isField && (ts.isConstructorDeclaration(body) || ts.isPropertyDeclaration(body));
}
