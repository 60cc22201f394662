/** A number and how far off it may be. */
export interface Estimate {
  readonly value: number;
  readonly error: number;
}

/**
 * Extrapolates difference quotients to step zero. `quotients` were taken at steps that halve; their error is a series in the powers
 * `order`, `2·order`, … of the step: 2 for symmetric differences, 1 for one-sided ones.
 *
 * Each column of the tableau removes one more power (Richardson 1911). The entry that differs least from its two parents is
 * taken, and that difference is its error (Ridders 1982, "Accurate computation of F'(x) and F'(x)F''(x)"). It can be small by chance;
 * `noise`, the rounding error of a quotient at the last step, bounds it from below.
 */
export function extrapolate(quotients: readonly number[], order: 1 | 2, noise: number): Estimate {
  let column = quotients;
  let best: Estimate = { value: NaN, error: Infinity };
  let power = 1;
  while (column.length > 1) {
    power *= 2 ** order;
    const next: number[] = [];
    for (let i = 1; i < column.length; i++) {
      const [coarse, fine] = [column[i - 1] as number, column[i] as number];
      const value = fine + (fine - coarse) / (power - 1);
      const error = Math.max(Math.abs(value - fine), Math.abs(value - coarse));
      if (error < best.error) best = { value, error };
      next.push(value);
    }
    column = next;
  }
  return { value: best.value, error: Math.max(best.error, noise) };
}
