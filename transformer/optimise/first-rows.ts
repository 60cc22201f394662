import { isLiteral } from "../ir/build.js";
import { effectsOf } from "../ir/effects.js";
import { Memory, reachable } from "../ir/memory.js";
import type { Allocate, Atom, Block, Copy, Counter, Fn, Loop, Statement, Var } from "../ir/model.js";
import { rewriteBlock } from "../ir/rewrite.js";
import { sameType } from "../ir/types.js";
import { uses } from "../ir/walk.js";
import { isUsed, isZeros, measuredBy, sumOf } from "./first-summand.js";
import { madeRowsIn, type MadeRows } from "./made-rows.js";

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
  for (const rows of made) {
    const { list } = rows;
    const copied = copiedInto(rows, statements);
    if (copied === undefined) continue;
    const { of, copy, count } = copied;
    const zeros = statements.find((s): s is Allocate => s.kind === "allocate" && s.initial.kind === "zerosLike" && s.initial.source === of && sameType(s.result.type, list.result.type));
    const k = statements.findIndex((s) => s.kind === "loop" && zeros !== undefined && addsRows(s, zeros.result, list.result, goesThrough(count, statements)));
    if (zeros === undefined || k < 0) continue;
    const [all, each] = [memory.classOf(of), memory.classOf(of).cell("[]")];
    const lengths = [all.cell("length"), each, ...[each, memory.classOf(copy.result), memory.classOf(rows.row.result)].map((row) => row.cell("length"))];
    if (lengths.some((cell) => writes.has(cell))) continue;
    const later: Block = { ...fn.body, statements: statements.slice(k + 1) };
    const own = memory.classOf(list.result);
    if (statements.slice(0, k).some((s) => uses(s, zeros.result)) || isUsed([own, own.cell("[]")], later, fn, memory)) continue;
    const rest = rewriteBlock(later, { atom: (a) => (a === zeros.result ? list.result : a) });
    const before = statements.slice(0, k).filter((s) => s !== zeros);
    return takeFirstRows({ ...fn, body: { ...fn.body, statements: [...before, ...rest.statements], yields: rest.yields } });
  }
  return fn;
}

/** The list from which each turn of the loop that makes the rows copies the one that they are made like, and how many it has. */
function copiedInto({ put, row }: MadeRows, statements: readonly Statement[]): { readonly of: Var; readonly copy: Copy; readonly count: Atom } | undefined {
  const fill = statements.find((s): s is Loop => s.kind === "loop" && s.body.statements.includes(put));
  if (fill?.counter === undefined || fill.exit !== undefined || row.initial.kind !== "zerosLike") return undefined;
  const { counter, body } = fill;
  const { source } = row.initial;
  const copy = body.statements.find((s): s is Copy => s.kind === "copy" && s.result === source && s.from === undefined && s.to === undefined);
  const load = body.statements.find((s) => s.kind === "load" && s.result === copy?.of && s.key === counter.var);
  if (copy === undefined || load?.kind !== "load" || load.of.kind !== "var" || !goesThrough(counter.bound, statements)(counter)) return undefined;
  return measuredBy(statements).get(counter.bound) === load.of ? { of: load.of, copy, count: counter.bound } : undefined;
}

/** Whether a counter is each index of that many once, from the first on or from the last. */
function goesThrough(count: Atom, statements: readonly Statement[]): (counter: Counter) => boolean {
  const isLast = (a: Atom): boolean => statements.some((s) => s.kind === "let" && s.result === a && s.op === "-" && s.args[0] === count && isLiteral(s.args[1] ?? a, 1));
  return ({ start, test, bound, step }) => (step === 1 && isLiteral(start, 0) && test === "<" && bound === count) || (step === -1 && isLast(start) && test === ">=" && isLiteral(bound, 0));
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
