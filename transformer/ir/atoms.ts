import type { Atom, Key, Let, Literal } from "./model.js";
import { isNull } from "./types.js";

/** Whether two atoms are the same name or the same literal value. */
export function sameAtom(a: Atom, b: Atom): boolean {
  return a === b || (a.kind === "literal" && b.kind === "literal" && Object.is(a.value, b.value) && isSameAbsence(a, b));
}

/** a === b. */
export function areEqual(a: Literal, b: Literal): boolean {
  return a.value === b.value && isSameAbsence(a, b);
}

/** What is missing is undefined, or null by its type. */
function isSameAbsence(a: Literal, b: Literal): boolean {
  return a.value !== undefined || isNull(a.type) === isNull(b.type);
}

/** Whether two keys are the same field, or the same index. */
export function sameKey(a: Key, b: Key): boolean {
  return a.kind === "field" || b.kind === "field" ? a.kind === "field" && b.kind === "field" && a.name === b.name : sameAtom(a, b);
}

export function isWhole(a: Atom | undefined): a is Literal {
  return a?.kind === "literal" && Number.isSafeInteger(a.value);
}

/** i + 1, i - 1: what is shifted, and by how much. */
export function shiftOf({ op, args: [from, by] }: Let): { readonly from: Atom; readonly by: number } | undefined {
  if (from === undefined || !isWhole(by) || (op !== "+" && op !== "-")) return undefined;
  return { from, by: op === "+" ? Number(by.value) : -Number(by.value) };
}
