import { Builder, field, lengthField, region, variable, zero } from "../ir/build.js";
import { allCells, mayAppend } from "../ir/effects.js";
import { reachable, type Memory, type MemoryClass } from "../ir/memory.js";
import type { Atom, Key, Statement, Var } from "../ir/model.js";
import { holdsReferences, int, isRecursive, isReference, nonNull, type Type } from "../ir/types.js";
import { blocksOf, statementsOf } from "../ir/walk.js";
import { markWithin } from "../ir/within.js";
import { present } from "./mirror-memory.js";

/** The cells that are written at all: of numbers those to be restored. */
type IsWritten = (cell: MemoryClass) => boolean;

/** Memory that is made again what a copy of it is, and what may have become of it since. */
export interface Restored {
  readonly of: Var;
  readonly copy: Atom;
  readonly changes: Changes;
}
/** What becomes of the shape of memory. */
export interface Changes {
  /** Arrays and objects in which others may be put. */
  readonly holders: ReadonlySet<MemoryClass>;
  /** Arrays that may get another length. */
  readonly lengths: ReadonlySet<MemoryClass>;
}

/** What statements, and the functions that they call, do to the shape of memory. */
export function changesOf(statements: readonly Statement[], memory: Memory): Changes {
  const [holders, lengths] = [new Set<MemoryClass>(), new Set<MemoryClass>()];
  const visit = (s: Statement): void => {
    if (s.kind === "opaque" && s.pure !== true && s.readsOnly !== true) for (const c of [...s.args, ...memory.outside].flatMap((a) => allCells(a, memory))) [holders, lengths].forEach((set) => set.add(c));
    if ((s.kind !== "store" && s.kind !== "push" && s.kind !== "pop" && s.kind !== "resize") || s.of.kind !== "var") return;
    if (s.kind === "store" ? isReference(s.value.type) : holdsReferences(s.of.type)) holders.add(memory.classOf(s.of));
    if (s.kind !== "store" || mayAppend(s)) lengths.add(memory.classOf(s.of));
  };
  const own = statements.flatMap((s) => [s, ...blocksOf(s).flatMap((b) => [...statementsOf(b)])]);
  const called = new Set(own.flatMap((s) => (s.kind === "call" ? reachable(s.callee.fn()) : [])));
  own.forEach(visit);
  for (const fn of called) for (const s of statementsOf(markWithin(fn, () => memory).body)) visit(s);
  return { holders, lengths };
}

/** Whether memory holds other arrays and objects than it did before such changes. */
export function isMoved(a: Var, memory: Memory, { holders }: Changes): boolean {
  const within = (type: Type, of: MemoryClass): boolean => {
    if (type.kind === "array") return isReference(type.element) && (holders.has(of) || within(type.element, of.cell("[]")));
    return type.kind === "record" && type.fields.some((f) => isReference(f.type) && (holders.has(of) || within(f.type, of.cell(f.name))));
  };
  return within(a.type, memory.classOf(a));
}

/**
 * Whether memory can be made again what a copy of it is, place by place: it holds the same arrays and objects, which have the
 * same members. Arrays of numbers may have got another length.
 */
export function isRestorable(a: Var, memory: Memory, isWritten: IsWritten, changes: Changes): boolean {
  const fits = (type: Type, of: MemoryClass): boolean => {
    if (type.kind === "array") return (!changes.lengths.has(of) || type.element.kind === "real") && part(type.element, of.cell("[]"));
    return type.kind !== "record" || type.fields.every((f) => part(f.type, of.cell(f.name)));
  };
  const part = (type: Type, cell: MemoryClass): boolean => (isReference(type) ? fits(type, cell) : type.nullable !== true || !isWritten(cell));
  return a.type.nullable !== true && !isRecursive(a.type) && !isMoved(a, memory, changes) && fits(a.type, memory.classOf(a));
}

/**
 * Makes memory again what a copy of it is. What it holds twice is there once still, which copies cannot be:
 *
 *     for (k …) list[k].x = list2[k].x;
 */
export function restore({ of: whole, copy, changes }: Restored, memory: Memory, isWritten: IsWritten, b: Builder): void {
  const into = (to: Atom, from: Atom, type: Type, of: MemoryClass, then: Builder, name: string): void => {
    if (!holdsWritten(type, of)) return;
    if (type.kind === "record") return type.fields.forEach((f) => { part(to, from, field(f.name), f.type, of.cell(f.name), then, name); });
    if (type.kind !== "array" && type.kind !== "typed") return;
    const k = variable(name, int, b.origin);
    const bound = then.load(from, lengthField);
    if (changes.lengths.has(of)) then.add({ kind: "resize", of: to, length: bound, ...(b.origin && { origin: b.origin }) });
    const inner = new Builder(b.origin);
    part(to, from, k, type.kind === "array" ? type.element : undefined, of.cell("[]"), inner, "j");
    then.add({ kind: "loop", counter: { var: k, start: zero, test: "<", bound, step: 1 }, carried: [], body: inner.block(region("restore"), [zero]) });
  };
  const part = (to: Atom, from: Atom, key: Key, type: Type | undefined, cell: MemoryClass, then: Builder, name: string): void => {
    if (type === undefined || !isReference(type)) {
      if (isWritten(cell)) then.store(to, key, then.load(from, key));
    } else if (holdsWritten(type, cell)) {
      const was = then.load(from, key);
      const known = (of: Atom, inner: Builder): Atom => (type.nullable === true ? inner.let("identity", [of], nonNull(type)) : of);
      present(was, then, (inner) => { into(known(inner.load(to, key), inner), known(was, inner), nonNull(type), cell, inner, name); });
    }
  };
  const holdsWritten = (type: Type, of: MemoryClass): boolean => {
    if (type.kind === "record") return type.fields.some((f) => (isReference(f.type) ? holdsWritten(f.type, of.cell(f.name)) : isWritten(of.cell(f.name))));
    return type.kind === "array" && isReference(type.element) ? holdsWritten(type.element, of.cell("[]")) : isWritten(of.cell("[]"));
  };
  into(whole, copy, whole.type, memory.classOf(whole), b, "k");
}
