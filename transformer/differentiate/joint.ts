import type { Statement } from "../ir/model.js";
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
 * `keeps` leaves out of the forward sweep what has been done before.
 */
export function joint(
  source: readonly Statement[],
  frame: Frame,
  r: Reversal,
  keeps: (s: Statement) => boolean = () => true,
): Statement[] {
  const kept = (list: readonly Statement[]): Statement[] => list.filter(keeps).map((s) => thin(s, keeps));
  const forward = source.map((s) => kept([s]).flatMap((t) => sweep(t, r)));
  const block: Joint = { source, forward, frame };
  r.joints.push(source);
  for (let k = source.length - 1; k >= 0; k--) {
    const s = source[k];
    if (s !== undefined && !fuse(s, k, block, r)) mirror(s, frame, r);
  }
  r.joints.pop();
  return [...forward.flat(), ...frame.builder.statements];
}

function thin(s: Statement, keeps: (s: Statement) => boolean): Statement {
  const inner = (list: readonly Statement[]): Statement[] => list.filter(keeps).map((t) => thin(t, keeps));
  if (s.kind === "if") {
    return { ...s, then: { ...s.then, statements: inner(s.then.statements) }, else: { ...s.else, statements: inner(s.else.statements) } };
  }
  return s.kind === "loop" ? { ...s, body: { ...s.body, statements: inner(s.body.statements) } } : s;
}
