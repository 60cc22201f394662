import type { Line } from "./evaluate.js";
import type { Estimate } from "./extrapolate.js";
import { describeMismatch } from "./mismatch.js";
import { survey } from "./survey.js";
import type { Survey } from "./survey.js";
import { isResolved, isSmooth, withRounding } from "./window.js";
import type { Window } from "./window.js";

/**
 * What became of one comparison. A check fails at `wrong`, and where nothing at all could be compared.
 *
 * - `ok`: generated and numerical derivative agree
 * - `wrong`: they do not
 * - `kink`: the derivatives from the left and from the right differ, and the generated one lies between them
 * - `jump`: the function jumps here, and the generated derivative is that of the piece it stands on
 * - `edge`: the function has values on one side only, and the generated derivative is the one from there
 * - `saturated`: the function does not move by more than the rounding of its value, and the generated derivative says the same
 * - `noise`: the numerical derivative is too inexact to say more than that nothing speaks against the generated one
 * - `unchecked`: the function has no values next to the arguments
 */
export type Verdict = "ok" | "wrong" | "kink" | "jump" | "edge" | "saturated" | "noise" | "unchecked";

/** A verdict with the figures that it rests on. */
export interface Judgement {
  readonly numerical: number;
  readonly error: number;
  readonly difference: number;
  readonly verdict: Verdict;
  readonly note?: string;
}

export interface Limits {
  /** How much of itself a derivative may be off. */
  readonly tolerance: number;
  /** What it may be off beside that: the rounding of a generated sum. */
  readonly slack: number;
  /** Whether infinities of either sign agree: at −0 the plain formula gives the other one. */
  readonly eitherInfinity: boolean;
  /** Whether anything is right at a kink, instead of what lies between its two sides. */
  readonly anyAtKink: boolean;
}

/** Compares a generated derivative with differences along a line: by a short look first, a thorough one unless that settles it. */
export function judge(line: Line, look: Window | undefined, generated: number, limits: Limits): Judgement {
  const first = look && withRounding(look, line.roughness);
  if (first !== undefined && isSmooth(first) && (isResolved(first) || (first.flat && generated === 0))) {
    const { value, error } = first.symmetric;
    if (agrees(generated, first.symmetric, limits)) {
      return { numerical: value, error, difference: Math.abs(generated - value), verdict: "ok" };
    }
  }
  return compare(survey(line), generated, limits);
}

function compare(seen: Survey, generated: number, limits: Limits): Judgement {
  switch (seen.kind) {
    case "smooth":
      return compareSmooth(seen, generated, limits);
    case "kink":
      return compareKink(seen.left, seen.right, generated, limits);
    case "edge":
      return compareSide("edge", seen.side, generated, limits, "the function has values on one side only");
    case "jump":
      if (seen.side === undefined) return undecided("jump", "the function jumps on both sides");
      return compareSide("jump", seen.side, generated, limits, "the function jumps on one side; this is its derivative on the other");
    case "infinite":
      return compareSide("ok", { value: seen.value, error: 0 }, generated, limits, "a vertical tangent");
    case "isolated":
      return undecided("unchecked", "the function has no values next to the arguments");
  }
}

function compareSmooth(seen: Survey & { kind: "smooth" }, generated: number, limits: Limits): Judgement {
  const { value: numerical, error } = seen;
  const difference = Math.abs(generated - numerical);
  const figures = { numerical, error, difference };
  if (agrees(generated, seen, limits)) {
    if (seen.resolved || error <= 1e-3 * Math.abs(numerical) || (seen.flat && generated === 0)) return { ...figures, verdict: "ok" };
    return { ...figures, verdict: seen.level ? "saturated" : "noise" };
  }
  if (seen.fine !== undefined && agrees(generated, seen.fine, limits)) {
    return { ...figures, verdict: "noise", note: "the derivative for tiny steps" };
  }
  return { ...figures, verdict: "wrong", ...describeMismatch(generated, numerical) };
}

// At a kink a derivative is right if it is one of its subgradients, or of its supergradients: between the two sides.
function compareKink(left: Estimate, right: Estimate, generated: number, limits: Limits): Judgement {
  const note = `from the left ${left.value.toPrecision(6)}, from the right ${right.value.toPrecision(6)}`;
  const [low, high] = left.value < right.value ? [left, right] : [right, left];
  const between = limits.anyAtKink || (within(low, generated) && within(high, generated));
  const numerical = (left.value + right.value) / 2;
  const error = Math.max(left.error, right.error);
  const verdict = between || (low.value === -Infinity && high.value === Infinity) ? "kink" : "wrong";
  return { numerical, error, difference: Math.abs(generated - numerical), verdict, note: verdict === "kink" ? note : `a kink: ${note}` };

  function within(bound: Estimate, x: number): boolean {
    return (bound === low ? x >= bound.value : x <= bound.value) || agrees(x, bound, limits);
  }
}

function compareSide(verdict: Verdict, side: Estimate, generated: number, limits: Limits, note: string): Judgement {
  const same = agrees(generated, side, limits);
  const difference = generated === side.value ? 0 : Math.abs(generated - side.value);
  return { numerical: side.value, error: side.error, difference, verdict: same ? verdict : "wrong", note };
}

function undecided(verdict: Verdict, note: string): Judgement {
  return { numerical: NaN, error: Infinity, difference: NaN, verdict, note };
}

/** Whether a derivative is the estimated one as far as can be told; `NaN` never is. */
export function agrees(generated: number, { value, error }: Estimate, { tolerance, slack, eitherInfinity }: Limits): boolean {
  if (!Number.isFinite(value) || !Number.isFinite(generated)) {
    return generated === value || (eitherInfinity && Math.abs(generated) === Math.abs(value));
  }
  const size = Math.max(Math.abs(generated), Math.abs(value));
  return Math.abs(generated - value) <= tolerance * size + 4 * error + slack;
}
