import type { Line } from "./evaluate.js";
import type { Estimate } from "./extrapolate.js";
import { roughness } from "./roughness.js";
import { isBent, isResolved, isSmooth, look, stepsPerWindow, withRounding } from "./window.js";
import type { Window } from "./window.js";

/** What differences say about a function along a line, whatever gradient it is compared with. */
export type Survey =
  /** A derivative. */
  | (Estimate & {
      readonly kind: "smooth";
      /** Whether it says more than the size of its own error. */
      readonly resolved: boolean;
      /** Whether the value did not move. */
      readonly flat: boolean;
      /** Whether it moved by no more than its rounding. */
      readonly level: boolean;
      /**
       * What the smallest steps give, where that is another derivative and the value is the same to single precision: either
       * the function is rounded, and this means nothing, or it has a tiny feature here, and this is the derivative.
       */
      readonly fine: Estimate | undefined;
    })
  /** Derivatives on both sides that differ; either may be infinite. */
  | { readonly kind: "kink"; readonly left: Estimate; readonly right: Estimate }
  /** The value jumps on one side, and this is the derivative on the other; `undefined` if it jumps on both. */
  | { readonly kind: "jump"; readonly side: Estimate | undefined }
  /** The function has a value on one side only, and this is the derivative there. */
  | { readonly kind: "edge"; readonly side: Estimate }
  /** A vertical tangent: plus or minus infinity from both sides. */
  | { readonly kind: "infinite"; readonly value: number }
  /** The function has no value next to the arguments. */
  | { readonly kind: "isolated" };

// Values that move by less than this part of what they are made of may be rounded, say to single precision; a larger move is a jump.
const coarsest = 2 ** -21;

type Smooth = Survey & { readonly kind: "smooth" };

// Steps near a hundredth of the argument: the extrapolated error is then near 1e-12 for most functions, as is the rounding.
const firstExponent = -6;
const greatestExponent = -2;

/** A first look at moderate steps: enough for most functions, eight values. */
export function firstLook(line: Line): Window | undefined {
  return look(line, line.unit, firstExponent);
}

/** Looks at all steps from a quarter of the argument down to its last digits. */
export function survey(line: Line): Survey {
  const seen = allWindows(line);
  if (seen.length === 0) return { kind: "isolated" };
  const least = coarsest * line.magnitude;
  const rough = roughness(seen, least, line.start);
  const windows = seen.map((window) => withRounding(window, rough));

  const sides = { right: side(windows, "right", least), left: side(windows, "left", least) };
  if (sides.right === undefined && sides.left === undefined) return { kind: "isolated" };
  if (sides.right === undefined || sides.left === undefined) {
    const { derivative } = (sides.right ?? sides.left) as Side;
    return derivative === undefined ? { kind: "jump", side: undefined } : { kind: "edge", side: derivative };
  }
  const { derivative: right } = sides.right;
  const { derivative: left } = sides.left;
  if (right === undefined || left === undefined) return { kind: "jump", side: right ?? left };

  // Steps wider than a bend can see a smooth function again, and another derivative.
  const bent = windows.find((window, i) => isBent(window, windows[i - 1]) && window.step * window.slope > 4 * least);
  const smooth = smoothDerivative(windows, { below: bent?.step ?? Infinity, least, coarse: rough > 0 });
  if (smooth?.resolved === true) return smooth;
  if (!Number.isFinite(right.value) && right.value === left.value) return { kind: "infinite", value: right.value };
  const apart = Math.abs(right.value - left.value);
  // Wide steps on stairs can look like two slopes, where small ones know that there is next to none.
  const known = smooth !== undefined && smooth.error <= apart / 100;
  if (apart > 4 * (right.error + left.error) && !known) return { kind: "kink", left, right };
  if (smooth !== undefined) return smooth;
  const value = (right.value + left.value) / 2;
  const error = Math.max(right.error, left.error, apart);
  return { kind: "smooth", value, error, resolved: false, flat: false, level: false, fine: undefined };
}

/** From the smallest steps to the largest. */
function allWindows(line: Line): Window[] {
  const windows: (Window | undefined)[] = [];
  const units = line.tinyUnit === undefined ? [line.unit] : [line.unit, line.tinyUnit];
  for (const unit of units) {
    const finest = unit === line.unit ? line.finest : line.finest / 2;
    for (let exponent = greatestExponent; exponent - stepsPerWindow + 1 >= finest; exponent -= stepsPerWindow) {
      windows.push(look(line, unit, exponent));
    }
  }
  return windows.filter((window) => window !== undefined).sort((a, b) => a.step - b.step);
}

/** One side of the arguments: its derivative, `undefined` where the value jumps away. */
interface Side {
  readonly derivative: Estimate | undefined;
}

function side(windows: readonly Window[], name: "right" | "left", least: number): Side | undefined {
  const defined = windows.filter((window) => Number.isFinite(window[name].value));
  const finest = defined[0];
  if (finest === undefined || finest.step > (windows[0] as Window).step) return undefined;
  const move = (window: Window): number => (name === "right" ? window.rightMove : window.leftMove);
  // Four windows apart: even the tenth root has shrunk to a third there, while a jump or chaos has not.
  const near = defined.slice(0, 5);
  const wider = near[near.length - 1] ?? finest;
  const shrinks = move(finest) <= move(wider) / 2 && near.every((window, i) => i === 0 || move(window) >= move(near[i - 1] ?? window));
  const matters = move(finest) > Math.max(least, 100 * finest.rounding);
  if (matters && wider !== finest && !shrinks) return { derivative: undefined };

  const best = defined.reduce((a, b) => (b[name].error < a[name].error ? b : a))[name];
  const [steep, steepFar] = [move(finest) / finest.step, move(wider) / wider.step];
  const next = defined[1] ?? finest;
  const grows = steep > 2 * steepFar && steep > (1.2 * move(next)) / next.step && move(finest) > 10 * finest.rounding;
  if (grows && best.error > 1e-3 * Math.abs(best.value)) {
    return { derivative: { value: Math.sign(finest[name].value) * Infinity, error: 0 } };
  }
  return { derivative: best };
}

/**
 * The derivative from the smooth window with the least error, unless one with smaller steps is sure of something else: a derivative
 * is local, and a narrow peak is invisible to wide steps. Only where the peak would be lower than `least` both are told. Steps
 * that are not `below` a limit are only looked at for what is steep and what is flat.
 */
function smoothDerivative(
  windows: readonly Window[],
  { below, least, coarse }: { readonly below: number; readonly least: number; readonly coarse: boolean },
): Smooth | undefined {
  const smooth = windows.filter((window) => window.step < below && isSmooth(window));
  if (smooth.length === 0) return undefined;
  const steepest = Math.max(...windows.map((window) => window.slope));
  const best = surest(smooth);
  const finer = smooth.filter((window) => window.step < best.step);
  const local = finer.find((window, i) => !agree(window, best) && finer.slice(0, i).every((one) => agree(one, window)));
  if (local === undefined) return told(best, coarse ? { value: 0, error: best.symmetric.error } : undefined);
  const close = surest(finer.filter((window) => agree(window, local)));
  const height = Math.abs(best.symmetric.value - local.symmetric.value) * close.step * 2 ** stepsPerWindow;
  return height <= least ? told(withRounding(best, 2 * height), close.symmetric) : told(close, undefined);

  function told(window: Window, fine: Estimate | undefined): Smooth {
    // The widest steps may reach beyond where the function has levelled off.
    const inner = windows.slice(0, -1);
    const flat = inner.every((one) => one.flat);
    const level = inner.every((one) => Math.max(one.rightMove, one.leftMove) <= one.rounding);
    return { kind: "smooth", ...window.symmetric, resolved: isResolved(window, steepest), flat, level, fine };
  }
}

function surest(windows: readonly Window[]): Window {
  return windows.reduce((a, b) => (b.symmetric.error < a.symmetric.error ? b : a));
}

function agree(a: Window, b: Window): boolean {
  return Math.abs(a.symmetric.value - b.symmetric.value) <= 10 * (a.symmetric.error + b.symmetric.error);
}
