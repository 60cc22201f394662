import { areEqual } from "../ir/atoms.js";
import type { Literal, Origin, Var } from "../ir/model.js";
import { bool } from "../ir/types.js";
import { isField, literal, type Choice, partsOf, substitute, withParts, type Expr } from "./tree.js";

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
    // Only tests are negated: what counts is whether it is true, not that it is a boolean.
    if (e.op === "!" && a !== undefined) return a;
    const opposite = opposites[e.op];
    if (opposite !== undefined) return { ...e, op: opposite };
    const inverse = inverses[e.op];
    if (inverse !== undefined && a !== undefined && b !== undefined && isInteger(a) && isInteger(b)) {
      return { ...e, op: inverse };
    }
  }
  return { kind: "operation", op: "!", args: [e], type: bool, origin: e.kind === "var" ? undefined : originOf(e) };
}

function originOf(e: Expr): Origin | undefined {
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

/** What is known on one side of a test. */
export function passed(test: Expr, holds: boolean): Known {
  const [negated] = test.kind === "operation" && test.op === "!" ? test.args : [];
  if (negated !== undefined) return passed(negated, !holds);
  return test.kind === "var" && test.type.kind === "bool" ? new Map([[test, literal(holds, bool)]]) : new Map();
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
      if (e.op === "===") return literal(areEqual(a, b), bool);
      if (e.op === "!==") return literal(!areEqual(a, b), bool);
    }
    if (a?.kind === "choice" && b?.kind === "literal") return compared(e.op, a, b) ?? withParts(e, parts);
  }
  return withParts(e, parts);
}

// (c ? 1 : 0) === 1   is   c
function compared(op: string, { test, then, else: other }: Choice, to: Literal): Expr | undefined {
  if (then.kind !== "literal" || other.kind !== "literal" || (op !== "===" && op !== "!==")) return undefined;
  const [first, second] = [then, other].map((side) => areEqual(side, to) === (op === "==="));
  if (first === second) return literal(first === true, bool);
  return first ? test : { kind: "operation", op: "!", args: [test], type: bool };
}

/** A test without needless negations: `!!x` is as true as `x`, and in backward code `-x !== 0` as `x !== 0`. */
export function asTest(e: Expr): Expr {
  const [a, b] = e.kind === "operation" && /^[!=]==$/.test(e.op) ? e.args : [];
  if (e.kind === "operation" && a?.kind === "operation" && a.op === "neg" && a.origin?.reverse === true && b?.kind === "literal" && b.value === 0) return withParts(e, [...a.args, b]);
  const [inner] = e.kind === "operation" && e.op === "!" ? e.args : [];
  const [twice] = inner?.kind === "operation" && inner.op === "!" ? inner.args : [];
  return twice === undefined ? e : asTest(twice);
}

export function isNumber(e: Expr | undefined): e is Literal & { value: number } {
  return e?.kind === "literal" && typeof e.value === "number";
}
