import { Builder, region, variable, zero } from "../ir/build.js";
import type { Atom, Fn, FnRef, Var } from "../ir/model.js";
import { real, type Type } from "../ir/types.js";
import { sizeOf } from "../ir/walk.js";
import { optimise } from "../optimise/index.js";
import { changing, Columns, Kernels, tangentParameters } from "./columns.js";
import type { Direction } from "./direction.js";
import { fillZero } from "./cleared.js";
import { ForwardPass, tangentOfResult } from "./forward-pass.js";
import { rowOf, seedEach, shaped, valueAt, type Fixed } from "./fixed.js";
import { outType, refuseRead, reverse, type GradientOptions } from "./gradient.js";
import { Pairs } from "./pairs.js";
import { jacobianType, loadAt, newRow, newRows, rowType, storeAt } from "./jacobian-type.js";
import { shadowType } from "./shadow-type.js";

export interface HessianOptions extends Omit<GradientOptions, "kind"> {
  /** Of the form that writes into `out`: the function that gives the value. */
  readonly value?: FnRef;
}

/** How many rows are made at once, and how large the gradient may be for that. */
const most = 4;
const largest = 80;

// fHessian(x) { …; for (j …) { dx[j] = 1; fHessianRow(h[j], x, dx); dx[j] = 0; } return h; }
/**
 * All second derivatives, a row at a time: how the gradient changes along one parameter is, by symmetry, the row of that
 * parameter. `gradient` is what reverse mode has made, writing into memory that is all zero.
 */
export function hessian(gradient: Fn, { wrt, single, name, value }: HessianOptions): Fn {
  const [, ...params] = gradient.params as [Var, ...Var[]];
  const own = params.map((p) => ({ ...p }));
  const inputs = wrt.map((i) => own[i] as Var);
  const row = rowType(inputs, single);
  const b = new Builder(gradient.origin);
  const width = sizeOf(gradient.body) <= largest ? most : 1;
  const kernels = new Kernels((seeds) => rowsOf(gradient, { wrt, single, name: `${name.replace(/Into$/, "")}Row${seeds.length > 1 ? "s" : ""}` }, seeds), inputs, width);
  const type = wholeType(inputs, single, row);
  const out = value && variable("out", type, gradient.origin);
  if (out) {
    refuseRead(out, value.name, own, b);
    fillZero(out, out.type, b);
  }
  const rows = out ?? rowsLike(inputs, single, row, b);
  new Columns(inputs, single, width, kernels.areByPlace, (inner, columns) => {
    const targets = columns.map(({ place }) => loadAt(rows, place, inner, "row"));
    inner.call(kernels.of(columns), [...targets, ...own, ...columns.flatMap(({ tangents }) => tangents)], []);
  }, b).each(b);
  const results = [];
  if (value) {
    const result = variable("", real, gradient.origin);
    b.call(value, own, [result]);
    results.push(result);
  } else results.push(rows);
  return {
    ...gradient,
    name,
    params: out ? [out, ...own] : own,
    body: { region: region(name), statements: b.statements, yields: results },
    results: [value ? real : type],
  };
}

// fHessian(x, y) { …; return [[txGx, txGy], [txGy, tyGy]]; }
/** The same by a few numbers: each has a direction of its own, and what is the same by symmetry is computed once. */
export function hessianOfNumbers({ fn, numbers, places, entry }: Fixed, of: Fn, { wrt, single, name, value }: HessianOptions): Fn {
  const inputs = wrt.map((i) => of.params[i] as Var);
  const both = takenApart(reverse(fn, { kind: "valueAndGrad", wrt: numbers.map((v) => fn.params.indexOf(v)), single: false, name }, new Pairs()), numbers.length);
  const [result, ...gradient] = both.body.yields as [Atom, ...Atom[]];
  const pass = new ForwardPass(both, numbers, gradient, { width: numbers.length });
  seedEach(pass, numbers);
  const statements = pass.run();
  const exit = new Builder(of.origin);
  const second = (i: number, j: number): Atom =>
    tangentOfResult(gradient[Math.max(i, j)] ?? zero, pass.directions[Math.min(i, j)] as Direction, exit);
  const rows = numbers.map((_, i) => numbers.map((__, j) => second(i, j)));
  const out = value && variable("out", wholeType(inputs, single, rowType(inputs, single)), of.origin);
  if (out) {
    refuseRead(out, of.name, of.params, entry);
    rows.forEach((row, i) => row.forEach((v, j) => storeAt(loadAt(out, places[i] ?? [], exit), places[j] ?? [], v, exit)));
  }
  const yielded = out ? result : nested(inputs, single, rows, exit);
  return pass.named({
    ...both,
    name,
    params: out ? [out, ...of.params] : of.params,
    body: { region: region(name), statements: [...entry.statements, ...statements, ...exit.statements], yields: [yielded] },
    results: [yielded.type.kind === "int" ? real : yielded.type],
  });
}

/** A gradient of some numbers, with the value and each of them as results of their own. */
function takenApart(gradient: Fn, count: number): Fn {
  const b = new Builder(gradient.origin);
  const both = gradient.body.yields[0] ?? zero;
  const numbers = valueAt(both, 1, b);
  const yields = [valueAt(both, 0, b), ...Array.from({ length: count }, (_, i) => valueAt(numbers, i, b))];
  const body = { ...gradient.body, statements: [...gradient.body.statements, ...b.statements], yields };
  return optimise({ ...gradient, body, results: yields.map(() => real) });
}

/** A gradient's shape with rows of the same shape in it. */
function nested(inputs: readonly Var[], single: boolean, rows: readonly (readonly Atom[])[], b: Builder): Atom {
  const made = rows.map((row) => rowOf(inputs, single, row, b));
  return shaped(rowType(inputs, single), rowType(inputs, single), made, b);
}

function wholeType(inputs: readonly Var[], single: boolean, row: Type): Type {
  return jacobianType(rowType(inputs, single), row);
}

function rowsLike(inputs: readonly Var[], single: boolean, row: Type, b: Builder): Atom {
  const write = (to: Builder): Atom => newRow(inputs, single, to);
  const parts = inputs.map((p) => newRows(p, shadowType(p.type), row, write, b, "rows"));
  const [first] = parts;
  if (single && first !== undefined) return first;
  return b.allocate(wholeType(inputs, single, row), { kind: "elements", elements: parts }, "rows");
}

// fHessianRow(row, x, dx) { …; row[i] += …; }
/** The gradient's change along one direction or several, each written into a row of its own. */
function rowsOf(gradient: Fn, { wrt, single, name }: Omit<HessianOptions, "value">, seeds: readonly (number | undefined)[]): Fn {
  const [own, ...params] = gradient.params as [Var, ...Var[]];
  const inputs = wrt.map((i) => params[i] as Var);
  const pass = new ForwardPass(gradient, changing(inputs, seeds), [own], { width: seeds.length, seeded: true });
  const entry = new Builder(gradient.origin);
  const outs = pass.directions.map(() => variable("row", outType(inputs, single), gradient.origin));
  entry.add({ kind: "allocate", result: own, initial: { kind: "zerosLike", source: outs[0] ?? zero } });
  const tangents = pass.directions.flatMap((d, l) => {
    d.shadows.set(own, outs[l] ?? zero);
    return tangentParameters(d, inputs, seeds[l], (p, tangent) => d.shadows.set(p, tangent));
  });
  const statements = pass.run();
  return pass.named({
    ...gradient,
    name,
    params: [...outs, ...params, ...tangents],
    body: { region: region(name), statements: [...entry.statements, ...statements], yields: [] },
    results: [],
  });
}
