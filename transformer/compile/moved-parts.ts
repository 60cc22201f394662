import type ts from "typescript";
import { catalogue } from "../diagnostics.js";
import { allCells, madeIn } from "../ir/effects.js";
import { Memory, reachable } from "../ir/memory.js";
import type { Fn, Statement } from "../ir/model.js";
import { holdsReferences, isRecursive, isReference } from "../ir/types.js";
import { statementsOf } from "../ir/walk.js";
import { refuseAt } from "./refuse-at.js";

/**
 * Refuses what changes which objects an argument holds, where its type contains itself: the gradient has the order in which
 * they were given, which is not known any more how deep. What the function makes is put together as it likes.
 */
export function refuseMovedParts(fn: Fn, program: ts.Program): void {
  const params = fn.params.filter((p) => isRecursive(p.type));
  if (params.length === 0) return;
  const functions = reachable(fn);
  const memory = new Memory(functions);
  const moves = functions.flatMap((one) => {
    const made = madeIn(one.body);
    return [...statementsOf(one.body)].filter(isMove).filter((s) => !made.has(s.of));
  });
  for (const p of params) {
    const within = new Set(allCells(p, memory));
    for (const s of moves) {
      if (s.of.kind === "var" && within.has(memory.classOf(s.of))) refuseAt(catalogue.movedPart, s.origin, program, p.name);
    }
  }
}

type Move = Extract<Statement, { kind: "store" | "push" | "pop" | "resize" }>;

function isMove(s: Statement): s is Move {
  if (s.kind === "store") return isReference(s.value.type) || (s.value.type.kind === "opaque" && holdsReferences(s.of.type));
  return (s.kind === "push" || s.kind === "pop" || s.kind === "resize") && holdsReferences(s.of.type);
}
