import { effectsOf } from "../ir/effects.js";
import type { Memory } from "../ir/memory.js";
import type { Atom, Block, Fn, Load, Loop, Statement, Var } from "../ir/model.js";
import { isReference } from "../ir/types.js";
import { blocksOf, freeIn, statementsOf } from "../ir/walk.js";

/**
 * The loads of rows that a loop uses beside the memory that holds them, as long as nothing is put in their place: they are
 * done within it, so that a run of its turns is given the memory alone and not the same row by two names.
 *
 *     row = m[0]; for (…) row[0] += m[1][0]   becomes   fTurns(m), which begins with row = m[0]
 */
export function rowsWithin(loop: Loop, fn: Fn, memory: Memory): readonly Load[] {
  const before = statementsBefore(loop, fn.body) ?? [];
  const loads = new Map<Atom, Load>(before.flatMap((s) => (s.kind === "load" && isReference(s.result.type) ? [[s.result, s] as const] : [])));
  const { writes } = effectsOf([loop], memory);
  const stays = (s: Load): boolean => {
    const cell = memory.cellOf(s.of, s.key);
    return cell !== undefined && !writes.has(cell) && !effectsOf(before.slice(before.indexOf(s) + 1), memory).writes.has(cell);
  };
  const found: Load[] = [];
  for (;;) {
    const free = freeIn({ ...loop.body, statements: [...found, loop] });
    const next = free.map((v) => loads.get(v)).find((s) => s !== undefined && holderOf(s, loads, free) && stays(s));
    if (next === undefined) return found;
    found.unshift(next);
  }
}

/** Whether the memory that a row lies in, however deep, is given as well. */
function holderOf({ of }: Load, loads: ReadonlyMap<Atom, Load>, free: readonly Var[]): boolean {
  const outer = loads.get(of);
  return (of.kind === "var" && free.includes(of)) || (outer !== undefined && holderOf(outer, loads, free));
}

/** What is done on the way to a loop that stands in no other; nothing where it does not stand in the block. */
function statementsBefore(loop: Loop, block: Block): readonly Statement[] | undefined {
  const before: Statement[] = [];
  for (const s of block.statements) {
    if (s === loop) return before;
    const side = blocksOf(s).find((b) => statementsOf(b).includes(loop));
    if (side !== undefined) return [...before, ...(statementsBefore(loop, side) ?? [])];
    before.push(s);
  }
  return undefined;
}
