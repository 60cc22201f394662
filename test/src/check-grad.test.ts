import { describe, expect, it } from "vitest";
import { checkGrad, numericalGrad } from "../../src/index.js";

const area = (x: number, y: number): number => x * y;
const squares = (x: number[]): number => x.reduce((sum, xi) => sum + xi * xi, 0);

describe("what a gradient function does", () => {
  it("may be anything that is right", () => {
    expect(checkGrad(area, (x, y) => [y, x], [2, 5])).toMatchObject({ ok: true, name: "area", value: 10, size: 2, problems: [] });
    expect(checkGrad(Math.sin, Math.cos, [1]).ok).toBe(true);
    expect(checkGrad(squares, numericalGrad(squares), [[1, 2]], { tolerance: 1e-4 }).ok).toBe(true);
  });

  it("may not change its arguments", () => {
    const problems = problemsOf((x) => x.map((_, i) => (x[i]! *= 2)));
    expect(problems).toEqual(["the gradient changes its arguments: args[0][0] was 1 and is 2"]);
    expect(problemsOf((x) => [2, ...x.splice(1)].map((_, i) => 2 * i + 2))).toEqual([
      "the gradient changes its arguments: args[0] had 2 elements and has 1",
    ]);
  });

  it("is given a copy of the arguments", () => {
    const x = [1, 2];
    checkGrad(squares, (y) => y.splice(0), [x]);
    expect(x).toEqual([1, 2]);
  });

  it("may not remember the call before", () => {
    let calls = 0;
    expect(problemsOf((x) => x.map((xi) => 2 * xi + 1e-15 * calls++))).toEqual([
      expect.stringMatching(/^two calls of the gradient disagree: gradient\[0\] was 2 and is 2\.0000000000000/),
    ]);
  });

  it("may not hand out the same array twice and overwrite it", () => {
    const shared = [0, 0];
    let calls = 0;
    const gradient = (x: number[]): number[] => {
      x.forEach((xi, i) => (shared[i] = 2 * xi + calls));
      calls++;
      return shared;
    };
    expect(problemsOf(gradient)).toContain("the second call of the gradient overwrites the result of the first: gradient[0] was 2 and is 3");
  });

  it("may hand out the same array with the same numbers, as constants are", () => {
    const constant = [2, 4];
    expect(problemsOf(() => constant)).toEqual([]);
  });

  it("may not throw", () => {
    const failing = (): number[] => {
      throw new Error("out of tape");
    };
    const report = checkGrad(squares, failing, [[1, 2]]);
    expect(report).toMatchObject({ ok: false, elements: [], problems: ["the gradient throws: out of tape"] });
  });

  it.each([
    ["a number for an array", 1, "the gradient by args[0] should have 2 elements and is 1"],
    ["nothing", undefined, "the gradient by args[0] should have 2 elements and is undefined"],
    ["a missing element", [2], "the gradient by args[0] should have 2 elements and is an array of 1"],
    ["an element too many", [2, 4, 0], "the gradient by args[0] should have 2 elements and is an array of 3"],
    ["an element that is undefined", [2, undefined], "the gradient by args[0][1] should be a number and is undefined"],
    ["a string among the elements", [2, "4"], "the gradient by args[0][1] should be a number and is a string"],
    ["a promise", Promise.resolve([2, 4]), "the gradient by args[0] should have 2 elements and is a promise"],
  ])("has to have the argument's shape: not %s", (_, result, problem) => {
    expect(problemsOf(() => result as number[])).toEqual([problem]);
  });

  it("has to have a tuple for several arguments, which may be longer", () => {
    const tuple = (result: unknown): readonly string[] => checkGrad(area, () => result as [number, number], [2, 5]).problems;
    expect(tuple(5)).toEqual(["the gradient should be a tuple of 2 and is 5"]);
    expect(tuple([5])).toEqual(["the gradient should be a tuple of 2 and is an array of 1"]);
    expect(tuple([5, 2, 0])).toEqual([]);
  });

  it("has to have every field", () => {
    const f = (o: { x: number; y: number }): number => o.x * o.y;
    const report = checkGrad(f, () => ({ x: 1 }) as { x: number; y: number }, [{ x: 2, y: 1 }]);
    expect(report.problems).toEqual(["the gradient by args[0].y should be a number and is undefined"]);
  });

  function problemsOf(gradient: (x: number[]) => number[]): readonly string[] {
    const report = checkGrad(squares, gradient, [[1, 2]]);
    expect(report.ok).toBe(report.problems.length === 0);
    return report.problems;
  }
});

describe("the function", () => {
  it("may write to its arguments", () => {
    const inPlace = (x: number[]): number => x.reduce((sum, _, i) => sum + (x[i]! *= x[i]!), 0);
    const x = [1, 2];
    expect(checkGrad(inPlace, (y) => y.map((yi) => 2 * yi), [x]).ok).toBe(true);
    expect(x).toEqual([1, 2]);
  });

  it("may throw next to the arguments, but not at them", () => {
    const guarded = (x: number): number => {
      if (x < 1) throw new RangeError(`${x} is less than 1`);
      return x * x;
    };
    expect(checkGrad(guarded, (x) => 2 * x, [1]).elements).toMatchObject([{ verdict: "edge" }]);
    expect(() => checkGrad(guarded, (x) => 2 * x, [0])).toThrow("checkGrad: guarded throws at these arguments: 0 is less than 1");
  });
});

describe("the options", () => {
  const many = Float64Array.from({ length: 1500 }, (_, i) => Math.sin(i));
  const cubes = (x: Float64Array): number => x.reduce((sum, xi) => sum + xi ** 3, 0);
  const gradient = (x: Float64Array): Float64Array => x.map((xi) => 3 * xi * xi);

  it("compares what wrt names", () => {
    expect(checkGrad(area, (_x, y) => y, [2, 5], { wrt: 0 }).elements).toMatchObject([{ path: "args[0]", verdict: "ok" }]);
    const turned = checkGrad(area, (x, y) => [x, y], [2, 5], { wrt: [1, 0] });
    expect(turned.elements).toMatchObject([{ path: "args[1]", generated: 2 }, { path: "args[0]", generated: 5 }]);
    expect(turned.ok).toBe(true);
    expect(checkGrad(area, (x, y) => [y, x], [2, 5], { wrt: [1, 0] }).ok).toBe(false);
    const alone = checkGrad(area, () => [5, 2] as unknown as [number], [2, 5], { wrt: [0] });
    expect(alone.problems).toEqual(["the gradient should be a tuple of 1 and is an array of 2"]);
  });

  it("compares a sample of many elements, and all of them along directions", () => {
    const report = checkGrad(cubes, gradient, [many]);
    expect([report.size, report.elements.length, report.directions.length]).toEqual([1500, 1000, 3]);
    expect(checkGrad(cubes, gradient, [many], { elements: Infinity, directions: 0 })).toMatchObject({ directions: [], ok: true });
    const oneWrong = (x: Float64Array): Float64Array => gradient(x).fill(7, 567, 568);
    expect(checkGrad(cubes, oneWrong, [many], { elements: 0 }).directions.map(({ verdict }) => verdict)).toEqual(["wrong", "wrong", "wrong"]);
  });

  it("takes the same sample for the same seed", () => {
    const paths = (seed?: number): string[] =>
      checkGrad(cubes, gradient, [many], { elements: 10, directions: 0, ...(seed !== undefined && { seed }) }).elements.map(({ path }) => path);
    expect(paths()).toEqual(paths(1));
    expect(paths(2)).not.toEqual(paths(1));
  });

  it("allows each element what tolerance says, and directions whose terms cancel a thousandth of it", () => {
    const off = (x: number, y: number): [number, number] => [1.01 * y, x];
    expect(checkGrad(area, off, [2, 5]).ok).toBe(false);
    expect(checkGrad(area, off, [2, 5], { tolerance: 0.02, directions: 0 }).ok).toBe(true);
    expect(checkGrad(area, off, [2, 5], { tolerance: 0.02 }).ok).toBe(false);
  });

  it("sees by its directions alone an element off by a thousandth among thousands", () => {
    const squaresOfMany = (a: readonly number[]): number => a.reduce((sum, x) => sum + x * x, 0);
    const at = Array.from({ length: 2000 }, (_, i) => 1 + Math.sin(i));
    const off = (a: readonly number[]): number[] => a.map((x, i) => (i === 1234 ? 2.002 * x : 2 * x));
    expect(checkGrad(squaresOfMany, (a) => a.map((x) => 2 * x), [at], { elements: 1 }).ok).toBe(true);
    expect(checkGrad(squaresOfMany, off, [at], { elements: 1 }).ok).toBe(false);
  });
});
