import type { Builder} from "../ir/build.js";
import { region, variable } from "../ir/build.js";
import type { Atom, Effect, Var } from "../ir/model.js";
import { areEqual, bool, containsItself, isNull, isReference, nonNull, nullable, opaque, type Field, type Pair, type RecordType, type ReferenceType, type Type } from "../ir/types.js";

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

/**
 * R6: the gradient is by place, so memory that is written must not be reached from two places: by the parameters that are
 * written, or by these and others.
 */
export function refuseAliases(written: readonly Var[], others: readonly Var[], name: string, entry: Builder): void {
  const isPlain = (p: Var): boolean => leavesOf(p) !== undefined;
  const own = written.flatMap((p) => partsOf(p.type, ""));
  const met = others.filter((q) => isReference(q.type) && partsOf(q.type, "").some((x) => mayMeet([x], own)));
  if ([...written, ...met].every(isPlain)) written.forEach((p, i) => refuseSameArrays(p, [...written.slice(i + 1), ...met], name, entry));
  else refuseSharedParts(written, met, name, entry);
}

// if (a === b) throw new Error("…")   and   if (m.includes(b)) throw …
/** The same of arrays of numbers, and of arrays of these. */
function refuseSameArrays(p: Var, others: readonly Var[], name: string, entry: Builder): void {
  const own = leavesOf(p);
  if (own === undefined) return;
  for (const q of others) {
    const other = leavesOf(q);
    if (other === undefined || !mayBeSame(own.leaf, other.leaf)) continue;
    const views = own.leaf.kind === "typed";
    const isPlain = !own.isList && !other.isList;
    const what = views ? "share memory" : isPlain ? "are the same array" : "hold the same array";
    guard(overlap(own, other, entry), `${name}: '${p.name}' and '${q.name}' ${what}, and the function writes to '${p.name}': pass a copy`, entry);
  }
  if (!own.isList) return;
  const repeated = variable("", bool, entry.origin);
  const { after } = own;
  entry.add({ kind: "opaque", result: repeated, text: ["new Set(", `${after}).size !== `, `${after}.length`], args: [p, p], pure: true, readsOnly: true });
  guard(repeated, `${name}: two rows of '${p.name}' are the same array, and the function writes to them: pass copies`, entry);
}

// if (p === q.w) throw …   if (((own_, rest_) => new Set([...own_, ...rest_]).size < own_.length + rest_.size)([p, p.at], new Set([...q.parts]))) throw …
/** The same where objects are in it: what is written is there once, and not among the rest. */
function refuseSharedParts(written: readonly Var[], others: readonly Var[], name: string, entry: Builder): void {
  const params = [...written, ...others];
  const partsIn = (some: readonly Var[]): readonly Part[] => some.flatMap((p) => partsOf(p.type, gap(params.indexOf(p))));
  const own = partsIn(written);
  const rest = partsIn(others).filter((x) => mayMeet([x], own));
  if (rest.length === 0 && !own.some((x, i) => x.isMany || mayMeet([x], own.slice(i + 1)))) return;
  const present = (parts: readonly Part[]): string => (parts.some((x) => x.mayBeAbsent) ? `${listOf(parts)}.filter((part_) => part_ !== undefined)` : listOf(parts));
  const [only] = own.length === 1 ? own : [];
  // A constant may have a type that TypeScript takes for another: readonly [1, 0.5]
  const isConstant = others.some((p) => p.captured === true);
  const test =
    only !== undefined && ![only, ...rest].some((x) => x.isMany || x.mayBeAbsent)
      ? rest.map((x) => `${only.text} === ${isConstant ? `(${x.text} as unknown)` : x.text}`).join(" || ")
      : rest.length === 0
        ? `((all_) => new Set(all_).size < all_.length)(${present(own)})`
        : `((own_, rest_) => new Set([...own_, ...rest_]).size < own_.length + rest_.size)(${present(own)}, new Set(${present(rest)}))`;
  const result = asked(test, params, entry);
  const names = written.map((p) => `'${p.name}'`).join(" and ");
  guard(result, `${name}: an object or array is reached from two places, and the function writes to ${names}: pass copies`, entry);
}

// out.w === p.w || …   ((own_, rest_) => own_.some((part_) => part_ !== undefined && rest_.has(part_)))([out, ...out.parts], new Set<unknown>([…]))
/** Whether a value is, or holds, arrays or objects within another that holds objects; nothing where their types tell that it cannot. */
export function holdsPartsOf(holder: Var, of: Var, entry: Builder): Var | undefined {
  if (leavesOf(of) !== undefined) return undefined;
  const within = partsOf(of.type, gap(1)).filter((x) => x.isMany || x.text !== gap(1));
  const own = partsOf(holder.type, gap(0)).filter((x) => mayMeet([x], within));
  const rest = within.filter((x) => mayMeet([x], own));
  if (rest.length === 0) return undefined;
  const pairs = own.flatMap((x) => rest.filter((y) => mayMeet([x], [y])).map((y) => (x.mayBeAbsent ? `(${x.text} !== undefined && ${x.text} === ${y.text})` : `${x.text} === ${y.text}`)));
  const test = [...own, ...rest].some((x) => x.isMany) ? `((own_, rest_) => own_.some((part_) => part_ !== undefined && rest_.has(part_)))(${listOf(own)}, new Set<unknown>(${listOf(rest)}))` : pairs.join(" || ");
  return asked(test, [holder, of], entry);
}

// o.v === o.w   ((all_) => new Set(all_).size < all_.length)([m, ...m])
/** Whether a value leads to the same array or object in two ways, as text between names; nothing where their types tell that it cannot. */
export function heldTwice({ type }: Var): readonly string[] | undefined {
  const parts = partsOf(type, gap(0));
  const pairs = parts.flatMap((x, i) => parts.slice(i + 1).filter((y) => mayMeet([x], [y])).map((y) => `${x.text} === ${y.text}`));
  const isMany = parts.some((x) => x.isMany);
  if (!isMany && pairs.length === 0) return undefined;
  const test = isMany ? `((all_) => new Set(all_).size < all_.length)(${listOf(parts)})` : pairs.join(" || ");
  return test.split("\0").filter((_, i) => i % 2 === 0);
}

function listOf(parts: readonly Part[]): string {
  return `[${parts.map(({ text }) => text).join(", ")}]`;
}
/** What stands in a text for the name of that number. */
function gap(name: number): string {
  return `\0${String(name)}\0`;
}
/** The value of a test with such gaps. */
function asked(test: string, names: readonly Var[], entry: Builder): Var {
  const pieces = test.split("\0");
  const args = pieces.filter((_, i) => i % 2 === 1).flatMap((i) => names[Number(i)] ?? []);
  const result = variable("", bool, entry.origin);
  entry.add({ kind: "opaque", result, text: pieces.filter((_, i) => i % 2 === 0), args, pure: true, readsOnly: true });
  return result;
}

function mayMeet(some: readonly Part[], others: readonly Part[]): boolean {
  return some.some((x) => others.some((y) => x.types.some((t) => y.types.some((u) => mayBeSame(t, u)))));
}

/** Memory that a parameter leads to, as an element of an array literal. */
interface Part {
  readonly text: string;
  /** Of what is there: of one type, or of several that are spread. */
  readonly types: readonly Type[];
  /** Whether it is spread: there may be several, which may be the same. */
  readonly isMany: boolean;
  /** Whether there may be undefined in its place. */
  readonly mayBeAbsent: boolean;
}

/** The functions that give the parts of objects that contain themselves, by the members of these. */
type Around = ReadonlyMap<readonly Field[], string>;

/** The memory that a value of a type leads to, itself first. */
function partsOf(type: Type, text: string, around: Around = new Map()): readonly Part[] {
  if (type.kind === "record" && containsItself(type)) {
    const isKnown = around.has(type.fields);
    const within = isKnown ? [] : ownParts(nonNull(type), "", new Map(around).set(type.fields, ""));
    return [{ text: `...${allParts(type, text, around)}`, types: [type, ...within.flatMap((part) => part.types)], isMany: true, mayBeAbsent: within.some((part) => part.mayBeAbsent) }];
  }
  return ownParts(type, text, around);
}

// (function parts_(at_: any): unknown[] { return [at_, ...(at_.next === undefined ? [] : parts_(at_.next))]; })(n)
function allParts(type: RecordType, text: string, around: Around): string {
  const known = around.get(type.fields);
  const name = known ?? (around.size === 0 ? "parts_" : `parts${String(around.size + 1)}_`);
  const inner = (): string => ownParts(nonNull(type), "at_", new Map(around).set(type.fields, name)).map((part) => part.text).join(", ");
  const all = known ?? `(function ${name}(at_: any): unknown[] { return [${inner()}]; })`;
  return type.nullable ? `(${text} ${isNull(type) ? "== null" : "=== undefined"} ? [] : ${all}(${text}))` : `${all}(${text})`;
}

function ownParts(type: Type, text: string, around: Around): readonly Part[] {
  const dot = type.nullable ? "?." : "";
  // Views of one buffer may overlap.
  const own: Part = { text: type.kind === "typed" ? `${text}${dot || "."}buffer` : isNull(type) ? `(${text} ?? undefined)` : text, types: [type], isMany: false, mayBeAbsent: type.nullable === true };
  if (type.kind === "record") {
    const at = (name: string): string => (type.shape === "tuple" ? `${text}${dot}[${name}]` : `${text}${dot || "."}${name}`);
    return [own, ...type.fields.flatMap((f) => (isReference(f.type) ? partsOf(type.nullable ? nullable(f.type) : f.type, at(f.name), around) : []))];
  }
  if (type.kind !== "array" || !isReference(type.element)) return [own];
  const inner = partsOf(type.element, "each_", around);
  const list = type.nullable ? `(${text} ?? [])` : text;
  const isPlain = inner.length === 1 && inner[0]?.text === "each_";
  const spread = isPlain ? `...${list}` : `...${list}.flatMap((each_${around.size > 0 ? ": any" : ""}) => [${inner.map((part) => part.text).join(", ")}])`;
  return [own, { text: spread, types: inner.flatMap((part) => part.types), isMany: true, mayBeAbsent: inner.some((part) => part.mayBeAbsent) }];
}

function leavesOf(param: Var): Leaves | undefined {
  let depth = 0;
  let mayBeAbsent = false;
  let type: Type = param.type;
  while (type.kind === "array" && isReference(type.element)) {
    depth++;
    type = type.element;
    mayBeAbsent ||= type.nullable === true;
  }
  if (type.kind !== "array" && type.kind !== "typed") return undefined;
  const flat = depth <= 1 ? "" : depth === 2 ? ".flat()" : `.flat(${String(depth - 1)})`;
  // What is missing in both is shared by neither.
  const after = mayBeAbsent ? `${flat}.filter((row_) => row_ !== undefined)` : flat;
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
  const isPlain = !a.isList && !b.isList;
  if (isPlain && a.leaf.kind === "typed") return sharedBuffer(a.param, b.param, entry);
  if (isPlain && b.param.captured !== true) return entry.let("===", [a.param, b.param], bool);
  const result = variable("", bool, entry.origin);
  if (isPlain) {
    entry.add({ kind: "opaque", result, text: ["", " === (", " as unknown)"], args: [a.param, b.param], pure: true, readsOnly: true });
    return result;
  }
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
