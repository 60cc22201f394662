import type { Fn, Statement } from "../ir/model.js";
import { statementsOf } from "../ir/walk.js";
import { removeDead } from "./dead.js";
import { fold } from "./fold.js";

/**
 * Once nothing is differentiated any more, a surrogate and what was held constant are their values, and what had a
 * surrogate's derivative goes.
 */
export function settled(fn: Fn): Fn {
  if (![...statementsOf(fn.body)].some(isMark)) return fn;
  const block = (b: Fn["body"]): Fn["body"] => ({ ...b, statements: b.statements.map(statement) });
  const statement = (s: Statement): Statement => {
    if (s.kind === "if") return { ...s, then: block(s.then), else: block(s.else) };
    if (s.kind === "loop") return { ...s, body: block(s.body) };
    return isMark(s) ? { ...s, op: "identity", args: s.args.slice(0, 1) } : s;
  };
  return removeDead(fold({ ...fn, body: block(fn.body) }));
}

function isMark(s: Statement): s is Extract<Statement, { kind: "let" }> {
  return s.kind === "let" && (s.op === "surrogate" || s.op === "stopGradient");
}
