import type ts from "typescript";
import { catalogue } from "../diagnostics.js";
import { Activity } from "../differentiate/activity.js";
import { allCells, madeIn } from "../ir/effects.js";
import { Memory, reachable } from "../ir/memory.js";
import type { Atom, Fn, Statement, Var } from "../ir/model.js";
import { carriesReal, isReference } from "../ir/types.js";
import { statementsOf } from "../ir/walk.js";
import { refuseAt } from "./refuse-at.js";

/**
 * Refuses functions that put a differentiated value into memory from outside, be it by another name or in a function
 * that they call: who reads it there would miss its derivative. `asked`: the places of the parameters that are
 * differentiated, where not all are.
 */
export function refuseOuterWrites(fn: Fn, asked: ReadonlySet<number> | undefined, program: ts.Program): void {
  const functions = reachable(fn);
  const memory = new Memory(functions);
  if (memory.outside.size === 0) return;
  const outside = new Map([...memory.outside].flatMap((v) => allCells(v, memory).map((cell) => [cell, v] as const)));
  const inputs = fn.params.filter((p, i) => asked?.has(i) !== false && carriesReal(p.type));
  const activity = new Activity(functions, memory, inputs, fn.body.yields);
  for (const one of functions) {
    // What is made here is new, whatever else its name may stand for later.
    const made = madeIn(one.body);
    for (const s of statementsOf(one.body)) {
      const written = writtenBy(s);
      if (written === undefined || made.has(written.of) || !activity.isVaried(written.value)) continue;
      const holder = outside.get(memory.classOf(written.of));
      if (holder !== undefined) refuseAt(catalogue.outerWrite, s.origin ?? holder.origin, program, holder.name);
    }
  }
}

function writtenBy(s: Statement): { readonly of: Var; readonly value: Atom } | undefined {
  if (s.kind !== "store" && s.kind !== "accumulate" && s.kind !== "push") return undefined;
  return s.of.kind === "var" && isReference(s.of.type) ? { of: s.of, value: s.value } : undefined;
}
