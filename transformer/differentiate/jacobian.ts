import { fillZero } from "./cleared.js";
import { Builder, isLiteral, lengthField, literal, region, variable, zero } from "../ir/build.js";
import type { Atom, Fn, FnRef, Key, Var } from "../ir/model.js";
import { elementType, real, type Type } from "../ir/types.js";
import { sizeOf } from "../ir/walk.js";
import { removeDead } from "../optimise/dead.js";
import { changing, Columns, isMemory, Kernels, loop, membersOf, tangentParameters, type Place } from "./columns.js";
import { rowOf, seedEach, type Fixed } from "./fixed.js";
import { ForwardPass, tangentOfResult } from "./forward-pass.js";
import { privateCopies, refuseRead } from "./gradient.js";
import { jacobianType, loadAt, newRow, newRows, rowType, storeAt } from "./jacobian-type.js";
import { depthOf } from "./places.js";
import { shadowType } from "./shadow-type.js";
import { shapeOfResult } from "./written-length.js";

export interface JacobianOptions {
  readonly wrt: readonly number[];
  readonly single: boolean;
  readonly name: string;
  /** Whether it is written into `out`, and the value is given back. */
  readonly into: boolean;
  /** The function itself, which leaves its arguments as they are. */
  readonly value: FnRef;
  /** Whether what comes is added to what is there, which then has to be all zero. */
  readonly isAdded?: boolean;
}

/** How many columns are made at once, and how large a function may be for that. */
const most = 4;
const largest = 80;

// fJacobian(x) { …; for (j …) { dx[j] = 1; const dy = fJacobianColumn(x, dx); for (k …) rows[k][j] = dy[k]; dx[j] = 0; } }
/** The Jacobian by columns, in forward mode: how the result changes along each number that it is by. */
export function jacobianByColumns(fn: Fn, options: JacobianOptions): Fn {
  const { wrt, single, name } = options;
  const own = fn.params.map((p) => ({ ...p }));
  const inputs = wrt.map((i) => own[i] as Var);
  const { b, rows, whole } = frameFor(fn, own, inputs, options);
  const width = sizeOf(fn.body) <= largest ? most : 1;
  const kernels = new Kernels((seeds) => columnsOf(fn, wrt, `${name.replace(/Into$/, "")}Column${seeds.length > 1 ? "s" : ""}`, seeds), inputs, width);
  const type = shapeOfResult(fn);
  new Columns(inputs, single, width, kernels.areByPlace, (inner, columns) => {
    const results = columns.map(() => variable("column", type, fn.origin));
    inner.call(kernels.of(columns), [...own, ...columns.flatMap(({ tangents }) => tangents)], results);
    scatter(rows, results, type, columns.map(({ place }) => place), inner);
  }, b).each(b);
  // Of a short list the rows are there without its value.
  return removeDead(whole(b));
}

interface Frame {
  readonly b: Builder;
  /** The rows, to be filled. */
  readonly rows: Atom;
  readonly whole: (b: Builder) => Fn;
}

/** What every form has: memory for the rows, and the value where that is wanted. */
export function frameFor(fn: Fn, own: readonly Var[], inputs: readonly Var[], { single, name, into, value, isAdded }: JacobianOptions): Frame {
  const b = new Builder(fn.origin);
  const row = rowType(inputs, single);
  const result = fn.results[0] ?? real;
  const type = jacobianType(shadowType(result), row);
  const out = variable("out", type, fn.origin);
  if (into) refuseRead(out, fn.name, own, b);
  if (into && isAdded === true) fillZero(out, out.type, b);
  const given = variable("value", result, fn.origin);
  b.call(value, own, [given]);
  const rows: Atom = into ? out : newRows(given, shapeOfResult(fn), row, (to) => newRow(inputs, single, to), b, "rows");
  const whole = (body: Builder): Fn => ({
    ...fn,
    name,
    params: into ? [out, ...own] : own,
    body: { region: region(name), statements: body.statements, yields: [into ? given : rows] },
    results: [into ? result : type],
  });
  return { b, rows, whole };
}

// for (k …) { rows[k][j] = column[k]; rows[k][j + 1] = column2[k]; }
function scatter(rows: Atom, columns: readonly Atom[], type: Type, places: readonly Place[], b: Builder): void {
  if (type.kind === "real") {
    columns.forEach((v, l) => { storeAt(rows, places[l] ?? [], v, b); });
    return;
  }
  const inner = (key: Key, element: Type, to: Builder): void => {
    if (element.kind !== "real" && !isMemory(element)) return;
    const row = to.load(rows, key);
    if (element.kind === "real") columns.forEach((c, l) => { storeAt(row, places[l] ?? [], to.load(c, key), to); });
    else scatter(row, columns.map((c) => to.load(c, key)), element, places, to);
  };
  const members = membersOf(type);
  if (members !== undefined) members.forEach(({ key, type: member }) => { inner(key, member, b); });
  else loop(b, zero, b.load(columns[0] ?? zero, lengthField), 1, (k, to) => { inner(k, elementType(type), to); });
}

// fJacobianColumn(x, dx) { …; return dy; }
/** How the result changes along one direction or several. */
function columnsOf(fn: Fn, wrt: readonly number[], name: string, seeds: readonly (number | undefined)[]): Fn {
  const entry = new Builder(fn.origin);
  const own = privateCopies(fn, entry);
  const inputs = wrt.map((i) => own.params[i] as Var);
  const pass = new ForwardPass(own, changing(inputs, seeds), own.body.yields, { width: seeds.length, seeded: true });
  const tangents = pass.directions.flatMap((d, l) =>
    tangentParameters(d, inputs, seeds[l], (p, tangent, k) => {
      // What the function writes to is a copy, and so is its tangent.
      const isRead = p === fn.params[wrt[k] ?? 0];
      d.shadows.set(p, isRead ? tangent : entry.copy(tangent, depthOf(p.type), tangent.name));
    }),
  );
  const statements = pass.run();
  const exit = new Builder(fn.origin);
  const value = own.body.yields[0] ?? zero;
  const changes = pass.directions.map((d) => tangentOfResult(value, d, exit));
  return pass.named({
    ...fn,
    name,
    params: [...fn.params, ...tangents],
    body: { region: region(name), statements: [...entry.statements, ...statements, ...exit.statements], yields: changes },
    results: changes.map((a) => a.type),
  });
}

// fJacobian(r, t) { …; return [[drX, dtX], [drY, dtY]]; }
/** The same by a few numbers, each with a direction of its own. */
export function jacobianOfNumbers({ fn, numbers, places, entry }: Fixed, of: Fn, { wrt, single, name, into }: JacobianOptions): Fn {
  const inputs = wrt.map((i) => of.params[i] as Var);
  const own = privateCopies(fn, entry);
  const pass = new ForwardPass(own, numbers, own.body.yields, { width: numbers.length });
  seedEach(pass, numbers);
  const statements = pass.run();
  const exit = new Builder(of.origin);
  const value = own.body.yields[0] ?? zero;
  const changes = pass.directions.map((d) => tangentOfResult(value, d, exit));
  const result = of.results[0] ?? real;
  const shape = shapeOfResult(own);
  const type = jacobianType(shadowType(result), rowType(inputs, single));
  const out = variable("out", type, of.origin);
  if (into) {
    refuseRead(out, of.name, of.params, entry);
    writeRows(out, changes, shape, places, exit);
  }
  // By one number the change along it is all there is.
  const isWhole = places[0]?.length === 0;
  const yielded = into ? value : isWhole ? (changes[0] ?? zero) : rowsFrom(changes, shape, (values, b) => rowOf(inputs, single, values, b), type, exit);
  return pass.named({
    ...of,
    name,
    params: into ? [out, ...of.params] : of.params,
    body: { region: region(name), statements: [...entry.statements, ...statements, ...exit.statements], yields: [yielded] },
    results: [into ? result : type],
  });
}

/** Rows made of the changes along each direction. */
function rowsFrom(changes: readonly Atom[], of: Type, rowFrom: (values: readonly Atom[], b: Builder) => Atom, type: Type, b: Builder): Atom {
  if (of.kind === "real") return rowFrom(changes, b);
  if (!isMemory(of)) return literal(undefined);
  const members = membersOf(of);
  if (members !== undefined) {
    const elements = members.map(({ key, type: member }) => {
      if (member.kind !== "real" && !isMemory(member)) return literal(undefined);
      return rowsFrom(changes.map((c) => b.load(c, key)), member, rowFrom, memberOf(type, key), b);
    });
    return b.allocate(type, { kind: "elements", elements });
  }
  const rows = b.allocate(type, { kind: "elements", elements: [] }, "rows");
  loop(b, zero, b.load(changes[0] ?? zero, lengthField), 1, (k, inner) => {
    inner.push(rows, rowsFrom(changes.map((c) => inner.load(c, k)), elementType(of), rowFrom, elementType(type), inner));
  });
  return rows;
}

function memberOf(type: Type, key: Key): Type {
  if (type.kind !== "record") return elementType(type);
  const name = key.kind === "field" ? key.name : isLiteral(key) ? String(key.value) : "";
  return type.fields.find((f) => f.name === name)?.type ?? real;
}

/** The same written into rows that are there. */
function writeRows(out: Atom, changes: readonly Atom[], of: Type, places: readonly Place[], b: Builder): void {
  if (of.kind === "real") {
    changes.forEach((v, l) => { storeAt(out, places[l] ?? [], v, b); });
    return;
  }
  const write = (key: Key, element: Type, to: Builder): void => {
    const inner = changes.map((c) => to.load(c, key));
    if (element.kind !== "real") {
      if (isMemory(element)) writeRows(to.load(out, key), inner, element, places, to);
    } else if (places[0]?.length === 0) to.store(out, key, inner[0] ?? zero);
    else inner.forEach((v, l) => { storeAt(loadAt(out, [key], to), places[l] ?? [], v, to); });
  };
  const members = membersOf(of);
  if (members !== undefined) members.forEach(({ key, type }) => { write(key, type, b); });
  else loop(b, zero, b.load(changes[0] ?? zero, lengthField), 1, (k, inner) => { write(k, elementType(of), inner); });
}
