import type { Type } from "../../transformer/ir/types.js";

/** The numbers that a value of a type holds, in order; integers are none. */
export function numbersIn(value: unknown, type: Type): number[] {
  switch (type.kind) {
    case "real":
      return [value as number];
    case "typed":
      return Array.from(value as Float64Array);
    case "array":
      return (value as unknown[]).flatMap((v) => numbersIn(v, type.element));
    case "record":
      return type.fields.flatMap((f) => numbersIn((value as Record<string, unknown>)[f.name], f.type));
    default:
      return [];
  }
}

/** A copy of the value with other numbers, taken from `numbers` in the same order. */
export function withNumbers(value: unknown, type: Type, numbers: number[]): unknown {
  switch (type.kind) {
    case "real":
      return numbers.shift();
    case "typed":
      return Float64Array.from(value as Float64Array, () => numbers.shift() ?? NaN);
    case "array":
      return (value as unknown[]).map((v) => withNumbers(v, type.element, numbers));
    case "record": {
      const entries = type.fields.map((f) => [f.name, withNumbers((value as Record<string, unknown>)[f.name], f.type, numbers)]);
      const record: unknown = Object.fromEntries(entries);
      return type.shape === "tuple" ? Object.values(record as object) : record;
    }
    default:
      return value;
  }
}
