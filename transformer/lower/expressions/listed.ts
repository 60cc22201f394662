import type ts from "typescript";
import { catalogue, excerpt } from "../../diagnostics.js";
import { literal } from "../../ir/build.js";
import type { Atom } from "../../ir/model.js";
import { arrayOf } from "../../ir/types.js";
import type { Lowering } from "../lowering.js";
import { reject } from "../rejected.js";
import { bare, isConst } from "../syntax.js";
import { callbackOf } from "./function-values.js";
import { heldList, heldValue, listOf } from "./held.js";
import { expression, type Want } from "./index.js";
import { nothing } from "./opaque.js";

/** A method of an array that is known by its elements, which are functions or hold some: it is run element by element. */
export function listMethod(l: Lowering, node: ts.CallExpression, want: Want): Atom | undefined {
  const callee = bare(l.ts, node.expression);
  if (!l.ts.isPropertyAccessExpression(callee)) return undefined;
  const elements = heldList(l, callee.expression);
  if (elements === undefined) return undefined;
  const name = bare(l.ts, callee.expression);
  const filled = l.ts.isIdentifier(name) && callee.name.text === "push" ? l.symbol(name) : undefined;
  if (filled !== undefined && pushesTo(l, filled).includes(node)) {
    l.values.set(filled, listOf(l, [...elements, ...node.arguments.map((a) => heldValue(l, a))]));
    return nothing;
  }
  const method = Object.hasOwn(methods, callee.name.text) ? methods[callee.name.text] : undefined;
  const [fn] = node.arguments;
  if (method === undefined || fn === undefined) return reject(catalogue.arrayMethod, callee.name, callee.name.text, excerpt(callee.expression));
  return method(l, elements, node, fn, want);
}

/** const layers: Layer[] = [];   of an array of functions that is filled where it is declared, which is known by them then. */
export function isFilled(l: Lowering, node: ts.ArrayLiteralExpression): boolean {
  const symbol = l.ts.isVariableDeclaration(node.parent) ? l.symbol(node.parent.name) : undefined;
  return symbol !== undefined && l.types.holdsFunctions(node.parent) && pushesTo(l, symbol).length > 0;
}

/**
 * layers.push(a); layers.push(b);   The pushes behind the declaration of an array, in the same block, before anything else is
 * done with it: nothing, where it is pushed to elsewhere.
 */
function pushesTo(l: Lowering, symbol: ts.Symbol): readonly ts.CallExpression[] {
  const { ts } = l;
  const declaration = symbol.valueDeclaration;
  const statement = declaration?.parent.parent;
  if (declaration === undefined || !ts.isVariableDeclaration(declaration) || statement === undefined || !ts.isVariableStatement(statement) || !ts.isBlock(statement.parent) || !isConst(ts, declaration)) return [];
  const found: ts.CallExpression[] = [];
  let isUsed = false;
  for (const s of statement.parent.statements.filter(({ pos }) => pos > statement.pos)) {
    const call = ts.isExpressionStatement(s) && ts.isCallExpression(s.expression) && pushes(s.expression) ? s.expression : undefined;
    const isApart = call === undefined ? !mentions(s) : !call.arguments.some((a) => ts.isSpreadElement(a) || mentions(a));
    if (isUsed ? contains(s, pushes) : !isApart && contains(s, pushes)) return [];
    if (call !== undefined) found.push(call);
    else isUsed ||= !isApart;
  }
  return found;

  function pushes(n: ts.Node): boolean {
    const callee = ts.isCallExpression(n) ? bare(ts, n.expression) : undefined;
    return callee !== undefined && ts.isPropertyAccessExpression(callee) && callee.name.text === "push" && isName(bare(ts, callee.expression));
  }
  function isName(n: ts.Node): boolean {
    return ts.isIdentifier(n) && l.symbol(n) === symbol;
  }
  function mentions(n: ts.Node): boolean {
    return contains(n, isName);
  }
  function contains(n: ts.Node, is: (n: ts.Node) => boolean): boolean {
    return is(n) || (ts.forEachChild(n, (child) => contains(child, is) || undefined) ?? false);
  }
}

type ListMethod = (l: Lowering, elements: readonly Atom[], node: ts.CallExpression, fn: ts.Expression, want: Want) => Atom;

const methods: Readonly<Record<string, ListMethod>> = {
  // f(a, 0); f(b, 1); …
  forEach(l, elements, _, fn) {
    const call = callbackOf(l, fn);
    elements.forEach((e, i) => void call([e, literal(i)]));
    return nothing;
  },
  // [f(a, 0), f(b, 1), …]
  map(l, elements, node, fn, want) {
    const call = callbackOf(l, fn);
    const made = elements.map((e, i) => call([e, literal(i)]));
    if (made.some((m) => l.closures.isKnown(m))) return listOf(l, made);
    const type = l.types.at(node);
    return l.allocate(type.kind === "array" ? type : arrayOf({ kind: "real" }), { kind: "elements", elements: made }, want.name);
  },
  reduce: (l, elements, node, fn) => fold(l, elements.map((e, i) => ({ e, i })), node, fn),
  reduceRight: (l, elements, node, fn) => fold(l, elements.map((e, i) => ({ e, i })).reverse(), node, fn),
};

/** f(f(start, a, 0), b, 1) */
function fold(l: Lowering, elements: readonly { readonly e: Atom; readonly i: number }[], node: ts.CallExpression, fn: ts.Expression): Atom {
  const call = callbackOf(l, fn);
  const start = node.arguments[1];
  const [first, ...more] = elements;
  if (start === undefined && first === undefined) return reject(catalogue.arrayMethod, node.expression, "reduce", excerpt(node.expression));
  const rest = start === undefined ? more : elements;
  const from = start === undefined ? first?.e : expression(l, start);
  return rest.reduce<Atom>((value, { e, i }) => call([value, e, literal(i)]), from ?? nothing);
}
