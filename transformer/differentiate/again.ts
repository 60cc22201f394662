import { Builder, region, variable, zero } from "../ir/build.js";
import { allCells, effectsOf, madeIn, mayAppend, overwrittenBy } from "../ir/effects.js";
import { Memory, reachable, type MemoryClass } from "../ir/memory.js";
import type { Atom, Block, Fn, FnRef, Statement, Var } from "../ir/model.js";
import { markWithin } from "../ir/within.js";
import { isReference, real } from "../ir/types.js";
import { statementsOf } from "../ir/walk.js";
import { counted } from "./counted.js";
import { Frame } from "./frame.js";
import { GivenResults } from "./given-results.js";
import { joint } from "./joint.js";
import { addInto } from "./mirror-memory.js";
import { quietly } from "./recorded.js";
import type { Reversal } from "./reversal.js";
import { save } from "./save.js";
import { shadowType } from "./shadow-type.js";
import { smooth } from "./smooth.js";

/** The function that stands in the mirror for a checkpointed call, and what it takes and gives. */
export interface Again {
  /** It takes what the call was given, the shadows of memory and the adjoints of the results, and gives those of numbers. */
  readonly fn: FnRef;
  /** The parameters that have an adjoint: of numbers one is given back, of memory the shadow is passed. */
  readonly active: readonly boolean[];
  /** The results that are differentiated: of numbers the adjoint is passed, of memory the shadow. */
  readonly gives: readonly boolean[];
  /** The parameters of which memory is read, those of which it is written, and those that may grow. */
  readonly reads: readonly boolean[];
  readonly writes: readonly boolean[];
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
    writes: fn.params.map(overwrittenBy(fn)),
    // What lies deeper is known to stay as long as it is.
    grows: fn.params.map((p) => p.type.kind === "array" && grown.has(memory.classOf(p))),
  };
  return again;
}

function appendedTo(fn: Fn, memory: Memory): ReadonlySet<MemoryClass> {
  const marked = reachable(fn).map((one) => markWithin(one, () => new Memory(reachable(fn), [...one.params, ...one.captures])));
  const stores = marked.flatMap((one) => {
    const made = madeIn(one.body);
    return [...statementsOf(one.body)].flatMap((s) => (s.kind === "store" && mayAppend(s) && s.of.kind === "var" && !made.has(s.of) ? [s.of] : []));
  });
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
  const fn = markWithin(counted(smooth(quietly(callee).fn())), (one) => new Memory(reachable(one), [...one.params, ...one.captures]));
  const r = reversalOf(fn);
  const shadows = fn.params.filter((p, i) => again.active[i] && isReference(p.type)).map((p) => r.bindShadow(p));
  const frame = new Frame(r.naming);
  const adjoints: Var[] = [];
  const received: { readonly of: Var; readonly shadow: Var }[] = [];
  fn.body.yields.forEach((y, i) => {
    if (!again.gives[i] || y.kind !== "var") return;
    const isMemory = isReference(y.type);
    const g: Var = isMemory ? { ...r.newShadow(y), isCotangent: true } : variable(r.naming.adjoint(y) || "g", real);
    adjoints.push(g);
    if (isMemory) received.push({ of: y, shadow: g });
    else frame.add(y, g, true, false);
  });
  lastOf(fn.body).forEach((s) => r.last.add(s));
  const results = new GivenResults(fn, r);
  const statements = joint(fn.body.statements, frame, r, new Set(), () => {
    for (const { of, shadow } of received) if (!results.take(of, shadow)) addInto([r.shadowOf(of)], [shadow], of.type, frame.builder, r.adders);
  });
  const given = fn.params.filter((p, i) => again.active[i] && p.type.kind === "real");
  const partials = given.map((p): Atom => frame.adjoints.get(p)?.atom ?? { ...zero, type: real });
  const body: Block = { region: fn.body.region, statements: [...r.entry, ...statements], yields: partials };
  const made: Fn = {
    name: again.fn.name,
    params: [...fn.params, ...shadows, ...adjoints],
    captures: fn.captures,
    body: results.within(body),
    results: partials.map(() => real),
    ...(fn.origin ? { origin: fn.origin } : {}),
  };
  return save(made, r);
}

/** The checkpointed calls that a block ends with. */
function lastOf(block: Block): readonly Statement[] {
  const s = block.statements.at(-1);
  if (s?.kind === "if") return [...lastOf(s.then), ...lastOf(s.else)];
  return s?.kind === "call" && s.checkpoint === true ? [s] : [];
}
