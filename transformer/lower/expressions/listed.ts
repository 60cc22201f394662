import type ts from "typescript";
import { catalogue, excerpt } from "../../diagnostics.js";
import { literal } from "../../ir/build.js";
import type { Atom } from "../../ir/model.js";
import { arrayOf } from "../../ir/types.js";
import type { Lowering } from "../lowering.js";
import { reject } from "../rejected.js";
import { bare } from "../syntax.js";
import { callbackOf } from "./function-values.js";
import { heldList, listOf } from "./held.js";
import { expression, type Want } from "./index.js";
import { nothing } from "./opaque.js";

/** A method of an array that is known by its elements, which are functions or hold some: it is run element by element. */
export function listMethod(l: Lowering, node: ts.CallExpression, want: Want): Atom | undefined {
  const callee = bare(l.ts, node.expression);
  if (!l.ts.isPropertyAccessExpression(callee)) return undefined;
  const elements = heldList(l, callee.expression);
  if (elements === undefined) return undefined;
  const method = Object.hasOwn(methods, callee.name.text) ? methods[callee.name.text] : undefined;
  const [fn] = node.arguments;
  if (method === undefined || fn === undefined) return reject(catalogue.arrayMethod, callee.name, callee.name.text, excerpt(callee.expression));
  return method(l, elements, node, fn, want);
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
