import type { Gradients, Handwritten, Wrt } from "../gradient-type.js";
import { compareAll } from "./compare.js";
import { call, nameOf, numberFrom } from "./evaluate.js";
import type { Callable } from "./evaluate.js";
import { messageOf, obtain } from "./obtain.js";
import { checkSettings, selection } from "./options.js";
import type { CheckOptions, Selection } from "./options.js";
import { randomNumbers } from "./random.js";
import { makeReport } from "./report.js";
import type { CheckReport } from "./report.js";
import { copyArguments, leavesOf, pathText, read } from "./shape.js";
import type { Leaf } from "./shape.js";

/**
 * Compares a gradient function, generated or written by hand, with differences of `f` at `args`.
 *
 * For each number in the arguments, and along random directions, it takes symmetric differences at several steps and extrapolates
 * them (Ridders 1982), which gives the derivative and its error. A kink, a jump, saturation and noise are told apart from a wrong
 * derivative; see {@link Verdict}. `NaN` and infinity have to match. It also checks that the gradient leaves its arguments as they were and
 * that two calls agree bit for bit. `f` may write to its arguments: it is called on copies.
 *
 * @param f the function; it may be any, compiled or not
 * @param gradient what to check, with the shape that `grad` gives
 * @param args the arguments, as an array
 * @param options `wrt` as it was given to `grad`, `tolerance`, `directions`, `elements`, `seed`
 * @returns a report with a row for each element; `ok` says whether something was compared and nothing is wrong; `String(report)` is a table
 * @throws TypeError or RangeError for arguments that cannot be checked, and whatever says that the gradient was not compiled
 *
 * @example
 * const f = (x: number, y: number) => x * x * y;
 * checkGrad(f, grad(f), [2, 5]).ok; // true
 */
export function checkGrad<P extends unknown[], const W extends Wrt<P> | undefined = undefined>(
  f: (...args: P) => number,
  gradient: (...args: NoInfer<P>) => Handwritten<NoInfer<Gradients<P, W>>>,
  args: NoInfer<P>,
  options: CheckOptions<W> = {},
): CheckReport {
  return checkAny("checkGrad", f, gradient, args, options);
}

/**
 * Like {@link checkGrad}, for tests: returns nothing when the gradient is right.
 *
 * @throws Error with the report's table for a message when it is not
 *
 * @example
 * assertGrad(f, grad(f), [2, 5]);
 */
export function assertGrad<P extends unknown[], const W extends Wrt<P> | undefined = undefined>(
  f: (...args: P) => number,
  gradient: (...args: NoInfer<P>) => Handwritten<NoInfer<Gradients<P, W>>>,
  args: NoInfer<P>,
  options: CheckOptions<W> = {},
): void {
  const report = checkAny("assertGrad", f, gradient, args, options);
  if (!report.ok) throw new Error(String(report));
}

/** `checkGrad` for functions and arguments whose types are not known. */
export function checkAny(
  caller: string,
  f: Callable,
  gradient: Callable,
  args: readonly unknown[],
  options: CheckOptions<unknown>,
): CheckReport {
  const settings = checkSettings(caller, options);
  refuseMisuse(caller, f, gradient, args);
  const selected = selection(caller, options.wrt, args.length);
  const leaves = leavesOf(args, selected.positions);
  const missing = leaves.find((leaf) => Number.isNaN(leaf.value));
  if (missing !== undefined) throw new RangeError(`${caller}: ${pathText(missing.path)} is NaN; there is nothing to compare at.`);

  const value = valueOrExplain(caller, f, args);
  const found = { name: nameOf(f), value, elements: [], directions: [], size: leaves.length };
  const { problems, gradients } = obtain(gradient, args, selected);
  if (gradients === undefined) return makeReport({ ...found, problems });

  const derivatives = leaves.map((leaf) => generatedAt(gradients, selected, leaf));
  const compared = compareAll({ f, args, value, leaves, derivatives }, settings, randomNumbers(settings.seed));
  return makeReport({ ...found, ...compared, problems: [...problems, ...finiteInVain(value, derivatives)] });
}

function refuseMisuse(caller: string, f: unknown, gradient: unknown, args: unknown): void {
  if (typeof f !== "function") throw new TypeError(`${caller}: the first argument must be the function, not ${String(f)}.`);
  if (typeof gradient !== "function") {
    throw new TypeError(`${caller}: the second argument must be the gradient function, grad(f), not ${String(gradient)}.`);
  }
  if (!Array.isArray(args)) throw new TypeError(`${caller}: the third argument must be an array of the arguments, not ${String(args)}.`);
}

function valueOrExplain(caller: string, f: Callable, args: readonly unknown[]): number {
  let value: unknown;
  try {
    value = call(f, copyArguments(args));
  } catch (cause) {
    throw new Error(`${caller}: ${nameOf(f)} throws at these arguments: ${messageOf(cause)}`, { cause });
  }
  return numberFrom(f, value, caller);
}

function generatedAt(gradients: readonly unknown[], { positions }: Selection, leaf: Leaf): number {
  const [position, ...path] = leaf.path;
  return read(gradients[positions.indexOf(position as number)], path) as number;
}

/** Where the value is not finite there are no differences, and a gradient that is finite throughout hides it. */
function finiteInVain(value: number, derivatives: readonly number[]): string[] {
  if (Number.isFinite(value) || derivatives.some((derivative) => !Number.isFinite(derivative))) return [];
  return [`the value is ${value} at these arguments, yet the whole gradient is finite`];
}
