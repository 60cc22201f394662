import type { Allocate, Fn } from "../ir/model.js";
import { real, type Type } from "../ir/types.js";
import { uses } from "../ir/walk.js";
import { shadowType } from "./shadow-type.js";

/** The longest list of which each element is written by itself. */
const longest = 8;

/** The type of the derivative of what a function gives: with its length, where that is a short list that stands in the function. */
export function shapeOfResult(fn: Fn): Type {
  const type = shadowType(fn.results[0] ?? real);
  const [value] = fn.body.yields;
  if (type.kind !== "array" || type.length !== undefined || value?.kind !== "var") return type;
  const made = fn.body.statements.find((s): s is Allocate => s.kind === "allocate" && s.result === value);
  if (made?.initial.kind !== "elements" || fn.body.statements.some((s) => s !== made && uses(s, value))) return type;
  const { length } = made.initial.elements;
  return length > 0 && length <= longest ? { ...type, length } : type;
}
