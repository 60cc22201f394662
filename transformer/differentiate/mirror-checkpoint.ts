import { Builder, lengthField, literal, variable, zero } from "../ir/build.js";
import type { Atom, Call, Fn, Statement, Var } from "../ir/model.js";
import { holdsReferences, isReference, real, type Type } from "../ir/types.js";
import { blocksWithin, operands } from "../ir/walk.js";
import type { Again } from "./again.js";
import { refuseAliases } from "./aliases.js";
import type { Frame } from "./frame.js";
import { depthOf, isUneven } from "./places.js";
import { NotRepeatable } from "./recorded.js";
import type { Reversal } from "./reversal.js";

/** What a checkpointed call was given, as it was when the call was made, and the shadows that its mirror takes. */
export interface Kept {
  readonly args: readonly Atom[];
  /** Of the arguments, and of the results, that are memory and have one. */
  readonly shadows: readonly (Atom | undefined)[];
  readonly results: readonly (Atom | undefined)[];
}

// r = h(x, a)   becomes   a2 = a.slice(); r = h(x, a); dr = zeros like r
// A call after which the mirror begins is made there only, on what it is given.
export function sweepCheckpoint(s: Call, r: Reversal): Statement[] {
  const again = r.againOf(s.callee);
  const b = new Builder(s.origin);
  refuseSameMemory(s, again, r, b);
  const isLast = r.last.has(s) && s.results.every((v, i) => !isReference(v.type) || again.gives[i] !== true);
  const args = s.args.map((a, i) => {
    if (isLast || !isReference(a.type) || !r.isWritten(a) || !(again.reads[i] || again.grows[i])) return a;
    if (a.type.nullable === true) throw new NotRepeatable(`'${s.callee.name}' is given an array or object that may be missing and is written to`);
    return b.copy(a, depthOf(a.type), a.kind === "var" ? a.name : "");
  });
  const shadows = s.args.map((a, i) => (again.active[i] && isReference(a.type) ? placed(r.shadowOf(a), a, s, r, b) : undefined));
  if (isLast) for (const result of s.results) b.add({ kind: "let", result, op: "identity", args: [isReference(result.type) || result.type.kind === "opaque" ? literal(undefined, result.type) : { ...zero, type: result.type }] });
  else b.add(s);
  const results = s.results.map((v, i) => {
    if (!again.gives[i] || !isReference(v.type)) return undefined;
    const shadow = r.bindShadow(v);
    const count = sizeOf(shadow.type);
    b.add({ kind: "allocate", result: shadow, initial: count === undefined ? { kind: "zerosLike", source: v } : { kind: "elements", elements: Array.from({ length: count }, () => zero) } });
    if (count !== undefined && isTakenApart(v, r.fn)) r.mirrorOnly.add(shadow);
    return placed(shadow, v, s, r, b);
  });
  r.kept.set(s, { args, shadows, results });
  return b.statements;
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

/** Copies are apart where the arguments are not: what is written by one name must not be read by another. */
function refuseSameMemory(s: Call, again: Again, r: Reversal, b: Builder): void {
  const used = s.args.map((a, i) => ({ a, i })).filter((arg): arg is { a: Var; i: number } => isVar(arg.a) && isReference(arg.a.type) && (again.reads[arg.i] === true || again.writes[arg.i] === true));
  const done = new Set<Var>();
  for (const { a, i } of used) {
    if (again.writes[i] !== true) continue;
    done.add(a);
    const cells = new Set(r.cellsOf(a));
    const others = used.filter((other) => other.i !== i && r.cellsOf(other.a).some((cell) => cells.has(cell)));
    if (others.some((other) => other.a === a)) throw new NotRepeatable(`'${s.callee.name}' is given the same memory twice and writes to it`);
    const asked = others.map((other) => other.a).filter((other) => !done.has(other));
    if (asked.length > 0 || holdsReferences(a.type)) refuseAliases([a], asked, s.callee.name, b);
  }
}

function isVar(a: Atom): a is Var {
  return a.kind === "var";
}

/** A shadow whose rows are those that it has now, wherever they are moved later. */
function placed(shadow: Atom, of: Atom, s: Call, r: Reversal, b: Builder): Atom {
  if (!holdsReferences(of.type) || !r.movesReferences(of)) return shadow;
  if (isUneven(of.type)) throw new NotRepeatable(`arrays or objects that '${s.callee.name}' is given are moved`);
  return b.copy(shadow, depthOf(of.type) - 1, shadow.kind === "var" ? shadow.name : "");
}

// r = h(x, a)   becomes   dx += hAgain(x, a2, da, dr)
export function reverseCheckpoint(s: Call, frame: Frame, r: Reversal): void {
  const kept = r.kept.get(s);
  if (kept === undefined) return;
  const again = r.againOf(s.callee);
  const adjoints = s.results.map((v) => frame.take(v));
  const touchesMemory = [...kept.shadows, ...kept.results].some((shadow) => shadow !== undefined);
  if (!touchesMemory && adjoints.every((a) => a === undefined)) return;
  const b = frame.builder;
  const received = s.results.flatMap((_, i): Atom[] => (again.gives[i] ? [kept.results[i] ?? adjoints[i]?.atom ?? { ...zero, type: real }] : []));
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
