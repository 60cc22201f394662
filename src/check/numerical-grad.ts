import type { Gradients, Wrt } from "../gradient-type.js";
import type { Callable } from "./evaluate.js";
import { call, numberFrom } from "./evaluate.js";
import { refuseUnknown, selection } from "./options.js";
import { copyArguments, dataKeys, isFloats, isRecord, leavesOf, pathText, write } from "./shape.js";
import type { Leaf } from "./shape.js";

/** How `numericalGrad` takes differences. */
export interface NumericalGradOptions<W = undefined> {
  /** `"symmetric"`, (f(x + h/2) − f(x − h/2)) / h, unless given; or `"forward"`, (f(x + h) − f(x)) / h. */
  readonly method?: "symmetric" | "forward";
  /** The step, used as given for every number; 1e-5 · max(1, |x|) unless given. */
  readonly h?: number;
  /** The parameters to differentiate by, as for `grad`. */
  readonly wrt?: W;
}

/**
 * The gradient of any function by finite differences: two calls of `f` for each number in its arguments, each on a copy of them.
 *
 * The result has the shape that `grad` gives. It is inexact: symmetric differences are off by a multiple of h² and by the rounding
 * of `f` divided by h. Parameters with defaults have to be given, since a number that is not there cannot be varied. In a
 * `Float32Array` the step that the element could make is divided by.
 *
 * @example
 * const f = (x1: number, x2: number) => (2 * x1 + 3 * x2) ** 2 + 3;
 * numericalGrad(f, { h: 2e-2 })(1, 3);                        // [43.99999999999906, 65.99999999999824]
 * numericalGrad(f, { method: "forward", h: 2e-2, wrt: 0 })(1, 3); // 44.08
 *
 * @throws TypeError for options that do not exist and for a function that returns no number, RangeError for a step that leads nowhere:
 * from NaN, from infinity, or lost in the rounding of the argument.
 */
export function numericalGrad<P extends unknown[], const W extends Wrt<P> | undefined = undefined>(
  f: (...args: P) => number,
  options: NumericalGradOptions<W> = {},
): (...args: Required<P>) => Gradients<Required<P>, W> {
  if (typeof f !== "function") throw new TypeError(`numericalGrad: the first argument must be the function, not ${String(f)}.`);
  const step = stepRule(options);
  return (...args) => {
    const { positions, layout } = selection("numericalGrad", options.wrt, args.length);
    const gradients = positions.map((position) => {
      const derivatives = leavesOf(args, [position]).map((leaf) => difference(f, args, leaf, step));
      return shapedLike(args[position], derivatives.values());
    });
    const single = layout === "one" || (layout === "any" && args.length === 1 && !hasOnlyRest(f));
    return (single ? gradients[0] : gradients) as Gradients<Required<P>, W>;
  };
}

interface StepRule {
  readonly symmetric: boolean;
  size(x: number): number;
}

function stepRule(options: NumericalGradOptions<unknown>): StepRule {
  refuseUnknown("numericalGrad", options, ["method", "h", "wrt"]);
  const { method = "symmetric", h } = options;
  if (method !== "symmetric" && method !== "forward") {
    throw new TypeError(`numericalGrad: method must be "symmetric" or "forward", not ${JSON.stringify(method)}.`);
  }
  if (h !== undefined && !(typeof h === "number" && h > 0 && h < Infinity)) {
    throw new TypeError(`numericalGrad: h must be a positive number, not ${String(h)}.`);
  }
  return { symmetric: method === "symmetric", size: (x) => h ?? 1e-5 * Math.max(1, Math.abs(x)) };
}

function difference(f: Callable, args: readonly unknown[], leaf: Leaf, { symmetric, size }: StepRule): number {
  if (!Number.isFinite(leaf.value)) {
    throw new RangeError(`numericalGrad: ${pathText(leaf.path)} is ${leaf.value}; no step leads away from it.`);
  }
  const h = size(leaf.value);
  const [up, down] = symmetric ? [h / 2, -h / 2] : [h, 0];
  const at = (step: number): { x: number; value: number } => {
    const varied = copyArguments(args);
    const x = step === 0 ? leaf.value : write(varied, leaf.path, leaf.value + step);
    return { x, value: numberFrom(f, call(f, varied), "numericalGrad") };
  };
  const ahead = at(up);
  const behind = at(down);
  if (ahead.x === behind.x) {
    throw new RangeError(`numericalGrad: the step ${h} is lost in the rounding of ${pathText(leaf.path)}, ${leaf.value}; make h larger.`);
  }
  return (ahead.value - behind.value) / (leaf.single ? ahead.x - behind.x : h);
}

/** The gradient in the shape of its argument, from the derivatives by its numbers in order. */
export function shapedLike(arg: unknown, derivatives: Iterator<number>, enclosing: ReadonlySet<unknown> = new Set()): unknown {
  if (typeof arg === "number") return derivatives.next().value;
  if (isFloats(arg)) return Float64Array.from(arg, () => derivatives.next().value as number);
  if (typeof arg !== "object" || arg === null || enclosing.has(arg)) return undefined;
  const within = new Set([...enclosing, arg]);
  if (Array.isArray(arg)) return shapedLikeArray(arg, derivatives, within);
  if (!isRecord(arg)) return undefined;
  const gradient: Record<string, unknown> = {};
  for (const key of dataKeys(arg)) {
    const part = shapedLike(arg[key], derivatives, within);
    if (part !== undefined) gradient[key] = part;
  }
  return gradient;
}

// A missing number among numbers has the gradient 0; an array of nothing but strings, functions and the like has none.
function shapedLikeArray(arg: readonly unknown[], derivatives: Iterator<number>, enclosing: ReadonlySet<unknown>): unknown {
  const gradient = arg.map((element) => shapedLike(element, derivatives, enclosing));
  if (gradient.some((part) => typeof part === "number")) {
    return gradient.map((part, i) => (part === undefined && (arg[i] ?? undefined) === undefined ? 0 : part));
  }
  const constant = arg.length > 0 && gradient.every((part) => part === undefined) && arg.some((element) => (element ?? undefined) !== undefined);
  return constant ? undefined : gradient;
}

/**
 * Whether all that a function takes is a rest parameter, so that even one argument has a tuple for its gradient. Only the text
 * tells; `f.length` is 0 for a default as well.
 */
function hasOnlyRest(f: Callable): boolean {
  return f.length === 0 && /^[^(]*\(\s*\.\.\./.test(Function.prototype.toString.call(f));
}
