import type { Memory } from "../ir/memory.js";
import type { Fn, Var } from "../ir/model.js";
import { isFlat, isReference } from "../ir/types.js";
import { blocksOf, bound, boundWithin, operands, statementsOf } from "../ir/walk.js";

/** Arrays of numbers that are made here and known by one name only, of which elements are read and written and nothing else. */
export function ownArrays(fn: Fn, memory: Memory): ReadonlySet<Var> {
  const names = new Map<unknown, number>();
  const count = (v: Var): void => void (isReference(v.type) && names.set(memory.classOf(v), (names.get(memory.classOf(v)) ?? 0) + 1));
  const statements = statementsOf(fn.body);
  for (const s of statements) [...bound(s), ...boundWithin(s)].forEach(count);
  [...fn.params, ...fn.captures].forEach(count);
  const made = statements.flatMap((s) => (s.kind === "allocate" && isFlat(s.result.type) && names.get(memory.classOf(s.result)) === 1 ? [s.result] : []));
  const own = new Set<unknown>(made);
  // Whoever else gets it may read it.
  for (const s of statements) {
    operands(s).forEach((a, i) => {
      const isPlace = i === 0 && (s.kind === "load" || s.kind === "store" || s.kind === "accumulate" || s.kind === "push" || s.kind === "pop");
      if (!isPlace) own.delete(a);
    });
    blocksOf(s).forEach((b) => {
      b.yields.forEach((y) => own.delete(y));
    });
  }
  fn.body.yields.forEach((y) => own.delete(y));
  return new Set(made.filter((v) => own.has(v)));
}
