import type { Objective } from "./objective.js";

/** The step, for parameters that are near 1. */
export const step = 1e-6;

/** Derivatives by forward differences, for comparison: a value more for each parameter, and again for a product with the Hessian. */
export function byDifferences(value: (p: number[]) => number): Objective {
  const gradient = (out: number[], p: number[]): number => {
    const here = value(p);
    for (const k of p.keys()) out[k] = (value(p.with(k, p[k] + step)) - here) / step;
    return here;
  };
  const product = (out: number[], p: number[], v: number[]): void => {
    const length = Math.hypot(...v);
    const [here, there] = [[...p], [...p]];
    gradient(here, p);
    gradient(there, p.map((x, k) => x + (step * v[k]) / length));
    for (const k of p.keys()) out[k] = ((there[k] - here[k]) * length) / step;
  };
  return { gradient, product };
}
