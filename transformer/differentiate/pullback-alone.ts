import { literal, region } from "../ir/build.js";
import { allCells, effectsOf } from "../ir/effects.js";
import { reachable } from "../ir/memory.js";
import type { Atom, Block, Fn, Var } from "../ir/model.js";
import { replaceStatements } from "../ir/rewrite.js";
import { real } from "../ir/types.js";
import { freeIn, statementsOf } from "../ir/walk.js";
import { halvesOf, type Split } from "./both-halves.js";
import type { Pair, Reversal } from "./reversal.js";
import { tidy } from "./save.js";

/** Whether none of the calls within a function is checkpointed. */
export function isPlain(fn: Fn): boolean {
  return reachable(fn).every((one) => [...statementsOf(one.body)].every((s) => s.kind !== "call" || s.checkpoint !== true));
}

// function h(t, x) { …; return s; }   and   function hPullback(t, x, dt, g) { … return dx; }
/**
 * The mirror as a function of what the function was given and of the adjoints of its results, so that nothing is recorded. Nothing where it
 * needs more, or writes to what the function was given, or where the forward sweep does anything to shadows.
 */
export function pullbackAlone(fn: Fn, pair: Pair, r: Reversal, { whole, shadows, adjoints, values }: Split): Fn | undefined {
  const { before, first, mirror, yields } = halvesOf(whole, values);
  const given = [...fn.params, ...shadows];
  const known = new Set<Atom>([...given, ...adjoints, ...fn.captures]);
  if (freeIn(mirror).some((v) => !known.has(v))) return undefined;
  const forward = tidy({ ...fn, params: given, body: { region: region(pair.forward.name), statements: [...before, ...first.statements], yields } });
  if (freeIn(forward.body).some((v) => shadows.includes(v))) return undefined;
  const pullback: Fn = {
    ...fn,
    name: pair.pullback.name,
    params: [...given, ...adjoints],
    body: { ...mirror, region: region(pair.pullback.name) },
    results: mirror.yields.map(() => real),
  };
  const memory = r.memoryOf(pullback);
  const { writes } = effectsOf(pullback.body.statements, memory);
  const isWritten = [...fn.params, ...fn.captures].some((p) => allCells(p, memory).some((cell) => writes.has(cell)));
  return isWritten ? undefined : tidy(pullback);
}

// function hPullback(x, n, g) { … hPullback(x * 2, n - 1, g) … }   becomes   function hPullback(n, g) { … hPullback(n - 1, g) … }
/** A pullback without what it takes for calls of itself alone. */
export function ofNeeded(pullback: Fn, pair: Pair): Fn {
  const given = pullback.params.slice(0, pullback.params.length - pair.gives.filter((gives) => gives).length);
  const needed = new Set<Var>(given.slice(pair.active.length));
  const isTaken = (i: number): boolean => given[i] === undefined || needed.has(given[i]);
  const callsWith = (body: Block, args: (of: readonly Atom[]) => readonly Atom[]): Block =>
    replaceStatements(body, (s) => [s.kind === "call" && s.callee === pair.pullback ? { ...s, args: args(s.args) } : s]);
  for (;;) {
    const made = tidy({ ...pullback, body: callsWith(pullback.body, (args) => args.map((a, i) => (isTaken(i) ? a : literal(undefined, a.type)))) });
    const found = freeIn(made.body).filter((v) => given.includes(v) && !needed.has(v));
    for (const v of found) needed.add(v);
    if (found.length > 0) continue;
    const taken = (args: readonly Atom[]): readonly Atom[] => args.filter((_, i) => isTaken(i));
    pair.takes.push(...given.map((v) => needed.has(v)));
    return { ...made, params: taken(made.params) as readonly Var[], body: callsWith(made.body, taken) };
  }
}
