/** A function with its derivatives, as minimisers ask for them. */
export interface Objective {
  /** Writes the gradient at `p` into `out` and gives the value. */
  gradient(out: number[], p: number[]): number;
  /** Writes the Hessian at `p` times `v` into `out`. */
  product(out: number[], p: number[], v: number[]): void;
}

export function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** a + k b */
export function plus(a: readonly number[], k: number, b: readonly number[]): number[] {
  return a.map((v, i) => v + k * b[i]);
}
