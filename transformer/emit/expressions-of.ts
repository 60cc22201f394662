import type { Atom, Statement } from "../ir/model.js";
import { int } from "../ir/types.js";
import type { Expr } from "./tree.js";

/** The expression that a statement with one value is, with `take` for its operands in the order of evaluation. */
export function asExpression(s: Statement, take: (a: Atom) => Expr): Expr {
  const { origin } = s;
  switch (s.kind) {
    case "let": {
      const args = s.args.map(take);
      const [test, then, other] = args;
      // 1 * x, in backward code alone: what the source computes stays as it is.
      if (s.op === "*" && origin?.reverse === true && test !== undefined && then !== undefined) {
        if (isOne(test)) return then;
        if (isOne(then)) return test;
      }
      if (s.op === "?:" && test !== undefined && then !== undefined && other !== undefined) {
        return { kind: "choice", test, then, else: other, type: s.result.type, origin };
      }
      // What is undefined for certain, or certainly not, needs no ??.
      if (s.op === "??" && test?.kind === "literal" && then !== undefined) return test.value === undefined ? then : test;
      return { kind: "operation", op: s.op, args, type: s.result.type, origin };
    }
    case "load": {
      const of = take(s.of);
      const key = s.key.kind === "field" ? s.key : take(s.key);
      return { kind: "read", of, key, reads: { of: s.of, key: s.key }, type: s.result.type, origin };
    }
    case "copy": {
      const of = take(s.of);
      const from = s.from && take(s.from);
      const to = s.to && take(s.to);
      return { kind: "duplicate", of, from, to, depth: s.depth, reads: { of: s.of, depth: s.depth }, type: s.result.type, origin };
    }
    case "pop": {
      const writes = { of: s.of, grows: true };
      return { kind: "popped", of: take(s.of), writes, type: s.result.type, origin };
    }
    case "allocate": {
      const { initial } = s;
      const { type } = s.result;
      switch (initial.kind) {
        case "fill": {
          const args = [take(initial.length)];
          return { kind: "fresh", initial: "fill", args, value: take(initial.value), type, origin };
        }
        case "elements":
          return { kind: "fresh", initial: "elements", args: initial.elements.map(take), type, origin };
        case "zerosLike":
          return { kind: "fresh", initial: "zerosLike", args: [take(initial.source)], type, origin };
      }
      break;
    }
    case "call":
      return {
        kind: "invocation",
        callee: s.callee,
        later: s.later,
        args: s.args.map(take),
        type: s.results[0]?.type ?? int,
        origin,
      };
    case "opaque":
      return {
        kind: "source",
        pure: s.pure === true,
        text: s.text,
        args: s.args.map(take),
        type: s.result?.type ?? int,
        origin,
      };
  }
  throw new Error(`a ${s.kind} is no expression`);
}

function isOne(e: Expr): boolean {
  return e.kind === "literal" && e.value === 1 && e.text === undefined;
}
