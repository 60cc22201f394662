import type ts from "typescript";
import { catalogue, excerpt } from "../../diagnostics.js";
import { sameAtom } from "../../ir/atoms.js";
import { isLiteral, literal, one, zero } from "../../ir/build.js";
import type { Atom } from "../../ir/model.js";
import { arrayOf, bool, elementType, int } from "../../ir/types.js";
import { comesFromOutside } from "../facts/invariants.js";
import { branch, type Side } from "../branch.js";
import { normal } from "../jumps.js";
import type { Lowering } from "../lowering.js";
import { reject } from "../rejected.js";
import { bare } from "../syntax.js";
import { literalElements } from "../statements/declarations.js";
import { array, overRange, overRangeDown } from "./arrays.js";
import { cutTo } from "./assignments.js";
import { expression, type Want } from "./index.js";
import { fromEnd, offset, relative, throwIf, wholeIndex, within } from "./indices.js";
import { build } from "./iteration.js";
import { nothing } from "./opaque.js";
import { sort, toSorted } from "./sorting.js";
import { numeric, value } from "./values.js";

/** A method of arrays, called on `of` with these arguments. */
export type Method = (l: Lowering, of: Atom, args: readonly ts.Expression[], want: Want, node: ts.CallExpression) => Atom;

/** Adding a method is adding a line. Typed arrays have those that are marked so. */
export type Methods = Readonly<Record<string, { readonly run: Method; readonly typed?: boolean }>>;

// for (let k = 0; k < n >> 1; k++) { x = a[k]; a[k] = a[n - 1 - k]; a[n - 1 - k] = x }
const reverse: Method = (l, of) => {
  const size = l.length(of);
  const last = l.let("-", [size, one], int);
  overRange(l, zero, l.let(">>", [size, one], int), (k) => {
    const other = l.let("-", [last, k], int);
    const [x, y] = [l.load(of, k), l.load(of, other)];
    put(l, of, k, y);
    put(l, of, other, x);
  });
  return of;
};

// b = new Array(n); for (let k = 0; k < n; k++) b[k] = a[n - 1 - k]
const toReversed: Method = (l, of, _, want, node) => {
  const size = l.length(of);
  const last = l.let("-", [size, one], int);
  const type = of.type.kind === "typed" ? of.type : arrayOf(elementType(of.type));
  return build(l, node, type, size, (k) => l.load(of, l.let("-", [last, k], int)), want.name);
};

// b = a.slice(); b[i] = v
const withElement: Method = (l, of, args, want, node) => {
  const [at, given] = args;
  if (at === undefined || given === undefined) return reject(catalogue.arrayMethod, node, "with", excerpt(node));
  const index = wholeIndex(l, at);
  const place = fromEnd(l, index, of);
  const v = element(l, given, of);
  if (!isNegative(index)) throwIf(l, l.let(">=", [place, l.length(of)], bool), "RangeError(\"Invalid index\")");
  if (place.kind !== "literal") throwIf(l, l.let("<", [place, zero], bool), "RangeError(\"Invalid index\")");
  const result = copied(l, of, undefined, undefined, want.name);
  put(l, result, place, v);
  return result;
};

// for (let k = 0; k < b.length; k++) a[offset + k] = b[k]
const setFrom: Method = (l, of, [source, by], _, node) => {
  if (source === undefined) return reject(catalogue.arrayMethod, node, "set", excerpt(node));
  const written = literalElements(l, source)?.map((e) => element(l, e, of));
  const from = written === undefined ? array(l, source) : undefined;
  if (from?.type.kind === "record") return reject(catalogue.arrayMethod, source, "set", excerpt(source));
  const start = by === undefined ? zero : wholeIndex(l, by);
  const size = from === undefined ? literal(written?.length ?? 0) : l.length(from);
  throwIf(l, l.let(">", [offset(l, start, size), l.length(of)], bool), "RangeError(\"offset is out of bounds\")");
  if (start.kind !== "literal") throwIf(l, l.let("<", [start, zero], bool), "RangeError(\"offset is out of bounds\")");
  written?.forEach((v, k) => void put(l, of, offset(l, start, literal(k)), v));
  if (from === undefined) return nothing;
  // Two views of one buffer: all is read before anything is written.
  const apart = from.type.kind === "typed" && mayOverlap(l, node, source) ? copied(l, from) : from;
  overRange(l, zero, size, (k) => {
    put(l, of, offset(l, start, k), l.present(l.load(apart, k)));
  });
  return nothing;
};

function isNegative(index: Atom): boolean {
  return index.kind === "literal" && Number(index.value) < 0;
}

/** Whether two arrays may share memory: by what is done here, or because both may come from outside. */
function mayOverlap(l: Lowering, node: ts.CallExpression, source: ts.Expression): boolean {
  const { aliases } = l.facts;
  const [to, from] = [bare(l.ts, node.expression), source].map((e) => aliases.roots(e));
  const isGiven = comesFromOutside(l);
  if (to?.some(isGiven) && from?.some(isGiven)) return true;
  return to?.some((a) => from?.some((b) => aliases.same(a, b))) ?? true;
}

// part = a.slice(from, to); for (let k = 0; k < part.length && at + k < a.length; k++) a[at + k] = part[k]
const copyWithin: Method = (l, of, args) => {
  const [at = zero, from, to] = args.map((a) => wholeIndex(l, a));
  const start = within(l, at, of);
  const part = copied(l, of, from && relative(l, from, of), to && relative(l, to, of));
  const room = l.let("-", [l.length(of), start], int);
  overRange(l, zero, l.let("Math.min", [l.length(part), room], int), (k) => {
    put(l, of, offset(l, start, k), l.load(part, k));
  });
  return of;
};

/** removed = a.slice(from, to), and what is behind moves up to the new elements. */
const splice: Method = (l, of, args, want) => {
  const [at, count, ...items] = args;
  const start = at === undefined ? zero : within(l, wholeIndex(l, at), of);
  const many = count && wholeIndex(l, count);
  const kept = many?.kind === "literal" && Number(many.value) <= 0;
  const end = kept ? start : many && offset(l, start, many.kind === "literal" ? many : l.let("Math.max", [many, zero], int));
  const values = items.map((v) => element(l, v, of));
  const removed = copied(l, of, start, end, want.name);
  replace(l, of, start, end, values);
  return removed;
};

/** copy = a.slice(); copy.splice(…) */
const toSpliced: Method = (l, of, args, want, node) => {
  const made = copied(l, of, undefined, undefined, want.name);
  splice(l, made, args, {}, node);
  return made;
};

// first = a[0]; for (let k = 0; k < a.length - 1; k++) a[k] = a[k + 1]; a.pop()
const shift: Method = (l, of, _, want) => {
  const first = l.load(of, zero, want.name, want.optional);
  const size = l.length(of);
  const take = (): Side => {
    closeGap(l, of, zero, l.let("-", [size, one], int), one);
    l.add({ kind: "pop", result: l.variable("", elementType(of.type)), of });
    return { flow: normal };
  };
  if (want.optional === true) branch(l, l.let(">", [size, zero], bool), take, () => ({ flow: normal }));
  else take();
  return first;
};

const unshift: Method = (l, of, args) => {
  openGap(l, of, zero, args.map((v) => element(l, v, of)));
  return l.length(of);
};

// A view: the same memory under another name, and so the shadow.
const subarray: Method = (l, of, args, want) => l.let("subarray", [of, ...args.map((a) => numeric(l, a))], of.type, want.name);

/** Methods that put elements into other places. On constants they are text. */
export const rearrangements: Methods = {
  copyWithin: { run: copyWithin, typed: true },
  reverse: { run: reverse, typed: true },
  sort: { run: sort, typed: true },
  set: { run: setFrom, typed: true },
  shift: { run: shift },
  splice: { run: splice },
  subarray: { run: subarray, typed: true },
  toReversed: { run: toReversed, typed: true },
  toSorted: { run: toSorted, typed: true },
  toSpliced: { run: toSpliced },
  unshift: { run: unshift },
  with: { run: withElement, typed: true },
};

/** The elements from one place to another are taken out, and others put in their place; without an end all that follow. */
function replace(l: Lowering, of: Atom, start: Atom, end: Atom | undefined, items: readonly Atom[]): void {
  const size = l.length(of);
  if (end === undefined) cutTo(l, of, start);
  else if (!sameAtom(start, end)) {
    const stop = l.let("Math.min", [end, size], int);
    const gap = isLiteral(start, 0) ? stop : l.let("-", [stop, start], int);
    const rest = l.let("-", [size, gap], int);
    closeGap(l, of, start, rest, gap);
    cutTo(l, of, rest);
  }
  if (items.length > 0) openGap(l, of, start, items);
}

/** for (let k = start; k < stop; k++) a[k] = a[k + by] */
function closeGap(l: Lowering, of: Atom, start: Atom, stop: Atom, by: Atom): void {
  overRange(l, start, stop, (k) => {
    put(l, of, k, l.load(of, l.let("+", [k, by], int)));
  });
}

/** for (let k = 0; k < n; k++) a.push(…); and what stands from the start on moves up by n. */
function openGap(l: Lowering, of: Atom, start: Atom, items: readonly Atom[]): void {
  const size = l.length(of);
  const type = elementType(of.type);
  // What is put there is written over.
  for (const v of items) l.add({ kind: "push", of, value: type.kind === "real" && type.nullable !== true ? { ...zero, type } : v });
  moveUp(l, of, start, size, literal(items.length));
  items.forEach((v, k) => void put(l, of, offset(l, start, literal(k)), v));
}

/** for (let k = size - 1; k >= start; k--) a[k + by] = a[k] */
export function moveUp(l: Lowering, of: Atom, start: Atom, size: Atom, by: Atom): void {
  overRangeDown(l, l.let("-", [size, one], int), start, (k) => {
    put(l, of, l.let("+", [k, by], int), l.load(of, k));
  });
}

function element(l: Lowering, node: ts.Expression, of: Atom): Atom {
  const type = elementType(of.type);
  return type.kind === "opaque" ? expression(l, node) : value(l, node, type);
}

export function copied(l: Lowering, of: Atom, from?: Atom, to?: Atom, name = ""): Atom {
  const result = l.variable(name, of.type.kind === "array" ? arrayOf(of.type.element) : of.type);
  l.add({ kind: "copy", result, of, depth: 1, ...(from && { from }), ...(to && { to }), ...(to && !from && { from: zero }) });
  return result;
}

/** a[k] = v, where the place is known to be there. */
export function put(l: Lowering, of: Atom, key: Atom, v: Atom): void {
  l.add({ kind: "store", of, key, value: v, within: true });
}
