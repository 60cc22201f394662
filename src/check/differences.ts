import type { Callable, Line } from "./evaluate.js";
import { alongLeaf, valueAt } from "./evaluate.js";
import { selection } from "./options.js";
import { leavesOf, pathText } from "./shape.js";
import { firstLook, survey } from "./survey.js";
import type { Survey } from "./survey.js";
import { isResolved, isSmooth } from "./window.js";

/** The derivative by one number of the arguments. */
export interface Difference {
  readonly path: string;
  /** The middle at a kink, `NaN` where there is none. */
  readonly value: number;
  readonly error: number;
  /** Whether the function is smooth there; else what it is instead. */
  readonly kind: Survey["kind"];
}

/**
 * The derivatives of `f` by every number in its arguments, from extrapolated symmetric differences, each with its error. This is what
 * `checkGrad` compares with; `numericalGrad` is the plain formula.
 */
export function differences(f: Callable, args: readonly unknown[], wrt?: number | readonly number[]): Difference[] {
  const { positions } = selection("differences", wrt, args.length);
  const start = valueAt(f, args);
  return leavesOf(args, positions).map((leaf) => {
    const path = pathText(leaf.path);
    return { path, ...derivative(alongLeaf(f, args, leaf, { start, roughness: 0, magnitude: Math.abs(start) })) };
  });
}

function derivative(line: Line): Omit<Difference, "path"> {
  const first = firstLook(line);
  if (first !== undefined && isSmooth(first) && (isResolved(first) || first.flat)) {
    return { ...first.symmetric, kind: "smooth" };
  }
  const seen = survey(line);
  switch (seen.kind) {
    case "smooth":
      return { value: seen.value, error: seen.error, kind: seen.kind };
    case "kink":
      return {
        value: (seen.left.value + seen.right.value) / 2,
        error: Math.abs(seen.right.value - seen.left.value) / 2,
        kind: seen.kind,
      };
    case "edge":
      return { ...seen.side, kind: seen.kind };
    case "jump":
      return { value: seen.side?.value ?? NaN, error: seen.side?.error ?? Infinity, kind: seen.kind };
    case "infinite":
      return { value: seen.value, error: 0, kind: seen.kind };
    case "isolated":
      return { value: NaN, error: Infinity, kind: seen.kind };
  }
}
