import type { Window } from "./window.js";

/**
 * How rough the values are beyond the rounding of doubles: a function that computes in single precision, or iterates until a
 * tolerance, stands still for small steps and then moves by a tiny part of its value, or moves by that part at any step. So does
 * what is left where numbers near 1 cancel, `1 - Math.tanh(20)`, though its value is small itself.
 */
export function roughness(windows: readonly Window[], limit: number, start: number): number {
  const finest = windows[0] as Window;
  if (finest.flat) {
    const move = Math.min(...windows.map((window) => window.leastMove));
    if (move === Infinity) return isResidue(start) ? 4 * Number.EPSILON : 0;
    const rough = isResidue(move) ? Math.min(move, 4 * Number.EPSILON) : move <= limit ? move : 0;
    return rough > finest.rounding ? rough : 0;
  }
  const move = Math.max(finest.rightMove, finest.leftMove);
  const wider = windows[1];
  const stays = wider !== undefined && move >= Math.max(wider.rightMove, wider.leftMove) / 2;
  return stays && (move <= limit || isResidue(move)) && move > finest.rounding ? 2 * move : 0;
}

/** Whether a number is zero or a few of the units in which numbers below 1 are rounded. */
function isResidue(x: number): boolean {
  const units = Math.abs(x) / 2 ** -53;
  return units <= 1000 && Math.abs(units - Math.round(units)) <= 1e-6 * units;
}
