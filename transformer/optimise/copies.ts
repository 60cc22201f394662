import { effectsOf, shapeCells } from "../ir/effects.js";
import type { Memory } from "../ir/memory.js";
import type { Allocate, Atom, Block, Copy, Fn, Statement, Var } from "../ir/model.js";
import { rewriteBlock } from "../ir/rewrite.js";
import { isFlat, sameType } from "../ir/types.js";
import { blocksOf, operands, statementsOf, uses } from "../ir/walk.js";

/**
 * A copy that is only read, while what it was made of stays as it is, is not made; and no zeros are that only others are
 * made like:
 *
 *     c = a.slice(); … c[i] …                       becomes   … a[i] …
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

function onlyReadIn(fn: Fn): ReadonlySet<Var> {
  const found = new Map<Var, Statement>();
  const statements = statementsOf(fn.body);
  for (const s of statements) {
    const made = madeOf(s);
    if (made !== undefined) found.set(made.result, s);
  }
  const names = new Set(found.keys());
  if (found.size === 0) return names;
  const reject = (a: Atom): void => void (a.kind === "var" && names.delete(a));
  for (const s of statements) {
    const [first] = operands(s);
    const isOfCopy = first?.kind === "var" && found.get(first)?.kind === "copy";
    const reads = isZeros(s) || (isOfCopy && (s.kind === "load" || s.kind === "copy"));
    operands(s).forEach((a, i) => {
      if (!(reads && i === 0)) reject(a);
    });
    for (const block of blocksOf(s)) block.yields.forEach(reject);
  }
  fn.body.yields.forEach(reject);
  return names;
}

/** All of an array of numbers, in the same kind of array. */
function isWhole({ of, result, from, to }: Copy): boolean {
  if (from !== undefined || to !== undefined || of.kind !== "var" || of.type.nullable) return false;
  return isFlat(of.type) && sameType(of.type, result.type);
}

/** Whether what is copied is not written as long as the copy is in use, nor what is measured made longer or shorter. */
function isLeftAlone({ of, result }: Made, made: Statement, later: readonly Statement[], memory: Memory): boolean {
  const last = later.findLastIndex((s) => uses(s, result));
  const { writes } = effectsOf(later.slice(0, last + 1), memory);
  const looked = made.kind === "copy" ? ["[]", "length"].map((name) => memory.classOf(of).cell(name)) : shapeCells(of, memory);
  return !looked.some((cell) => writes.has(cell));
}
