import { sameAtom, sameKey } from "../ir/atoms.js";
import { isLiteral } from "../ir/build.js";
import { effectsOf } from "../ir/effects.js";
import type { Memory } from "../ir/memory.js";
import type { Accumulate, Block, Fn, Load, Statement, Store, Var } from "../ir/model.js";
import { blocksOf } from "../ir/walk.js";

/**
 * What the mirror takes out of a shadow and puts back is left where it is:
 *
 *     t = da[i]; da[i] = 0; …; da[i] += t   becomes   t = da[i]; …
 *
 * and so with t = da[i] ?? 0,
 *
 * as long as nothing between reads or overwrites the place. It is the mirror of `a[i] += e`. Where something else
 * arrives there first it is put there at once:
 *
 *     da[i] = 0; …; da[i] += 2 * t   becomes   …; da[i] = 2 * t
 *
 * but not where the 0 stands for new memory: 0 + x is 0 where x is -0.
 */
export function leaveInPlace(fn: Fn, memory: Memory): Fn {
  const block = (b: Block): Block => {
    const instead = new Map<Statement, readonly Statement[]>();
    b.statements.forEach((s, k) => {
      if (s.kind !== "store" || !isLiteral(s.value, 0)) return;
      const before = b.statements[k - 1];
      const isGuarded = before?.kind === "let" && before.op === "??";
      const load = isGuarded ? b.statements[k - 2] : before;
      const isTaken = load?.kind === "load" && isSamePlace(load, s) && (!isGuarded || before.args[0] === load.result);
      const back = isTaken ? putBack(b.statements, k + 1, s, isGuarded ? before.result : load.result, memory) : undefined;
      const first = back ?? (s.clears === true ? undefined : firstAddition(b.statements, k + 1, s, memory));
      if (first === undefined) return;
      instead.set(s, []);
      instead.set(first, back === undefined ? [{ ...first, kind: "store" }] : []);
    });
    const statements = b.statements.flatMap((s) => instead.get(s) ?? [inner(s)]);
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

/** The statement that first adds to a place that was set to 0, if nothing before it looks at the place. */
function firstAddition(statements: readonly Statement[], from: number, store: Store, memory: Memory): Accumulate | undefined {
  const cell = memory.cellOf(store.of, store.key);
  for (const s of statements.slice(from)) {
    if (s.kind === "accumulate" && isSamePlace(s, store)) return s;
    if (s.kind === "accumulate" && isElsewhere(s, store)) continue;
    const { reads, writes, impure } = effectsOf([s], memory);
    if (impure || cell === undefined || reads.has(cell) || writes.has(cell)) return undefined;
  }
  return undefined;
}

function isElsewhere(a: Accumulate, b: Store): boolean {
  return sameAtom(a.of, b.of) && a.key.kind === "literal" && b.key.kind === "literal" && a.key.value !== b.key.value;
}
