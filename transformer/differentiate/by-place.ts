import { isLiteral, literal, region, variable } from "../ir/build.js";
import type { Atom, Block, Fn, Load, Statement, Var } from "../ir/model.js";
import { rewriteBlock } from "../ir/rewrite.js";
import { bool, int, isFlat, real, type Type } from "../ir/types.js";
import { blocksWithin, operands } from "../ir/walk.js";

// A tangent that is 1 in one place of an array and 0 in all others needs no memory: its elements are known by the place.

/** The place of what is 1 in none. */
export const nowhere = literal(-1);

/** Whether one index tells a place in values of a type. */
export function hasPlaces(type: Type): boolean {
  return type.nullable !== true && isFlat(type);
}

/** Whether nothing is done with tangents but that their elements are read. */
export function areOnlyRead(fn: Fn, tangents: readonly Var[]): boolean {
  const isTangent = (a: Atom): boolean => a.kind === "var" && tangents.includes(a);
  const isOther = (s: Statement): boolean => operands(s).some(isTangent) && !(s.kind === "load" && s.key.kind !== "field");
  return [...blocksWithin(fn.body)].every((b) => !b.yields.some(isTangent) && !b.statements.some(isOther));
}

// f(x, dx) { … dx[i] … }   becomes   f(x, xAt) { … i === xAt ? 1 : 0 … }
/** A function in which each of the tangents of `inputs`, which are only read, is given as the place where it is 1. */
export function byPlace(fn: Fn, tangents: readonly Var[], inputs: readonly Var[]): Fn {
  if (!areOnlyRead(fn, tangents)) throw new Error(`${fn.name} does more with tangents than to read them`);
  const places = new Map<Atom, Var>(tangents.map((t, i) => [t, variable(`${inputs[i % inputs.length]?.name ?? ""}At`, int, t.origin)]));
  const statement = (s: Statement): readonly Statement[] => {
    const place = s.kind === "load" ? places.get(s.of) : undefined;
    return s.kind === "load" && place !== undefined ? isThere(s, place) : [s];
  };
  const params = fn.params.map((p) => places.get(p) ?? p);
  return { ...fn, params, body: rewriteBlock(fn.body, { atom: (a) => a, statement }) };
}

// result = key === place ? 1 : 0
function isThere({ key, result, origin }: Load, place: Var): Statement[] {
  if (key.kind === "field") throw new Error(`a tangent has no ${key.name}`);
  const sourced = origin && { origin };
  const test = variable("", bool, origin);
  const side = (value: number): Block => ({ region: region("place"), statements: [], yields: [{ ...literal(value), type: real }] });
  return [
    { kind: "let", result: test, op: "===", args: isLiteral(key) ? [place, key] : [key, place], ...sourced },
    { kind: "if", test, then: side(1), else: side(0), results: [result], ...sourced },
  ];
}
