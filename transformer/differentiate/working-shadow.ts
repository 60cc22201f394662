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
}

/**
 * The memory in which the references of a shadow may change their places, so that the shadow itself keeps the order. It is a
 * copy of what holds references: memory that holds numbers alone is shared, and what arrives in objects that hold both is
 * added to the shadow in the end:
 *
 *     working = { shape: dbody.shape, mass: 0 };   …; dbody.mass += working.mass
 *
 * Where such objects are elements of arrays it is zeros like `given`, and all of them are added.
 */
export function workingShadow(shadow: Atom, given: Atom, name: string, ends: Ends): Var {
  if (hasCopy(shadow.type)) return copyOf(shadow, name, ends);
  const { entry, exit, adders } = ends;
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
