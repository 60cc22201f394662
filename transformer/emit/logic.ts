import type { Literal, Var } from "../ir/model.js";
import { bool } from "../ir/types.js";
import { isField, literal, partsOf, substitute, withParts, type Expr } from "./tree.js";

const opposites: Readonly<Record<string, string>> = { "===": "!==", "!==": "===" };
const inverses: Readonly<Record<string, string>> = { "<": ">=", ">=": "<", ">": "<=", "<=": ">" };

/**
 * The opposite of a test. `a < b` is only turned round between integers: of numbers that may be NaN both
 * `a < b` and `a >= b` can be false.
 */
export function negated(e: Expr, isInteger: (e: Expr) => boolean): Expr {
  if (e.kind === "literal" && typeof e.value === "boolean") return literal(!e.value, bool);
  if (e.kind === "operation") {
    const [a, b] = e.args;
    if (e.op === "!" && a?.type.kind === "bool") return a;
    const opposite = opposites[e.op];
    if (opposite !== undefined) return { ...e, op: opposite };
    const inverse = inverses[e.op];
    if (inverse !== undefined && a !== undefined && b !== undefined && isInteger(a) && isInteger(b)) {
      return { ...e, op: inverse };
    }
  }
  return { kind: "operation", op: "!", args: [e], type: bool, origin: e.kind === "var" ? undefined : originOf(e) };
}

function originOf(e: Expr): import("../ir/model.js").Origin | undefined {
  return "origin" in e ? e.origin : undefined;
}

/** Whether an expression is a number other than NaN for certain. */
export function certainNumber(e: Expr, isCounter: (v: Var) => boolean): boolean {
  switch (e.kind) {
    case "literal":
      return typeof e.value === "number" && !Number.isNaN(e.value);
    case "var":
      return isCounter(e);
    case "read":
      return isField(e.key) && e.key.name === "length" && e.type.kind === "int";
    case "operation":
      return /^[-+]$/.test(e.op) && e.args.every((a) => certainNumber(a, isCounter));
    default:
      return false;
  }
}

export type Known = ReadonlyMap<Var, Expr>;

/** Puts in what is known, and takes the side of a choice whose test is decided by it. */
export function simplified(e: Expr, known: Known): Expr {
  if (known.size === 0) return e;
  return decide(substitute(e, (v) => known.get(v)));
}

function decide(e: Expr): Expr {
  if (e.kind === "literal" || e.kind === "var") return e;
  const parts = partsOf(e).map(decide);
  if (e.kind === "choice") {
    const [test, then, other] = parts;
    if (test?.kind === "literal") return (test.value === true ? then : other) ?? e;
  }
  if (e.kind === "operation") {
    const [a, b] = parts;
    if (a?.kind === "literal" && e.op === "!") return literal(a.value !== true, bool);
    if (a?.kind === "literal" && b?.kind === "literal") {
      if (e.op === "===") return literal(a.value === b.value, bool);
      if (e.op === "!==") return literal(a.value !== b.value, bool);
    }
  }
  return withParts(e, parts);
}

export function isNumber(e: Expr | undefined): e is Literal & { value: number } {
  return e?.kind === "literal" && typeof e.value === "number";
}
