import { isWhole } from "../ir/atoms.js";
import type { Atom, Let, Statement } from "../ir/model.js";

/** Names of whole numbers that are never below 0: lengths, a number more or, down to 0, less than these, and the whole parts of their parts. */
export function countsIn(statements: readonly Statement[]): ReadonlySet<Atom> {
  const counts = new Set<Atom>();
  const differences = new Set<Atom>();
  const parts = new Set<Atom>();
  for (const s of statements) {
    if (isLength(s)) counts.add(s.result);
    if (s.kind !== "let") continue;
    const [first, second] = s.args;
    if (isPart(s, counts)) parts.add(s.result);
    if (s.op === "Math.trunc" && first !== undefined && parts.has(first)) counts.add(s.result);
    if (first === undefined || second === undefined || !isCount(second, counts)) continue;
    const isFirst = isCount(first, counts);
    if (s.op === "-" && isFirst) differences.add(s.result);
    if (isFirst ? s.op === "+" || s.op === "Math.min" : s.op === "Math.max" && differences.has(first)) counts.add(s.result);
  }
  return counts;
}

/** Whether a number is one of these, or is written in the source. */
export function isCount(a: Atom, counts: ReadonlySet<Atom>): boolean {
  return counts.has(a) || (isWhole(a) && Number(a.value) >= 0);
}

/** A half of a length, or another part of it. */
export function isPart(s: Statement, counts: ReadonlySet<Atom>): s is Let {
  if (s.kind !== "let" || s.op !== "/") return false;
  const [whole, by] = s.args;
  return whole !== undefined && counts.has(whole) && by?.kind === "literal" && Number(by.value) >= 1;
}

/** `a.length` of an array. */
export function isLength(s: Statement): s is Extract<Statement, { kind: "load" }> {
  return s.kind === "load" && s.key.kind === "field" && s.key.name === "length" && (s.of.type.kind === "array" || s.of.type.kind === "typed");
}
