import { posix } from "node:path";
import { expect, it } from "vitest";
import { expectDerivative, type Callable } from "./fixtures/compare.js";
import { emit, runEmitted } from "./fixtures/emitted.js";
import { makeProgram, repository } from "./program.js";

const file = posix.join(repository, "test/main.ts");
const text = `import { grad, gradInto, valueAndGrad } from "tsgrad";

export function chained(...xs: number[]): number {
  let s = 1;
  for (const x of xs) s = s * x + Math.sin(x);
  xs.push(s);
  return xs.reduce((t, x) => t + x * x, 0);
}
export const gradient: (...xs: number[]) => number[] = grad(chained);
export const both = valueAndGrad(chained);
export const into = gradInto(chained);
export const outer = (a: number[]): number => chained(...a);
export const byArray = grad((a: number[], k: number) => chained(k, ...a));
`;

it("has a gradient by each of its arguments", () => {
  const found = runEmitted(new Map([[file, text]]), file) as Record<string, Callable>;
  for (const at of [[0.5, 2, -0.3], [1.5], []]) {
    const made = found["gradient"]?.(...at) as number[];
    expect(made).toHaveLength(at.length);
    expectDerivative(found["chained"] as Callable, at, new Map(made.entries()));
    expect(found["both"]?.(...at)).toEqual([found["chained"]?.(...at), made]);
    const out = at.map(() => NaN);
    expect(found["into"]?.(out, ...at)).toBe(found["chained"]?.(...at));
    expect(out).toEqual(made);
  }
  const [byA, byK] = found["byArray"]?.([0.5, 2], 0.7) as [number[], number];
  expect([byK, ...byA]).toEqual(found["gradient"]?.(0.7, 0.5, 2));
});

it("is written as a rest parameter, and as valid TypeScript", () => {
  const { texts, diagnostics } = emit(new Map([[file, text]]));
  expect(diagnostics).toEqual([]);
  const written = texts.get(file) ?? "";
  expect(written).toContain("function chainedGrad(...xs: number[]): number[] {");
  expect(written).toContain("function chainedGradInto(out: ");
  expect(makeProgram({ [file]: written }).errors()).toEqual([]);
});
