import type { Line } from "./evaluate.js";
import { extrapolate } from "./extrapolate.js";
import type { Estimate } from "./extrapolate.js";

/** What was seen of a function at four steps that halve, on both sides. */
export interface Window {
  /** The smallest step. */
  readonly step: number;
  /** The derivative from symmetric differences. */
  readonly symmetric: Estimate;
  /** The derivatives from one-sided differences; `NaN` where the function has no value on that side. */
  readonly right: Estimate;
  readonly left: Estimate;
  /** How far the value moves on each side at most; 0 where it has none. */
  readonly rightMove: number;
  readonly leftMove: number;
  /** The steepest one-sided difference: the scale against which a derivative near zero is judged. */
  readonly slope: number;
  /** The rounding error of the values. */
  readonly rounding: number;
  /** Whether every value equals the one at the arguments. */
  readonly flat: boolean;
  /** The smallest move that is not zero, `Infinity` if there is none. */
  readonly leastMove: number;
}

export const stepsPerWindow = 4;

/**
 * Evaluates the function at the steps `unit · 2^exponent` and the three below; `undefined` where the steps vanish in the
 * argument's rounding.
 */
export function look(line: Line, unit: number, exponent: number): Window | undefined {
  const right: number[] = [];
  const left: number[] = [];
  const symmetric: number[] = [];
  const moves: [number, number][] = [];
  let greatest = Math.abs(line.start);
  let step = 0;
  for (let i = 0; i < stepsPerWindow; i++) {
    step = unit * 2 ** (exponent - i);
    const ahead = line.at(step);
    const behind = line.at(-step);
    if (ahead.step === 0 || behind.step === 0) return undefined;
    right.push((ahead.value - line.start) / ahead.step);
    left.push((behind.value - line.start) / behind.step);
    symmetric.push((ahead.value - behind.value) / (ahead.step - behind.step));
    moves.push([Math.abs(ahead.value - line.start), Math.abs(behind.value - line.start)]);
    for (const { value } of [ahead, behind]) if (Math.abs(value) > greatest) greatest = Math.abs(value);
  }
  const error = Math.max(line.roughness, 4 * Number.EPSILON * greatest);
  return {
    step,
    // Extrapolation multiplies the rounding error of its last quotient by at most 2 and, one-sided, by at most 7.
    symmetric: extrapolate(symmetric, 2, error / step),
    right: extrapolate(right, 1, (4 * error) / step),
    left: extrapolate(left, 1, (4 * error) / step),
    rightMove: Math.max(...moves.map(([ahead]) => ahead || 0)),
    leftMove: Math.max(...moves.map(([, behind]) => behind || 0)),
    slope: Math.max(...[...right, ...left].map((quotient) => Math.abs(quotient) || 0)),
    rounding: error,
    flat: moves.flat().every((move) => move === 0),
    leastMove: Math.min(...moves.flat().map((move) => move || Infinity)),
  };
}

/** The same window where the values turn out to be rougher than their own rounding. */
export function withRounding(window: Window, rounding: number): Window {
  if (rounding <= window.rounding) return window;
  const atLeast = (estimate: Estimate, error: number): Estimate => ({ ...estimate, error: Math.max(estimate.error, error) });
  return {
    ...window,
    rounding,
    symmetric: atLeast(window.symmetric, rounding / window.step),
    right: atLeast(window.right, (4 * rounding) / window.step),
    left: atLeast(window.left, (4 * rounding) / window.step),
  };
}

/** Whether the two sides agree, so that the symmetric difference is the derivative. */
export function isSmooth({ symmetric, right, left, slope, rounding, step }: Window): boolean {
  const apart = Math.abs(right.value - left.value);
  const error = right.error + left.error;
  // Sides that are not known well agree with anything, and the symmetric difference at a cusp is an exact zero.
  const known = error <= Math.max(0.1 * slope, (30 * rounding) / step);
  return Number.isFinite(symmetric.value) && known && apart <= 4 * error + 1e-5 * slope;
}

/**
 * Whether the derivatives from the two sides are known well and differ by a good part of themselves, which is no accident of the
 * extrapolation, since the next finer window has them too.
 */
export function isBent({ right, left, slope }: Window, finer: Window | undefined): boolean {
  if (finer === undefined || right.error + left.error > 1e-3 * slope) return false;
  const close = (a: number, b: number): boolean => Math.abs(a - b) <= 0.1 * slope;
  return !close(right.value, left.value) && close(right.value, finer.right.value) && close(left.value, finer.left.value);
}

/**
 * Whether the estimate says more than the size of its own error. A derivative near zero is measured by the slopes around it; where
 * there are none, by the steepest that was seen anywhere.
 */
export function isResolved({ symmetric, slope, flat }: Window, steepest = 0): boolean {
  const scale = flat ? steepest : slope;
  return symmetric.error <= Math.max(1e-4 * Math.abs(symmetric.value), 1e-6 * scale);
}
