import { Memory, reachable } from "../ir/memory.js";
import type { Atom, Block, Fn, Loop, Statement, Var } from "../ir/model.js";
import { replaceStatements } from "../ir/rewrite.js";
import { isFlat, isReference } from "../ir/types.js";
import { lastRowsIn } from "./made-rows.js";
import { blocksOf, bound, boundWithin, operands, statementsOf, uses } from "../ir/walk.js";

/**
 * What nobody reads any more is not written: the places of an array that a loop goes through once, and nothing after it.
 *
 *     for (let i = n - 1; i >= 0; i--) { const t = db[i]; db[i] = 0; da[i] += t }   becomes   … { da[i] += db[i] }
 */
export function withoutLastStores(fn: Fn): Fn {
  const memory = new Memory(reachable(fn));
  const own = ownArrays(fn, memory);
  const rows = lastRowsIn(fn);
  if (own.size === 0 && rows.size === 0) return fn;
  const gone = new Set<Statement>();
  const look = (block: Block): void => {
    const made = new Set(block.statements.flatMap((s) => ((s.kind === "allocate" && own.has(s.result)) || (s.kind === "load" && rows.has(s)) ? [s.result] : [])));
    block.statements.forEach((s, k) => {
      blocksOf(s).forEach(look);
      if (s.kind !== "loop" || s.counter === undefined || made.size === 0) return;
      for (const list of made) {
        const store = block.statements.slice(k + 1).some((later) => uses(later, list)) ? undefined : lastStore(s, list);
        if (store !== undefined) gone.add(store);
      }
    });
  };
  look(fn.body);
  if (gone.size === 0) return fn;
  return { ...fn, body: replaceStatements(fn.body, (s) => (gone.has(s) ? [] : [s])) };
}

/** Arrays of numbers that are made here and known by one name only. */
function ownArrays(fn: Fn, memory: Memory): ReadonlySet<Var> {
  const names = new Map<unknown, number>();
  const count = (v: Var): void => void (isReference(v.type) && names.set(memory.classOf(v), (names.get(memory.classOf(v)) ?? 0) + 1));
  const statements = statementsOf(fn.body);
  for (const s of statements) [...bound(s), ...boundWithin(s)].forEach(count);
  [...fn.params, ...fn.captures].forEach(count);
  const made = statements.flatMap((s) => (s.kind === "allocate" && isFlat(s.result.type) && names.get(memory.classOf(s.result)) === 1 ? [s.result] : []));
  const own = new Set<Atom>(made);
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

/** The store that is the last that a turn does with its own place of a list, where it has no other. */
function lastStore(loop: Loop, list: Var): Statement | undefined {
  const used = statementsOf(loop.body).filter((s) => operands(s).includes(list));
  const last = used.at(-1);
  if ((last?.kind !== "store" && last?.kind !== "accumulate") || !loop.body.statements.includes(last)) return undefined;
  return used.every((s) => (s.kind === "load" || s.kind === "store" || s.kind === "accumulate") && s.key === loop.counter?.var) ? last : undefined;
}
