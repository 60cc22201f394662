import { describe, expect, it } from "vitest";
import { checkAny } from "../../src/check/check-grad.js";
import type { Callable } from "../../src/check/evaluate.js";
import { checkGrad, numericalGrad } from "../../src/index.js";

class Point {
  readonly label = "point";
  constructor(
    readonly x: number,
    readonly y: number,
  ) {}

  get sum(): number {
    return this.x + this.y;
  }
}

interface Chain {
  weight: number;
  next?: Chain;
}

/** Functions of one argument with its gradient. They are linear, so that differences with a step of 1 are exact. */
const shapes: readonly (readonly [what: string, f: Callable, arg: unknown, gradient: unknown])[] = [
  ["a number", (x: number) => 3 * x, 2, 3],
  ["an array", (x: number[]) => x[0]! + 2 * x[1]!, [5, 6], [1, 2]],
  ["an empty array", (x: number[]) => x.length, [], []],
  ["nested arrays", (x: number[][]) => x[0]![1]! - x[1]![0]!, [[1, 2], [3]], [[0, 1], [-1]]],
  ["a tuple with a constant", (x: [string, number]) => x[0].length * x[1], ["four", 1], [undefined, 4]],
  ["numbers that are missing", (x: (number | null)[]) => x[0]! + (x[1] ?? 0), [1, null], [1, 0]],
  ["a Float64Array", (x: Float64Array) => x[0]! + 2 * x[1]!, new Float64Array([5, 6]), new Float64Array([1, 2])],
  ["a Float32Array", (x: Float32Array) => x[0]! + 2 * x[1]!, new Float32Array([5, 6]), new Float64Array([1, 2])],
  ["an object", (o: { x: number; y: number }) => 2 * o.x - o.y, { x: 1, y: 2 }, { x: 2, y: -1 }],
  ["constants in an object", (o: { x: number }) => o.x, { x: 1, name: "o", on: true, at: new Date(0), map: new Map([[1, 2]]) }, { x: 1 }],
  ["arrays of constants", (o: { x: number }) => o.x, { x: 1, names: ["a"], calls: [Math.sin] }, { x: 1 }],
  ["an object of arrays", (o: { w: number[][]; b: number }) => o.w[0]![0]! + o.b, { w: [[1]], b: 2 }, { w: [[1]], b: 1 }],
  ["an instance of a class", (p: Point) => p.sum + p.x, new Point(1, 2), { x: 2, y: 1 }],
  ["an optional part that is there", weightOf, { weight: 1, next: { weight: 2 } }, { weight: 1, next: { weight: 1 } }],
  ["an optional part that is not", weightOf, { weight: 1 }, { weight: 1 }],
  ["an optional part that is undefined", weightOf, { weight: 1, next: undefined }, { weight: 1 }],
  ["frozen objects", (o: { x: number }) => o.x, Object.freeze({ x: 1 }), { x: 1 }],
  ["keys that are no names", (o: Record<string, number>) => 2 * o["a-b"]! + o[1]!, { 1: 5, "a-b": 6 }, { 1: 1, "a-b": 2 }],
];

describe.each(shapes)("%s", (_, f, arg, gradient) => {
  it("has differences in its own shape", () => {
    const found = numericalGrad(f as (x: unknown) => number, { h: 1 })(arg);
    expect(found).toEqual(gradient);
    if (typeof found === "object") expect(Object.getPrototypeOf(found)).toBe(Object.getPrototypeOf(gradient));
  });

  it("is compared in every number", () => {
    const report = checkAny("checkGrad", f, () => gradient, [arg], {});
    expect(report.ok, String(report)).toBe(report.size > 0);
    expect(report.elements).toHaveLength(report.size);
    const twice = checkAny("checkGrad", f, () => doubled(gradient), [arg], {});
    expect(twice.ok).toBe(false);
  });
});

it("treats an array that is reached by two paths as two", () => {
  const row = [1];
  const f = (x: number[][]): number => x[0]![0]! + 5 * x[1]![0]!;
  expect(numericalGrad(f, { h: 1 })([row, row])).toEqual([[1], [5]]);
  expect(checkGrad(f, () => [[1], [5]], [[row, row]]).ok).toBe(true);
});

it("does not follow references back to what encloses them", () => {
  const loop: { x: number; self?: unknown } = { x: 2 };
  loop.self = loop;
  const f = (o: { x: number; self?: unknown }): number => (o.self as { x: number }).x * 3;
  expect(numericalGrad(f, { h: 1 })(loop)).toEqual({ x: 3 });
  expect(checkAny("checkGrad", f, () => ({ x: 3 }), [loop], {}).ok).toBe(true);
});

it("says where an element stands as a program would", () => {
  const arg = { list: [1, 2], "a-b": new Float64Array([3]) };
  const f = (o: typeof arg): number => o.list[0]! + o.list[1]! + o["a-b"][0]!;
  const report = checkGrad(f, () => ({ list: [1, 1], "a-b": new Float64Array([1]) }), [arg]);
  expect(report.elements.map(({ path }) => path)).toEqual(["args[0].list[0]", "args[0].list[1]", 'args[0]["a-b"][0]']);
});

function weightOf({ weight, next }: Chain): number {
  return weight + (next === undefined ? 0 : weightOf(next));
}

function doubled(gradient: unknown): unknown {
  if (typeof gradient === "number") return 2 * gradient;
  if (gradient instanceof Float64Array) return gradient.map((x) => 2 * x);
  if (Array.isArray(gradient)) return gradient.map(doubled);
  if (typeof gradient !== "object" || gradient === null) return gradient;
  return Object.fromEntries(Object.entries(gradient).map(([key, part]) => [key, doubled(part)]));
}
