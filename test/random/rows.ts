import type { Shape } from "../fixtures/fixture.js";
import type { Choices } from "./choices.js";
import { Made } from "./made.js";

/** A kind of value: a name of the table in `kinds.ts` or of a class of the program. `int` is never negative and no derivative is by it. */
export type Kind = string;

/** A place within a value. Of a list it is behind an index below `size`. */
export interface Part {
  readonly kind: Kind;
  readonly text: (index: string) => string;
  readonly size?: 2 | 3;
  readonly isReadonly?: boolean;
}

type Literal = (part: (kind: Kind) => string) => string;

export interface Row {
  readonly type: string;
  readonly parts: readonly Part[];
  /** The text of a new value, from texts of what it is made of. */
  readonly literal?: Literal;
  /** Texts of other new values: of another member of a union, of another class. */
  readonly others?: readonly Literal[];
  /** A value for a parameter of the function that is differentiated. */
  readonly argument?: (next: () => number, d: Choices) => unknown;
  readonly shape?: Shape;
  /** Whether a variable needs its type written: TypeScript would find another one. */
  readonly isAnnotated?: boolean;
}

export function list(kind: Kind, element: Row, size: 2 | 3): Row {
  return {
    type: element.type.includes(" ") ? `(${element.type})[]` : `${element.type}[]`,
    parts: [{ kind, text: (i) => `[${i}]`, size }],
    literal: (part) => `[${Array.from({ length: size }, () => part(kind)).join(", ")}]`,
    ...(element.argument && { argument: (next, d) => Array.from({ length: kind === "number" ? 3 + d.below(2) : size }, () => element.argument?.(next, d)) }),
    ...(element.shape && { shape: { element: element.shape } }),
    ...(element.others && { isAnnotated: true }),
  };
}

export function typedArray(): Row {
  return {
    type: "Float64Array",
    parts: [{ kind: "number", text: (i) => `[${i}]`, size: 3 }],
    literal: (part) => `new Float64Array([${part("number")}, ${part("number")}, 0.5])`,
    argument: (next, d) => Float64Array.from({ length: 3 + d.below(2) }, next),
    shape: { element: "number" },
  };
}

export function tuple(...places: readonly (readonly [Kind, Row])[]): Row {
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

/** An object. Members with `?` may be missing. */
export function record(type: string, members: Readonly<Record<string, readonly [Kind, Row]>>): Row {
  const rows = Object.entries(members).map(([key, [kind, row]]) => ({ name: key.replace("?", ""), isOptional: key.endsWith("?"), kind, row }));
  return {
    type,
    parts: rows.filter(({ kind }) => kind !== "mark").map(({ name, kind }) => ({ kind, text: () => `.${name}` })),
    literal: (part) => `{ ${rows.filter((r) => !r.isOptional).map(({ name, kind, row }) => `${name}: ${kind === "mark" ? (row.literal?.(part) ?? "") : part(kind)}`).join(", ")} }`,
    argument: (next, d) => Object.fromEntries(rows.filter((r) => !r.isOptional || d.chance(60)).map(({ name, row }) => [name, row.argument?.(next, d)])),
    shape: { type, members: rows.flatMap(({ name, row, isOptional }) => (row.shape === undefined ? [] : [{ name, shape: row.shape, optional: isOptional }])) },
    isAnnotated: rows.some((r) => r.isOptional || r.kind === "mark"),
  };
}

type Named = Readonly<Record<string, readonly [Kind, Row]>>;
const membersOf = (members: Named): readonly { readonly name: string; readonly shape: Shape; readonly optional: boolean }[] =>
  Object.entries(members).flatMap(([name, [, row]]) => (row.shape === undefined ? [] : [{ name, shape: row.shape, optional: false }]));
const partsOf = (members: Named): readonly Part[] => Object.entries(members).map(([name, [kind]]) => ({ kind, text: () => `.${name}` }));

/** A member that says which one of a union an object is. */
export function mark(text: string): Row {
  return { type: `"${text}"`, parts: [], literal: () => `"${text}"`, argument: () => text };
}

/** Objects that are told apart by such a member; `common` are those that all have. */
export function union(type: string, common: Named, ...rows: readonly Row[]): Row {
  // TypeScript would take a variable for the one that it begins with.
  const [literal, ...others] = rows.map((row): Literal => (part) => `(${row.literal?.(part) ?? ""} as ${type})`);
  return { type, parts: partsOf(common), literal, others, argument: (next, d) => d.of(rows).argument?.(next, d), shape: { type, members: membersOf(common) } };
}

/** Objects of a class, whose constructor takes its members. */
export function instance(type: string, members: Named): Row {
  const all = Object.values(members);
  return {
    type,
    parts: partsOf(members),
    literal: (part) => `new ${type}(${all.map(([kind]) => part(kind)).join(", ")})`,
    argument: (next, d) => new Made(type, all.map(([, row]) => row.argument?.(next, d))),
    shape: { type, members: membersOf(members) },
    isAnnotated: true,
  };
}

/** Objects of one of several classes. */
export function family(type: string, common: Named, ...rows: readonly Row[]): Row {
  const [literal, ...others] = rows.flatMap((row) => row.literal ?? []);
  return { type, parts: partsOf(common), literal, others, argument: (next, d) => d.of(rows).argument?.(next, d), shape: { type, members: membersOf(common) }, isAnnotated: true };
}

/** A list of numbers: each object may have the next one. */
export function cell(v: Row): Row {
  const members: { name: string; shape: Shape; optional: boolean }[] = [{ name: "v", shape: "number", optional: false }];
  const shape: Shape = { type: "Cell", members };
  members.push({ name: "next", shape, optional: true });
  const made = (next: () => number, d: Choices, length: number): unknown => ({ v: v.argument?.(next, d), ...(length > 0 && { next: made(next, d, length - 1) }) });
  return {
    type: "Cell",
    parts: [{ kind: "number", text: () => ".v" }],
    literal: (part) => `{ v: ${part("number")} }`,
    others: [(part) => `{ v: ${part("number")}, next: { v: ${part("number")} } }`],
    argument: (next, d) => made(next, d, d.below(3)),
    shape,
    isAnnotated: true,
  };
}

/** A tree of numbers. */
export function tree(v: Row): Row {
  const members: { name: string; shape: Shape; optional: boolean }[] = [{ name: "v", shape: "number", optional: false }];
  const shape: Shape = { type: "Tree", members };
  members.push({ name: "kids", shape: { element: shape }, optional: false });
  const made = (next: () => number, d: Choices, depth: number): unknown => ({ v: v.argument?.(next, d), kids: Array.from({ length: depth > 0 ? d.below(3) : 0 }, () => made(next, d, depth - 1)) });
  return {
    type: "Tree",
    parts: [{ kind: "number", text: () => ".v" }],
    literal: (part) => `{ v: ${part("number")}, kids: [] }`,
    others: [(part) => `{ v: ${part("number")}, kids: [{ v: ${part("number")}, kids: [] }] }`],
    argument: (next, d) => made(next, d, 2),
    shape,
    isAnnotated: true,
  };
}
