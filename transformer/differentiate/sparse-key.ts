import { Builder, field, lengthField, literal, region, variable } from "../ir/build.js";
import type { Atom, Fn, Statement, Var } from "../ir/model.js";
import { printFn } from "../ir/print.js";
import { arrayOf, bool, isFlat, isNumeric, isReference, real } from "../ir/types.js";
import { operands, statementsOf } from "../ir/walk.js";
import { keptFunction } from "./sparse-text.js";

// fPattern(out, x, n) { const key = [17, x.length, n]; if (!isKept(out, key)) { …; out.key = key; } }
/**
 * A pattern function that leaves what it has found before, where it looks at nothing but lengths and numbers and these are the same.
 * `pattern` is optimised, so that it looks at what it needs; its first parameter is what it writes into.
 */
export function keepingPattern(pattern: Fn, inputs: readonly Var[]): Fn {
  const looked = lookedAt(pattern, inputs);
  const [out] = pattern.params;
  if (looked === undefined || out === undefined) return pattern;
  const b = new Builder(pattern.origin);
  const parts = looked.map((p): Atom => (isReference(p.type) ? b.load(p, lengthField) : p));
  const key = b.allocate(arrayOf(real), { kind: "elements", elements: [literal(numberOf(printFn(pattern))), ...parts] }, "key");
  const kept = variable("", bool, pattern.origin);
  b.call(keptFunction(), [out, key], [kept]);
  const find = new Builder(pattern.origin);
  find.statements.push(...pattern.body.statements);
  find.store(out, field("key"), key);
  b.if(kept, { region: region("kept"), statements: [], yields: [] }, find.block(region("find")));
  return { ...pattern, body: b.block(pattern.body.region) };
}

/** The parameters of which a pattern function needs the length, or the number; nothing where it looks at more. */
function lookedAt(pattern: Fn, inputs: readonly Var[]): readonly Var[] | undefined {
  if (pattern.captures.length > 0) return undefined;
  const params = new Set<Atom>(pattern.params.slice(1));
  const looked = new Set<Var>();
  for (const s of statementsOf(pattern.body)) {
    if (s.kind === "effect" || (s.kind === "opaque" && s.pure !== true) || (s.kind === "call" && s.callee.fn().written === undefined)) return undefined;
    for (const a of operands(s)) {
      if (a.kind !== "var" || !params.has(a)) continue;
      const isNumber = isNumeric(a.type) && a.type.nullable !== true && !inputs.includes(a);
      if (!isNumber && !isMeasured(s, a)) return undefined;
      looked.add(a);
    }
  }
  return [...looked];
}

/** Whether a statement asks nothing of an array but how long it is. */
function isMeasured(s: Statement, a: Var): boolean {
  if (!isReference(a.type) || !isFlat(a.type) || a.type.nullable === true) return false;
  if (s.kind === "allocate") return s.initial.kind === "zerosLike";
  return s.kind === "load" && s.key.kind === "field" && s.key.name === "length";
}

/** A number for a text: others have others, as good as always. */
function numberOf(text: string): number {
  let hash = 17;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 16777619);
  return hash >>> 0;
}
