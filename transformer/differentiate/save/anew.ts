import { isLiteral, lengthField, literal, variable, zero } from "../../ir/build.js";
import type { Allocate, Atom, Initial, Load, Region } from "../../ir/model.js";
import { int, isFlat } from "../../ir/types.js";
import type { Scopes } from "./scopes.js";

/**
 * Zeros that only the mirror of a turn uses are made there, and not kept from the forward sweep for it:
 *
 *     b = a.slice(); db = zeros like b   becomes   db = zeros like a   in the mirror
 */
export function madeAnew(s: Allocate, mirror: Region, scopes: Scopes): Allocate | undefined {
  const { result, initial } = s;
  if (scopes.regionOf.get(result) !== mirror.mirrors || !isFlat(result.type) || !scopes.isUsedWithin(result, mirror)) return undefined;
  if (initial.kind !== "zerosLike") {
    const values = initial.kind === "fill" ? [initial.value] : initial.elements;
    return values.every((a) => isLiteral(a, 0)) ? s : undefined;
  }
  const like = measured(initial, scopes);
  if (like.kind !== "zerosLike") return { ...s, initial: like };
  if (like.source.type.nullable) return undefined;
  return scopes.isStable(lengthOf(like.source), mirror, s) ? { ...s, initial: like } : undefined;
}

/** What says how many zeros there are, where the array that they are like may be gone. */
function measured(initial: Initial & { readonly kind: "zerosLike" }, scopes: Scopes): Initial {
  const { source } = initial;
  const made = source.kind === "var" ? scopes.definition.get(source) : undefined;
  if (made === undefined || !scopes.isFixed(lengthOf(initial.source))) return initial;
  if (made.kind === "copy" && !made.from && !made.to) return { ...initial, source: made.of };
  if (made.kind !== "allocate" || made.initial.kind === "zerosLike") return initial;
  return { kind: "fill", length: made.initial.kind === "fill" ? made.initial.length : literal(made.initial.elements.length), value: zero };
}

function lengthOf(of: Atom): Load {
  return { kind: "load", result: variable("", int), of, key: lengthField };
}
