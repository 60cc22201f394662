import { shapedLike } from "../../../../src/check/numerical-grad.js";
import { selection } from "../../../../src/check/options.js";
import { dataKeys, isFloats, isRecord } from "../../../../src/check/shape.js";

/** As it is given to a marker: one position, or a list of them. */
export type Wrt = number | readonly number[] | undefined;

/** A value in the shape of a gradient by the arguments, made of these numbers. */
export function gradientLike(args: readonly unknown[], wrt: Wrt, numbers: Iterator<number>): unknown {
  const parts = partsLike(args, wrt, numbers);
  return typeof wrt === "number" || (wrt === undefined && args.length === 1) ? parts[0] : parts;
}

/** A value in the shape of the tangents of the arguments: of all of them they are a tuple, of one too. */
export function tangentsLike(args: readonly unknown[], wrt: Wrt, numbers: Iterator<number>): unknown {
  const parts = partsLike(args, wrt, numbers);
  return typeof wrt === "number" ? parts[0] : parts;
}

function partsLike(args: readonly unknown[], wrt: Wrt, numbers: Iterator<number>): unknown[] {
  return selection("check", wrt, args.length).positions.map((position) => shapedLike(args[position], numbers));
}

/** The shape of a value with a row in the place of each number: that of a Jacobian. */
export function rowsLike(value: unknown, row: () => unknown): unknown {
  if (typeof value === "number") return row();
  if (isFloats(value)) {
    const rows = Array.from(value, row);
    return rows.every((one) => typeof one === "number") ? Float64Array.from(rows) : rows;
  }
  if (Array.isArray(value)) return value.map((element) => rowsLike(element, row));
  if (!isRecord(value)) return undefined;
  const parts = dataKeys(value).map((key) => [key, rowsLike(value[key], row)] as const);
  return Object.fromEntries(parts.filter(([, part]) => part !== undefined));
}

/** The same number again and again. */
export function* repeated(number: number): Generator<number> {
  for (;;) yield number;
}
