import type { Block, Loop, Statement } from "../ir/model.js";
import { blocksOf } from "../ir/walk.js";
import type { Reversal } from "./reversal.js";

/** A loop has a mirror if its body has, or if it replaces an active value by another. */
export function isMirrored(loop: Loop, r: Reversal): boolean {
  return r.hasMirror(loop.body.statements) || loop.carried.some((c) => r.isActive(c.param));
}

/**
 * Whether the turn that leaves a loop has something to mirror. It has nothing where all that comes before the exits
 * is values, and every exit hands on the carried values as they were when the turn began: then only completed turns
 * are mirrored, and no test of an exit is asked again.
 */
export function exitHasMirror(loop: Loop, r: Reversal): boolean {
  const active = loop.carried.map((c, i) => ({ param: c.param, i: i + 1 })).filter(({ param }) => r.isActive(param));
  return !leavesClean(loop.body, 0, active, r);
}

interface Slot {
  readonly param: unknown;
  readonly i: number;
}

function leavesClean(block: Block, statusAt: number, active: readonly Slot[], r: Reversal): boolean {
  const status = block.yields[statusAt];
  if (status === undefined) return false;
  if (status.kind === "literal") {
    if (status.value === 0) return true;
    return block.statements.every((s) => isValue(s, r)) && active.every(({ param, i }) => block.yields[i] === param);
  }
  const k = block.statements.findIndex((s) => s.kind === "if" && s.results.includes(status));
  const exit = block.statements[k];
  // Only values may come before the exit, and nothing after it: a save made there stays balanced.
  if (exit?.kind !== "if" || k !== block.statements.length - 1) return false;
  if (!block.statements.slice(0, k).every((s) => isValue(s, r))) return false;
  // What the branch gives must be what the block hands on, each in its place.
  const at = (atom: unknown): number => exit.results.indexOf(atom as (typeof exit.results)[number]);
  const slots: Slot[] = [];
  for (const { param, i } of active) {
    const yielded = block.yields[i];
    const j = at(yielded);
    if (j < 0) {
      if (yielded !== param) return false;
    } else slots.push({ param, i: j });
  }
  return [exit.then, exit.else].every((side) => leavesClean(side, at(status), slots, r));
}

/** `i < n && k > 0` too: a branch that only decides, and has nothing to mirror. */
function isValue(s: Statement, r: Reversal): boolean {
  if (s.kind === "if") return !r.hasMirror([s]) && blocksOf(s).every((side) => side.statements.every((t) => isValue(t, r)));
  return s.kind === "let" || s.kind === "load" || (s.kind === "opaque" && s.result !== undefined);
}
