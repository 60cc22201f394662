import { allCells, effectsOf, overwrittenBy, shapeCells } from "../ir/effects.js";
import { Memory, reachable } from "../ir/memory.js";
import type { Allocate, Atom, Block, Call, Copy, Fn, Statement, Var } from "../ir/model.js";
import { rewriteBlock } from "../ir/rewrite.js";
import { isFlat, isReference, sameType } from "../ir/types.js";
import { blocksOf, operands, statementsOf, uses } from "../ir/walk.js";

/**
 * A copy that is only read, while what it was made of stays as it is, is not made; and no zeros are that only others are
 * made like:
 *
 *     c = a.slice(); … c[i] …                       becomes   … a[i] …
 *     c = a.map((row) => row.slice()); … c[i].length … becomes … a[i].length …
 *     z = zeros like a; dz = zeros like z           becomes   dz = zeros like a
 */
export function readInPlace(fn: Fn, memory: Memory): Fn {
  const onlyRead = onlyReadIn(fn);
  if (onlyRead.size === 0) return fn;
  const names = new Map<Var, Atom>();
  const look = (block: Block): void => {
    block.statements.forEach((s, k) => {
      const made = madeOf(s);
      if (made !== undefined && onlyRead.has(made.result) && isLeftAlone(made, s, block.statements.slice(k + 1), memory)) names.set(made.result, made.of);
      for (const inner of blocksOf(s)) look(inner);
    });
  };
  look(fn.body);
  if (names.size === 0) return fn;
  const source = (a: Atom): Atom => {
    const of = a.kind === "var" ? names.get(a) : undefined;
    return of === undefined ? a : source(of);
  };
  const isMade = (s: Statement): boolean => !names.has(madeOf(s)?.result as Var);
  return { ...fn, body: rewriteBlock(fn.body, { atom: source, statement: (s) => (isMade(s) ? [s] : []) }) };
}

interface Made {
  readonly result: Var;
  /** What it has its elements of, or its shape. */
  readonly of: Var;
}

/** A copy of a whole array, or zeros. */
function madeOf(s: Statement): Made | undefined {
  if (s.kind === "copy") return isWhole(s) && s.of.kind === "var" ? { result: s.result, of: s.of } : undefined;
  const source = isZeros(s) ? s.initial.source : undefined;
  return isZeros(s) && source?.kind === "var" && source.type.nullable !== true ? { result: s.result, of: source } : undefined;
}

function isZeros(s: Statement): s is Allocate & { readonly initial: { readonly kind: "zerosLike"; readonly source: Atom } } {
  return s.kind === "allocate" && s.initial.kind === "zerosLike";
}

/** Copies, and zeros, that are only read. */
export function onlyReadIn(fn: Fn): ReadonlySet<Var> {
  const found = new Map<Var, Statement>();
  const statements = statementsOf(fn.body);
  for (const s of statements) {
    const made = madeOf(s);
    if (made !== undefined) found.set(made.result, s);
  }
  const names = new Set(found.keys());
  if (found.size === 0) return names;
  const reject = (a: Atom): void => void (a.kind === "var" && names.delete(a));
  const measured = measuredIn(fn, statements);
  for (const s of statements) {
    const made = madeOf(s);
    if (made !== undefined && !isFlat(made.of.type) && s.kind === "copy" && !measured(made.result)) names.delete(made.result);
  }
  for (const s of statements) {
    const [first] = operands(s);
    const isOfCopy = first?.kind === "var" && found.get(first)?.kind === "copy";
    const reads = isZeros(s) || (isOfCopy && (s.kind === "load" || s.kind === "copy"));
    // Text that only reads, and gives nothing of what it reads: the order of a sorted list.
    const isText = s.kind === "opaque" && s.readsOnly === true && s.fresh === true;
    operands(s).forEach((a, i) => {
      const isOfText = isText && a.kind === "var" && found.get(a)?.kind === "copy";
      const isRead = isOfText || (reads && i === 0) || (s.kind === "call" && a.kind === "var" && found.get(a)?.kind === "copy" && isReadBy(s, i));
      if (!isRead) reject(a);
    });
    for (const block of blocksOf(s)) block.yields.forEach(reject);
  }
  fn.body.yields.forEach(reject);
  return names;
}

/** Whether a function that is called does no more with an array of numbers than to read it: it gives numbers, and holds nothing. */
function isReadBy({ callee, results, later }: Call, i: number): boolean {
  const fn = callee.fn();
  const param = fn.params[i];
  if (param === undefined || !isFlat(param.type) || later !== undefined || results.some((r) => isReference(r.type) || r.type.kind === "opaque")) return false;
  const memory = new Memory(reachable(fn));
  const own = memory.classOf(param);
  const isHeld = [...fn.params, ...fn.captures, ...memory.outside].some((other) => other !== param && allCells(other, memory).includes(own));
  return !isHeld && !overwrittenBy(fn)(param);
}

/** Whether of memory, and of what it holds, nothing is looked at but its length. */
function measuredIn(fn: Fn, statements: readonly Statement[]): (v: Var) => boolean {
  const yielded = new Set<Atom>([fn.body.yields, ...statements.flatMap((s) => blocksOf(s).map((block) => block.yields))].flat());
  const isMeasured = (v: Var): boolean =>
    !yielded.has(v) &&
    statements.every((s) => {
      if (!operands(s).includes(v)) return true;
      if (isZeros(s)) return true;
      if (s.kind !== "load" || s.of !== v) return false;
      return (s.key.kind === "field" && s.key.name === "length" && v.type.kind !== "record") || (isReference(s.result.type) && isMeasured(s.result));
    });
  return isMeasured;
}

/** All of an array, in the same kind of array. */
function isWhole({ of, result, from, to }: Copy): boolean {
  if (from !== undefined || to !== undefined || of.kind !== "var" || of.type.nullable) return false;
  return sameType(of.type, result.type);
}

/** Whether what is copied is not written as long as the copy is in use, nor what is measured made longer or shorter. */
function isLeftAlone({ of, result }: Made, made: Statement, later: readonly Statement[], memory: Memory): boolean {
  // What is loaded out of a copy of nested arrays may be in use for longer.
  const last = isFlat(of.type) ? later.findLastIndex((s) => uses(s, result)) : later.length - 1;
  const { writes } = effectsOf(later.slice(0, last + 1), memory);
  const looked = made.kind === "copy" && isFlat(of.type) ? ["[]", "length"].map((name) => memory.classOf(of).cell(name)) : shapeCells(of, memory);
  return !looked.some((cell) => writes.has(cell));
}
