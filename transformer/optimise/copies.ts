import { effectsOf } from "../ir/effects.js";
import type { Memory } from "../ir/memory.js";
import type { Atom, Block, Copy, Fn, Statement, Var } from "../ir/model.js";
import { rewriteBlock } from "../ir/rewrite.js";
import { isReference, sameType } from "../ir/types.js";
import { blocksOf, operands, statementsOf, uses } from "../ir/walk.js";

/**
 * A copy that is only read, while what it was made of stays as it is, is not made:
 *
 *     c = a.slice(); … c[i] …   becomes   … a[i] …
 */
export function readInPlace(fn: Fn, memory: Memory): Fn {
  const onlyRead = copiesOnlyRead(fn);
  if (onlyRead.size === 0) return fn;
  const names = new Map<Var, Atom>();
  const look = (block: Block): void => {
    block.statements.forEach((s, k) => {
      if (s.kind === "copy" && onlyRead.has(s.result) && isLeftAlone(s, block.statements.slice(k + 1), memory)) names.set(s.result, s.of);
      for (const inner of blocksOf(s)) look(inner);
    });
  };
  look(fn.body);
  if (names.size === 0) return fn;
  const source = (a: Atom): Atom => {
    const of = a.kind === "var" ? names.get(a) : undefined;
    return of === undefined ? a : source(of);
  };
  return { ...fn, body: rewriteBlock(fn.body, { atom: source, statement: (s) => (s.kind === "copy" && names.has(s.result) ? [] : [s]) }) };
}

function copiesOnlyRead(fn: Fn): ReadonlySet<Var> {
  const found = new Set<Var>();
  const statements = statementsOf(fn.body);
  for (const s of statements) if (s.kind === "copy" && isWhole(s)) found.add(s.result);
  if (found.size === 0) return found;
  const reject = (a: Atom): void => void (a.kind === "var" && found.delete(a));
  for (const s of statements) {
    const reads = s.kind === "load" || s.kind === "copy" || (s.kind === "allocate" && s.initial.kind === "zerosLike");
    operands(s).forEach((a, i) => {
      if (!(reads && i === 0)) reject(a);
    });
    for (const block of blocksOf(s)) block.yields.forEach(reject);
  }
  fn.body.yields.forEach(reject);
  return found;
}

/** All of an array of numbers, in the same kind of array. */
function isWhole({ of, result, from, to }: Copy): boolean {
  if (from !== undefined || to !== undefined || of.kind !== "var" || of.type.nullable) return false;
  if (of.type.kind === "array" ? isReference(of.type.element) : of.type.kind !== "typed") return false;
  return sameType(of.type, result.type);
}

/** Whether what is copied is not written as long as the copy is in use. */
function isLeftAlone({ of, result }: Copy, later: readonly Statement[], memory: Memory): boolean {
  if (of.kind !== "var") return false;
  const last = later.findLastIndex((s) => uses(s, result));
  const { writes } = effectsOf(later.slice(0, last + 1), memory);
  const copied = memory.classOf(of);
  return !writes.has(copied.cell("[]")) && !writes.has(copied.cell("length"));
}
