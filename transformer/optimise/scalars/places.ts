import type { Allocate, Copy, Key, Statement, Var } from "../../ir/model.js";
import { elementType, isNumeric, isReference, keepsBits, sameType, type Type } from "../../ir/types.js";

/** The largest array that becomes variables. */
export const most = 16;

/** The elements of what can be replaced, by its name: of an allocation, or of what branches and loops hand on. */
export type Candidates = ReadonlyMap<Var, readonly Type[]>;

/** What a branch or a loop hands on, where the type tells its elements. */
export function joinedTypes({ type }: Var): readonly Type[] | undefined {
  const parts = type.nullable === true ? undefined : partsOf(type);
  return parts !== undefined && parts.length <= most ? parts : undefined;
}

/** `a.slice(1)` of an array that is replaced, and `{ ...r }` and `[...p]` of what the type tells the parts of. */
export function copiedTypes({ of, result, from, to, depth }: Copy, found: Candidates, open: Candidates): readonly Type[] | undefined {
  if (of.kind !== "var" || of.type.nullable) return undefined;
  if (of.type.kind === "record") {
    const isFlat = of.type.fields.every((f) => !isReference(f.type) || depth <= 1 || !f.type.nullable);
    return isFlat && sameType(of.type, result.type) ? of.type.fields.map((f) => f.type) : undefined;
  }
  const types = (open.has(of) ? undefined : found.get(of)) ?? partsOf(of.type);
  if (types === undefined || (depth > 1 && types.some(isReference))) return undefined;
  const range = [from, to].map((a) => (a === undefined || a.kind === "literal" ? a?.value : NaN));
  if (range.some((end) => end !== undefined && !Number.isInteger(end))) return undefined;
  return types.slice(...(range as (number | undefined)[]));
}

/** Zeros like a record or a tuple of which the type tells that all its parts are there, and like an array that is replaced. */
export function zeroTypes({ result: { type }, initial }: Allocate, found: Candidates, open: Candidates): readonly Type[] | undefined {
  const source = initial.kind === "zerosLike" ? initial.source : undefined;
  if (source?.kind !== "var" || source.type.nullable || type.nullable || open.has(source)) return undefined;
  if (type.kind === "record") {
    const members = source.type.kind === "record" ? source.type.fields : [];
    const isWhole = type.fields.every((f) => isZeroOf(f.type, members.find((m) => m.name === f.name)?.type, type.shape === "tuple"));
    return isWhole ? partsOf(type) : undefined;
  }
  if (!keepsBits(type)) return undefined;
  const parts = partsOf(type);
  if (parts === undefined) return isReference(elementType(type)) ? undefined : found.get(source)?.map(() => elementType(type));
  const isAlike = source.type.kind === "array" && source.type.length === parts.length;
  return isAlike && isZeroOf(elementType(type), elementType(source.type), true) ? parts : undefined;
}

/** Whether it is known what the zero of a part is: an object that lacks a number has no zero for it, where an array has one. */
function isZeroOf(type: Type, source: Type | undefined, isElement: boolean): boolean {
  if (type.kind === "opaque") return type.nullable === true && isElement;
  if (isNumeric(type)) return isElement ? !type.nullable : source !== undefined && Boolean(source.nullable) === Boolean(type.nullable);
  return isReference(type) && !type.nullable && source !== undefined && isReference(source) && !source.nullable;
}

/** The types of the parts of a record, or of a tuple that is no larger than what becomes variables. */
export function partsOf(type: Type): readonly Type[] | undefined {
  if (type.kind === "record") return type.fields.map((f) => f.type);
  return type.kind === "array" && type.length !== undefined && type.length <= most ? Array.from({ length: type.length }, () => type.element) : undefined;
}

export function slotTypes({ result: { type }, initial }: Allocate): readonly Type[] | undefined {
  if (initial.kind === "elements" && initial.elements.length <= most) {
    if (type.kind === "record") return type.fields.map((f) => f.type);
    return keepsBits(type) ? initial.elements.map(() => elementType(type)) : undefined;
  }
  if (initial.kind !== "fill" || initial.length.kind !== "literal" || isReference(initial.value.type)) return undefined;
  const length = Number(initial.length.value);
  if (!keepsBits(type) || !Number.isInteger(length) || length < 0 || length > most) return undefined;
  return Array.from({ length }, () => elementType(type));
}

export function placeOf(of: Var, key: Key, found: Candidates): number | undefined {
  const { type } = of;
  const size = found.get(of)?.length ?? 0;
  if (type.kind === "record") {
    const name = key.kind === "field" ? key.name : key.kind === "literal" ? String(key.value) : "";
    const at = type.fields.findIndex((f) => f.name === name);
    return at < 0 ? undefined : at;
  }
  if (key.kind !== "literal" || typeof key.value !== "number") return undefined;
  return Number.isInteger(key.value) && key.value >= 0 && key.value < size ? key.value : undefined;
}

/** [x].at(3): nothing is there. */
export function isBeyond(s: Statement): boolean {
  if (s.kind !== "load" || !s.result.type.nullable || isReference(s.result.type) || s.of.type.kind === "record") return false;
  return s.key.kind === "literal" && typeof s.key.value === "number" && Number.isInteger(s.key.value) && s.key.value >= 0;
}

export function isLength(s: Statement, found: Candidates): boolean {
  return s.kind === "load" && s.key.kind === "field" && s.key.name === "length" && s.of.kind === "var" && s.of.type.kind !== "record" && found.has(s.of);
}

/** What is made like other memory, and of what: a copy of it, or zeros of its shape. */
export function likeness(s: Statement): { readonly made: Var; readonly of: Var } | undefined {
  const of = s.kind === "copy" ? s.of : s.kind === "allocate" && s.initial.kind === "zerosLike" ? s.initial.source : undefined;
  return of?.kind === "var" && (s.kind === "copy" || s.kind === "allocate") ? { made: s.result, of } : undefined;
}
