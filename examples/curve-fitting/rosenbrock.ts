import { gradInto } from "tsgrad";
import { conjugateGradient } from "./fmin.js";

export function rosenbrock(x: number[]): number {
  let sum = 0;
  for (let i = 0; i + 1 < x.length; i++) sum += 100 * (x[i + 1] - x[i] ** 2) ** 2 + (1 - x[i]) ** 2;
  return sum;
}
const gradient = gradInto(rosenbrock);

/** Minimises the function of `n` variables, whose minimum is 0 where all are 1, and counts the gradients that it took. */
export function minimiseRosenbrock(n: number): { x: number[]; value: number; gradients: number } {
  let gradients = 0;
  const f = (x: number[], out: number[]): number => {
    gradients++;
    return gradient(out, x);
  };
  const start = Array.from({ length: n }, (_, i) => (i % 2 === 0 ? -1.2 : 1));
  const { x, fx } = conjugateGradient(f, start, { maxIterations: 1000 });
  return { x, value: fx, gradients };
}
