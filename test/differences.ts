/** A difference quotient extrapolated to step 0, with an estimate of its error. */
export interface Difference {
  readonly value: number;
  readonly error: number;
}

/**
 * The derivative of `f` at `x`: symmetric differences at shrinking steps, extrapolated by Ridders' method. The estimate
 * with the smallest disagreement between neighbours of the tableau is returned.
 */
export function derivative(f: (x: number) => number, x: number): Difference {
  const shrink = 2;
  // A power of two, so that a short number and its neighbours are exact in single precision too.
  const step = 2 ** (Math.ceil(Math.log2(Math.max(1, Math.abs(x)))) - 6);
  let best: Difference = { value: NaN, error: Infinity };
  let above: number[] = [];
  for (let i = 0, h = step; i < 10; i++, h /= shrink) {
    const row = [(f(x + h) - f(x - h)) / (x + h - (x - h))];
    for (let j = 1, weight = shrink ** 2; j <= i; j++, weight *= shrink ** 2) {
      const finer = row[j - 1] as number;
      const coarser = above[j - 1] as number;
      const value = finer + (finer - coarser) / (weight - 1);
      row.push(value);
      const error = Math.max(Math.abs(value - finer), Math.abs(value - coarser));
      if (error < best.error) best = { value, error };
    }
    above = row;
  }
  return best;
}

/** How far a derivative may be off, and a difference too, as a part of its size or of 1. */
const tolerance = 1e-8;

/** Whether a derivative agrees with a difference, which must be known well enough to say so. */
export function agrees(got: number, want: Difference): boolean {
  const allowed = tolerance * Math.max(1, Math.abs(got), Math.abs(want.value));
  return want.error <= allowed && Math.abs(got - want.value) <= allowed;
}
