import { variable, zero } from "../ir/build.js";
import { writesOwnMemory } from "../ir/effects.js";
import type { Atom, Call, Statement, Var } from "../ir/model.js";
import { isReference, real } from "../ir/types.js";
import { reverseCheckpoint, sweepCheckpoint } from "./mirror-checkpoint.js";
import { reverseCustom, sweepCustom } from "./custom.js";
import type { Frame } from "./frame.js";
import type { Reversal } from "./reversal.js";

// r = h(x, a)   becomes   [r, saved] = hForward(x, a, da)   and of constants   r = h(1), dr = zeros of its shape
export function sweepCall(s: Call, r: Reversal): Statement[] {
  if (!r.hasMirror([s])) return [s, ...s.results.filter((v) => r.isActiveReference(v)).map((v) => zerosOf(v, r))];
  if (s.callee.custom !== undefined) return sweepCustom(s, r);
  if (s.checkpoint === true) return sweepCheckpoint(s, r);
  const pair = r.pairOf(s.callee);
  const shadows = s.args.filter((a, i) => pair.active[i] && isReference(a.type)).map((a) => r.shadowOf(a));
  if (pair.saved === undefined) {
    r.saved.set(s, [...s.args, ...shadows].filter((_, i) => pair.takes[i] !== false));
    return [s];
  }
  const shared = s.results.filter((_, i) => pair.shares[i]).map((v) => r.bindShadow(v));
  const saved = variable("saved", pair.saved, s.origin);
  r.saved.set(s, [saved]);
  return [{ ...s, callee: pair.forward, args: [...s.args, ...shadows], results: [...s.results, ...shared, saved] }];
}

/** The shadow of what is made of constants, and chosen beside or written by what is differentiated. */
function zerosOf(made: Var, r: Reversal): Statement {
  return { kind: "allocate", result: r.bindShadow(made), initial: { kind: "zerosLike", source: made } };
}

// r = h(x, a)   becomes   dx += hPullback(saved, dr)   and where nothing is saved   dx += hPullback(x, a, da, dr)
export function reverseCall(s: Call, frame: Frame, r: Reversal): void {
  if (s.callee.custom !== undefined) return reverseCustom(s, s.callee.custom, frame, r);
  if (s.checkpoint === true) return reverseCheckpoint(s, frame, r);
  const saved = r.saved.get(s);
  if (saved === undefined) return;
  const pair = r.pairOf(s.callee);
  const adjoints = s.results.map((v) => frame.take(v));
  const touchesMemory = s.args.some((a, i) => pair.active[i] && isReference(a.type)) || pair.shares.includes(true);
  if (!touchesMemory && adjoints.every((a) => a === undefined)) return;
  const given: Atom[] = [];
  pair.gives.forEach((gives, i) => gives && given.push(adjoints[i]?.atom ?? { ...zero, type: real }));
  const takers = s.args.map((arg, i) => ({ arg, i })).filter(({ arg, i }) => pair.active[i] && !isReference(arg.type));
  const pullBack = (inner: Frame): void => {
    const results = takers.map(({ arg }) => variable(arg.kind === "var" ? r.naming.adjoint(arg) : "", real, inner.builder.origin));
    inner.builder.call(pair.pullback, [...saved, ...given], results);
    takers.forEach(({ arg }, k) => {
      const partial = results[k];
      if (partial && arg.kind === "var" && r.isActive(arg)) inner.add(arg, partial, true);
    });
  };
  const [adjoint, ...more] = adjoints;
  // if (dr !== 0) dx += hPullback(x, a, da, dr)   where nothing may have come of what h makes of elements that are not there
  const isIdle = adjoint?.unused === true && more.length === 0 && !pair.shares.includes(true) && r.missing(adjoint).has(s.results[0]) && writesOwnMemory(s.callee.fn());
  if (isIdle) frame.present(adjoint, true, pullBack);
  else pullBack(frame);
}
