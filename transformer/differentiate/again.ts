import { Builder, lengthField, region, variable, zero } from "../ir/build.js";
import { allCells, effectsOf, mayAppend } from "../ir/effects.js";
import { Memory, reachable, type MemoryClass } from "../ir/memory.js";
import type { Atom, Block, Call, Fn, FnRef, Statement, Var } from "../ir/model.js";
import { markWithin } from "../ir/within.js";
import { rewriteBlock } from "../ir/rewrite.js";
import { isReference, real } from "../ir/types.js";
import { statementsOf } from "../ir/walk.js";
import { Frame } from "./frame.js";
import { joint } from "./joint.js";
import { addInto } from "./mirror-memory.js";
import { depthOf, holdsReferences, isUneven } from "./places.js";
import { NotRepeatable, quietly } from "./recorded.js";
import type { Reversal } from "./reversal.js";
import { save } from "./save.js";
import { shadowType } from "./shadow-type.js";

/** The function that stands in the mirror for a checkpointed call, and what it takes and gives. */
export interface Again {
  /** It takes what the call was given, the shadows of memory and the adjoints of the results, and gives those of numbers. */
  readonly fn: FnRef;
  /** The parameters that have an adjoint: of numbers one is given back, of memory the shadow is passed. */
  readonly active: readonly boolean[];
  /** The results that are differentiated: of numbers the adjoint is passed, of memory the shadow. */
  readonly gives: readonly boolean[];
  /** The parameters of which memory is read, and those that may grow. */
  readonly reads: readonly boolean[];
  readonly grows: readonly boolean[];
}

/** What is known of such a function without making it. */
export function againOf(callee: FnRef, isActive: (a: Atom) => boolean, make: (again: Again) => Fn): Again {
  const fn = callee.fn();
  const memory = new Memory(reachable(fn));
  const { reads } = effectsOf(fn.body.statements, memory);
  const grown = appendedTo(fn, memory);
  const touches = (p: Var, cells: ReadonlySet<MemoryClass>): boolean => allCells(p, memory).some((cell) => cells.has(cell));
  let made: Fn | "being made" | undefined;
  const again: Again = {
    fn: {
      name: `${callee.name}Again`,
      fn() {
        if (made === "being made") return standInFor(fn, again);
        if (made !== undefined) return made;
        made = "being made";
        return (made = make(again));
      },
    },
    active: fn.params.map(isActive),
    gives: fn.body.yields.map((y) => y.kind === "var" && (y.type.kind === "real" || isReference(y.type)) && isActive(y)),
    reads: fn.params.map((p) => touches(p, reads)),
    grows: fn.params.map((p) => touches(p, grown)),
  };
  return again;
}

function appendedTo(fn: Fn, memory: Memory): ReadonlySet<MemoryClass> {
  const stores = reachable(fn).flatMap((one) => [...statementsOf(one.body)]).flatMap((s) => (s.kind === "store" && mayAppend(s) && s.of.kind === "var" ? [s.of] : []));
  return new Set(stores.map((of) => memory.classOf(of)));
}

/** What stands for the function while it is built and a recursion asks what it does: anything to what it is given. */
function standInFor(fn: Fn, again: Again): Fn {
  const params = fn.params.map((p): Var => ({ ...p }));
  const shadows = params.filter((p, i) => again.active[i] && isReference(p.type)).map((p) => variable(p.name, shadowType(p.type)));
  const adjoints = fn.body.yields.filter((_, i) => again.gives[i]).map((y) => variable("g", isReference(y.type) ? shadowType(y.type) : real));
  const partials = params.filter((p, i) => again.active[i] && p.type.kind === "real").map((p) => variable(p.name, real));
  const led = [...params, ...shadows, ...adjoints].filter((v) => isReference(v.type));
  const b = new Builder(fn.origin);
  b.add({ kind: "opaque", text: Array.from({ length: led.length + 1 }, () => ""), args: led });
  for (const result of partials) b.add({ kind: "opaque", result, text: [""], args: [], pure: true });
  return { ...fn, name: again.fn.name, params: [...params, ...shadows, ...adjoints], body: b.block(region(again.fn.name), partials), results: partials.map(() => real) };
}

// function hAgain(x, a, da, dr) { r = h(x, a); the mirror of that with dr; return dx }
export function makeAgain(callee: FnRef, again: Again, reversalOf: (fn: Fn) => Reversal): Fn {
  const fn = markWithin(quietly(callee).fn(), (one) => new Memory(reachable(one), [...one.params, ...one.captures]));
  const r = reversalOf(fn);
  const shadows = fn.params.filter((p, i) => again.active[i] && isReference(p.type)).map((p) => r.bindShadow(p));
  const frame = new Frame(r.naming);
  const adjoints: Var[] = [];
  const received: { readonly of: Var; readonly shadow: Var }[] = [];
  fn.body.yields.forEach((y, i) => {
    if (!again.gives[i] || y.kind !== "var") return;
    const isMemory = isReference(y.type);
    const g = isMemory ? r.newShadow(y) : variable(r.naming.adjoint(y) || "g", real);
    adjoints.push(g);
    if (isMemory) received.push({ of: y, shadow: g });
    else frame.add(y, g, true);
  });
  const statements = joint(fn.body.statements, frame, r, new Set(), () => {
    for (const { of, shadow } of received) if (!holdsZeros(r.shadowOf(of), fn.body.statements, of)) addInto([r.shadowOf(of)], [shadow], of.type, frame.builder);
  });
  const given = fn.params.filter((p, i) => again.active[i] && p.type.kind === "real");
  const partials = given.map((p): Atom => frame.adjoints.get(p)?.atom ?? { ...zero, type: real });
  const body: Block = { region: fn.body.region, statements: [...r.entry, ...statements], yields: partials };
  const names = new Map<Atom, Var>(received.filter(({ of }) => holdsZeros(r.shadowOf(of), fn.body.statements, of)).map(({ of, shadow }) => [r.shadowOf(of), shadow]));
  const made: Fn = {
    name: again.fn.name,
    params: [...fn.params, ...shadows, ...adjoints],
    captures: fn.captures,
    body: names.size === 0 ? body : inPlaceOf(body, names),
    results: partials.map(() => real),
    ...(fn.origin ? { origin: fn.origin } : {}),
  };
  return save(made, r);
}

/** Whether a result is made by a statement of the function, so that what has arrived for it may be its shadow from the start. */
function holdsZeros(shadow: Atom, statements: readonly Statement[], of: Var): boolean {
  return shadow.kind === "var" && !holdsReferences(of.type) && statements.some((s) => s.kind === "allocate" && s.result === of);
}

/** The shadows that are given take the place of those that would be made. */
function inPlaceOf(body: Block, names: ReadonlyMap<Atom, Var>): Block {
  const isMade = (s: Statement): boolean => s.kind === "allocate" && names.has(s.result);
  const statements = body.statements.filter((s) => !isMade(s));
  return rewriteBlock({ ...body, statements }, { atom: (a) => names.get(a) ?? a });
}

/** What a checkpointed call was given, as it was when the call was made, and the shadows that its mirror takes. */
export interface Kept {
  readonly args: readonly Atom[];
  /** Of the arguments, and of the results, that are memory and have one. */
  readonly shadows: readonly (Atom | undefined)[];
  readonly results: readonly (Atom | undefined)[];
}

// r = h(x, a)   becomes   a2 = a.slice(); r = h(x, a); dr = zeros like r
export function sweepCheckpoint(s: Call, r: Reversal): Statement[] {
  const again = r.againOf(s.callee);
  const b = new Builder(s.origin);
  const args = s.args.map((a, i) => {
    if (!isReference(a.type) || !r.isWritten(a) || !(again.reads[i] || again.grows[i])) return a;
    if (a.type.nullable === true) throw new NotRepeatable(`'${s.callee.name}' is given an array or object that may be missing and is written to`);
    return b.copy(a, depthOf(a.type), a.kind === "var" ? a.name : "");
  });
  const shadows = s.args.map((a, i) => (again.active[i] && isReference(a.type) ? placed(r.shadowOf(a), a, s, r, b) : undefined));
  b.add(s);
  const results = s.results.map((v, i) => {
    if (!again.gives[i] || !isReference(v.type)) return undefined;
    const shadow = r.bindShadow(v);
    b.add({ kind: "allocate", result: shadow, initial: { kind: "zerosLike", source: v } });
    return placed(shadow, v, s, r, b);
  });
  r.kept.set(s, { args, shadows, results });
  return b.statements;
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
