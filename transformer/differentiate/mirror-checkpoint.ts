import { Builder, lengthField, literal, variable, zero } from "../ir/build.js";
import type { Atom, Call, Fn, Statement, Var } from "../ir/model.js";
import { holdsReferences, isRecursive, isReference, real, type Type } from "../ir/types.js";
import { blocksWithin, operands } from "../ir/walk.js";
import type { Again } from "./again.js";
import { refuseAliases } from "./aliases.js";
import type { Frame } from "./frame.js";
import { changesOf, isMoved, isRestorable, restore, type Changes, type Restored } from "./memory-restored.js";
import { mayGiveTwice } from "./placed-twice.js";
import { depthOf, isUneven } from "./places.js";
import { NotRepeatable } from "./recorded.js";
import type { Reversal } from "./reversal.js";

/** What a checkpointed call was given, as it was when the call was made, and the shadows that its mirror takes. */
export interface Kept {
  readonly args: readonly Atom[];
  /** The arguments that the mirror takes as they are, and the copies of them by which they are made again what they were. */
  readonly restored: readonly Restored[];
  /** Of the arguments, and of the results, that are memory and have one. */
  readonly shadows: readonly (Atom | undefined)[];
  readonly results: readonly (Atom | undefined)[];
}

// r = h(x, a)   becomes   a2 = a.slice(); r = h(x, a); dr = zeros like r
// A call after which the mirror begins is made there only, on what it is given.
export function sweepCheckpoint(s: Call, r: Reversal): Statement[] {
  const again = r.againOf(s.callee);
  const b = new Builder(s.origin);
  const isLast = r.last.has(s) && s.results.every((v, i) => !isReference(v.type) || again.gives[i] !== true);
  const sharing = sharingIn(s, again, r);
  const shared = new Map<Atom, Changes | undefined>(sharing.flatMap(({ written, others }) => [written, ...others]).map((a) => [a, changesInPlace(a, s, r)]));
  const isInPlace = isLast || [...shared.values()].every((changes) => changes !== undefined);
  if (!isInPlace) refuseSameMemory(s, sharing, b);
  const restored: Restored[] = [];
  // What is given twice is copied once.
  const copies = new Map<Atom, Var>();
  const args = s.args.map((a, i): Atom => {
    if (isLast || !isReference(a.type) || !r.isWrittenFrom(s, a) || !(again.reads[i] || again.grows[i])) return a;
    if (a.type.nullable === true) throw new NotRepeatable("it is given an array or object that may be missing and is written to", s.origin);
    const copy = copies.get(a) ?? b.copy(a, depthOf(a.type), a.kind === "var" ? a.name : "");
    const changes = isInPlace ? shared.get(a) : undefined;
    if (a.kind === "var" && changes !== undefined && !copies.has(a)) restored.push({ of: a, copy, changes });
    copies.set(a, copy);
    return changes === undefined ? copy : a;
  });
  const shadows = s.args.map((a, i) => (again.active[i] && isReference(a.type) ? placed(r.shadowOf(a), a, s, r, b) : undefined));
  if (isLast) for (const result of s.results) b.add({ kind: "let", result, op: "identity", args: [isReference(result.type) || result.type.kind === "opaque" ? literal(undefined, result.type) : { ...zero, type: result.type }] });
  else b.add(s);
  if (!isLast) growShadows(s, again, r, b);
  const results = s.results.map((v, i) => {
    if (!again.gives[i] || !isReference(v.type)) return undefined;
    if (holdsReferences(v.type) && r.isWrittenFrom(s, v) && mayGiveTwice(s.callee.fn())) throw new NotRepeatable("it may return one array or object in two places, and that is written to", s.origin);
    const shadow = r.bindShadow(v);
    const count = sizeOf(shadow.type);
    b.add({ kind: "allocate", result: shadow, initial: count === undefined ? { kind: "zerosLike", source: v } : { kind: "elements", elements: Array.from({ length: count }, () => zero) } });
    if (count !== undefined && isTakenApart(v, r.fn)) r.mirrorOnly.add(shadow);
    return placed(shadow, v, s, r, b);
  });
  r.kept.set(s, { args, restored, shadows, results });
  return b.statements;
}

// while (da.length < a.length) da.push(0)   after a call that may have made a longer: what comes later reads there
function growShadows(s: Call, again: Again, r: Reversal, b: Builder): void {
  s.args.forEach((a, i) => {
    if (again.active[i] && again.grows[i]) b.add({ kind: "resize", of: r.shadowOf(a), length: b.load(a, lengthField, "length"), atLeast: true, ...(s.origin && { origin: s.origin }) });
  });
}

/** How many numbers a shadow holds, where there are few and nothing else. */
function sizeOf(type: Type): number | undefined {
  if (type.kind === "array" && type.element.kind === "real" && type.length !== undefined && type.length <= 8) return type.length;
  return type.kind === "record" && type.fields.every((f) => f.type.kind === "real" && f.type.nullable !== true) ? type.fields.length : undefined;
}

/** Whether nothing is done with what a call gives but that its numbers are read. */
function isTakenApart(v: Var, fn: Fn): boolean {
  for (const block of blocksWithin(fn.body)) {
    if (block.yields.includes(v)) return false;
    if (block.statements.some((s) => operands(s).includes(v) && !(s.kind === "load" && s.of === v && !isReference(s.result.type)))) return false;
  }
  return true;
}

/**
 * What may become of an argument that can be made again in place what it was. Arrays of numbers that turns hand on are copied:
 * which one a name stands for would have to be kept too.
 */
function changesInPlace(a: Var, s: Call, r: Reversal): Changes | undefined {
  const changes = changesFrom(s, a, r);
  return changes !== undefined && !(r.isCarried(a) && !holdsReferences(a.type)) && isRestorable(a, r.memory, r.isWrittenCell, changes) ? changes : undefined;
}
function changesFrom(s: Call, of: Atom, r: Reversal): Changes | undefined {
  const statements = r.runsFrom(s, of);
  return statements && changesOf(statements, r.memory);
}

/** Arguments that may be, or lead to, the same memory, of which the call writes to one. */
interface Sharing {
  readonly written: Var;
  readonly others: readonly Var[];
}

/** Copies are apart where the arguments are not: what is written by one name must be read by another. */
function sharingIn(s: Call, again: Again, r: Reversal): readonly Sharing[] {
  const used = s.args.map((a, i) => ({ a, i })).filter((arg): arg is { a: Var; i: number } => isVar(arg.a) && isReference(arg.a.type) && (again.reads[arg.i] === true || again.writes[arg.i] === true));
  const done = new Set<number>();
  return used.flatMap(({ a, i }) => {
    if (again.writes[i] !== true) return [];
    done.add(i);
    const cells = new Set(r.cellsOf(a));
    const others = used.filter((other) => !done.has(other.i) && r.cellsOf(other.a).some((cell) => cells.has(cell))).map((other) => other.a);
    return others.length > 0 || holdsReferences(a.type) ? [{ written: a, others }] : [];
  });
}

/** Where they cannot be restored in place. */
function refuseSameMemory(s: Call, sharing: readonly Sharing[], b: Builder): void {
  for (const { written, others } of sharing) {
    if (others.includes(written)) throw new NotRepeatable("it is given the same memory twice and writes to it", s.origin);
    refuseAliases([written], others, s.callee.name, b);
  }
}

function isVar(a: Atom): a is Var {
  return a.kind === "var";
}

/** A shadow whose rows are those that it has now, wherever they are moved later. */
function placed(shadow: Atom, of: Atom, s: Call, r: Reversal, b: Builder): Atom {
  if (!holdsReferences(of.type) || !r.movesReferences(of)) return shadow;
  const changes = changesFrom(s, of, r);
  if (of.kind === "var" && !isRecursive(of.type) && changes !== undefined && !isMoved(of, r.memory, changes)) return shadow;
  if (isUneven(of.type)) throw new NotRepeatable("arrays or objects that it is given are moved", s.origin);
  return b.copy(shadow, depthOf(of.type) - 1, shadow.kind === "var" ? shadow.name : "");
}

// r = h(x, a)   becomes   dx += hAgain(x, a2, da, dr)
// Where arguments may share memory, the call is made again on these, after they are what they were: for (k …) a[k] = a2[k]
export function reverseCheckpoint(s: Call, frame: Frame, r: Reversal): void {
  const kept = r.kept.get(s);
  if (kept === undefined) return;
  const again = r.againOf(s.callee);
  const adjoints = s.results.map((v) => frame.take(v));
  const touchesMemory = [...kept.shadows, ...kept.results].some((shadow) => shadow !== undefined);
  if (!touchesMemory && adjoints.every((a) => a === undefined)) return;
  const b = frame.builder;
  const received = s.results.flatMap((_, i): Atom[] => (again.gives[i] ? [kept.results[i] ?? adjoints[i]?.atom ?? { ...zero, type: real }] : []));
  for (const one of kept.restored) restore(one, r.memory, r.isWrittenCell, b);
  const lengths = kept.args.map((a, i) => (again.grows[i] && kept.shadows[i] !== undefined ? b.load(a, lengthField, "length") : undefined));
  const takers = s.args.filter((arg, i) => again.active[i] && !isReference(arg.type));
  const results = takers.map((arg) => variable(arg.kind === "var" ? r.naming.adjoint(arg) : "", real, b.origin));
  const { shadows } = kept;
  // Calls that are kept are made again in derivatives of higher order as well.
  b.add({ kind: "call", callee: again.fn, args: [...kept.args, ...shadows.filter((shadow) => shadow !== undefined), ...received], results, checkpoint: true, ...(b.origin ? { origin: b.origin } : {}) });
  lengths.forEach((length, i) => {
    const of = shadows[i];
    if (length && of) b.add({ kind: "resize", of, length, atMost: true, ...(b.origin ? { origin: b.origin } : {}) });
  });
  takers.forEach((arg, k) => {
    const partial = results[k];
    if (partial && arg.kind === "var" && r.isActive(arg)) frame.add(arg, partial, true);
  });
}
