import { lengthField } from "../ir/build.js";
import { effectsOf, allCells } from "../ir/effects.js";
import { Memory, reachable } from "../ir/memory.js";
import type { Block, Fn, FnRef, Loop, Statement, Var } from "../ir/model.js";
import { isReference } from "../ir/types.js";
import { bound, boundWithin, calleesOf, freeIn, statementsOf } from "../ir/walk.js";
import { Activity } from "./activity.js";
import { inBlocks, NoBlocks, type Checkpoint } from "./blocks.js";
import { copyingFault } from "./carried-memory.js";
import { rowsWithin } from "./rows-within.js";
import { stepsOf } from "./steps.js";
import { isSum } from "./sums.js";

/**
 * Cuts the long loops of a function into checkpointed blocks of turns: those loops, of the function itself and of functions
 * that it calls, that run within no other, are differentiated, and hand anything but sums from turn to turn. Gives nothing
 * where there is none.
 */
export function withCheckpoints(fn: Fn, how: Checkpoint, wrt: readonly number[]): Fn | undefined {
  const functions = reachable(fn);
  const memory = new Memory(functions);
  const inputs = wrt.flatMap((i) => fn.params[i] ?? []);
  const activity = new Activity(functions, memory, inputs, fn.body.yields);
  const made = new Map<FnRef, FnRef>();
  let found = 0;

  const within = (block: Block, owner: Fn): Block => ({ ...block, statements: block.statements.flatMap((s) => statement(s, owner)) });
  const statement = (s: Statement, owner: Fn): readonly Statement[] => {
    if (s.kind === "if") return [{ ...s, then: within(s.then, owner), else: within(s.else, owner) }];
    if (s.kind === "call" && s.checkpoint !== true && s.callee.custom === undefined && s.later === undefined) return [{ ...s, callee: called(s.callee) }];
    if (s.kind !== "loop" || !isLong(s, memory, activity)) return [s];
    found++;
    const fault = copyingFault(s, owner, memory);
    if (fault !== undefined) throw new NoBlocks(fault, s);
    return inBlocks(s, how, owner.name, rowsWithin(s, owner, memory));
  };
  const called = (ref: FnRef): FnRef => {
    const known = made.get(ref);
    if (known !== undefined) return known;
    made.set(ref, ref);
    const callee = ref.fn();
    if (isRecursive(callee)) return ref;
    const before = found;
    const cut: Fn = { ...callee, body: within(callee.body, callee) };
    const result: FnRef = found === before ? ref : { name: ref.name, fn: () => cut, of: ref };
    made.set(ref, result);
    return result;
  };
  const cut: Fn = { ...fn, body: within(fn.body, fn) };
  return found === 0 ? undefined : cut;
}

function isRecursive(fn: Fn): boolean {
  return [...calleesOf(fn)].some((ref) => reachable(ref.fn()).includes(fn));
}

/** Whether turns hand on more than sums and what they count, so that values of each would be saved. */
function isLong(loop: Loop, memory: Memory, activity: Activity): boolean {
  const statements = statementsOf(loop.body);
  const names: readonly Var[] = [...statements, loop].flatMap((s) => [...bound(s), ...boundWithin(s)]);
  const isActive = names.some((v) => activity.isActive(v)) || statements.some((s) => s.kind === "store" && activity.isActive(s.of));
  if (!isActive) return false;
  if (loop.carried.some(({ param }, i) => !isSum(loop, i) && stepsOf(param, loop, false) === undefined)) return true;
  const { reads, writes } = effectsOf(loop.body.statements, memory);
  const outside = freeIn({ ...loop.body, statements: [loop] }).filter((v) => isReference(v.type)).flatMap((v) => allCells(v, memory));
  // How long an array is that elements are pushed to is no value of theirs.
  const called = statements.flatMap((s) => (s.kind === "call" ? reachable(s.callee.fn()) : []));
  const lengths = new Set([statements, ...called.map((fn) => statementsOf(fn.body))].flat().flatMap((s) => (s.kind === "push" ? [memory.cellOf(s.of, lengthField)] : [])));
  return outside.some((cell) => reads.has(cell) && writes.has(cell) && !lengths.has(cell));
}
