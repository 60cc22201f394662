import { zero } from "../ir/build.js";
import { effectsOf } from "../ir/effects.js";
import type { Atom, Block, Carried, If, Loop, Statement, Var } from "../ir/model.js";
import { isReference } from "../ir/types.js";
import { bound, operands } from "../ir/walk.js";
import type { Adjoint, Frame } from "./frame.js";
import { independent } from "./independent.js";
import { joint, type Joint } from "./joint.js";
import { collect } from "./mirror-loop.js";
import { seed } from "./mirror.js";
import { localsOf, type Reversal } from "./reversal.js";

/**
 * Puts the mirror of a loop into its own turns, or of a branch into its sides, where the adjoints of its results are
 * known before it begins: then nothing of it is saved, and where only the gradient is asked for the rest vanishes.
 *
 *     for (…) s += f(x[i])   becomes   for (…) { s += f(x[i]); dx[i] += ds * f'(x[i]) }
 */
export function fuse(s: Statement, k: number, block: Joint, r: Reversal): boolean {
  if (s.kind === "loop") return r.hasMirror(s.body.statements) && fuseLoop(s, k, block, r);
  if (s.kind === "if") return r.hasMirror([s]) && fuseIf(s, k, block, r);
  return false;
}

function fuseLoop(s: Loop, k: number, block: Joint, r: Reversal): boolean {
  const turns = independent(s, r);
  if (turns === undefined) return false;
  for (const cell of turns.effects.writes) if (r.all.isActiveCell(cell) && !turns.isPrivate(cell)) return false;
  if (writtenAfter(turns.effects.reads, k, block, r)) return false;
  const sums = [...turns.sums].map((i) => ({ i, ...(s.carried[i] as Carried) }));
  const moved = hoist(sums.map(({ result }) => result), k, block);
  if (moved === undefined) return false;

  // What was said of its lengths was said of turns that are mirrored later.
  r.putBack.delete(s);
  const { frame } = block;
  const inner = frame.within(localsOf(s));
  const after: (() => void)[] = [];
  for (const { i, result, init } of sums) {
    const adjoint = frame.take(result);
    const next = s.body.yields[i + 1];
    if (adjoint === undefined) continue;
    if (next?.kind === "var" && r.isActive(next)) inner.add(next, adjoint.atom, adjoint.absent, adjoint.unused);
    if (init.kind === "var" && r.isActive(init)) after.push(() => frame.add(init, adjoint.atom, adjoint.absent, adjoint.unused));
  }
  const statements = joint(s.body.statements, inner, r);
  const carried: Carried[] = [...s.carried];
  const next: Atom[] = [];
  collect(inner, frame, carried, next, after, "afresh");
  const body: Block = { ...s.body, statements, yields: [...s.body.yields, ...next] };
  block.forward[k] = [...moved, { ...s, carried, body }];
  after.forEach((add) => add());
  return true;
}

function fuseIf(s: If, k: number, block: Joint, r: Reversal): boolean {
  if (s.results.some((v) => isReference(v.type) && r.all.isActive(v))) return false;
  const effects = effectsOf([s], r.memory);
  for (const cell of effects.writes) if (r.all.isActiveCell(cell)) return false;
  if (writtenAfter(effects.reads, k, block, r)) return false;
  const moved = hoist(s.results, k, block);
  if (moved === undefined) return false;

  const { frame } = block;
  const sides = [s.then, s.else].map((side) => {
    const inner = frame.fresh();
    seed(s.results, side.yields, frame, inner, r);
    return { inner, statements: joint(side.statements, inner, r), side };
  });
  s.results.forEach((v) => frame.take(v));
  // What the sides add is said to come from where they begin, and not from what stood behind the branch.
  frame.from(sides.find(({ inner }) => inner.builder.origin !== frame.builder.origin)?.inner.builder.origin);
  const touched = [...new Set(sides.flatMap(({ inner }) => [...inner.adjoints.keys()]))];
  const results = touched.map((v) => frame.adjointOf(v));
  const [then, otherwise] = sides.map(({ inner, statements, side }): Block => {
    const yields = [...side.yields, ...touched.map((v) => inner.adjoints.get(v)?.atom ?? zero)];
    return { ...side, statements, yields };
  });
  block.forward[k] = [...moved, { ...s, then: then ?? s.then, else: otherwise ?? s.else, results: [...s.results, ...results] }];
  touched.forEach((v, i) => {
    const absent = sides.some(({ inner }) => inner.adjoints.get(v)?.absent ?? true);
    const unused = sides.some(({ inner }) => inner.adjoints.get(v)?.unused ?? true);
    frame.add(v, results[i] as Var, absent, unused);
  });
  return true;
}

/** What is written later takes adjoints out of the same shadow, which must not yet hold what was added here. */
function writtenAfter(reads: ReadonlySet<unknown>, k: number, block: Joint, r: Reversal): boolean {
  const { writes } = effectsOf(block.source.slice(k + 1), r.memory);
  return [...writes].some((cell) => reads.has(cell) && r.all.isActiveCell(cell));
}

/**
 * The statements of the mirror that make the adjoints of these results, taken out of it so that they can stand before
 * statement `k`; nothing where they need what is only known later.
 */
function hoist(results: readonly Var[], k: number, block: Joint): Statement[] | undefined {
  const later = new Set<Var>();
  for (const list of block.forward.slice(k)) for (const s of list) bound(s).forEach((v) => later.add(v));
  const made = new Map<Var, Statement>();
  for (const s of block.frame.builder.statements) {
    for (const v of bound(s)) {
      if (s.kind === "let") made.set(v, s);
      else later.add(v);
    }
  }
  const moved = new Set<Statement>();
  const visit = (a: Atom): boolean => {
    if (a.kind === "literal") return true;
    if (later.has(a)) return false;
    const s = made.get(a);
    if (s === undefined || moved.has(s)) return true;
    if (!operands(s).every(visit)) return false;
    moved.add(s);
    return true;
  };
  for (const v of results) {
    const adjoint: Adjoint | undefined = block.frame.adjoints.get(v);
    if (adjoint && !visit(adjoint.atom)) return undefined;
  }
  remove(block.frame, moved);
  return [...moved];
}

function remove(frame: Frame, moved: ReadonlySet<Statement>): void {
  const kept = frame.builder.statements.filter((s) => !moved.has(s));
  frame.builder.statements.splice(0, frame.builder.statements.length, ...kept);
}
