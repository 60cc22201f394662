import type ts from "typescript";
import { catalogue, excerpt } from "../../diagnostics.js";
import { literal, one, zero } from "../../ir/build.js";
import type { Atom, Counter, Var } from "../../ir/model.js";
import { bool, elementType, int, isReference, nullable, type Type } from "../../ir/types.js";
import { mayShorten } from "../facts/invariants.js";
import type { Item } from "../items.js";
import type { Target } from "../jumps.js";
import type { Lowering } from "../lowering.js";
import { reject } from "../rejected.js";
import { loop } from "../statements/loops.js";
import { bare } from "../syntax.js";
import { append, typeOfMade } from "./arrays.js";
import { callbackOf } from "./function-values.js";
import { branch } from "../branch.js";
import { normal } from "../jumps.js";
import { truth } from "./conditions.js";
import type { Want } from "./index.js";
import { nothing } from "./opaque.js";
import { value } from "./values.js";

/** A method that calls a function for each element, on `of` with these arguments. */
type Iteration = (l: Lowering, of: Atom, args: readonly ts.Expression[], want: Want, node: ts.CallExpression) => Atom;

/**
 * for (let i = 0; i < a.length; i++) { f(a[i], i, a) }
 *
 * The length is that at the start. What `f` takes away from the array is skipped: if (i < a.length) f(a[i], i, a)
 */
export const iterations: Readonly<Record<string, Iteration>> = {
  filter,
  find: (l, of, args, want, node) => find(l, of, args, want, node, 1),
  findLast: (l, of, args, want, node) => find(l, of, args, want, node, -1),
  flatMap,
  forEach,
  map,
  reduce: (l, of, args, want, node) => fold(l, of, args, want, node, 1),
  reduceRight: (l, of, args, want, node) => fold(l, of, args, want, node, -1),
};

/** Runs `body` for each element. Variables that the function assigns are carried, and so are the values in `also`. */
function each(l: Lowering, of: Atom, node: ts.CallExpression, body: (element: Var, i: Var) => void): void {
  const counter: Counter = { var: l.variable("i", int), start: zero, test: "<", bound: l.length(of), step: 1 };
  const run = (i: Var): void => {
    body(l.load(of, i), i);
  };
  turns(l, fnOf(node.arguments), counter, [], run, isShortened(l, node) ? of : undefined);
}

function turns(l: Lowering, fn: ts.Node, counter: Counter, also: readonly Target[], body: (i: Var) => void, shortened?: Atom): void {
  const run = (): void => {
    body(counter.var);
  };
  const step: Item = { item: "step", node: fn, run };
  const isThere = (of: Atom) => (): Atom => l.let("<", [counter.var, l.length(of)], bool);
  const turn: Item = shortened === undefined ? step : { item: "choice", node: fn, test: isThere(shortened), then: [step], else: [] };
  loop(l, fn, { name: "break" }, [turn], { counter, also });
}

function isShortened(l: Lowering, { expression, arguments: args }: ts.CallExpression): boolean {
  const callee = bare(l.ts, expression);
  return l.ts.isPropertyAccessExpression(callee) && mayShorten(l, callee.expression, fnOf(args));
}

/** Where what is gone would leave a hole, or be found as undefined. */
function refuseShortened(l: Lowering, node: ts.CallExpression, name: string): void {
  const { expression } = node;
  if (isShortened(l, node) && l.ts.isPropertyAccessExpression(expression)) reject(catalogue.resized, expression, excerpt(expression.expression), name);
}

function fnOf(args: readonly ts.Expression[]): ts.Expression {
  const [fn] = args;
  if (fn === undefined) throw new Error("a method without its function");
  return fn;
}

function forEach(l: Lowering, of: Atom, args: readonly ts.Expression[], _: Want, node: ts.CallExpression): Atom {
  const call = callbackOf(l, fnOf(args));
  each(l, of, node, (v, i) => void call([v, i, of]));
  return nothing;
}

// r = new Array(n); for (…) r[i] = f(a[i])   and of arrays   r = []; for (…) r.push(f(a[i]))
function map(l: Lowering, of: Atom, args: readonly ts.Expression[], want: Want, node: ts.CallExpression): Atom {
  refuseShortened(l, node, "map");
  const fn = fnOf(args);
  const found = typeOfMade(l, node, want);
  const call = callbackOf(l, fn, found.kind === "array" ? found.element : undefined);
  const type: Type = of.type.kind === "typed" ? of.type : found.kind === "array" ? { kind: "array", element: found.element } : { kind: "array", element: { kind: "real" } };
  return build(l, fn, type, l.length(of), (i) => call([l.load(of, i), i, of]), want.name);
}

/** r = new Array(n); for (…) r[i] = element(i)   and of arrays   r = []; for (…) r.push(element(i)) */
export function build(l: Lowering, node: ts.Node, type: Type, size: Atom, element: (i: Var) => Atom, name = ""): Var {
  const { kind, nullable: isOptional } = elementType(type);
  const isPlain = type.kind === "typed" || (kind === "real" && isOptional !== true);
  const result = l.allocate(type, isPlain ? { kind: "fill", length: size, value: zero } : { kind: "elements", elements: [] }, name);
  turns(l, node, { var: l.variable("i", int), start: zero, test: "<", bound: size, step: 1 }, [], (i) => {
    const y = element(i);
    if (isPlain) l.add({ kind: "store", of: result, key: i, value: l.present(y), within: true });
    else l.add({ kind: "push", of: result, value: y });
  });
  return result;
}

function filter(l: Lowering, of: Atom, args: readonly ts.Expression[], want: Want, node: ts.CallExpression): Atom {
  const call = callbackOf(l, fnOf(args));
  const result = l.allocate({ kind: "array", element: elementType(of.type) }, { kind: "elements", elements: [] }, want.name);
  each(l, of, node, (v, i) => {
    const keep = truth(l, call([v, i, of]));
    const push = () => {
      l.add({ kind: "push", of: result, value: v });
      return { flow: normal };
    };
    branch(l, keep, push, () => ({ flow: normal }));
  });
  return result;
}

function flatMap(l: Lowering, of: Atom, args: readonly ts.Expression[], want: Want, node: ts.CallExpression): Atom {
  const fn = fnOf(args);
  const call = callbackOf(l, fn);
  const found = typeOfMade(l, node, want);
  const element: Type = found.kind === "array" ? found.element : { kind: "real" };
  const result = l.allocate({ kind: "array", element }, { kind: "elements", elements: [] }, want.name);
  each(l, of, node, (v, i) => {
    const y = call([v, i, of]);
    if (isReference(y.type)) append(l, result, y, fn);
    else l.add({ kind: "push", of: result, value: y });
  });
  return result;
}

/** acc = init; for (…) acc = f(acc, a[i])   Without an init it is the first element. */
function fold(l: Lowering, of: Atom, args: readonly ts.Expression[], want: Want, node: ts.CallExpression, step: 1 | -1): Atom {
  const [fn, init] = args;
  if (fn === undefined) throw new Error("a method without its function");
  const call = callbackOf(l, fn);
  const type = l.types.at(node);
  const size = l.length(of);
  const last = (): Atom => l.let("-", [size, one], int);
  if (init === undefined) {
    const isEmpty = l.let("===", [size, zero], bool);
    const text = ["throw new TypeError(\"Reduce of empty array with no initial value\")"];
    branch(l, isEmpty, () => {
      l.add({ kind: "effect", text, args: [], throws: true });
      return { flow: { status: zero, completes: false, escapes: [] } };
    }, () => ({ flow: normal }));
  }
  const accumulated: Target = { name: want.name ?? "", holds: type };
  l.values.set(accumulated, init === undefined ? l.load(of, step === 1 ? zero : last()) : value(l, init, type));
  const skip = init === undefined ? 1 : 0;
  const from = step === 1 ? literal(skip) : skip === 0 ? last() : l.let("-", [size, literal(2)], int);
  const counter: Counter = step === 1
    ? { var: l.variable("i", int), start: from, test: "<", bound: size, step }
    : { var: l.variable("i", int), start: from, test: ">=", bound: zero, step };
  turns(l, fn, counter, [accumulated], (i) => {
    const before = l.values.get(accumulated) ?? zero;
    const next = call([before, l.load(of, i), i, of], { name: want.name ?? "" });
    l.values.set(accumulated, type.nullable ? next : l.present(next));
  }, isShortened(l, node) ? of : undefined);
  const result = l.values.get(accumulated) ?? zero;
  l.values.delete(accumulated);
  return result;
}

/** found = undefined; for (…) if (f(a[i])) { found = a[i]; break }   and of findLast from the end */
function find(l: Lowering, of: Atom, args: readonly ts.Expression[], want: Want, node: ts.CallExpression, step: 1 | -1): Atom {
  refuseShortened(l, node, step === 1 ? "find" : "findLast");
  const fn = fnOf(args);
  const call = callbackOf(l, fn);
  const type = nullable(elementType(of.type));
  const found: Target = { name: want.name ?? "", holds: type };
  const ending: Target = { name: "break" };
  l.values.set(found, literal(undefined, type));
  const size = l.length(of);
  const counter: Counter = step === 1
    ? { var: l.variable("i", int), start: zero, test: "<", bound: size, step }
    : { var: l.variable("i", int), start: l.let("-", [size, one], int), test: ">=", bound: zero, step };
  const take = (): Var => l.load(of, counter.var);
  loop(l, fn, ending, [
    {
      item: "choice",
      node: fn,
      test: () => truth(l, call([take(), counter.var, of])),
      then: [{ item: "step", node: fn, run: () => void l.values.set(found, take()) }, { item: "jump", target: ending }],
      else: [],
    },
  ], { counter, also: [found] });
  const result = l.values.get(found) ?? nothing;
  l.values.delete(found);
  return result;
}
