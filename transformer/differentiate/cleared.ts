import { Builder, lengthField, literal, region, variable, zero } from "../ir/build.js";
import type { Key, Var } from "../ir/model.js";
import { bool, containsItself, isNull, isReference, nonNull, type Type } from "../ir/types.js";
import { guard } from "./aliases.js";
import { present } from "./mirror-memory.js";
import { Walkers } from "./walkers.js";

/** What memory that is cleared must be shaped like: a parameter, part of one, or in a tuple of gradients one of several. */
export interface Like {
  readonly of: Var | readonly Var[];
  readonly refusal: string;
}

// if (out.length !== x.length) throw new Error("f: 'out' is not as long as 'x': …"); for (let k = 0; k < out.length; k++) out[k] = 0;
/** Writes 0 in the place of every number. What may be missing stays so. Refuses lists that are not as long as those that they are to be like. */
export function fillZero(memory: Var, type: Type, b: Builder, like?: Like, all = clearers()): void {
  if (type.kind === "record" && containsItself(type)) all.walk([memory], type, b);
  else fillMembers(memory, type, b, like, all);
}

function clearers(): Walkers {
  const all = new Walkers("clear", ["object"], ([object], type, b) => {
    if (object !== undefined) fillMembers(object, type, b, undefined, all);
  });
  return all;
}

function fillMembers(memory: Var, type: Type, b: Builder, like: Like | undefined, all: Walkers): void {
  const members = membersOf(type);
  for (const { key, type: inner } of members) if (inner.kind === "real" || isReference(inner)) fillPart(memory, key, inner, b, like, all);
  if (members.length > 0 || type.kind === "record") return;
  const k = variable("k", { kind: "int" }, b.origin);
  const bound = b.load(memory, lengthField);
  if (like !== undefined && "type" in like.of && isList(like.of.type)) guard(b.let("!==", [bound, b.load(like.of, lengthField)], bool), like.refusal, b);
  const inner = new Builder(b.origin);
  if (type.kind === "array" && isReference(type.element)) fillPart(memory, k, type.element, inner, like, all);
  else inner.clear(memory, k);
  b.add({ kind: "loop", counter: { var: k, start: zero, test: "<", bound, step: 1 }, carried: [], body: inner.block(region("zero"), [zero]) });
}

function fillPart(memory: Var, key: Key, type: Type, b: Builder, like: Like | undefined, all: Walkers): void {
  if (type.nullable) {
    const other = like && partOf(like, key, b);
    // What a tuple may lack has a number in the gradient all the same.
    const isKnown = isReference(type) || (memory.type.kind === "record" && memory.type.shape !== "tuple");
    return fillOptional(b.load(memory, key, "", type), like && other && isKnown ? { ...like, of: other } : undefined, b, (to) => { to.clear(memory, key); }, all);
  }
  if (isReference(type)) fillZero(b.load(memory, key, "", type), type, b, within(like, key, b), all);
  else b.clear(memory, key);
}

// if (out.w === undefined !== (p.w === undefined)) throw …; if (out.w !== undefined) …
/** The same of what may be missing, and has to be where what it is like is. */
export function fillOptional(part: Var, like: Like | undefined, b: Builder, clear?: (to: Builder) => void, all = clearers()): void {
  const other = like !== undefined && "type" in like.of ? like.of : undefined;
  const isSame = other?.type.nullable === true && !isNull(other.type) && !isNull(part.type);
  if (isSame) {
    const missing = [part, other].map((v) => b.let("isUndefined", [v], bool));
    guard(b.let("!==", missing, bool), like?.refusal ?? "", b);
  }
  present(part, b, (to) => {
    const there = (v: Var): Var => to.let("identity", [v], nonNull(v.type));
    if (isReference(part.type)) fillZero(there(part), nonNull(part.type), to, isSame && like ? { ...like, of: there(other) } : undefined, all);
    else clear?.(to);
  });
}

/** Of a tuple the type says how long it is. */
function isList(type: Type): boolean {
  return type.kind !== "array" || type.length === undefined;
}

function partOf({ of }: Like, key: Key, b: Builder): Var | undefined {
  return "type" in of ? b.load(of, key) : of[Number(key.kind === "literal" ? key.value : key.kind === "field" ? key.name : 0)];
}

function within(like: Like | undefined, key: Key, b: Builder): Like | undefined {
  const part = like && partOf(like, key, b);
  return part === undefined || part.type.nullable === true || !isReference(part.type) ? undefined : { ...(like as Like), of: part };
}

/** What stands at places that are known: the fields of a record, the elements of a tuple. */
export function membersOf(type: Type): readonly { readonly key: Key; readonly type: Type }[] {
  if (type.kind === "record") return type.fields.map((f) => ({ key: { kind: "field", name: f.name }, type: f.type }));
  if (type.kind !== "array" || type.length === undefined || !isReference(type.element)) return [];
  const { element, length } = type;
  return Array.from({ length }, (_, i) => ({ key: literal(i), type: element }));
}
