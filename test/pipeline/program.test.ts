import { expect, test } from "vitest";
import { makeProgram } from "../program.js";

test("a program in memory sees tsgrad and its own files", () => {
  const { errors, file } = makeProgram({
    "loss.ts": `export function loss(x: number): number { return x * x; }`,
    "main.ts": `import { grad } from "tsgrad"; import { loss } from "./loss.js"; export const d = grad(loss)(3);`,
  });
  expect(errors()).toEqual([]);
  expect(file("main.ts").text).toContain("grad");
});

test("compiles after the first take milliseconds", () => {
  const text = (i: number) => `export const f${i} = (x: number): number => x * ${i};`;
  makeProgram({ "main.ts": text(0) }).program.getTypeChecker();
  const start = performance.now();
  for (let i = 1; i <= 5; i++) makeProgram({ "main.ts": text(i) }).program.getTypeChecker();
  expect((performance.now() - start) / 5).toBeLessThan(200);
});
