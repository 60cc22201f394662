import { functionValue, makerValue } from "./closures.js";
import type { Choices } from "./choices.js";
import { call, condition, helpers, lambda, number, tame } from "./expressions.js";
import { drawn, type Form } from "./forms.js";
import { rowOf } from "./kinds.js";
import type { Kind } from "./rows.js";
import type { Scope } from "./scope.js";
import { has, index, place } from "./ways.js";

/** Kinds that have no literal of their own, or more than one. */
const makers: Readonly<Record<Kind, (s: Scope, d: Choices, depth: number) => string>> = {
  number: (s, d, depth) => number(s, d, depth),
  int: (s, d) => (s.of("int").length > 0 && d.chance(50) ? `${d.of(s.of("int")).name} % 3` : String(d.below(3))),
  flag: (s, d, depth) => condition(s, d, depth),
  fn: functionValue,
  maker: makerValue,
};

/** Forms of values beside literals, places, choices and calls, which every kind has. */
const own: Readonly<Record<Kind, readonly Form[]>> = {
  array: [
    { weight: 2, make: (s, d) => `new Array<number>(3).fill(${number(s, d, 1)})` },
    { weight: 1, make: (s, d) => `Array.of(${number(s, d, 1)}, ${number(s, d, 1)}, 1)` },
    { weight: 2, make: (s, d) => lambda(s, d, ["int"], (i, inner) => `Array.from({ length: 3 }, (_, ${i}) => ${number(inner, d, 2)})`) },
    { weight: 2, needs: (s) => has(s, "array"), make: (s, d) => `${place(s, d, "array")}${d.of([".slice()", ".toReversed()", `.with(${index(s, d, 3)}, ${number(s, d, 1)})`, ".toSorted((p, q) => p - q)", ".concat()"])}` },
    { weight: 1, needs: (s) => has(s, "array"), make: (s, d) => `[...${place(s, d, "array")}]` },
    { weight: 3, needs: (s) => has(s, "array"), make: (s, d) => lambda(s, d, ["number", "int"], (params, inner) => `${place(s, d, "array")}.map((${params}) => ${number(inner, d, 2)})`) },
    { weight: 1, needs: (s) => has(s, "array"), make: (s, d) => `${place(s, d, "array")}.map(${functionValue(s, d, 1)})` },
    { weight: 2, needs: (s) => has(s, "points"), make: (s, d) => lambda(s, d, ["point", "int"], (params, inner) => `[1, ...${place(s, d, "points")}.map((${params}) => ${number(inner, d, 2)})]`) },
    // What makes an array longer, once for each turn, would keep a loop over its length going.
    { weight: 1, needs: (s) => s.place.loops === 0 && has(s, "array"), make: (s, d) => `${place(s, d, "array")}.slice(1).concat(${place(s, d, "array")})` },
    { weight: 1, needs: (s) => s.place.loops === 0 && has(s, "array"), make: (s, d) => `[${number(s, d, 1)}, ...${place(s, d, "array")}]` },
    { weight: 1, needs: (s) => s.place.loops === 0 && has(s, "array"), make: (s, d) => lambda(s, d, ["number"], (v, inner) => `${place(s, d, "array")}.filter((${v}) => ${condition(inner, d, 1)}).concat(${place(s, d, "array")})`) },
    { weight: 1, needs: (s) => s.place.loops === 0 && has(s, "array"), make: (s, d) => lambda(s, d, ["number"], (v, inner) => `${place(s, d, "array")}.flatMap((${v}) => [${v}, ${number(inner, d, 1)}])`) },
    { weight: 1, needs: (s) => has(s, "typed"), make: (s, d) => `Array.from(${place(s, d, "typed")})` },
    { weight: 1, needs: (s) => has(s, "points"), make: (s, d) => `${place(s, d, "points")}.flatMap((p) => [p.x, p.y])` },
    { weight: 1, needs: (s) => has(s, "rates"), make: (s, d) => `[...Object.values(${place(s, d, "rates")}), ${number(s, d, 1)}]` },
    { weight: 1, needs: (s) => has(s, "array"), make: (s, d) => `${place(s, d, "array")}.map((v, i, all) => v * (all[i + 1] ?? ${d.of(["1", "v", "0.5"])}))` },
  ],
  matrix: [
    { weight: 1, needs: (s) => has(s, "matrix"), make: (s, d) => `${place(s, d, "matrix")}.slice()` },
    { weight: 1, needs: (s) => has(s, "matrix"), make: (s, d) => swappedRows(place(s, d, "matrix")) },
    { weight: 1, needs: (s) => has(s, "matrix"), make: (s, d) => lambda(s, d, ["array"], (row) => `${place(s, d, "matrix")}.map((${row}) => ${row}${d.of([".slice()", "", ".map((e) => 2 * e)"])})`) },
    { weight: 1, make: (s, d) => lambda(s, d, ["int"], (i, inner) => `Array.from({ length: 2 }, (_, ${i}) => ${value(inner, d, "array", 0)})`) },
  ],
  typed: [
    { weight: 1, make: () => `new Float64Array(3)` },
    { weight: 2, needs: (s) => has(s, "typed"), make: (s, d) => `${place(s, d, "typed")}${d.of([".slice()", ".subarray(0, 3)", ".subarray(0)"])}` },
    { weight: 1, needs: (s) => has(s, "typed"), make: (s, d) => `new Float64Array(${place(s, d, "typed")})` },
    { weight: 1, needs: (s) => has(s, "array"), make: (s, d) => `new Float64Array(${place(s, d, "array")})` },
    { weight: 1, needs: (s) => has(s, "typed"), make: (s, d) => lambda(s, d, ["number", "int"], (params, inner) => `${place(s, d, "typed")}.map((${params}) => ${number(inner, d, 1)})`) },
  ],
  point: [
    { weight: 1, needs: (s) => has(s, "array"), make: (s, d) => lambda(s, d, ["point", "number"], (params, inner) => `${place(s, d, "array")}.reduce((${params}) => ({ x: ${tame(inner, d, 1)}, y: ${tame(inner, d, 1)} }), ${value(s, d, "point", 0)})`) },
    { weight: 2, needs: (s) => has(s, "point"), make: (s, d) => `{ ...${place(s, d, "point")}, ${d.of(["x", "y"])}: ${number(s, d, 1)} }` },
    { weight: 1, needs: (s) => has(s, "array"), make: (s, d) => `{ x: ${place(s, d, "array")}[0], y: ${tame(s, d, 1)} }` },
    { weight: 1, needs: (s) => has(s, "points"), make: (s, d) => `${place(s, d, "points")}.at(-1)!` },
    { weight: 1, needs: (s) => has(s, "points"), make: (s, d) => lambda(s, d, ["point"], (p, inner) => `(${place(s, d, "points")}.find((${p}) => ${condition(inner, d, 0)}) ?? ${value(s, d, "point", 0)})`) },
  ],
  points: [
    { weight: 2, needs: (s) => has(s, "array"), make: (s, d) => lambda(s, d, ["number", "int"], (params, inner) => `${place(s, d, "array")}.map((${params}) => (${value(inner, d, "point", 0)}))`) },
    { weight: 2, needs: (s) => has(s, "points"), make: (s, d) => lambda(s, d, ["point"], (p, inner) => `${place(s, d, "points")}.map((${p}) => (${value(inner, d, "point", 0)}))`) },
    { weight: 1, needs: (s) => has(s, "points"), make: (s, d) => `${place(s, d, "points")}${d.of([".slice()", ".toReversed()", ".toSorted((p, q) => p.x - q.x)", ".toSorted((p, q) => q.x * q.y - p.x * p.y)"])}` },
    { weight: 1, needs: (s) => s.place.loops === 0 && has(s, "points"), make: (s, d) => lambda(s, d, ["point"], (p, inner) => `${place(s, d, "points")}.filter((${p}) => ${condition(inner, d, 1)}).concat(${place(s, d, "points")})`) },
  ],
  object: [{ weight: 2, needs: (s) => has(s, "object"), make: (s, d) => `{ ...${place(s, d, "object")}, v: ${number(s, d, 1)} }` }],
  body: [
    { weight: 1, needs: (s) => has(s, "body"), make: (s, d) => `{ ...${place(s, d, "body")}, at: ${value(s, d, "point", 0)} }` },
    { weight: 1, needs: (s) => has(s, "body"), make: (s, d) => `{ ...${place(s, d, "body")}, mass: ${number(s, d, 0)}, name: "line" }` },
  ],
  part: [
    ...["spring", "damper"].map((kind): Form => ({ weight: 1, needs: (s) => has(s, kind), make: (s, d) => `(${place(s, d, kind)} as Part)` })),
    { weight: 1, needs: (s) => has(s, "part"), make: (s, d) => `({ ...${place(s, d, "part")}, v: ${number(s, d, 1)} } as Part)` },
  ],
  parts: [
    { weight: 1, needs: (s) => has(s, "parts"), make: (s, d) => lambda(s, d, ["part"], (p, inner) => `${place(s, d, "parts")}.map((${p}) => ${value(inner, d, "part", 0)})`) },
    { weight: 1, needs: (s) => has(s, "parts"), make: (s, d) => `${place(s, d, "parts")}${d.of([".slice()", ".toReversed()", ".toSorted((p, q) => p.v - q.v)"])}` },
  ],
  term: ["line", "wave"].map((kind): Form => ({ weight: 1, needs: (s) => has(s, kind), make: (s, d) => place(s, d, kind) })),
  terms: [{ weight: 1, needs: (s) => has(s, "terms"), make: (s, d) => `${place(s, d, "terms")}${d.of([".slice()", ".toReversed()", ".toSorted((p, q) => p.gain - q.gain)"])}` }],
  rates: [{ weight: 1, needs: (s) => has(s, "rates"), make: (s, d) => `{ ...${place(s, d, "rates")}, r1: ${number(s, d, 1)} }` }],
  cell: [
    { weight: 2, needs: (s) => has(s, "cell"), make: (s, d) => `{ v: ${number(s, d, 1)}, next: ${place(s, d, "cell")} }` },
    { weight: 2, needs: (s) => has(s, "cell"), make: (s, d) => `(${place(s, d, "cell")}.next ?? ${place(s, d, "cell")})` },
    { weight: 1, needs: (s) => has(s, "cell"), make: (s, d) => `{ ...${place(s, d, "cell")}, v: ${number(s, d, 1)} }` },
  ],
  tree: [
    { weight: 2, needs: (s) => s.place.loops === 0 && has(s, "tree"), make: (s, d) => `{ v: ${number(s, d, 1)}, kids: [${place(s, d, "tree")}, ${value(s, d, "tree", 0)}] }` },
    { weight: 2, needs: (s) => has(s, "tree"), make: (s, d) => `{ ...${place(s, d, "tree")}, kids: [] }` },
  ],
  loose: [
    { weight: 3, make: (s, d) => `{ v: ${number(s, d, 0)}, k: ${number(s, d, 1)} }` },
    { weight: 1, needs: (s) => has(s, "loose"), make: (s, d) => `{ ...${place(s, d, "loose")}, k: ${number(s, d, 1)} }` },
  ],
};

/** A value of a kind: a new one, or one that there is. */
export function value(s: Scope, d: Choices, kind: Kind, depth = 1): string {
  const maker = makers[kind];
  if (maker !== undefined) return maker(s, d, depth);
  const { literal, others = [] } = rowOf(s, kind);
  const part = (of: Kind): string => value(s, d, of, depth - (of === "number" ? 0 : 1));
  return drawn(
    [
      { weight: 3, make: () => literal?.(part) ?? "" },
      ...others.map((other): Form => ({ weight: 3, make: () => other(part) })),
      { weight: 4, needs: () => has(s, kind), make: () => place(s, d, kind) },
      { weight: 1, needs: () => has(s, kind), make: () => `(${condition(s, d, 1)} ? ${place(s, d, kind)} : ${place(s, d, kind)})` },
      { weight: 3, needs: () => depth > 0 && helpers(s, kind).length > 0, make: () => call(s, d, d.of(helpers(s, kind)), depth - 1) },
      ...(depth > 0 ? (own[kind] ?? []) : []),
    ],
    s,
    d,
    depth,
  );
}

function swappedRows(matrix: string): string {
  return `[${matrix}[1], ${matrix}[0]]`;
}
