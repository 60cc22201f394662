import { Builder, isLiteral, literal, region, variable } from "../ir/build.js";
import type { Atom, Block, Fn, Statement, Var } from "../ir/model.js";
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
  const places = new Map<Atom, Var>(tangents.map((t, i) => [t, variable(`${inputs[i % inputs.length]?.name ?? ""}At`, int, t.origin)]));
  const read = withoutTangents(fn, tangents, (key, k) => {
    const place = places.get(tangents[k] ?? key) ?? key;
    return isLiteral(key) ? [place, key] : [key, place];
  });
  return { ...read, params: fn.params.map((p) => places.get(p) ?? p) };
}

// dx[i]   becomes   a === b ? 1 : 0
/** A function without tangents, which are only read: elements are 1 where the two that `same` gives of the key and of the number of the tangent are the same. */
export function withoutTangents(fn: Fn, tangents: readonly Var[], same: (key: Atom, k: number, b: Builder) => readonly [Atom, Atom]): Fn {
  if (!areOnlyRead(fn, tangents)) throw new Error(`${fn.name} does more with tangents than to read them`);
  const side = (value: number): Block => ({ region: region("place"), statements: [], yields: [{ ...literal(value), type: real }] });
  const statement = (s: Statement): readonly Statement[] => {
    const k = s.kind === "load" && s.of.kind === "var" ? tangents.indexOf(s.of) : -1;
    if (s.kind !== "load" || k < 0) return [s];
    if (s.key.kind === "field") throw new Error(`a tangent has no ${s.key.name}`);
    const b = new Builder(s.origin);
    b.if(b.let("===", same(s.key, k, b), bool), side(1), side(0), [s.result]);
    return b.statements;
  };
  return { ...fn, body: rewriteBlock(fn.body, { atom: (a) => a, statement }) };
}
