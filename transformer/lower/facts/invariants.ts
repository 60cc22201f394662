import type ts from "typescript";
import type { Lowering } from "../lowering.js";
import { calleeOf } from "../expressions/callee.js";
import { closureOf } from "../expressions/function-values.js";
import { libraryMember } from "../expressions/library.js";
import { isLibraryMethod, readsOf } from "../expressions/read-only.js";
import { ownParameters } from "../parameters.js";
import { bare, isConst, isWithin } from "../syntax.js";
import { assignedWithin, writesWithin } from "./assigned.js";
import { isAssignment, isUpdate } from "./writes.js";

const shorteners: ReadonlySet<string> = new Set("pop shift splice".split(" "));
const resizers: ReadonlySet<string> = new Set([...shorteners, "push", "unshift"]);

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

/** What changes the length of an array: methods, and assignments to elements by such an index. */
interface Resizing {
  readonly methods: ReadonlySet<string>;
  readonly appends: (index: ts.Expression) => boolean;
}

/** Whether a function that a method of `array` calls for each element may take some of them away. */
export function mayShorten(l: Lowering, array: ts.Expression, fn: ts.Expression): boolean {
  const { aliases, bodies } = l.facts;
  const by: Resizing = { methods: shorteners, appends: () => false };
  const isOutside = aliases.roots(array).some((root) => !l.isLocal(root));
  const isHanded = (callee: ts.FunctionLikeDeclaration): boolean => !bodies.isHere(callee) && (isOutside || callee.parameters.length > 2);
  return resizedBy(l, array, fn, by) || [...bodies.of(fn)].some((callee) => isHanded(callee) && resizesOne(l, callee, array, by, new Set()));
}

/** Whether the body of a `for…of` may change the length of what it goes through; `own` is the index of the turn. */
export function mayResizeBelow(l: Lowering, array: ts.Expression, body: ts.Node, own: ts.Symbol | undefined): boolean {
  const isFirst = (index: ts.Expression): boolean => l.ts.isNumericLiteral(index) && index.text === "0";
  const isOwn = (index: ts.Expression): boolean => own !== undefined && l.symbol(index) === own && !assignedWithin(l, body).has(own);
  return resizedBy(l, array, body, { methods: resizers, appends: (index) => !isFirst(index) && !isOwn(index) });
}

/** Whether the body of a loop may change the length of what `array` refers to. */
function mayResize(l: Lowering, array: ts.Expression, loop: ts.Node): boolean {
  return resizedBy(l, array, loop, { methods: resizers, appends: (index) => mayAppend(l, index, loop) });
}

function resizedBy(l: Lowering, array: ts.Expression, within: ts.Node, by: Resizing): boolean {
  const type = l.types.at(array);
  if (type.kind === "typed" || (type.kind === "array" && type.length !== undefined)) return false;
  const { ts } = l;
  const touched = writesWithin(l, within).filter((w) => w.kind === "memory" && isSame(l, array, w.to));
  const isGiven = (n: ts.Node): boolean => ts.isCallExpression(n) && !ts.isPropertyAccessExpression(n.expression);
  return touched.some(({ node }) => isGiven(node) || resizes(l, node, array, by)) || callsWith(l, array, within, (callee) => resizesOne(l, callee, array, by, new Set()));
}

/** x.push(…), x.length = …, x[i] = …   where `x` may be what `array` is: a row is none of its own rows. */
function resizes(l: Lowering, node: ts.Node, array: ts.Expression, { methods, appends }: Resizing): boolean {
  const { ts } = l;
  if (ts.isCallExpression(node)) {
    const { expression: to } = node;
    return ts.isPropertyAccessExpression(to) && methods.has(to.name.text) && mayBe(l, to.expression, array);
  }
  if (!ts.isBinaryExpression(node) || !isAssignment(ts, node.operatorToken.kind)) return false;
  return targetsOf(l, node.left).some((to) => {
    if (ts.isElementAccessExpression(to)) return mayBe(l, to.expression, array) && appends(to.argumentExpression);
    return ts.isPropertyAccessExpression(to) && to.name.text === "length" && mayBe(l, to.expression, array);
  });
}

/** What is assigned: all of the places in a pattern, [a[n], { x: b[0] }] = … */
function targetsOf(l: Lowering, target: ts.Expression): readonly ts.Expression[] {
  const { ts } = l;
  const node = bare(ts, target);
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken) return targetsOf(l, node.left);
  if (ts.isArrayLiteralExpression(node)) return node.elements.flatMap((e) => targetsOf(l, ts.isSpreadElement(e) ? e.expression : e));
  if (!ts.isObjectLiteralExpression(node)) return [node];
  return node.properties.flatMap((p) => (ts.isPropertyAssignment(p) ? targetsOf(l, p.initializer) : ts.isSpreadAssignment(p) ? targetsOf(l, p.expression) : []));
}

function mayBe(l: Lowering, a: ts.Expression, b: ts.Expression): boolean {
  const types = [a, b].map((e) => l.types.at(e));
  // An object is no array, whatever its methods are called.
  if (types.some((t) => t.kind === "record" && t.shape === "object")) return false;
  const [x, y] = types.map((t) => (t.kind === "array" ? t.element.kind : t.kind));
  return x === y || x === "opaque" || y === "opaque";
}

/** Whether anything run by the loop may write to what `array` refers to. */
function mayWrite(l: Lowering, array: ts.Expression, loop: ts.Node): boolean {
  const isWritten = writesWithin(l, loop).some((w) => w.kind === "memory" && isSame(l, array, w.to));
  return isWritten || callsWith(l, array, loop, () => true);
}

function isSame(l: Lowering, array: ts.Expression, to: ts.Symbol): boolean {
  const isGiven = comesFromOutside(l);
  return l.facts.aliases.roots(array).some((root) => l.facts.aliases.same(root, to) || (isGiven(root) && isGiven(to)));
}

/** Whether what a name leads to may have been there before the function: two such names may mean one thing. */
export function comesFromOutside(l: Lowering): (root: ts.Symbol) => boolean {
  const { aliases } = l.facts;
  const given = ownParameters(l.ts, l.root).flatMap((p) => aliases.roots(p.name));
  return (root) => !l.isLocal(root) || given.some((p) => aliases.same(p, root));
}

/**
 * a[a.length] = …, a[n++] = …, a[n] = … where the loop counts n, a[i + 1] = … where the counter of a loop goes up to the last:
 * the index may be one behind the last. One of which nothing is known, a[k] = … of a parameter k, may lie anywhere.
 */
function mayAppend(l: Lowering, index: ts.Expression, loop: ts.Node): boolean {
  const { ts } = l;
  const assigned = new Set(
    writesWithin(l, loop)
      .filter((w) => w.kind !== "memory" && !ts.isVariableDeclaration(w.node) && !isStepOf(l, w.node))
      .map((w) => w.to),
  );
  const visit = (n: ts.Node): boolean => {
    if (isUpdate(ts, n) || (ts.isPropertyAccessExpression(n) && n.name.text === "length")) return true;
    if (ts.isBinaryExpression(n) && n.operatorToken.kind === ts.SyntaxKind.PlusToken && reachesLast(l, n.left)) return true;
    if (ts.isIdentifier(n)) {
      const symbol = l.symbol(n);
      const declared = symbol?.valueDeclaration;
      if (declared !== undefined && ts.isParameter(declared) && isWithin(loop, declared.parent)) return true;
      const value = declared !== undefined && ts.isVariableDeclaration(declared) && isConst(ts, declared) && isWithin(declared, loop) ? declared.initializer : undefined;
      return symbol !== undefined && (assigned.has(symbol) || (value !== undefined && visit(value)));
    }
    return ts.forEachChild(n, (child) => visit(child) || undefined) ?? false;
  };
  return visit(index);
}

/** for (let i = …; i < a.length; …): the counter is the last index in the last turn. */
function reachesLast(l: Lowering, node: ts.Expression): boolean {
  const { ts } = l;
  const declared = l.symbol(node)?.valueDeclaration;
  const loop = declared?.parent.parent;
  if (loop === undefined || !ts.isForStatement(loop) || loop.condition === undefined || !ts.isBinaryExpression(loop.condition)) return false;
  const { left, right } = loop.condition;
  return l.symbol(left) === l.symbol(node) && ts.isPropertyAccessExpression(right) && right.name.text === "length";
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
    if (ts.isCallExpression(n) && readsOf(l, n) === "unknown" && libraryMember(l, n) === undefined && !isLibraryMethod(l, n)) {
      const given = n.arguments.flatMap((a) => aliases.roots(a));
      const gets = roots.some((r) => !l.isLocal(r) || given.some((g) => aliases.same(g, r)));
      const callees = [...bodies.of(n.expression)];
      // this.act(x), where `act` is Math.tanh.
      const isUnknown = callees.length === 0 && closureOf(l, n.expression)?.kind !== "library";
      if (gets && (isUnknown || callees.some((callee) => !bodies.isHere(callee) && holds(callee)))) return true;
    }
    return ts.forEachChild(n, (child) => visit(child) || undefined) ?? false;
  };
  return visit(loop);
}

/** Whether a function, or one that it calls, resizes what may be `array`. */
function resizesOne(l: Lowering, callee: ts.FunctionLikeDeclaration, array: ts.Expression, by: Resizing, seen: Set<ts.Node>): boolean {
  const { ts } = l;
  if (seen.has(callee)) return false;
  seen.add(callee);
  const visit = (n: ts.Node): boolean => {
    if (resizes(l, n, array, by)) return true;
    const inner = ts.isCallExpression(n) && libraryMember(l, n) === undefined ? calleeOf(l, n) : undefined;
    if (inner !== undefined && resizesOne(l, inner, array, by, seen)) return true;
    return ts.forEachChild(n, (child) => visit(child) || undefined) ?? false;
  };
  return visit(callee);
}
