import { touches } from "../ir/effects.js";
import type { Memory, MemoryClass } from "../ir/memory.js";
import type { Atom, Loop, Statement, Var } from "../ir/model.js";
import { statementsOf } from "../ir/walk.js";

/** A loop, and the number of its turn. */
export interface Turns {
  readonly loop: Loop;
  readonly turn: Var;
}

/**
 * Whether each turn of some loops writes to its own place of a kind of memory and to no other, `alone`: nor looks at another.
 *
 * A view may have the place of another turn at its own, as `u.subarray(1)[i]` is `u[i + 1]`: of typed arrays the places are
 * the same where they are had by one name, and no others where each name is of an array that is made here (`made`).
 */
export function keepToTheirPlaces(loops: readonly Turns[], cell: MemoryClass, memory: Memory, made: ReadonlySet<Atom>, alone: boolean): boolean {
  const names = new Set<Atom>();
  for (const { loop, turn } of loops) {
    for (const s of statementsOf(loop.body)) {
      if (s.kind === "if" || s.kind === "loop" || !touches(s, cell, memory)) continue;
      if (isPlace(s) && s.key === turn) names.add(s.of);
      else if (alone || touches(s, cell, memory, "writes")) return false;
    }
  }
  const typed = [...names].filter((a) => a.type.kind === "typed");
  return typed.length <= 1 || typed.every((a) => made.has(a));
}

/** What reads or writes one place. */
export function isPlace(s: Statement): s is Extract<Statement, { kind: "load" | "store" | "accumulate" }> {
  return s.kind === "load" || s.kind === "store" || s.kind === "accumulate";
}
