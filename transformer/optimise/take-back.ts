import { sameAtom } from "../ir/atoms.js";
import { isLiteral } from "../ir/build.js";
import { effectsOf } from "../ir/effects.js";
import type { Memory } from "../ir/memory.js";
import type { Accumulate, Block, Fn, Key, Load, Statement, Store, Var } from "../ir/model.js";
import { blocksOf } from "../ir/walk.js";

/**
 * What the mirror takes out of a shadow and puts back is left where it is:
 *
 *     t = da[i]; da[i] = 0; …; da[i] += t   becomes   t = da[i]; …
 *
 * and so with t = da[i] ?? 0,
 *
 * as long as nothing between reads or overwrites the place. It is the mirror of `a[i] += e`.
 */
export function leaveInPlace(fn: Fn, memory: Memory): Fn {
  const block = (b: Block): Block => {
    const gone = new Set<Statement>();
    b.statements.forEach((s, k) => {
      if (s.kind !== "store" || !isLiteral(s.value, 0)) return;
      const before = b.statements[k - 1];
      const isGuarded = before?.kind === "let" && before.op === "??";
      const load = isGuarded ? b.statements[k - 2] : before;
      if (load?.kind !== "load" || !isSamePlace(load, s) || (isGuarded && before.args[0] !== load.result)) return;
      const back = putBack(b.statements, k + 1, s, isGuarded ? before.result : load.result, memory);
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
function putBack(statements: readonly Statement[], from: number, store: Store, taken: Var, memory: Memory): Accumulate | undefined {
  const cell = memory.cellOf(store.of, store.key);
  for (const s of statements.slice(from)) {
    if (s.kind === "accumulate" && s.value === taken && isSamePlace(s, store)) return s;
    if (s.kind === "accumulate") continue;
    const { reads, writes, impure } = effectsOf([s], memory);
    if (impure || cell === undefined || reads.has(cell) || writes.has(cell) || (blocksOf(s).length > 0 && s.kind === "loop")) return undefined;
  }
  return undefined;
}
