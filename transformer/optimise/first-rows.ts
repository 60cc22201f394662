import { effectsOf } from "../ir/effects.js";
import { Memory, reachable } from "../ir/memory.js";
import type { Allocate, Atom, Block, Copy, Counter, Fn, Loop, Statement, Var } from "../ir/model.js";
import { rewriteBlock } from "../ir/rewrite.js";
import { sameType } from "../ir/types.js";
import { uses } from "../ir/walk.js";
import { isUsed, isZeros, measuredBy, sumOf } from "./first-summand.js";
import { madeRowsIn, type MadeRows } from "./made-rows.js";
import { Lengths } from "./same-lengths.js";

/**
 * Rows of zeros to which the rows of another list are added, all of them and before anything else is, are those rows, where
 * they are not used any more:
 *
 *     dm = zeros like m; for (i …) { row = m[i].slice(); da[i] = zeros like row; … } …; for (i …) for (k …) dm[i][k] += da[i][k]; return dm
 *     becomes            for (i …) { row = m[i].slice(); da[i] = zeros like row; … } …;                                       return da
 *
 * Both have as many rows, as long as each other, where neither `m` nor what is copied of it becomes longer or shorter.
 */
export function takeFirstRows(fn: Fn): Fn {
  const { statements } = fn.body;
  const made = madeRowsIn(fn).filter(({ block, row }) => block === fn.body && isZeros(row));
  if (made.length === 0) return fn;
  const memory = new Memory(reachable(fn));
  const { writes } = effectsOf(statements, memory);
  const lengths = new Lengths(fn, memory);
  for (const rows of made) {
    const { list } = rows;
    const copied = copiedInto(rows, statements);
    if (copied === undefined) continue;
    const { of, copy } = copied;
    const isWhole = (counter: Counter): boolean => lengths.areAll(counter, of);
    const zeros = statements.find((s): s is Allocate => s.kind === "allocate" && s.initial.kind === "zerosLike" && s.initial.source === of && sameType(s.result.type, list.result.type));
    const k = statements.findIndex((s) => s.kind === "loop" && zeros !== undefined && addsRows(s, zeros.result, list.result, isWhole));
    if (zeros === undefined || k < 0 || !isWhole(copied.counter)) continue;
    const [all, each] = [memory.classOf(of), memory.classOf(of).cell("[]")];
    const shapes = [all.cell("length"), each, ...[each, memory.classOf(copy.result), memory.classOf(rows.row.result)].map((row) => row.cell("length"))];
    if (shapes.some((cell) => writes.has(cell))) continue;
    const later: Block = { ...fn.body, statements: statements.slice(k + 1) };
    const own = memory.classOf(list.result);
    if (statements.slice(0, k).some((s) => uses(s, zeros.result)) || isUsed([own, own.cell("[]")], later, fn, memory)) continue;
    const rest = rewriteBlock(later, { atom: (a) => (a === zeros.result ? list.result : a) });
    const before = statements.slice(0, k).filter((s) => s !== zeros);
    return takeFirstRows({ ...fn, body: { ...fn.body, statements: [...before, ...rest.statements], yields: rest.yields } });
  }
  return fn;
}

/** The list out of which each turn of the loop that makes the rows copies the one that its own is made like. */
function copiedInto({ put, row }: MadeRows, statements: readonly Statement[]): { readonly of: Var; readonly copy: Copy; readonly counter: Counter } | undefined {
  const fill = statements.find((s): s is Loop => s.kind === "loop" && s.body.statements.includes(put));
  if (fill?.counter === undefined || fill.exit !== undefined || row.initial.kind !== "zerosLike") return undefined;
  const { counter, body } = fill;
  const { source } = row.initial;
  const copy = body.statements.find((s): s is Copy => s.kind === "copy" && s.result === source && s.from === undefined && s.to === undefined);
  const load = body.statements.find((s) => s.kind === "load" && s.result === copy?.of && s.key === counter.var);
  return copy !== undefined && load?.kind === "load" && load.of.kind === "var" ? { of: load.of, copy, counter } : undefined;
}

/** Whether a loop adds each row of a list to the one in its place, and does nothing else. */
function addsRows({ counter, carried, exit, body }: Loop, to: Var, from: Var, isWhole: (counter: Counter) => boolean): boolean {
  if (counter === undefined || carried.length > 0 || exit !== undefined || !isWhole(counter)) return false;
  const rows = new Map<Atom, Atom>();
  for (const s of body.statements.slice(0, -1)) {
    if (s.kind !== "load") return false;
    if (s.key === counter.var && (s.of === to || s.of === from)) rows.set(s.result, s.of);
    else if (s.key.kind !== "field" || s.key.name !== "length" || !rows.has(s.of)) return false;
  }
  const last = body.statements.at(-1);
  const sum = last && sumOf(last);
  return sum !== undefined && rows.get(sum.to) === to && rows.get(sum.from) === from && (sum.whole || rows.has(measuredBy(body.statements).get(sum.count) ?? sum.count));
}
