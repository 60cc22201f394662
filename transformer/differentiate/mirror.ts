import { isLiteral, literal } from "../ir/build.js";
import type { Atom, If, Statement, Var } from "../ir/model.js";
import { reverseCall } from "./call.js";
import type { Frame } from "./frame.js";
import { mirrorLoop } from "./mirror-loop.js";
import { reverseAccumulate, reverseAllocate, reverseCopy, reverseLoad, reversePop, reversePush, reverseResize, reverseStore } from "./mirror-memory.js";
import { reverseLet } from "./pullback.js";
import { statusesOf, type Reversal } from "./reversal.js";

/** The mirror of one statement: what its results have received goes on to what it used. */
export function mirror(s: Statement, frame: Frame, r: Reversal): void {
  frame.from(s.origin);
  switch (s.kind) {
    case "let":
      return reverseLet(s, frame, r);
    case "load":
      return reverseLoad(s, frame, r);
    case "store":
      return reverseStore(s, frame, r);
    case "accumulate":
      return reverseAccumulate(s, frame, r);
    case "push":
      return reversePush(s, frame, r);
    case "pop":
      return reversePop(s, frame, r);
    case "resize":
      return reverseResize(s, frame, r);
    case "copy":
      return reverseCopy(s, frame, r);
    case "allocate":
      return reverseAllocate(s, frame, r);
    case "if":
      return mirrorIf(s, frame, r);
    case "loop":
      return mirrorLoop(s, frame, r);
    case "call":
      return reverseCall(s, frame, r);
    case "opaque":
    case "effect":
      return;
  }
}

export function mirrorAll(statements: readonly Statement[], frame: Frame, r: Reversal): void {
  for (const s of [...statements].reverse()) mirror(s, frame, r);
}

/** Hands what the results of a block have received on to the values that it yields. */
export function seed(results: readonly Var[], yields: readonly Atom[], from: Frame, to: Frame, r: Reversal): void {
  results.forEach((result, i) => {
    const value = yields[i];
    const adjoint = from.adjoints.get(result);
    if (adjoint && value?.kind === "var" && value.type.kind === "real" && r.isActive(value)) to.add(value, adjoint.atom, adjoint.absent, adjoint.unused);
  });
}

// if (c) { A } else { B }   becomes   if (c) { mirror of A } else { mirror of B }
function mirrorIf(s: If, frame: Frame, r: Reversal): void {
  const test = testOf(s, frame, r);
  const sides = [s.then, s.else].map((side) => {
    const inner = frame.within();
    seed(s.results, side.yields, frame, inner, r);
    mirrorAll(side.statements, inner, r);
    return inner;
  });
  s.results.forEach((result) => frame.take(result));
  const [then, otherwise] = sides as [Frame, Frame];
  frame.from(s.origin);
  frame.branch(test, [then, otherwise], [s.then.region, s.else.region]);
}

/** Which side was taken: known from the status with which the turn ended where that tells, else the same test. */
function testOf(s: If, frame: Frame, r: Reversal): Atom {
  for (const [i, result] of s.results.entries()) {
    const status = r.statuses.get(result);
    if (status === undefined) continue;
    for (const side of [s.then, s.else]) {
      const value = side.yields[i];
      if (value?.kind === "var") r.statuses.set(value, status);
    }
    const then = statusesOf(s.then.yields[i], s.then);
    const otherwise = statusesOf(s.else.yields[i], s.else);
    if (!then || !otherwise || [...then].some((k) => otherwise.has(k))) continue;
    if (isLiteral(status)) {
      if (then.has(0)) return literal(true);
      return otherwise.has(0) ? literal(false) : s.test;
    }
    const [k] = then;
    if (then.size === 1 && k !== undefined) return frame.builder.op("===", [status, literal(k)]);
    const [other] = otherwise;
    if (otherwise.size === 1 && other !== undefined) return frame.builder.op("!==", [status, literal(other)]);
  }
  return s.test;
}
