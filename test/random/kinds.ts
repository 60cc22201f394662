import { cell, family, instance, list, mark, record, tree, tuple, typedArray, union, type Kind, type Row } from "./rows.js";
import type { Scope } from "./scope.js";

const number: Row = { type: "number", parts: [], argument: (next) => next(), shape: "number" };

/** All kinds. A new one is a line, its own forms of values a line each in `values.ts`. */
const base = {
  number,
  int: { type: "number", parts: [], argument: (_, d) => d.below(4), isAnnotated: true },
  maybe: { type: "number | undefined", parts: [] },
  flag: { type: "boolean", parts: [], argument: (_, d) => d.chance(50) },
  mode: { type: "string", parts: [], literal: () => `"sine"`, argument: (_, d) => d.of(["sine", "line", "other"]), isAnnotated: true },
  fn: { type: "(u: number) => number", parts: [] },
  taken: { type: "never", parts: [] },
  maker: { type: "(k: number) => (u: number) => number", parts: [] },
  /** An object of functions that share a variable. */
  tally: { type: "Tally", parts: [], literal: (part) => `makeTally(${part("number")})` },
} satisfies Record<string, Row>;

const array = list("number", number, 3);
const point = record("Point", { x: ["number", number], y: ["number", number] });
const spring = record("Spring", { kind: ["mark", mark("spring")], v: ["number", number], rest: ["number", number] });
const damper = record("Damper", { kind: ["mark", mark("damper")], v: ["number", number], w: ["array", array] });
const part = union("Part", { v: ["number", number] }, spring, damper);
const line = instance("Line", { gain: ["number", number], slope: ["number", number] });
const wave = instance("Wave", { gain: ["number", number], phase: ["array", array] });
const term = family("Term", { gain: ["number", number] }, line, wave);
const layer = family("Layer", {}, instance("Scale", { by: ["number", number] }), instance("Shift", { offsets: ["array", array] }));
const kindsOfData = {
  array,
  /** An array of at least two numbers: what is left of another one. */
  few: list("number", number, 2),
  typed: typedArray(),
  matrix: list("array", array, 2),
  pair: tuple(["number", number], ["number", number]),
  mixed: tuple(["number", number], ["array", array]),
  object: record("Weighted", { v: ["number", number], w: ["array", array] }),
  holder: record("{ w: number[] }", { w: ["array", array] }),
  point,
  points: list("point", point, 2),
  body: record("Body", { at: ["point", point], speed: ["point", point], mass: ["number", number], name: ["mode", base.mode] }),
  loose: record("Loose", { v: ["number", number], "k?": ["maybe", number] }),
  rates: record("Rates", { r0: ["number", number], r1: ["number", number] }),
  spring,
  damper,
  part,
  parts: list("part", part, 2),
  line,
  wave,
  term,
  terms: list("term", term, 2),
  layer,
  layers: list("layer", layer, 2),
  cell: cell(number),
  tree: tree(number),
  vec: { type: "Vec", parts: ["x", "y"].map((name) => ({ kind: "number", text: () => `.${name}`, isReadonly: true })), literal: (part) => `new Vec(${part("number")}, ${part("number")})` },
} satisfies Record<string, Row>;

const table: Readonly<Record<Kind, Row>> = { ...base, ...kindsOfData };

/** Kinds with places of their own: what can be shared and written to. */
export const references: readonly Kind[] = Object.keys(kindsOfData);

export function rowOf(s: Scope, kind: Kind): Row {
  const row = s.place.classes.get(kind) ?? table[kind];
  if (row === undefined) throw new Error(`no kind ${kind}`);
  return row;
}

