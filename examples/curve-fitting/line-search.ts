import { dot, plus } from "./objective.js";

/** A point with the value and the gradient there. */
export interface Point {
  readonly p: number[];
  readonly value: number;
  readonly gradient: number[];
}

/** A point on the line, `t` directions from where the search began. */
interface Place {
  readonly t: number;
  readonly value: number;
  readonly slope: number;
}

/** The part of the expected decrease that is enough, and the part of the slope that may be left. */
const enough = 1e-4;
const flat = 0.5;

/**
 * A point along the direction that meets the strong conditions of Wolfe, or none. Where values differ by no more than their rounding
 * errors, the slopes decide alone.
 */
export function lineSearch(evaluate: (p: number[]) => Point, from: Point, direction: number[], first: number): Point | undefined {
  const slope = dot(from.gradient, direction);
  if (!(slope < 0)) return undefined;
  const rounding = 1e-14 * Math.abs(from.value);
  let low: Place = { t: 0, value: from.value, slope };
  let high: Place | undefined;
  let t = first;
  for (let i = 0; i < 40; i++) {
    const to = evaluate(plus(from.p, t, direction));
    const place = { t, value: to.value, slope: dot(to.gradient, direction) };
    if (!(place.value <= from.value + enough * t * slope + rounding) || place.slope > -flat * slope) high = place;
    else if (place.slope < flat * slope) low = place;
    else return to;
    t = high === undefined ? 2 * t : between(low, high);
    if (t === low.t || t === high?.t) return undefined;
  }
  return undefined;
}

/** The minimum of the cubic polynomial with the values and slopes at both, not too near to either. */
function between(low: Place, high: Place): number {
  const width = high.t - low.t;
  const d = low.slope + high.slope - (3 * (high.value - low.value)) / width;
  const root = Math.sqrt(d * d - low.slope * high.slope);
  const part = 1 - (high.slope + root - d) / (high.slope - low.slope + 2 * root);
  return low.t + width * (part >= 0.1 && part <= 0.9 ? part : 0.5);
}
