import { madeIn } from "../ir/effects.js";
import { Memory, reachable } from "../ir/memory.js";
import type { Atom, Block, Fn, Var } from "../ir/model.js";
import { isFlat, isReference } from "../ir/types.js";
import { blocksOf, bound, boundWithin, operands, statementsOf } from "../ir/walk.js";
import { OwnObjects } from "./own-objects.js";
import { Lengths } from "./same-lengths.js";

/** What is known of the arrays of a function, as long as it stays as it is. */
export interface Arrays {
  readonly memory: Memory;
  /** Arrays of numbers that are made here and known by one name only, of which elements are read and written and nothing else. */
  readonly own: ReadonlySet<Var>;
  /** The same of lists of rows and objects. */
  readonly lists: ReadonlySet<Var>;
  readonly made: ReadonlySet<Atom>;
  readonly lengths: Lengths;
  readonly objects: () => OwnObjects;
}

/** Nothing where no array is the function's own. Its arguments may be the same memory. */
export function arraysOf(fn: Fn): Arrays | undefined {
  const lists = elementsOnly(fn.body, statementsOf(fn.body).flatMap((s) => (s.kind === "allocate" && s.result.type.kind !== "record" ? [s.result] : [])));
  if (lists.size === 0) return undefined;
  const memory = new Memory(reachable(fn), [...fn.params, ...fn.captures]);
  const names = new Map<unknown, number>();
  const count = (v: Var): void => void (isReference(v.type) && names.set(memory.classOf(v), (names.get(memory.classOf(v)) ?? 0) + 1));
  for (const s of statementsOf(fn.body)) [...bound(s), ...boundWithin(s)].forEach(count);
  [...fn.params, ...fn.captures].forEach(count);
  const alone = [...lists].filter((v) => names.get(memory.classOf(v)) === 1);
  if (alone.length === 0) return undefined;
  const own = new Set(alone.filter(({ type }) => isFlat(type)));
  let objects: OwnObjects | undefined;
  return { memory, own, lists: new Set(alone.filter((v) => !own.has(v))), made: madeIn(fn.body), lengths: new Lengths(fn, memory), objects: () => (objects ??= new OwnObjects(fn, memory)) };
}

/** The arrays among these whose names are used for their elements alone: whoever else gets one may read it. */
export function elementsOnly(body: Block, arrays: readonly Var[]): ReadonlySet<Var> {
  const found = new Set<Atom>(arrays);
  if (found.size === 0) return new Set();
  for (const s of statementsOf(body)) {
    operands(s).forEach((a, i) => {
      const isElement = i === 0 && (s.kind === "load" || s.kind === "store" || s.kind === "accumulate" || s.kind === "push" || s.kind === "pop");
      if (!isElement) found.delete(a);
    });
    for (const b of blocksOf(s)) b.yields.forEach((y) => found.delete(y));
  }
  body.yields.forEach((y) => found.delete(y));
  return new Set(arrays.filter((v) => found.has(v)));
}
