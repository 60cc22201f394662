import type { Block, Statement } from "../ir/model.js";
import type { Frame } from "./frame.js";
import { fuse } from "./fuse.js";
import { mirror } from "./mirror.js";
import type { Reversal } from "./reversal.js";
import { sweep } from "./sweep.js";

/** A block under construction that holds both sweeps, a list of statements for each of the source's. */
export interface Joint {
  readonly source: readonly Statement[];
  readonly forward: Statement[][];
  readonly frame: Frame;
}

/**
 * Forward sweep and mirror in one block: names of the forward sweep are in scope in the mirror, nothing is saved.
 * What is already `done` is left out of the forward sweep. `begin` writes what the mirror begins with.
 */
export function joint(source: readonly Statement[], frame: Frame, r: Reversal, done: ReadonlySet<Statement> = new Set(), begin?: () => void): Statement[] {
  const forward = source.map((s) => without(done, sweep(s, r)));
  begin?.();
  const block: Joint = { source, forward, frame };
  r.joints.push(source);
  for (let k = source.length - 1; k >= 0; k--) {
    const s = source[k];
    if (s !== undefined && !fuse(s, k, block, r)) mirror(s, frame, r);
  }
  r.joints.pop();
  return [...forward.flat(), ...frame.builder.statements];
}

function without(done: ReadonlySet<Statement>, statements: readonly Statement[]): Statement[] {
  if (done.size === 0) return [...statements];
  const within = (block: Block): Block => ({ ...block, statements: without(done, block.statements) });
  return statements
    .filter((s) => !done.has(s))
    .map((s) => {
      if (s.kind === "if") return { ...s, then: within(s.then), else: within(s.else) };
      return s.kind === "loop" ? { ...s, body: within(s.body) } : s;
    });
}
