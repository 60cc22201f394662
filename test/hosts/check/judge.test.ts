import { describe, expect, it } from "vitest";
import { judge } from "../../../transformer/hosts/cli/check/judge.js";
import type { Asked, Outcome } from "../../../transformer/hosts/cli/check/protocol.js";
import type { Recipe } from "../../../transformer/hosts/cli/check/recipe.js";

const number: Recipe = { kind: "number" };
const numbers: Recipe = { kind: "array", element: number };

type Options = Partial<Omit<Asked, "params" | "index">>;
function verdictOn(f: unknown, derivative: unknown, params: readonly Recipe[], options: Options = {}, gradient?: unknown): Outcome {
  return judge({ index: 0, kind: "grad", params, ...options }, { f, derivative, gradient }, () => undefined);
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

describe("derivatives of functions that give several numbers", () => {
  const f = (x: number, y: number[]): { sum: number; parts: number[] } => ({ sum: x + (y[0] ?? 0) ** 2, parts: y.map((v) => x * v) });
  const jacobian = (x: number, y: number[]): unknown => ({
    sum: [1, y.map((v, i) => (i === 0 ? 2 * v : 0))],
    parts: y.map((v, k) => [v, y.map((_, i) => (i === k ? x : 0))]),
  });
  const params = [number, numbers];

  it("are checked by every number of a Jacobian", () => {
    expect(verdictOn(f, jacobian, params, { kind: "jacobian" })).toEqual({ verdict: "ok", points: 3, notes: [] });
    const byFirst = (x: number, y: number[]): unknown => ({ sum: 1, parts: [...y], unused: x });
    expect(verdictOn(f, byFirst, params, { kind: "jacobian", wrt: 0 }).verdict).toBe("ok");
    const wrong = (x: number, y: number[]): unknown => ({ sum: 1, parts: y.map((v, k) => (k === 1 ? 2 * v : v)), unused: x });
    const outcome = verdictOn(f, wrong, params, { kind: "jacobian", wrt: 0 });
    expect("table" in outcome && outcome.table).toMatch(/^gradient of f\.parts\[1\], value .*1 wrong\n[^]*twice/);
    expect(verdictOn(f, () => ({ sum: 1 }), params, { kind: "jacobian", wrt: 0 }).verdict).toBe("wrong");
  });

  it("are checked in what they write, and in the value", () => {
    const into = (out: { sum: number; parts: number[] }, x: number, y: number[]): unknown => {
      out.sum = 1;
      y.forEach((v, i) => (out.parts[i] = v));
      return f(x, y);
    };
    expect(verdictOn(f, into, params, { kind: "jacobianInto", wrt: 0 }).verdict).toBe("ok");
    const half = (out: { sum: number }, x: number, y: number[]): unknown => ((out.sum = 1), f(x, y));
    expect(verdictOn(f, half, params, { kind: "jacobianInto", wrt: 0 }).verdict).toBe("wrong");
    const outcome = verdictOn(f, (out: object, x: number, y: number[]) => (into(out as never, x, y), f(x + 1, y)), params, { kind: "jacobianInto", wrt: 0 });
    expect("table" in outcome && outcome.table).toContain("another value than that of the function: value.sum was");
  });

  it("are checked where there are many", () => {
    const many = (x: number): number[] => Array.from({ length: 40 }, (_, i) => Math.sin(i * x));
    const right = (x: number): number[] => many(x).map((_, i) => i * Math.cos(i * x));
    expect(verdictOn(many, right, [number], { kind: "jacobian" }).verdict).toBe("ok");
    for (const k of [0, 19, 39]) expect(verdictOn(many, (x: number) => right(x).with(k, 9), [number], { kind: "jacobian" }).verdict).toBe("wrong");
  });

  it("are checked in sparse rows", () => {
    const pairs = (x: number[]): number[] => x.map((v, i) => v * (x[i - 1] ?? 1));
    const sparse = (x: number[], factor = 1): object => {
      const columns = x.flatMap((_, i) => (i === 0 ? [0] : [i - 1, i]));
      const values = x.flatMap((v, i) => (i === 0 ? [1] : [v, factor * (x[i - 1] ?? 1)]));
      return { rows: x.length, columns: x.length, starts: Int32Array.from([0, ...x.map((_, i) => 2 * i + 1)]), indices: Int32Array.from(columns), values: Float64Array.from(values) };
    };
    const asked = { kind: "jacobian", sparse: true } as const;
    expect(verdictOn(pairs, (x: number[]) => sparse(x), [numbers], asked)).toEqual({ verdict: "ok", points: 3, notes: [] });
    const outcome = verdictOn(pairs, (x: number[]) => sparse(x, 2), [numbers], asked);
    expect("table" in outcome && outcome.table).toMatch(/^gradient of pairs\[1\], value [^]*twice as much/);
    const into = (out: object, x: number[]): number[] => (Object.assign(out, sparse(x)), pairs(x));
    expect(verdictOn(pairs, into, [numbers], { ...asked, kind: "jacobianInto" }).verdict).toBe("ok");
    expect(verdictOn(pairs, pairs, [numbers], { ...asked, kind: "jacobianInto" }).verdict).toBe("wrong");
  });

  it("are checked along tangents", () => {
    const jvp = ([x, y]: [number, number[]], [dx, dy]: [number, number[]]): unknown => [
      f(x, y),
      { sum: dx + 2 * (y[0] ?? 0) * (dy[0] ?? 0), parts: y.map((v, i) => dx * v + x * (dy[i] ?? 0)) },
    ];
    expect(verdictOn(f, jvp, params, { kind: "jvp" })).toEqual({ verdict: "ok", points: 3, notes: [] });
    const byFirst = ([x, y]: [number, number[]], dx: number): unknown => [f(x, y), { sum: dx, parts: y.map((v) => dx * v) }];
    expect(verdictOn(f, byFirst, params, { kind: "jvp", wrt: 0 }).verdict).toBe("ok");
    const wrong = ([x, y]: [number, number[]], dx: number): unknown => [f(x, y), { sum: dx, parts: y.map((v) => dx * v + 1) }];
    const outcome = verdictOn(f, wrong, params, { kind: "jvp", wrt: 0 });
    expect("table" in outcome && outcome.table).toMatch(/gradient of f\.parts\[0\], value .*2 wrong\n[^]*tangent 1 /);
    expect(verdictOn(f, ([x, y]: [number, number[]]) => [f(x, y), 1], params, { kind: "jvp", wrt: 0 }).verdict).toBe("wrong");
  });

  it("are checked by a pullback of weights", () => {
    const vjp = (x: number, y: number[]): unknown => [
      f(x, y),
      (g: { sum: number; parts: number[] }) => [
        g.parts.reduce((s, v, i) => s + v * (y[i] ?? 0), g.sum),
        y.map((v, i) => x * (g.parts[i] ?? 0) + (i === 0 ? 2 * v * g.sum : 0)),
      ],
    ];
    expect(verdictOn(f, vjp, params, { kind: "vjp" })).toEqual({ verdict: "ok", points: 3, notes: [] });
    let calls = 0;
    const counting = (x: number, y: number[]): unknown => [f(x, y), () => ++calls];
    const outcome = verdictOn(f, counting, params, { kind: "vjp", wrt: 0 });
    expect("table" in outcome && outcome.table).toContain("two calls of the pullback disagree");
  });

  it("have points where all numbers are finite", () => {
    const root = (x: number): number[] => [x, Math.sqrt(x - 20)];
    expect(verdictOn(root, (x: number) => [1, 0.5 / Math.sqrt(x - 20)], [number], { kind: "jacobian" })).toMatchObject({ verdict: "ok" });
    expect(verdictOn(() => [NaN], () => [0], [number], { kind: "jacobian" })).toMatchObject({ why: expect.stringContaining("gives NaN among others") as string });
    expect(verdictOn(() => "", () => [0], [number], { kind: "jacobian" })).toMatchObject({ why: expect.stringContaining("gives no numbers") as string });
  });
});

describe("second derivatives", () => {
  const f = (x: number[]): number => x.reduce((s, v) => s * v + Math.sin(v), 1);
  const cubes = (x: number[]): number => x.reduce((s, v) => s + v ** 3, 0);
  const gradient = (x: number[]): number[] => x.map((v) => 3 * v * v);
  const hessian = (x: number[]): number[][] => x.map((v, i) => x.map((_, j) => (i === j ? 6 * v : 0)));
  const product = (x: number[], v: number[]): number[] => x.map((_, i) => 6 * (x[i] ?? 0) * (v[i] ?? 0));

  it("are checked against the gradient", () => {
    expect(verdictOn(cubes, hessian, [numbers], { kind: "hessian" }, gradient)).toEqual({ verdict: "ok", points: 3, notes: [] });
    expect(verdictOn(cubes, product, [numbers], { kind: "hvp" }, gradient)).toEqual({ verdict: "ok", points: 3, notes: [] });
    const outcome = verdictOn(cubes, (x: number[]) => hessian(x).map((row) => row.map((v) => 2 * v)), [numbers], { kind: "hessian" }, gradient);
    expect("table" in outcome && outcome.table).toMatch(/^gradient of grad\(cubes\)\[\d\], value [^]*twice as much/);
    const short = verdictOn(cubes, (x: number[], v: number[]) => product(x, v).fill(0, 1), [numbers], { kind: "hvp" }, gradient);
    expect("table" in short && short.table).toMatch(/^gradient of grad\(cubes\) · weights/);
  });

  it("are wrong with the gradient, and not checked without", () => {
    const outcome = verdictOn(f, hessian, [numbers], { kind: "hessian" }, gradient);
    expect("table" in outcome && outcome.table).toMatch(/^gradient of f, value/);
    expect(verdictOn(cubes, hessian, [numbers], { kind: "hessian" }).verdict).toBe("not checked");
  });

  it("are checked in what they write", () => {
    const hessianInto = (out: number[][], x: number[]): number => {
      hessian(x).forEach((row, i) => row.forEach((v, j) => ((out[i] as number[])[j] = v)));
      return cubes(x);
    };
    const productInto = (out: number[], x: number[], v: number[]): number => {
      product(x, v).forEach((p, i) => (out[i] = p));
      return cubes(x);
    };
    expect(verdictOn(cubes, hessianInto, [numbers], { kind: "hessianInto" }, gradient).verdict).toBe("ok");
    expect(verdictOn(cubes, productInto, [numbers], { kind: "hvpInto" }, gradient).verdict).toBe("ok");
    expect(verdictOn(cubes, cubes, [numbers], { kind: "hvpInto" }, gradient).verdict).toBe("wrong");
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
