import { describe, expect, it } from "vitest";
import { judge } from "../../../transformer/hosts/cli/check/judge.js";
import type { Asked, Outcome } from "../../../transformer/hosts/cli/check/protocol.js";
import type { Recipe } from "../../../transformer/hosts/cli/check/recipe.js";

const number: Recipe = { kind: "number" };
const numbers: Recipe = { kind: "array", element: number };

type Options = Partial<Omit<Asked, "params" | "index">>;
function verdictOn(f: unknown, gradient: unknown, params: readonly Recipe[], options: Options = {}): Outcome {
  return judge({ index: 0, kind: "grad", params, ...options }, { f, gradient }, () => undefined);
}

describe("a gradient", () => {
  const f = (x: number, y: number): number => x * x * y;

  it("is right at several points", () => {
    const right = (x: number, y: number): number[] => [2 * x * y, x * x];
    expect(verdictOn(f, right, [number, number])).toEqual({ verdict: "ok", points: 3, notes: [] });
    expect(verdictOn(f, (x: number) => x * x, [number, number], { wrt: 1 })).toMatchObject({ verdict: "ok" });
    expect(verdictOn(f, (x: number) => [x * x], [number, number], { wrt: [1] })).toMatchObject({ verdict: "ok" });
  });

  it("is wrong with the point and the table", () => {
    const outcome = verdictOn(f, (x: number, y: number) => [x * y, x * x], [number, number]);
    expect(outcome).toMatchObject({ verdict: "wrong", at: expect.stringMatching(/^-?[\d.]+, -?[\d.]+$/) as string });
    expect("table" in outcome && outcome.table).toContain("wrong: half as much");
  });

  it("is wrong where it throws, has another shape or changes its arguments", () => {
    const sum = (x: number[]): number => x.reduce((a, b) => a + b, 0);
    const throwing = (): never => {
      throw new Error("no");
    };
    const writing = (x: number[]): number[] => {
      x[0] = 7;
      return x.map(() => 1);
    };
    for (const gradient of [throwing, () => 1, writing]) {
      expect(verdictOn(sum, gradient, [numbers]).verdict).toBe("wrong");
    }
  });

  it("is told with what is not smooth", () => {
    const step = (x: number): number => Math.floor(x);
    expect(verdictOn(step, () => 0, [{ kind: "constant", value: 1 }])).toEqual({ verdict: "ok", points: 3, notes: ["jump"] });
  });
});

describe("valueAndGrad and gradInto", () => {
  const f = (x: number[]): number => x.reduce((a, b) => a + b * b, 0);
  const gradient = (x: number[]): number[] => x.map((v) => 2 * v);

  it("are checked with their value", () => {
    const both = (x: number[]): unknown => [f(x), gradient(x)];
    expect(verdictOn(f, both, [numbers], { kind: "valueAndGrad" }).verdict).toBe("ok");
    const other = (x: number[]): unknown => [f(x) + 1e-15, gradient(x)];
    const outcome = verdictOn(f, other, [numbers], { kind: "valueAndGrad" });
    expect("table" in outcome && outcome.table).toContain("the value beside the gradient is");
  });

  it("are checked in what they write", () => {
    const into = (out: number[], x: number[]): number => {
      gradient(x).forEach((v, i) => (out[i] = v));
      return f(x);
    };
    expect(verdictOn(f, into, [numbers], { kind: "gradInto" }).verdict).toBe("ok");
    // What was in the array before has no part in the gradient.
    const adding = (out: number[], x: number[]): number => {
      gradient(x).forEach((v, i) => (out[i] = (out[i] ?? 0) + v));
      return f(x);
    };
    expect(verdictOn(f, adding, [numbers], { kind: "gradInto" }).verdict).toBe("wrong");
  });
});

describe("points", () => {
  it("are looked for until the function has a value", () => {
    const root = (x: number): number => Math.sqrt(x - 20);
    expect(verdictOn(root, (x: number) => 0.5 / Math.sqrt(x - 20), [number])).toMatchObject({ verdict: "ok" });
    const element = (x: number[], i: number): number => (x[i] as number) ** 2;
    const byArray = (x: number[], i: number): number[] => x.map((v, k) => (k === i ? 2 * v : 0));
    expect(verdictOn(element, byArray, [numbers, number], { wrt: 0 })).toMatchObject({ verdict: "ok" });
    const flat = (a: number[], b: number[]): number => {
      if (a.length !== b.length * b.length) throw new Error("no square");
      return a.reduce((s, v) => s + v, 0) + b.reduce((s, v) => s + v, 0);
    };
    const ones = (a: number[], b: number[]): number[][] => [a.map(() => 1), b.map(() => 1)];
    expect(verdictOn(flat, ones, [numbers, numbers])).toMatchObject({ verdict: "ok" });
  });

  it("are given up with what the function said last", () => {
    const never = (): number => {
      throw new Error("no way");
    };
    const outcome = verdictOn(never, () => 0, [number]);
    expect(outcome).toEqual({ verdict: "not checked", why: expect.stringMatching(/\d\d points were tried.*it throws "no way"/) as string });
    const unknown = verdictOn(() => NaN, () => NaN, [number]);
    expect(unknown).toMatchObject({ verdict: "not checked", why: expect.stringContaining("gives NaN") as string });
    expect(verdictOn(undefined, undefined, [number])).toMatchObject({ verdict: "not checked" });
  });

  it("take every choice", () => {
    const seen = new Set<string>();
    const mode: Recipe = { kind: "choice", of: ["a", "b", "c"].map((value) => ({ kind: "constant", value })) };
    const flag: Recipe = { kind: "choice", of: [false, true].map((value) => ({ kind: "constant", value })) };
    const f = (x: number, m: string, on: boolean): number => {
      seen.add(`${m} ${String(on)}`);
      return x;
    };
    expect(verdictOn(f, () => [1, undefined, undefined], [number, mode, flag])).toEqual({ verdict: "ok", points: 6, notes: [] });
    expect(seen.size).toBe(6);
  });
});
