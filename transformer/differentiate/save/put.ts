import { literal } from "../../ir/build.js";
import type { Atom, Key, Statement } from "../../ir/model.js";
import { sameType, type Type } from "../../ir/types.js";
import { placeAdded } from "./grown.js";
import type { Scopes } from "./scopes.js";

/** A place in memory. */
export interface Place {
  readonly of: Atom;
  readonly key: Key;
}

// l[i] = x; rows.push(row); p = { at: x }; next = [row, x]   In the mirror x is l[i], row is rows[i], x is p.at, and next[1].
/** Where a statement puts a value, as long as it is there as it was. */
export function placeOf(value: Atom, s: Statement, scopes: Scopes): Place | undefined {
  if (s.kind === "allocate" && s.initial.kind === "elements") {
    const key = keyOf(s.initial.elements.indexOf(value), s.result.type, value.type);
    return key && { of: s.result, key };
  }
  if ((s.kind !== "store" && s.kind !== "push") || s.value !== value || !keepsAll(s.of.type, value.type)) return undefined;
  const key = s.kind === "store" ? s.key : placeAdded(s, scopes);
  if (key === undefined || key.kind === "field" || (s.kind === "store" && s.of.type.kind === "typed" && s.within !== true)) return undefined;
  return { of: s.of, key };
}

/** The key of one of the elements that new memory is made of. */
function keyOf(at: number, of: Type, type: Type): Key | undefined {
  if (at < 0) return undefined;
  if (of.kind !== "record") return keepsAll(of, type) ? literal(at) : undefined;
  const field = of.fields[at];
  return field && sameType(field.type, type) ? { kind: "field", name: field.name } : undefined;
}

/** Whether what is stored in memory of a type is there as it was. */
function keepsAll(of: Type, type: Type): boolean {
  return of.kind === "array" ? sameType(of.element, type) : of.kind === "typed" && of.name === "Float64Array" && type.kind === "real" && type.nullable !== true;
}
