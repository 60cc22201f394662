import type { Builder } from "../ir/build.js";
import type { Atom, Key } from "../ir/model.js";
import { carriesReal, isRecursive, isReference, nonNull, type Field, type Type } from "../ir/types.js";

/**
 * A reference, and copies of ever more levels of the memory that it leads to. The first leads to that memory itself, the
 * others to the parts that it had when they were made, wherever these have been moved since.
 */
export type Places = readonly Atom[];

export function placesOf(a: Atom, b: Builder): Places {
  const name = a.kind === "var" ? a.name : "";
  if (isRecursive(a.type)) throw new WithinItself(`what '${name}' holds changes its place`);
  return [a, ...Array.from({ length: depthOf(a.type) - 1 }, (_, d) => b.copy(a, d + 1, name))];
}

/** The places of what a key selects, which is there. Where there are no copies nothing has moved. */
export function partOf(places: Places, key: Key, b: Builder): Places {
  return (places.length > 1 ? places.slice(1) : places).map((p) => {
    const part = b.load(p, key);
    return part.type.nullable ? b.let("identity", [part], nonNull(part.type)) : part;
  });
}

/** Why objects that contain themselves cannot be followed. */
export class WithinItself extends Error {}

/** How many levels of memory there are: without an end where objects contain themselves. */
export function depthOf(type: Type): number {
  if (isRecursive(type)) return Infinity;
  if (type.kind === "array" && isReference(type.element)) return 1 + depthOf(type.element);
  if (type.kind === "record") return 1 + Math.max(0, ...type.fields.map((f) => (isReference(f.type) ? depthOf(f.type) : 0)));
  return 1;
}

/** Whether some numbers lie deeper than others. */
export function isUneven(type: Type): boolean {
  return leastDepth(type) < depthOf(type);
}
function leastDepth(type: Type, around: readonly (readonly Field[])[] = []): number {
  if (type.kind === "array") return 1 + leastDepth(type.element, around);
  if (type.kind === "record") {
    if (around.includes(type.fields)) return Infinity;
    const within = [...around, type.fields];
    return 1 + Math.min(...type.fields.filter((f) => carriesReal(f.type)).map((f) => leastDepth(f.type, within)));
  }
  return type.kind === "typed" ? 1 : 0;
}
