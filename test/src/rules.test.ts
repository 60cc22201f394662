import { expect, it } from "vitest";
import { checkGrad, checkpoint, customGrad, implicit, stopGradient } from "../../src/index.js";

const cube = (x: number): number => x ** 3;

it("leaves functions with rules of their own, and checkpointed ones, as they are", () => {
  expect(customGrad(cube, (g, _out, x) => 3 * x * x * g)).toBe(cube);
  expect(checkpoint(cube)).toBe(cube);
  expect(implicit(cube, (x, a) => x - a ** 3)).toBe(cube);
});

it("gives what is held constant itself", () => {
  const a = [1, 2];
  expect(stopGradient(a)).toBe(a);
  expect(stopGradient(-0)).toBe(-0);
});

it("checks a rule like any gradient", () => {
  expect(checkGrad(cube, (x) => 3 * x * x, [2]).ok).toBe(true);
  expect(checkGrad(cube, (x) => 2 * x * x, [2]).ok).toBe(false);
});
