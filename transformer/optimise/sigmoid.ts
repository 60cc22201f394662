import { isLiteral } from "../ir/build.js";
import type { Atom, Fn, Let, Var } from "../ir/model.js";
import { rewriteBlock } from "../ir/rewrite.js";
import { statementsOf } from "../ir/walk.js";

/**
 * `1 / (1 + Math.exp(-x))`, in one expression or in steps, becomes the operation `sigmoid`. Its value has the same
 * bits; its derivative is that of one function, where the steps give NaN below -710.
 */
export function recogniseSigmoid(fn: Fn): Fn {
  const lets = new Map<Var, Let>();
  for (const s of statementsOf(fn.body)) if (s.kind === "let") lets.set(s.result, s);
  const made = (a: Atom | undefined, op: string): Let | undefined => {
    const s = a?.kind === "var" ? lets.get(a) : undefined;
    return s?.op === op ? s : undefined;
  };
  const argument = (s: Let): Atom | undefined => {
    const [top, bottom] = s.args;
    const sum = s.op === "/" && top !== undefined && isLiteral(top, 1) ? made(bottom, "+") : undefined;
    const [a, b] = sum?.args ?? [];
    const power = a !== undefined && isLiteral(a, 1) ? b : b !== undefined && isLiteral(b, 1) ? a : undefined;
    return made(made(power, "Math.exp")?.args[0], "neg")?.args[0];
  };
  const found = new Map<Var, Atom>();
  for (const s of lets.values()) {
    const x = argument(s);
    if (x !== undefined) found.set(s.result, x);
  }
  if (found.size === 0) return fn;
  const body = rewriteBlock(fn.body, {
    atom: (a) => a,
    statement: (s) => {
      const x = s.kind === "let" ? found.get(s.result) : undefined;
      return s.kind !== "let" || x === undefined ? [s] : [{ ...s, op: "sigmoid", args: [x] }];
    },
  });
  return { ...fn, body };
}
