import type { Shape } from "../fixtures/fixture.js";
import type { Choices } from "./choices.js";
import type { Scope } from "./scope.js";

/** A kind of value: a name of the table below or of a class of the program. `int` is never negative and no derivative is by it. */
export type Kind = string;

/** A place within a value. Of a list it is behind an index below `size`. */
export interface Part {
  readonly kind: Kind;
  readonly text: (index: string) => string;
  readonly size?: 2 | 3;
  readonly isReadonly?: boolean;
}

export interface Row {
  readonly type: string;
  readonly parts: readonly Part[];
  /** The text of a new value, from texts of what it is made of. */
  readonly literal?: (part: (kind: Kind) => string) => string;
  /** A value for a parameter of the function that is differentiated. */
  readonly argument?: (next: () => number, d: Choices) => unknown;
  readonly shape?: Shape;
  /** Whether a variable needs its type written: TypeScript would find another one. */
  readonly isAnnotated?: boolean;
}

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
} satisfies Record<string, Row>;

const array = list("number", number, 3);
const point = record("Point", { x: ["number", number], y: ["number", number] });
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

function list(kind: Kind, element: Row, size: 2 | 3): Row {
  return {
    type: element.type.includes(" ") ? `(${element.type})[]` : `${element.type}[]`,
    parts: [{ kind, text: (i) => `[${i}]`, size }],
    literal: (part) => `[${Array.from({ length: size }, () => part(kind)).join(", ")}]`,
    ...(element.argument && { argument: (next, d) => Array.from({ length: kind === "number" ? 3 + d.below(2) : size }, () => element.argument?.(next, d)) }),
    ...(element.shape && { shape: { element: element.shape } }),
  };
}

function typedArray(): Row {
  return {
    type: "Float64Array",
    parts: [{ kind: "number", text: (i) => `[${i}]`, size: 3 }],
    literal: (part) => `new Float64Array([${part("number")}, ${part("number")}, 0.5])`,
    argument: (next, d) => Float64Array.from({ length: 3 + d.below(2) }, next),
    shape: { element: "number" },
  };
}

function tuple(...places: readonly (readonly [Kind, Row])[]): Row {
  const areNumbers = places.every(([kind]) => kind === "number");
  const size = places.length as 2;
  return {
    type: `[${places.map(([, row]) => row.type).join(", ")}]`,
    // A tuple of one kind can have any index.
    parts: areNumbers ? [{ kind: "number", text: (i) => `[${i}]`, size }] : places.map(([kind], i) => ({ kind, text: () => `[${i}]` })),
    literal: (part) => `[${places.map(([kind]) => part(kind)).join(", ")}]`,
    argument: (next, d) => places.map(([, row]) => row.argument?.(next, d)),
    shape: { places: places.map(([, row]) => row.shape) },
    isAnnotated: true,
  };
}

/** Members with `?` may be missing. */
function record(type: string, members: Readonly<Record<string, readonly [Kind, Row]>>): Row {
  const rows = Object.entries(members).map(([key, [kind, row]]) => ({ name: key.replace("?", ""), isOptional: key.endsWith("?"), kind, row }));
  return {
    type,
    parts: rows.map(({ name, kind }) => ({ kind, text: () => `.${name}` })),
    literal: (part) => `{ ${rows.filter((r) => !r.isOptional).map(({ name, kind }) => `${name}: ${part(kind)}`).join(", ")} }`,
    argument: (next, d) => Object.fromEntries(rows.filter((r) => !r.isOptional || d.chance(60)).map(({ name, row }) => [name, row.argument?.(next, d)])),
    shape: { type, members: rows.flatMap(({ name, row, isOptional }) => (row.shape === undefined ? [] : [{ name, shape: row.shape, optional: isOptional }])) },
    isAnnotated: rows.some((r) => r.isOptional),
  };
}
