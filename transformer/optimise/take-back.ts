import { sameAtom } from "../ir/atoms.js";
import { isLiteral } from "../ir/build.js";
import { effectsOf } from "../ir/effects.js";
import type { Memory } from "../ir/memory.js";
import type { Accumulate, Block, Fn, Key, Load, Statement, Store } from "../ir/model.js";
import { blocksOf } from "../ir/walk.js";

/**
 * What the mirror takes out of a shadow and puts back is left where it is:
 *
 *     t = da[i]; da[i] = 0; …; da[i] += t   becomes   t = da[i]; …
 *
 * as long as nothing between reads or overwrites the place. It is the mirror of `a[i] += e`.
 */
export function leaveInPlace(fn: Fn, memory: Memory): Fn {
  const block = (b: Block): Block => {
    const gone = new Set<Statement>();
    b.statements.forEach((s, k) => {
      const load = s.kind === "store" && isLiteral(s.value, 0) ? b.statements[k - 1] : undefined;
      if (s.kind !== "store" || load?.kind !== "load" || !isSamePlace(load, s)) return;
      const back = putBack(b.statements, k + 1, s, load, memory);
      if (back === undefined) return;
      gone.add(s);
      gone.add(back);
    });
    const statements = b.statements.filter((s) => !gone.has(s)).map(inner);
    return { ...b, statements };
  };
  const inner = (s: Statement): Statement => {
    if (s.kind === "if") return { ...s, then: block(s.then), else: block(s.else) };
    return s.kind === "loop" ? { ...s, body: block(s.body) } : s;
  };
  return { ...fn, body: block(fn.body) };
}

function isSamePlace(a: Load | Store | Accumulate, b: Load | Store | Accumulate): boolean {
  return sameAtom(a.of, b.of) && sameKey(a.key, b.key);
}
function sameKey(a: Key, b: Key): boolean {
  return a.kind === "field" || b.kind === "field" ? a.kind === "field" && b.kind === "field" && a.name === b.name : sameAtom(a, b);
}

/** The statement that adds the value again, if all that stands before it only adds to the place or leaves it alone. */
function putBack(statements: readonly Statement[], from: number, store: Store, load: Load, memory: Memory): Accumulate | undefined {
  const cell = memory.cellOf(store.of, store.key);
  for (const s of statements.slice(from)) {
    if (s.kind === "accumulate" && s.value === load.result && isSamePlace(s, store)) return s;
    if (s.kind === "accumulate") continue;
    const { reads, writes, impure } = effectsOf([s], memory);
    if (impure || cell === undefined || reads.has(cell) || writes.has(cell) || (blocksOf(s).length > 0 && s.kind === "loop")) return undefined;
  }
  return undefined;
}
