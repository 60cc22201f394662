import type { Atom, Block, Loop, Statement, Var } from "../ir/model.js";
import { blocksWithin, bound, operands } from "../ir/walk.js";

/**
 * Whether a carried value is a sum: every turn only adds to it (`s += …`, in branches and inner loops too) and reads
 * it for nothing else. Then its adjoint is the same in all turns.
 */
export function isSum(loop: Loop, index: number): boolean {
  const carried = loop.carried[index];
  const next = loop.body.yields[index + 1];
  if (carried === undefined || next === undefined) return false;
  const uses = usesIn(loop.body);
  const chain = new Map<Var, number>();
  if (!follow(next, carried.param, definitionsIn(loop.body), chain)) return false;
  return [...chain].every(([v, n]) => uses.get(v) === n);
}

type Definitions = ReadonlyMap<Var, Statement>;

/** Follows additions back from `value` to `start`, counting each name of the chain. */
function follow(value: Atom, start: Var, definitions: Definitions, chain: Map<Var, number>): boolean {
  if (value.kind === "literal") return false;
  const seen = chain.get(value);
  chain.set(value, (seen ?? 0) + 1);
  if (value === start) return true;
  if (seen !== undefined) return true;
  const s = definitions.get(value);
  if (s === undefined) return false;
  const [x, y] = s.kind === "let" ? s.args : [];
  if (s.kind === "let" && x && y) {
    if (s.op === "+" || s.op === "-") {
      const before = new Map(chain);
      if (follow(x, start, definitions, chain)) return true;
      restore(chain, before);
      return s.op === "+" && follow(y, start, definitions, chain);
    }
    return false;
  }
  if (s.kind === "if") {
    const i = s.results.indexOf(value);
    const [a, b] = [s.then.yields[i], s.else.yields[i]];
    return a !== undefined && b !== undefined && follow(a, start, definitions, chain) && follow(b, start, definitions, chain);
  }
  if (s.kind === "loop") {
    const i = s.carried.findIndex((c) => c.result === value);
    const c = s.carried[i];
    const next = s.body.yields[i + 1];
    return c !== undefined && next !== undefined && follow(next, c.param, definitions, chain) && follow(c.init, start, definitions, chain);
  }
  return false;
}

function restore(chain: Map<Var, number>, before: ReadonlyMap<Var, number>): void {
  chain.clear();
  for (const [v, n] of before) chain.set(v, n);
}

function definitionsIn(block: Block): Definitions {
  const definitions = new Map<Var, Statement>();
  for (const b of blocksWithin(block)) for (const s of b.statements) for (const v of bound(s)) definitions.set(v, s);
  return definitions;
}

/** How often each name is used in a block and those within. */
export function usesIn(block: Block): ReadonlyMap<Var, number> {
  const uses = new Map<Var, number>();
  const use = (a: Atom): void => void (a.kind === "var" && uses.set(a, (uses.get(a) ?? 0) + 1));
  for (const b of blocksWithin(block)) {
    for (const s of b.statements) operands(s).forEach(use);
    b.yields.forEach(use);
  }
  return uses;
}
