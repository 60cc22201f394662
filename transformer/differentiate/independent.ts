import { isLiteral } from "../ir/build.js";
import { effectsOf, type Effects } from "../ir/effects.js";
import type { MemoryClass } from "../ir/memory.js";
import type { Loop } from "../ir/model.js";
import { isReference } from "../ir/types.js";
import { statementsOf } from "../ir/walk.js";
import type { Reversal } from "./reversal.js";
import { isPrivate } from "./scratch.js";
import { isSum } from "./sums.js";

/** A loop whose turns depend on each other only through sums. */
export interface Independent {
  readonly effects: Effects;
  /** The carried values that are sums, by place. The others carry no derivative. */
  readonly sums: ReadonlySet<number>;
  readonly isPrivate: (cell: MemoryClass) => boolean;
}

/**
 * R21: every differentiated carried value is a sum, and no differentiated memory that one turn writes is read by
 * another. Decided by what all parameters together would need, so that asking for fewer adds in the same order.
 */
export function independent(s: Loop, r: Reversal): Independent | undefined {
  const sums = new Set<number>();
  for (const [i, c] of s.carried.entries()) {
    if (!r.all.isActive(c.param)) continue;
    if (isReference(c.param.type) || !isSum(s, i)) return undefined;
    sums.add(i);
  }
  // What one turn pushes another may pop: the mirror has to run backwards.
  for (const t of statementsOf(s.body)) {
    if ((t.kind === "push" || t.kind === "pop" || t.kind === "resize") && r.all.isActive(t.of)) return undefined;
  }
  const effects = effectsOf(s.body.statements, r.memory);
  const known = new Map<MemoryClass, boolean>();
  const privately = (cell: MemoryClass): boolean => {
    let answer = known.get(cell);
    if (answer === undefined) known.set(cell, (answer = isPrivate(cell, s, r)));
    return answer;
  };
  for (const cell of effects.writes) {
    if (r.all.isActiveCell(cell) && effects.reads.has(cell) && !privately(cell)) return undefined;
  }
  return { effects, sums, isPrivate: privately };
}

export function runsToItsEnd(s: Loop): boolean {
  const status = s.body.yields[0];
  return s.counter !== undefined && status !== undefined && isLiteral(status, 0);
}
