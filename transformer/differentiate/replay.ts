import { region, variable, zero } from "../ir/build.js";
import { cellsWritten, effectsOf, mayAppend } from "../ir/effects.js";
import type { MemoryClass } from "../ir/memory.js";
import type { Atom, Block, Carried, Loop, Statement, Store } from "../ir/model.js";
import { rewriteBlock } from "../ir/rewrite.js";
import { isReference } from "../ir/types.js";
import { statementsOf } from "../ir/walk.js";
import type { Frame } from "./frame.js";
import { independent, runsToItsEnd, type Independent } from "./independent.js";
import { joint } from "./joint.js";
import { collect } from "./mirror-loop.js";
import { localsOf, type Reversal } from "./reversal.js";

/**
 * A loop whose turns only add to sums, and hold loops themselves, is run once more in the mirror, each turn followed
 * by its own mirror: what would have to be saved of all turns is then saved of one.
 *
 *     for (i …) { s += f(i) }   becomes   for (i …) { f(i) again; mirror of f(i) with ds }
 */
export function replay(s: Loop, frame: Frame, r: Reversal): boolean {
  if (!runsToItsEnd(s) || !s.body.statements.some((t) => t.kind === "loop")) return false;
  const turns = independent(s, r);
  if (turns === undefined || turns.effects.calls || turns.effects.impure) return false;
  const later = writtenLater(s, r);
  for (const cell of turns.effects.reads) if ((later.has(cell) || r.isCellWrittenBetween(cell)) && !turns.isPrivate(cell)) return false;
  const done = written(s, turns, r);
  if (done === undefined) return false;

  const inner = frame.within(localsOf(s));
  const after: (() => void)[] = [];
  for (const i of turns.sums) {
    const { result, init } = s.carried[i] as Carried;
    const next = s.body.yields[i + 1];
    const adjoint = frame.take(result);
    if (adjoint === undefined) continue;
    if (next?.kind === "var" && r.isActive(next)) inner.add(next, adjoint.atom, adjoint.absent, adjoint.unused);
    if (init.kind === "var" && r.isActive(init)) after.push(() => frame.add(init, adjoint.atom, adjoint.absent, adjoint.unused));
  }
  const statements = joint(s.body.statements, inner, r, done);
  const others = s.carried.map((c, i) => ({ c, i })).filter(({ i }) => !turns.sums.has(i));
  const carried: Carried[] = others.map(({ c }) => ({ param: c.param, init: c.init, result: { ...c.result } }));
  const next: Atom[] = others.map(({ i }) => s.body.yields[i + 1] ?? zero);
  collect(inner, frame, carried, next, after, "continue");
  const body: Block = { region: region("replay"), statements, yields: [zero, ...next] };
  // The sums themselves are not wanted again.
  const sums = new Set<Atom>([...turns.sums].map((i) => (s.carried[i] as Carried).param));
  const nothing = { ...zero, type: variable("", { kind: "real" }).type };
  const again = rewriteBlock(body, { atom: (a) => (sums.has(a) ? nothing : a) });
  frame.from(s.origin);
  frame.builder.add({ kind: "loop", ...(s.counter ? { counter: s.counter } : {}), carried, body: again, ...(frame.builder.origin ? { origin: frame.builder.origin } : {}) });
  r.replayed.add(s.body.region);
  after.forEach((add) => add());
  return true;
}

/**
 * The writes to memory that others read, which are not done again; nothing where the turns cannot be run again in any
 * order: one reads what another has left there, or takes the adjoint of what another has written.
 */
function written(s: Loop, turns: Independent, r: Reversal): ReadonlySet<Statement> | undefined {
  const done = new Set<Statement>();
  for (const t of statementsOf(s.body)) {
    const shared = cellsWritten(t, r.memory).filter((cell) => !turns.isPrivate(cell));
    if (shared.length === 0) continue;
    if (t.kind !== "store" || shared.some((cell) => turns.effects.reads.has(cell))) return undefined;
    if (shared.some((cell) => r.all.isActiveCell(cell)) && !isOfItsTurn(t, s, r)) return undefined;
    done.add(t);
  }
  return done;
}

/** Whether every turn writes a number to a place of its own, which is there before and after. */
function isOfItsTurn(t: Store, loop: Loop, r: Reversal): boolean {
  return t.key === loop.counter?.var && !isReference(t.value.type) && !(mayAppend(t) && r.needsLength(t.of));
}

/** What may be written after the loop has run and before its mirror does. */
function writtenLater(s: Loop, r: Reversal): ReadonlySet<MemoryClass> {
  const block = r.joints[r.joints.length - 1] ?? r.fn.body.statements;
  const k = block.findIndex((t) => t === s || [...statementsOf({ region: s.body.region, statements: [t], yields: [] })].includes(s));
  const later = block.slice(block[k] === s ? k + 1 : k);
  return effectsOf(later, r.memory).writes;
}
