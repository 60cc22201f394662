import { Builder, lengthField, literal, region, variable, zero } from "../ir/build.js";
import type { Atom, Fn, FnRef, Var } from "../ir/model.js";
import { bool, elementType, int, isReference, real, type Type } from "../ir/types.js";
import { optimise } from "../optimise/index.js";
import { isPasted } from "../optimise/inline.js";
import { countOf, isMemory, loop, membersOf, type Place } from "./columns.js";
import { reverse } from "./gradient.js";
import { frameFor, type JacobianOptions } from "./jacobian.js";
import { loadAt } from "./jacobian-type.js";
import { Pairs } from "./pairs.js";

/** Whether the numbers of a result can be asked for one by one: they are known, or the elements of one array. */
export function hasRows(result: Type): boolean {
  return countOf(result) < Infinity || isPlainArray(result);
}
function isPlainArray(type: Type): boolean {
  return isReference(type) && type.kind !== "record" && membersOf(type) === undefined && elementType(type).kind === "real";
}

// fJacobian(x) { …; fJacobianRow(rows[0], x, 0); fJacobianRow(rows[1], x, 1); return rows; }
/** The Jacobian by rows, in reverse mode: the gradient of each number of the result. */
export function jacobianByRows(fn: Fn, options: JacobianOptions): Fn {
  const { wrt, single, name } = options;
  const own = fn.params.map((p) => ({ ...p }));
  const inputs = wrt.map((i) => own[i] as Var);
  const { b, rows, whole } = frameFor(fn, own, inputs, { ...options, isAdded: true });
  const result = fn.results[0] ?? real;
  const row = { wrt, single, name: `${name.replace(/Into$/, "")}Row` };
  const k = variable("k", int, fn.origin);
  const kernel = ref(rowOfResult(fn, row, (value, to) => (isPlainArray(result) ? to.load(value, k) : choice(value, placesIn(result), k, to)), k));
  if (isPlainArray(result)) {
    loop(b, zero, b.load(rows, lengthField), 1, (at, inner) => {
      inner.call(kernel, [inner.load(rows, at, "row"), ...own, at], []);
    });
    return whole(b);
  }
  // What is pasted is made for its own number, and leaves out what only others need.
  const isOne = !isPasted(kernel.fn());
  placesIn(result).forEach((place, i) => {
    const target = loadAt(rows, place, b, "row");
    if (isOne) b.call(kernel, [target, ...own, literal(i)], []);
    else b.call(ref(rowOfResult(fn, row, (value, to) => loadAt(value, place, to))), [target, ...own], []);
  });
  return whole(b);
}

function ref(fn: Fn): FnRef {
  return { name: fn.name, fn: () => fn };
}

/** The places of the numbers of a result that are known. */
function placesIn(type: Type, place: Place = []): Place[] {
  if (type.kind === "real") return [place];
  return isMemory(type) ? (membersOf(type) ?? []).flatMap((m) => placesIn(m.type, [...place, m.key])) : [];
}

/** The gradient of one number of the result, which `choose` takes out of it, written into memory that is all zero. */
function rowOfResult(fn: Fn, { wrt, single, name }: Pick<JacobianOptions, "wrt" | "single" | "name">, choose: (value: Atom, b: Builder) => Atom, ...more: readonly Var[]): Fn {
  const b = new Builder(fn.origin);
  const chosen = choose(fn.body.yields[0] ?? zero, b);
  const component: Fn = {
    ...fn,
    params: [...fn.params, ...more],
    body: { ...fn.body, statements: [...fn.body.statements, ...b.statements], yields: [chosen] },
    results: [real],
  };
  const made = optimise(reverse(optimise(component), { kind: "gradInto", wrt, single, name, isFresh: true }, new Pairs()));
  return { ...made, body: { ...made.body, yields: [] }, results: [] };
}

// k === 0 ? y[0] : k === 1 ? y[1] : y[2]   as branches: what is not chosen has no adjoint, not one of 0
function choice(value: Atom, places: readonly Place[], k: Var, b: Builder, i = 0): Atom {
  const here = (to: Builder): Atom => loadAt(value, places[i] ?? [], to);
  if (i >= places.length - 1) return here(b);
  const [then, otherwise] = [new Builder(b.origin), new Builder(b.origin)];
  const yields = [here(then), choice(value, places, k, otherwise, i + 1)] as const;
  const result = variable("", real, b.origin);
  b.if(b.let("===", [k, literal(i)], bool), then.block(region("chosen"), [yields[0]]), otherwise.block(region("others"), [yields[1]]), [result]);
  return result;
}
