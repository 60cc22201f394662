import { isLiteral, zero } from "../ir/build.js";
import { allCells, effectsOf } from "../ir/effects.js";
import { Memory, reachable, type MemoryClass } from "../ir/memory.js";
import type { Allocate, Atom, Block, Counter, Fn, Statement, Var } from "../ir/model.js";
import { rewriteBlock } from "../ir/rewrite.js";
import { isFlat, sameType } from "../ir/types.js";
import { blocksOf, operands, statementsOf, uses } from "../ir/walk.js";
import { Lengths } from "./same-lengths.js";

/**
 * Zeros to which all of another list is added, before anything else is, are that list, where it is not used any more:
 *
 *     da = zeros like a; b = a.slice(); db = zeros like b; …; for (k …) da[k] += db[k]; return da
 *     becomes            b = a.slice(); db = zeros like b; …;                           return db
 *
 * Both are as long as each other, where no length is written, or as the copy was when it was made.
 */
export function takeFirstSummand(fn: Fn): Fn {
  const { statements } = fn.body;
  const zeros = new Map(statements.flatMap((s) => (isZeros(s) ? [[s.result, s] as const] : [])));
  if (zeros.size < 2) return fn;
  const memory = new Memory(reachable(fn));
  const lengths = new Lengths(fn, memory);
  for (const [k, s] of statements.entries()) {
    const sum = addedIn(s);
    if (sum === undefined || !zeros.has(sum.to) || !zeros.has(sum.from) || sum.to === sum.from) continue;
    const { to, from, counter, whole } = sum;
    if (!sameType(to.type, from.type) || (!whole && ![to, from].every((v) => lengths.areAll(counter, v)))) continue;
    const later = { ...fn.body, statements: statements.slice(k + 1) };
    if (statements.slice(0, k).some((before) => uses(before, to)) || isUsed([memory.classOf(from)], later, fn, memory)) continue;
    const rest = rewriteBlock(later, { atom: (a) => (a === to ? from : a) });
    const before = statements.slice(0, k).filter((b) => b !== zeros.get(to));
    return takeFirstSummand({ ...fn, body: { ...fn.body, statements: [...before, ...rest.statements], yields: rest.yields } });
  }
  return fn;
}

/** `for (…) { const t = from[k]; from[k] = 0; to[k] += t }`, or without the 0, which does nothing else. */
function addedIn(s: Statement): { readonly to: Var; readonly from: Var; readonly counter: Counter; readonly whole: boolean } | undefined {
  if (s.kind !== "loop" || s.counter === undefined || s.carried.length > 0 || s.exit !== undefined || !isLiteral(s.body.yields[0] ?? zero, 0)) return undefined;
  const { counter, body } = s;
  const [load, add, rest] = [body.statements[0], body.statements.at(-1), body.statements.slice(1, -1)];
  if (load?.kind !== "load" || add?.kind !== "accumulate" || load.key !== counter.var || add.key !== counter.var || add.value !== load.result || load.of.kind !== "var" || add.of.kind !== "var") return undefined;
  const isTaken = rest.every((t) => t.kind === "store" && t.of === load.of && t.key === counter.var);
  return isTaken ? { to: add.of, from: load.of, counter, whole: add.whole === true } : undefined;
}

/** Zeros in the shape of a list of numbers. */
export function isZeros(s: Statement): s is Allocate & { readonly initial: { readonly kind: "zerosLike"; readonly source: Var } } {
  return s.kind === "allocate" && s.initial.kind === "zerosLike" && s.initial.source.kind === "var" && isFlat(s.result.type) && s.result.type.nullable !== true;
}

/** What has its length from the first of a chain of whole copies and zeros, as long as no length in the chain is written. */
export function lengthsOf(fn: Fn, memory: Memory): (v: Var) => Var | undefined {
  const { writes } = effectsOf(fn.body.statements, memory);
  const made = new Map<Var, Atom>();
  for (const s of fn.body.statements) {
    if (isZeros(s)) made.set(s.result, s.initial.source);
    if (s.kind === "copy" && s.from === undefined && s.to === undefined) made.set(s.result, s.of);
  }
  const first = (v: Var): Var | undefined => {
    if (!isFlat(v.type) || v.type.nullable === true || writes.has(memory.classOf(v).cell("length"))) return undefined;
    const of = made.get(v);
    return of?.kind === "var" ? first(of) : v;
  };
  return first;
}

/** The lists that lengths are of. */
export function measuredBy(statements: readonly Statement[]): ReadonlyMap<Atom, Var> {
  const measured = new Map<Atom, Var>();
  for (const s of statements) if (s.kind === "load" && s.key.kind === "field" && s.key.name === "length" && s.of.kind === "var") measured.set(s.result, s.of);
  return measured;
}

/** `for (let k = 0; k < count; k++) to[k] += from[k]`, which does nothing else. */
export function sumOf(s: Statement): { readonly to: Var; readonly from: Var; readonly count: Atom; readonly whole: boolean } | undefined {
  if (s.kind !== "loop" || s.counter === undefined || s.carried.length > 0 || s.exit !== undefined) return undefined;
  const { var: at, start, test, bound: count, step } = s.counter;
  const [load, add, more] = s.body.statements;
  if (!isLiteral(start, 0) || test !== "<" || step !== 1 || load?.kind !== "load" || add?.kind !== "accumulate" || more !== undefined) return undefined;
  if (load.key !== at || add.key !== at || add.value !== load.result || load.of.kind !== "var" || add.of.kind !== "var") return undefined;
  return { to: add.of, from: load.of, count, whole: add.whole === true };
}

/** Whether memory is looked at later, by any name: within what is used there, or from outside. */
export function isUsed(own: readonly MemoryClass[], later: Block, fn: Fn, memory: Memory): boolean {
  const used = new Set<Atom>([...later.yields, ...statementsOf(later).flatMap((s) => [...operands(s), ...blocksOf(s).flatMap((b) => b.yields)])]);
  return [...used, ...fn.params, ...fn.captures, ...memory.outside].some((a) => allCells(a, memory).some((cell) => own.includes(cell)));
}
