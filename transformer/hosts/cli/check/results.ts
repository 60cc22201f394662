import type { Callable } from "../../../../src/check/evaluate.js";
import { firstDifference } from "../../../../src/check/same.js";
import { leavesOf, type Path } from "../../../../src/check/shape.js";

/** Where the numbers in a result stand. */
export function placesIn(value: unknown): Path[] {
  return leavesOf([value], [0]).map(({ path }) => path.slice(1));
}

export function numbersIn(value: unknown): number[] {
  return leavesOf([value], [0]).map((leaf) => leaf.value);
}

/** A function under a name for what is printed. */
export function named(name: string, f: (...args: readonly unknown[]) => unknown): Callable {
  return Object.defineProperty(f, "name", { value: name }) as Callable;
}

/** The value that comes beside a derivative is the function's own, bit for bit. */
export function refuseOther(value: unknown, own: unknown): void {
  const difference = firstDifference(own, value, "value");
  if (difference !== undefined) throw new Error(`beside the derivative there is another value than that of the function: ${difference}`);
}
