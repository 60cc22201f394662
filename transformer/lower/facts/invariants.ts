import type ts from "typescript";
import type { Lowering } from "../lowering.js";
import { calleeOf } from "../expressions/callee.js";
import { libraryMember } from "../expressions/library.js";
import { readsOf } from "../expressions/read-only.js";
import { bare } from "../syntax.js";
import { assignedWithin, writesWithin } from "./assigned.js";
import { isUpdate } from "./writes.js";

const resizers: ReadonlySet<string> = new Set("push pop shift unshift splice".split(" "));

/** Whether an expression has the same value before a loop and in each of its turns, and does nothing else. */
export function isInvariant(l: Lowering, expression: ts.Expression, loop: ts.Node): boolean {
  const { ts } = l;
  const assigned = assignedWithin(l, loop);
  const isFixed = (e: ts.Expression): boolean => {
    const node = bare(ts, e);
    if (ts.isNumericLiteral(node)) return true;
    if (ts.isIdentifier(node)) return isStable(l, node, assigned);
    if (ts.isPrefixUnaryExpression(node)) {
      const { operand } = node;
      return !isUpdate(ts, node) && isFixed(operand);
    }
    if (ts.isBinaryExpression(node)) return isArithmetic(l, node.operatorToken.kind) && isFixed(node.left) && isFixed(node.right);
    if (ts.isCallExpression(node)) return readsOf(l, node) === "pure" && libraryMember(l, node)?.owner === "Math" && node.arguments.every(isFixed);
    if (ts.isPropertyAccessExpression(node)) {
      if (node.name.text !== "length") return libraryMember(l, node) !== undefined;
      return l.types.at(node.expression).kind !== "opaque" && isFixed(node.expression) && !mayResize(l, node.expression, loop);
    }
    if (ts.isElementAccessExpression(node)) {
      return isFixed(node.expression) && isFixed(node.argumentExpression) && !mayWrite(l, node.expression, loop);
    }
    return false;
  };
  return isFixed(expression);
}

/** A local that the loop does not assign, a parameter, or a name from outside that is never assigned. */
function isStable(l: Lowering, name: ts.Identifier, assigned: ReadonlySet<ts.Symbol>): boolean {
  const symbol = l.symbol(name);
  if (symbol === undefined) return false;
  if (l.isLocal(symbol)) return !assigned.has(symbol);
  const declaration = symbol.valueDeclaration;
  if (declaration === undefined) return name.text === "undefined";
  if (l.ts.isParameter(declaration)) return false;
  return !l.ts.isVariableDeclaration(declaration) || (l.ts.getCombinedNodeFlags(declaration) & l.ts.NodeFlags.Const) !== 0;
}

function isArithmetic(l: Lowering, kind: ts.SyntaxKind): boolean {
  const k = l.ts.SyntaxKind;
  return [k.PlusToken, k.MinusToken, k.AsteriskToken, k.SlashToken, k.PercentToken, k.AsteriskAsteriskToken, k.BarToken].includes(kind);
}

/** Whether the body of a loop may change the length of what `array` refers to. */
export function mayResize(l: Lowering, array: ts.Expression, loop: ts.Node): boolean {
  const type = l.types.at(array);
  if (type.kind === "typed" || (type.kind === "array" && type.length !== undefined)) return false;
  const { ts } = l;
  const touched = writesWithin(l, loop).filter((w) => w.kind === "memory" && isSame(l, array, w.to));
  const grows = touched.some((w) => {
    if (ts.isCallExpression(w.node)) return !ts.isPropertyAccessExpression(w.node.expression) || resizers.has(w.node.expression.name.text);
    if (!ts.isBinaryExpression(w.node)) return false;
    const to = bare(ts, w.node.left);
    return (ts.isPropertyAccessExpression(to) && to.name.text === "length") || (ts.isElementAccessExpression(to) && mayAppend(l, to.argumentExpression, loop));
  });
  return grows || callsWith(l, array, loop, (callee) => resizesSomething(l, callee, new Set()));
}

/** Whether anything run by the loop may write to what `array` refers to. */
function mayWrite(l: Lowering, array: ts.Expression, loop: ts.Node): boolean {
  const isWritten = writesWithin(l, loop).some((w) => w.kind === "memory" && isSame(l, array, w.to));
  return isWritten || callsWith(l, array, loop, () => true);
}

function isSame(l: Lowering, array: ts.Expression, to: ts.Symbol): boolean {
  return l.facts.aliases.roots(array).some((root) => l.facts.aliases.same(root, to));
}

/** a[a.length] = …, a[n++] = …, a[n] = … where the loop counts n: the index may be one behind the last. */
function mayAppend(l: Lowering, index: ts.Expression, loop: ts.Node): boolean {
  const { ts } = l;
  const assigned = new Set(
    writesWithin(l, loop)
      .filter((w) => w.kind !== "memory" && !ts.isVariableDeclaration(w.node) && !isStepOf(l, w.node))
      .map((w) => w.to),
  );
  const visit = (n: ts.Node): boolean => {
    if (isUpdate(ts, n) || (ts.isPropertyAccessExpression(n) && n.name.text === "length")) return true;
    if (ts.isIdentifier(n)) {
      const symbol = l.symbol(n);
      return symbol !== undefined && assigned.has(symbol);
    }
    return ts.forEachChild(n, (child) => visit(child) || undefined) ?? false;
  };
  return visit(index);
}

function isStepOf(l: Lowering, node: ts.Node): boolean {
  return l.ts.isForStatement(node.parent) && node.parent.incrementor === node;
}

/**
 * Whether the loop calls a function that gets the array, and of which `holds` is true. What those write that are lowered
 * here is known as the loop's own.
 */
function callsWith(
  l: Lowering,
  array: ts.Expression,
  loop: ts.Node,
  holds: (callee: ts.FunctionLikeDeclaration) => boolean,
): boolean {
  const { ts } = l;
  const { aliases, bodies } = l.facts;
  const roots = aliases.roots(array);
  const visit = (n: ts.Node): boolean => {
    if (ts.isCallExpression(n) && libraryMember(l, n) === undefined) {
      const given = n.arguments.flatMap((a) => aliases.roots(a));
      const gets = roots.some((r) => !l.isLocal(r) || given.some((g) => aliases.same(g, r)));
      const callees = [...bodies.of(n.expression)];
      if (gets && (callees.length === 0 || callees.some((callee) => !bodies.isHere(callee) && holds(callee)))) return true;
    }
    return ts.forEachChild(n, (child) => visit(child) || undefined) ?? false;
  };
  return visit(loop);
}

function resizesSomething(l: Lowering, callee: ts.FunctionLikeDeclaration, seen: Set<ts.Node>): boolean {
  const { ts } = l;
  if (seen.has(callee)) return false;
  seen.add(callee);
  const visit = (n: ts.Node): boolean => {
    if (ts.isCallExpression(n)) {
      if (ts.isPropertyAccessExpression(n.expression) && resizers.has(n.expression.name.text)) return true;
      const inner = libraryMember(l, n) === undefined ? calleeOf(l, n) : undefined;
      if (inner !== undefined && resizesSomething(l, inner, seen)) return true;
    }
    return ts.forEachChild(n, (child) => visit(child) || undefined) ?? false;
  };
  return visit(callee);
}
