import { copyArguments, isFloats, write } from "./shape.js";
import type { Leaf } from "./shape.js";

/** A function of which nothing is known but that it can be called. */
export type Callable = (...args: never[]) => unknown;

export function call(f: Callable, args: readonly unknown[]): unknown {
  return (f as (...args: readonly unknown[]) => unknown)(...args);
}

/** The value of `f` on a copy of the arguments, since `f` may write to them. */
export function valueAt(f: Callable, args: readonly unknown[]): number {
  return numberFrom(f, call(f, copyArguments(args)));
}

/** The result of `f` if it is a number, an error which says what it is otherwise. */
export function numberFrom(f: Callable, result: unknown, caller?: string): number {
  if (typeof result === "number") return result;
  throw new TypeError(`${caller === undefined ? "" : `${caller}: `}${nameOf(f)} returns ${kindOf(result)}, not a number.`);
}

/** What a value is, in words. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value) || isFloats(value)) return `${Array.isArray(value) ? "an array" : "a typed array"} of ${value.length}`;
  if (value instanceof Promise) return "a promise";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

export function nameOf(f: Callable): string {
  return f.name === "" ? "the function" : f.name;
}

/** What a value is made of, which tells how exact it can be. */
export interface Terms {
  /** The value at the arguments themselves. */
  readonly start: number;
  /** What rounding of the arguments alone does to the value, beside the rounding of the value itself. */
  readonly roughness: number;
  /** The size of what the value is made of; it can be far more than the value where terms cancel. */
  readonly magnitude: number;
}

/** The function along a straight line through the arguments. */
export interface Line extends Terms {
  /** The unit of steps along the line. */
  readonly unit: number;
  /** A smaller unit that is tried too, where the argument is tiny and the function may be bound to its scale. */
  readonly tinyUnit: number | undefined;
  /** The smallest step worth taking is `unit · 2^finest`. */
  readonly finest: number;
  /** The step that was really made, and the value there; `NaN` where the function has none or throws. */
  at(step: number): { readonly step: number; readonly value: number };
}

// At these many halvings a step is still far above the rounding of its argument.
const finestDouble = -41;
const finestSingle = -18;

/** The line along which one number varies. */
export function alongLeaf(f: Callable, args: readonly unknown[], leaf: Leaf, terms: Terms): Line {
  // Whole steps would not see the stairs of a rounding function. In single precision steps have to be exact instead.
  const fraction = leaf.single ? 1 : 0.8414709848078965;
  const tiny = leaf.value !== 0 && Math.abs(leaf.value) < 2 ** -30;
  return {
    ...terms,
    unit: fraction * powerOfTwo(Math.max(Math.abs(leaf.value), 1)),
    tinyUnit: tiny ? fraction * powerOfTwo(Math.abs(leaf.value)) : undefined,
    finest: leaf.single ? finestSingle : finestDouble,
    at(step) {
      const varied = copyArguments(args);
      const made = write(varied, leaf.path, leaf.value + step) - leaf.value;
      return { step: made, value: valueOrNaN(f, varied) };
    },
  };
}

/** The line along which several numbers vary at once, each by the step times its component of the direction. */
export function alongDirection(
  f: Callable,
  args: readonly unknown[],
  leaves: readonly Leaf[],
  direction: readonly number[],
  terms: Terms,
): Line {
  return {
    ...terms,
    unit: 1,
    tinyUnit: undefined,
    finest: leaves.some((leaf) => leaf.single) ? finestSingle : finestDouble,
    at(step) {
      const varied = copyArguments(args);
      leaves.forEach((leaf, i) => write(varied, leaf.path, leaf.value + step * (direction[i] as number)));
      return { step, value: valueOrNaN(f, varied) };
    },
  };
}

/** The power of two at or below a positive number. */
export function powerOfTwo(x: number): number {
  return 2 ** Math.max(-1022, Math.floor(Math.log2(x)));
}

/** Next to the arguments a function may leave its domain: what it throws there, or gives instead of a number, is no value. */
function valueOrNaN(f: Callable, args: readonly unknown[]): number {
  try {
    const value = call(f, args);
    return typeof value === "number" && Number.isFinite(value) ? value : NaN;
  } catch {
    return NaN;
  }
}
