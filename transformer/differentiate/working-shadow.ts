import { type Builder, field, literal, zero } from "../ir/build.js";
import type { Atom, Var } from "../ir/model.js";
import { carriesReal, holdsReferences, isRecursive, isReference, nonNull, type RecordType, type Type } from "../ir/types.js";
import { addInto, addNumber, present } from "./mirror-memory.js";
import { depthOf, isUneven, placesOf } from "./places.js";
import type { Walkers } from "./walkers.js";

/** Where a working shadow begins and ends. */
interface Ends {
  readonly entry: Builder;
  readonly exit: Builder;
  readonly adders: Walkers;
  /** Whether the shadow is made here, and is all zero. */
  readonly isNew: boolean;
}

/**
 * The memory in which the references of a shadow may change their places, so that the shadow itself keeps the order. It is a
 * copy of what holds references: memory that holds numbers alone is shared, and what arrives in objects that hold both is
 * added to the shadow in the end:
 *
 *     working = { shape: dbody.shape, mass: 0 };   …; dbody.mass += working.mass
 *
 * A list of such objects is a list of copies of these, of which another keeps the order. Where they lie deeper it is zeros
 * like `given`, and all of them are added.
 */
export function workingShadow(shadow: Atom, given: Atom, name: string, ends: Ends): Var {
  if (hasCopy(shadow.type)) return copyOf(shadow, name, ends);
  const { entry, exit, adders } = ends;
  if (ends.isNew && isListOfObjects(shadow.type)) {
    // each = dbodies.map((b) => ({ ...b })); working = each.slice();   …; dbodies[k].mass += each[k].mass
    const each = entry.copy(shadow, 2, name);
    addInto([shadow], [each], shadow.type, exit, adders, 2);
    return entry.copy(each, 1, name);
  }
  const working = entry.allocate(shadow.type, { kind: "zerosLike", source: given }, name);
  const places = placesOf(working, entry);
  present(working, exit, (then) => {
    const known = (a: Atom): Atom => (a.type.nullable === true ? then.let("identity", [a], nonNull(a.type)) : a);
    addInto([known(shadow)], places.map(known), nonNull(shadow.type), then, adders);
  });
  return working;
}

function hasCopy(type: Type): boolean {
  if (isRecursive(type)) return false;
  if (!isThere(type)) return !isUneven(type);
  return type.fields.every((f) => !isReference(f.type) || !carriesReal(f.type) || hasCopy(f.type));
}

/** Whether it is a list of objects that hold numbers, and arrays of numbers, all of which are there. */
function isListOfObjects(type: Type): boolean {
  if (type.kind !== "array" || type.nullable === true || type.element.kind !== "record" || type.element.nullable === true) return false;
  return type.element.fields.every((f) => f.type.nullable !== true && !holdsReferences(f.type));
}

function isThere(type: Type): type is RecordType {
  return type.kind === "record" && type.nullable !== true;
}

function copyOf(shadow: Atom, name: string, ends: Ends): Var {
  const { type } = shadow;
  return isThere(type) ? memberByMember(shadow, type, name, ends) : ends.entry.copy(shadow, depthOf(type) - 1, name);
}

// { v: 0, w: dg.w, rows: dg.rows.slice() }   …; dg.v += working.v
function memberByMember(shadow: Atom, type: RecordType, name: string, ends: Ends): Var {
  const { entry, exit } = ends;
  const elements = type.fields.map((f): Atom => {
    if (!carriesReal(f.type)) return literal(undefined, f.type);
    if (f.type.kind === "real" && f.type.nullable !== true) return zero;
    const part = entry.load(shadow, field(f.name), f.name, f.type);
    return holdsReferences(f.type) ? copyOf(part, f.name, ends) : part;
  });
  const working = entry.allocate(type, { kind: "elements", elements }, name);
  for (const f of type.fields) if (f.type.kind === "real") addNumber(shadow, working, field(f.name), f.type, exit);
  return working;
}
