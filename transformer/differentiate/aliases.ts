import type { Builder} from "../ir/build.js";
import { region, variable } from "../ir/build.js";
import type { Atom, Effect, Fn, Var } from "../ir/model.js";
import { areEqual, bool, containsItself, isReference, nonNull, nullable, opaque, type Field, type Pair, type RecordType, type ReferenceType, type Type } from "../ir/types.js";

/**
 * The arrays of numbers that a parameter leads to, as source text: the parameter itself, or those that it holds, as one
 * array of arrays.
 */
interface Leaves {
  readonly param: Var;
  readonly isList: boolean;
  /** Text that makes one list of nested ones. */
  readonly after: string;
  readonly leaf: ReferenceType;
}

// if (a === b) throw new Error("…")   and   if (m.includes(b)) throw …
/** R6: the gradient is by place, so an array that is written must not be reached from two places, by itself or by others. */
export function refuseAliases(p: Var, others: readonly Var[], fn: Fn, entry: Builder): void {
  const own = leavesOf(p);
  if (own === undefined) return refuseSharedParts(p, fn, entry);
  for (const q of others) {
    const other = leavesOf(q);
    if (other === undefined || !mayBeSame(own.leaf, other.leaf)) continue;
    const views = own.leaf.kind === "typed";
    const isPlain = !own.isList && !other.isList;
    const what = views ? "share memory" : isPlain ? "are the same array" : "hold the same array";
    guard(overlap(own, other, entry), `${fn.name}: '${p.name}' and '${q.name}' ${what}, and the function writes to '${p.name}': pass a copy`, entry);
  }
  if (!own.isList) return;
  const repeated = variable("", bool, entry.origin);
  const { after } = own;
  entry.add({ kind: "opaque", result: repeated, text: ["new Set(", `${after}).size !== `, `${after}.length`], args: [p, p], pure: true, readsOnly: true });
  guard(repeated, `${fn.name}: two rows of '${p.name}' are the same array, and the function writes to them: pass copies`, entry);
}

// if (((all) => new Set(all).size !== all.length)([p, p.at, ...q.parts])) throw new Error("…")
/** The same where objects are in it: every object and array that the parameters lead to is there once. */
function refuseSharedParts(p: Var, fn: Fn, entry: Builder): void {
  const parts = fn.params.flatMap((q, i) => (isReference(q.type) ? partsOf(q.type, `\0${String(i)}\0`) : []));
  const maySame = parts.some((x, i) => x.isMany || parts.slice(i + 1).some((y) => mayBeSame(x.type, y.type)));
  if (!maySame) return;
  const pieces = `((all_) => new Set(all_).size !== all_.length)([${parts.map(({ text }) => text).join(", ")}].filter((part_) => part_ !== undefined))`.split("\0");
  const text = pieces.filter((_, i) => i % 2 === 0);
  const args = pieces.filter((_, i) => i % 2 === 1).map((i) => fn.params[Number(i)] ?? p);
  const result = variable("", bool, entry.origin);
  entry.add({ kind: "opaque", result, text, args, pure: true, readsOnly: true });
  guard(result, `${fn.name}: an object or array is reached from two places, and the function writes to '${p.name}': pass copies`, entry);
}

/** Memory that a parameter leads to, as an element of an array literal. */
interface Part {
  readonly text: string;
  readonly type: Type;
  /** Whether it is spread: there may be several, which may be the same. */
  readonly isMany: boolean;
}

/** The functions that give the parts of objects that contain themselves, by the members of these. */
type Around = ReadonlyMap<readonly Field[], string>;

/** The memory that a value of a type leads to, itself first. */
function partsOf(type: Type, text: string, around: Around = new Map()): readonly Part[] {
  if (type.kind === "record" && containsItself(type)) return [{ text: `...${allParts(type, text, around)}`, type, isMany: true }];
  return ownParts(type, text, around);
}

// (function parts_(at_: any): unknown[] { return [at_, ...(at_.next === undefined ? [] : parts_(at_.next))]; })(n)
function allParts(type: RecordType, text: string, around: Around): string {
  const known = around.get(type.fields);
  const name = known ?? (around.size === 0 ? "parts_" : `parts${String(around.size + 1)}_`);
  const inner = (): string => ownParts(nonNull(type), "at_", new Map(around).set(type.fields, name)).map((part) => part.text).join(", ");
  const all = known ?? `(function ${name}(at_: any): unknown[] { return [${inner()}]; })`;
  return type.nullable ? `(${text} === undefined ? [] : ${all}(${text}))` : `${all}(${text})`;
}

function ownParts(type: Type, text: string, around: Around): readonly Part[] {
  const dot = type.nullable ? "?." : "";
  // Views of one buffer may overlap.
  const own: Part = { text: type.kind === "typed" ? `${text}${dot || "."}buffer` : text, type, isMany: false };
  if (type.kind === "record") {
    const at = (name: string): string => (type.shape === "tuple" ? `${text}${dot}[${name}]` : `${text}${dot || "."}${name}`);
    return [own, ...type.fields.flatMap((f) => (isReference(f.type) ? partsOf(type.nullable ? nullable(f.type) : f.type, at(f.name), around) : []))];
  }
  if (type.kind !== "array" || !isReference(type.element)) return [own];
  const inner = partsOf(type.element, "each_", around);
  const list = type.nullable ? `(${text} ?? [])` : text;
  const isPlain = inner.length === 1 && type.element.kind !== "typed";
  const spread = isPlain ? `...${list}` : `...${list}.flatMap((each_) => [${inner.map((part) => part.text).join(", ")}])`;
  return [own, { text: spread, type: type.element, isMany: true }];
}

function leavesOf(param: Var): Leaves | undefined {
  let depth = 0;
  let type: Type = param.type;
  while (type.kind === "array" && isReference(type.element)) {
    depth++;
    type = type.element;
  }
  if (type.kind !== "array" && type.kind !== "typed") return undefined;
  const after = depth <= 1 ? "" : depth === 2 ? ".flat()" : `.flat(${String(depth - 1)})`;
  return { param, isList: depth > 0, after, leaf: type };
}

/** Whether values of two types may be one array or object: arrays of numbers are none of rows, and objects share members. */
export function mayBeSame(a: Type, b: Type, around: readonly Pair[] = []): boolean {
  if (a.kind === "array" && b.kind === "array") return mayBeAlike(a.element, b.element, around) && (a.length ?? b.length) === (b.length ?? a.length);
  if (a.kind !== "record" || b.kind !== "record") return a.kind === b.kind;
  if (areEqual(a, b, around)) return true;
  const within: readonly Pair[] = [...around, [a.fields, b.fields]];
  const isLong = a.shape !== "tuple" || a.fields.length === b.fields.length;
  const shared = a.fields.flatMap((f) => b.fields.filter((g) => f.name === g.name).map((g) => [f.type, g.type] as const));
  return a.shape === b.shape && isLong && shared.length > 0 && shared.every(([f, g]) => mayBeAlike(f, g, within));
}

/** What stands in the place of a constant in a gradient fits nothing. */
function mayBeAlike(a: Type, b: Type, around: readonly Pair[]): boolean {
  return isReference(a) && isReference(b) ? mayBeSame(a, b, around) : a.kind === b.kind;
}

function overlap(a: Leaves, b: Leaves, entry: Builder): Var {
  if (!a.isList && !b.isList) return a.leaf.kind === "typed" ? sharedBuffer(a.param, b.param, entry) : entry.let("===", [a.param, b.param], bool);
  const result = variable("", bool, entry.origin);
  const [list, other] = a.isList ? [a, b] : [b, a];
  const { text, args } = list.leaf.kind === "typed" ? sharedBuffers(list, other, entry) : sharedRows(list, other);
  entry.add({ kind: "opaque", result, text, args, pure: true, readsOnly: true });
  return result;
}

/** Whether arrays that a list holds may be those that another value is or holds. */
export function mayShareRows(list: Var, other: Var): boolean {
  const [own, theirs] = [leavesOf(list), leavesOf(other)];
  return own?.isList === true && theirs !== undefined && mayBeSame(own.leaf, theirs.leaf);
}
export function sharesRows(list: Var, other: Var, entry: Builder): Var {
  const [own, theirs] = [leavesOf(list), leavesOf(other)];
  if (own === undefined || theirs === undefined) throw new Error(`${list.name} holds no arrays`);
  return overlap(own, theirs, entry);
}

interface Test {
  readonly text: readonly string[];
  readonly args: readonly Atom[];
}

// m.includes(r)   new Set([...m, ...n]).size < m.length + n.length
function sharedRows(list: Leaves, other: Leaves): Test {
  if (!other.isList) return { text: ["", `${list.after}.includes(`, ")"], args: [list.param, other.param] };
  const [x, y] = [list, other];
  return {
    text: ["new Set([...", `${x.after}, ...`, `${y.after}]).size < new Set(`, `${x.after}).size + new Set(`, `${y.after}).size`],
    args: [x.param, y.param, x.param, y.param],
  };
}

// m.some((row_) => row_.buffer === buffer)   where buffer = r.buffer, which takes time to ask for
function sharedBuffers(list: Leaves, other: Leaves, entry: Builder): Test {
  const some = `${list.after}.some((row_) => `;
  if (other.isList) return { text: ["", some, `${other.after}.some((other_) => other_.buffer === row_.buffer))`], args: [list.param, other.param] };
  const buffer = variable("buffer", opaque, entry.origin);
  entry.add({ kind: "opaque", result: buffer, text: ["", ".buffer"], args: [other.param], pure: true, readsOnly: true });
  return { text: ["", `${some}row_.buffer === `, ")"], args: [list.param, buffer] };
}

/** Whether two typed arrays are views of one buffer. */
export function sharedBuffer(p: Atom, q: Atom, entry: Builder): Var {
  const result = variable("", bool, entry.origin);
  entry.add({ kind: "opaque", result, text: ["", ".buffer === ", ".buffer"], args: [p, q], pure: true, readsOnly: true });
  return result;
}

/** if (test) throw new Error(message) */
export function guard(test: Atom, message: string, b: Builder): void {
  const throws: Effect = { kind: "effect", text: [`throw new Error(${JSON.stringify(message)})`], args: [], throws: true };
  b.if(test, { region: region("refuse"), statements: [throws], yields: [] }, { region: region("go on"), statements: [], yields: [] });
}
