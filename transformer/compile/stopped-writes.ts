import type ts from "typescript";
import { catalogue } from "../diagnostics.js";
import { Activity } from "../differentiate/activity.js";
import { allCells } from "../ir/effects.js";
import { heldApart, isHeld, Memory, reachable } from "../ir/memory.js";
import type { Fn, Let, Statement, Var } from "../ir/model.js";
import { carriesReal, holdsReferences, isReference } from "../ir/types.js";
import { statementsOf } from "../ir/walk.js";
import { refuseAt } from "./refuse-at.js";

/**
 * Refuses writes through what `stopGradient` gives: what is written that way would be seen by the other names of the same
 * memory, without its derivative. Nor may what the memory refers to be moved: its shadow would be out of step.
 */
export function refuseStoppedWrites(fn: Fn, program: ts.Program): void {
  const functions = reachable(fn);
  const stopped = functions.flatMap((one) => [...statementsOf(one.body)].filter(isHeld));
  if (stopped.length === 0) return;
  const memory = new Memory(functions);
  const apart = heldApart(functions, memory);
  const activity = new Activity(functions, memory, fn.params.filter((p) => carriesReal(p.type)), fn.body.yields);
  for (const stop of stopped) {
    if (!stop.args.some((a) => activity.isVaried(a))) continue;
    const own = new Set(allCells(stop.result, apart));
    const all = new Set(allCells(stop.result, memory));
    for (const one of functions) {
      const before = settledBefore(stop, one);
      for (const s of statementsOf(one.body)) {
        const of = writtenBy(s);
        if (of === undefined) continue;
        const isMove = movesReferences(s) && all.has(memory.classOf(of)) && !before.has(s);
        if (own.has(apart.classOf(of)) || isMove) refuseAt(catalogue.stoppedWrite, s.origin ?? stop.origin, program, stop.result.name);
      }
    }
  }
}

function writtenBy(s: Statement): Var | undefined {
  const isWrite = s.kind === "store" || s.kind === "accumulate" || s.kind === "push" || s.kind === "pop" || s.kind === "resize";
  return isWrite && s.of.kind === "var" && isReference(s.of.type) ? s.of : undefined;
}

function movesReferences(s: Statement): boolean {
  if (s.kind === "push" || s.kind === "pop" || s.kind === "resize") return holdsReferences(s.of.type);
  return s.kind === "store" && isReference(s.value.type);
}

/** The statements of a function that are all done when the stop comes, and are not done again. */
function settledBefore(stop: Let, fn: Fn): ReadonlySet<Statement> {
  const settled = new Set<Statement>();
  for (const s of fn.body.statements) {
    const within = s.kind === "if" ? [...statementsOf(s.then), ...statementsOf(s.else)] : s.kind === "loop" ? [...statementsOf(s.body)] : [];
    if (s === stop || within.includes(stop)) return settled;
    [s, ...within].forEach((inner) => settled.add(inner));
  }
  return new Set();
}
