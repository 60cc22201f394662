import type { Block, Fn, Loop, Statement, Var } from "../ir/model.js";
import { replaceStatements } from "../ir/rewrite.js";
import { blocksOf, operands, statementsOf, uses } from "../ir/walk.js";
import { isPlace } from "./by-turn.js";
import { lastRowsIn } from "./made-rows.js";
import type { Arrays } from "./own-arrays.js";

/**
 * What nobody reads any more is not written: the places of an array that a loop goes through once, and nothing after it.
 *
 *     for (let i = n - 1; i >= 0; i--) { const t = db[i]; db[i] = 0; da[i] += t }   becomes   … { da[i] += db[i] }
 */
export function withoutLastStores(fn: Fn, arrays: Arrays | undefined): Fn {
  const own = arrays?.own ?? new Set<Var>();
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

/** The store that is the last that a turn does with its own place of a list, where it has no other. */
function lastStore(loop: Loop, list: Var): Statement | undefined {
  const used = statementsOf(loop.body).filter((s) => operands(s).includes(list));
  const last = used.at(-1);
  if ((last?.kind !== "store" && last?.kind !== "accumulate") || !loop.body.statements.includes(last)) return undefined;
  return used.every((s) => isPlace(s) && s.key === loop.counter?.var) ? last : undefined;
}
