import type ts from "typescript";
import { catalogue, excerpt } from "../../diagnostics.js";
import { isLiteral, literal, zero } from "../../ir/build.js";
import type { Atom } from "../../ir/model.js";
import { arrayOf, bool, elementType, int, isReference, nullable, sameType, type Type } from "../../ir/types.js";
import { writesWithin } from "../facts/assigned.js";
import { namesLifted } from "../lifted.js";
import type { Lowering } from "../lowering.js";
import { reject } from "../rejected.js";
import { bare, functionIn, isWithin } from "../syntax.js";
import { Arguments } from "./arguments.js";
import { append, array, overElements, overRange } from "./arrays.js";
import { calleeOf } from "./callee.js";
import { asText } from "./calls.js";
import { mayBeMissing } from "./chains.js";
import { choose } from "./conditions.js";
import { expression, type Want } from "./index.js";
import { fromEnd, relative, wholeIndex } from "./indices.js";
import { iterations } from "./iteration.js";
import { isGlobal } from "./library.js";
import { listMethod } from "./listed.js";
import { nothing } from "./opaque.js";
import { isLibraryMethod } from "./read-only.js";
import { refuseSpread } from "./refused.js";
import { copied, moveUp, put, rearrangements, type Methods } from "./rearranging.js";
import { numeric, value } from "./values.js";

const methods: Methods = {
  at: { run: at, typed: true },
  concat: { run: concat },
  fill: { run: fill, typed: true },
  flat: { run: flat },
  pop: { run: pop },
  push: { run: push },
  slice: { run: slice, typed: true },
};

/** A call of a method on an array or typed array; nothing for anything else. */
export function lowerArrayMethod(l: Lowering, node: ts.CallExpression, want: Want, isDiscarded: boolean): Atom | undefined {
  const callee = bare(l.ts, node.expression);
  if (!l.ts.isPropertyAccessExpression(callee) || !isLibraryMethod(l, node)) return undefined;
  const listed = listMethod(l, node, want);
  if (listed !== undefined) return listed;
  const type = l.types.at(callee.expression);
  if (!isReference(type) || mayBeMissing(l, callee) || node.questionDotToken !== undefined) return undefined;
  const name = callee.name.text;
  const table = l.facts.taint.carries(callee.expression) || l.facts.taint.mayHold(node) ? { ...methods, ...rearrangements } : methods;
  const method = Object.hasOwn(table, name) ? table[name] : undefined;
  const iteration = Object.hasOwn(iterations, name) ? iterations[name] : undefined;
  if (iteration !== undefined && type.kind !== "record" && isIterated(l, node)) {
    return iteration(l, array(l, callee.expression), node.arguments, want, node);
  }
  const isKnown = method !== undefined && type.kind !== "record" && (type.kind === "array" || method.typed === true);
  if (!isKnown) return other(l, node, callee, want, isDiscarded);
  if (name === "fill" && isNewArray(l, callee.expression)) {
    const made = filledAtOnce(l, callee.expression, node.arguments, want);
    if (made !== undefined) return made;
  }
  const of = array(l, callee.expression);
  if (node.arguments.some((a) => l.ts.isSpreadElement(a))) return spreading(l, node, of, name, want);
  // What is not used may as well be missing: the array may be empty.
  return method.run(l, of, node.arguments, isDiscarded ? { optional: true } : want, node);
}

/** A call that has to be taken apart: it carries a derivative, or its function writes what is not its own. */
function isIterated(l: Lowering, node: ts.CallExpression): boolean {
  const [fn] = node.arguments;
  if (fn === undefined || l.ts.isSpreadElement(fn)) return false;
  return l.facts.taint.mayHold(node) || writesOut(l, fn) || handsOut(l, fn) || namesLifted(l, fn);
}

/** Whether a function hands differentiated memory to one of the program, which may write to it. */
function handsOut(l: Lowering, fn: ts.Node): boolean {
  const { taint, aliases } = l.facts;
  const isVaried = (a: ts.Expression): boolean => isReference(l.types.at(a)) && aliases.roots(a).some((root) => taint.has(root));
  if (l.ts.isCallExpression(fn) && calleeOf(l, fn) !== undefined && fn.arguments.some(isVaried)) return true;
  return l.ts.forEachChild(fn, (child) => handsOut(l, child) || undefined) ?? false;
}

/** Whether a function assigns variables of the one around it, or writes differentiated memory. */
export function writesOut(l: Lowering, fn: ts.Expression): boolean {
  return writesWithin(l, fn).some((w) => {
    if (w.kind === "memory" && l.facts.taint.has(w.to)) return true;
    return l.isLocal(w.to) && !(w.to.declarations ?? []).some((d) => isWithin(d, fn));
  });
}

/** Methods that only read, or work on constants, are text. */
function other(l: Lowering, node: ts.CallExpression, callee: ts.PropertyAccessExpression, want: Want, isDiscarded: boolean): Atom {
  const { taint } = l.facts;
  if (taint.carries(node) || (taint.carries(callee.expression) && isMutator(callee.name.text))) {
    const fn = node.arguments.find((a) => functionIn(l.ts, a) !== undefined);
    if (fn !== undefined) reject(catalogue.callback, fn, excerpt(fn));
    reject(catalogue.arrayMethod, callee.name, callee.name.text, excerpt(callee.expression));
  }
  return asText(l, node, want, isDiscarded);
}

function isMutator(name: string): boolean {
  return "sort reverse copyWithin splice shift unshift set push pop fill".split(" ").includes(name);
}

/** a.push(...b), a.unshift(x, ...b): what is spread is put into one list before, unless it is all there is. */
function spreading(l: Lowering, node: ts.CallExpression, of: Atom, name: string, want: Want): Atom {
  if (name === "concat") return concatRows(l, node, of, want);
  if (name !== "push" && name !== "unshift") return refuseSpread(node.arguments.find((a) => l.ts.isSpreadElement(a)) ?? node);
  const [only, ...more] = node.arguments;
  const isAlone = only !== undefined && more.length === 0 && l.ts.isSpreadElement(only);
  const items = isAlone ? expression(l, only.expression) : new Arguments(l, node.arguments).rest(arrayOf(elementType(of.type)));
  const from = items === of ? copied(l, of) : items;
  if (name === "unshift") putBefore(l, of, from, node);
  else append(l, of, from, node);
  return l.length(of);
}

/** a.concat(...rows, b)   becomes   r = a.slice(); for (k …) r.push(...rows[k]); r.push(...b) */
function concatRows(l: Lowering, node: ts.CallExpression, of: Atom, want: Want): Atom {
  const parts = node.arguments.map((a) => (l.ts.isSpreadElement(a) ? { of: a.expression, isSpread: true } : { of: a, isSpread: false }));
  // Evaluating a name changes nothing, so that what stands before it need not be kept.
  if (parts.length > 1 && !parts.every((part) => l.ts.isIdentifier(part.of))) return refuseSpread(node.arguments.find((a) => l.ts.isSpreadElement(a)) ?? node);
  const atoms = parts.map((part) => array(l, part.of));
  const result = copied(l, of, undefined, undefined, want.name);
  const add = (atom: Atom): void => {
    if (atom.type.kind !== "array" || !sameType(atom.type.element, elementType(result.type))) return refuseSpread(node.arguments.find((a) => l.ts.isSpreadElement(a)) ?? node);
    append(l, result, atom, node);
  };
  atoms.forEach((atom, i) => {
    if (parts[i]?.isSpread !== true) return add(atom);
    overElements(l, atom, (k) => {
      add(l.load(atom, k));
    });
  });
  return result;
}

// a.push(...items); for (let k = size - 1; k >= 0; k--) a[k + n] = a[k]; for (let k = 0; k < n; k++) a[k] = items[k]
function putBefore(l: Lowering, of: Atom, items: Atom, node: ts.Node): void {
  const size = l.length(items);
  append(l, of, items, node);
  moveUp(l, of, zero, l.let("-", [l.length(of), size], int), size);
  overRange(l, zero, size, (k) => {
    put(l, of, k, l.load(items, k));
  });
}

function push(l: Lowering, of: Atom, args: readonly ts.Expression[]): Atom {
  const type = elementType(of.type);
  const values = args.map((a) => (type.kind === "opaque" ? expression(l, a) : value(l, a, type)));
  for (const v of values) l.add({ kind: "push", of, value: v });
  return l.length(of);
}

/** a.pop()!   takes the last element; where the array may be empty: a.length > 0 ? a.pop() : undefined */
function pop(l: Lowering, of: Atom, _: readonly ts.Expression[], want: Want): Atom {
  const take = (): Atom => {
    const result = l.variable(want.name ?? "", elementType(of.type));
    l.add({ kind: "pop", result, of });
    return result;
  };
  if (want.optional !== true) return take();
  const some = l.let(">", [l.length(of), zero], bool);
  return choose(l, some, take, () => literal(undefined, nullable(elementType(of.type))), want.name);
}

function slice(l: Lowering, of: Atom, args: readonly ts.Expression[], want: Want): Atom {
  const [from, to] = args.map((a) => wholeIndex(l, a));
  const type: Type = of.type.kind === "array" ? { kind: "array", element: of.type.element } : of.type;
  const result = l.variable(want.name ?? "", type);
  const start = from === undefined || isLiteral(from, 0) ? undefined : relative(l, from, of);
  const end = to === undefined ? undefined : relative(l, to, of);
  l.add({ kind: "copy", result, of, depth: 1, ...(start && { from: start }), ...(end && { to: end }), ...(end && !start && { from: zero }) });
  return result;
}

function concat(l: Lowering, of: Atom, args: readonly ts.Expression[], want: Want): Atom {
  const type: Type = { kind: "array", element: elementType(of.type) };
  const result = l.variable(want.name ?? "", type);
  const values = args.flatMap((node) => {
    const elements = listed(l, node, type)?.map((e) => ({ node: e, atom: value(l, e, type.element), isElement: true }));
    return elements ?? [{ node, atom: expression(l, node), isElement: false }];
  });
  l.add({ kind: "copy", result, of, depth: 1 });
  for (const { node, atom, isElement } of values) {
    if (isElement) l.add({ kind: "push", of: result, value: l.present(atom) });
    else if (isReference(atom.type) && atom.type.kind === "array" && sameType(atom.type.element, type.element)) append(l, result, atom, node);
    else if (!isReference(atom.type)) l.add({ kind: "push", of: result, value: l.present(atom) });
    else reject(catalogue.arrayMethod, node, "concat", excerpt(node));
  }
  return result;
}

/** a.concat([x, y]): what a literal lists is put into the result at once. */
function listed(l: Lowering, expression: ts.Expression, type: Type): readonly ts.Expression[] | undefined {
  const node = bare(l.ts, expression);
  if (!l.ts.isArrayLiteralExpression(node) || !sameType(l.types.at(node), type)) return undefined;
  return node.elements.some((e) => l.ts.isSpreadElement(e)) ? undefined : node.elements;
}

/** r = []; for (k …) for (j …) r.push(a[k][j]) */
function flat(l: Lowering, of: Atom, args: readonly ts.Expression[], want: Want, node: ts.CallExpression): Atom {
  const rows = elementType(of.type);
  const isPlain = args.length === 0 || (args[0] !== undefined && l.ts.isNumericLiteral(args[0]) && args[0].text === "1");
  if (!isPlain || (rows.kind !== "array" && rows.kind !== "typed") || rows.nullable) return reject(catalogue.arrayMethod, node.expression, "flat", excerpt(node.expression));
  if (rows.kind === "typed") return copied(l, of);
  const result = l.allocate({ kind: "array", element: rows.element }, { kind: "elements", elements: [] }, want.name);
  overElements(l, of, (k) => {
    append(l, result, l.load(of, k), node);
  });
  return result;
}

function at(l: Lowering, of: Atom, args: readonly ts.Expression[], want: Want): Atom {
  const [node] = args;
  const index = node === undefined ? zero : wholeIndex(l, node);
  return l.load(of, fromEnd(l, index, of), want.name, want.optional);
}

/** for (let k = from; k < to; k++) a[k] = v */
function fill(l: Lowering, of: Atom, args: readonly ts.Expression[]): Atom {
  const [filler, first, last] = args;
  const type = elementType(of.type);
  const v = filler === undefined ? nothing : value(l, filler, type);
  const start = first === undefined ? zero : relative(l, wholeIndex(l, first), of);
  const size = l.length(of);
  const end = last === undefined ? size : l.let("Math.min", [relative(l, wholeIndex(l, last), of), size], int);
  overRange(l, start, end, (k) => {
    put(l, of, k, v);
  });
  return of;
}

/** new Array(n) or Array(n) */
function isNewArray(l: Lowering, node: ts.Expression): boolean {
  const made = bare(l.ts, node);
  if (!(l.ts.isNewExpression(made) || l.ts.isCallExpression(made)) || made.arguments?.length !== 1) return false;
  const callee = bare(l.ts, made.expression);
  return l.ts.isIdentifier(callee) && callee.text === "Array" && isGlobal(l, callee);
}

/** new Array(n).fill(v) */
function filledAtOnce(l: Lowering, made: ts.Expression, args: readonly ts.Expression[], want: Want): Atom | undefined {
  const created = bare(l.ts, made);
  const [filler, ...more] = args;
  if (!(l.ts.isNewExpression(created) || l.ts.isCallExpression(created)) || filler === undefined || more.length > 0) return undefined;
  const [size] = created.arguments ?? [];
  const found = want.type?.kind === "array" ? want.type : l.types.at(created);
  if (size === undefined || found.kind !== "array") return undefined;
  // `new Array(n)` is any[]: what it is filled with tells the type of its elements.
  const element = found.element.kind === "opaque" ? l.types.at(filler) : found.element;
  if (isReference(element)) return undefined;
  const length = numeric(l, size);
  const v = value(l, filler, element);
  return l.allocate({ kind: "array", element }, { kind: "fill", length, value: v }, want.name);
}
