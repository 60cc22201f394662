/** Names a mistake that is often made, where the two numbers look like it. */
export function describeMismatch(generated: number, numerical: number): { note?: string } {
  const note = mistake(generated, numerical);
  return note === undefined ? {} : { note };
}

function mistake(generated: number, numerical: number): string | undefined {
  if (Number.isNaN(generated)) return "NaN where the function has a derivative";
  if (!Number.isFinite(generated)) return "infinite where the function has a finite derivative";
  if (generated === 0) return "zero: does the derivative get lost?";
  const ratio = generated / numerical;
  const is = (expected: number): boolean => Math.abs(ratio - expected) <= 1e-4 * Math.abs(expected);
  if (is(-1)) return "the sign";
  if (is(2)) return "twice as much";
  if (is(0.5)) return "half as much";
  return undefined;
}
