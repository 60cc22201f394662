import { isWhole } from "../ir/atoms.js";
import { Builder, isLiteral, lengthField, literal, zero } from "../ir/build.js";
import { effectsOf } from "../ir/effects.js";
import type { Memory } from "../ir/memory.js";
import type { Atom, Copy, Fn, Load, Statement, Var } from "../ir/model.js";
import { rewriteBlock } from "../ir/rewrite.js";
import { int } from "../ir/types.js";
import { blocksWithin, operands, statementsOf } from "../ir/walk.js";
import { Indices } from "./indices.js";
import { Lengths } from "./same-lengths.js";
import { isLength } from "./whole-numbers.js";

/**
 * A part of an array that is only read, while the array stays as it is, is read where it was cut out:
 *
 *     b = a.slice(2); … b[i] … b.length …   becomes   n = Math.max(a.length - 2, 0); … a[i + 2] … n …
 *
 * where an index is known to be in the part: behind its end there may be elements of the whole.
 */
export function readPartsInPlace(fn: Fn, memory: Memory): Fn {
  const parts = new Map<Atom, Part>();
  for (const s of statementsOf(fn.body)) if (isPart(s)) parts.set(s.result, s);
  if (parts.size === 0) return fn;
  const measured = new Set<Atom>();
  const lengths = new Lengths(fn, memory);
  const indices = new Indices(fn, lengths);
  const reject = (a: Atom): void => void parts.delete(a);
  for (const { statements, yields } of blocksWithin(fn.body)) {
    yields.forEach(reject);
    statements.forEach((s, k) => {
      const made = s.kind === "copy" ? parts.get(s.result) : undefined;
      if (made !== undefined && !isLeftAlone(made, statements.slice(k + 1), memory)) reject(made.result);
      const part = s.kind === "load" ? parts.get(s.of) : undefined;
      const isElement = s.kind === "load" && part !== undefined && isWithin(s, part, indices);
      if (isLength(s)) measured.add(s.of);
      else if (!isElement) operands(s).forEach(reject);
    });
  }
  for (const [result, { from, to = zero }] of parts) if (measured.has(result) && [from, to].some((end) => indices.least(end) < 0)) parts.delete(result);
  if (parts.size === 0) return fn;
  const sizes = new Map<Atom, Atom>();
  const names = new Map<Atom, Atom>();
  const instead = (s: Statement): readonly Statement[] => {
    const b = new Builder(s.origin);
    const part = s.kind === "load" ? parts.get(s.of) : s.kind === "copy" ? parts.get(s.result) : undefined;
    if (part === undefined) return [s];
    if (s.kind === "copy" && measured.has(s.result)) sizes.set(s.result, sizeOf(part, lengths, b));
    if (s.kind !== "load") return b.statements;
    if (s.key.kind === "field") names.set(s.result, sizes.get(s.of) ?? zero);
    else b.add({ ...s, of: part.of, key: shifted(s.key, part.from, indices, b) });
    return b.statements;
  };
  return { ...fn, body: rewriteBlock(fn.body, { atom: (a) => names.get(a) ?? a, statement: instead }) };
}

type Part = Copy & { readonly of: Var; readonly from: Atom };

function isPart(s: Statement): s is Part {
  return s.kind === "copy" && s.from !== undefined && s.depth === 1 && s.of.kind === "var" && s.of.type.nullable !== true && s.of.type.kind !== "record";
}

/** Whether what is cut out of is not written any more: what its elements were would have to be kept. */
function isLeftAlone({ of }: Part, later: readonly Statement[], memory: Memory): boolean {
  const { writes } = effectsOf(later, memory);
  return ["[]", "length"].every((name) => !writes.has(memory.classOf(of).cell(name)));
}

/** Whether what is found in the whole is the element of a part, or nothing where that has none. */
function isWithin({ key }: Load, { result, from, to }: Part, indices: Indices): boolean {
  if (key.kind === "field" || indices.least(from) < 0 || indices.least(key) < 0) return false;
  if (indices.isUpTo(key, result, 1)) return true;
  const size = to === undefined ? Infinity : isWhole(from) && isWhole(to) ? Number(to.value) - Number(from.value) : 0;
  return indices.most(key) < size;
}

function shifted(key: Atom, from: Atom, indices: Indices, b: Builder): Atom {
  if (!isWhole(from)) return isLiteral(key, 0) ? from : b.let("+", isWhole(key) ? [from, key] : [key, from], int);
  const shift = isWhole(key) ? { from: zero, by: Number(key.value) } : indices.shiftOf(key);
  const by = Number(from.value) + (shift?.by ?? 0);
  const base = shift?.from ?? key;
  return by === 0 ? base : isLiteral(base, 0) ? literal(by) : b.let(by < 0 ? "-" : "+", [base, literal(Math.abs(by))], int);
}

// Math.max(Math.min(a.length, to) - from, 0)
function sizeOf({ of, from, to }: Part, lengths: Lengths, b: Builder): Atom {
  const known = lengths.ofArray(of);
  if (typeof known === "number" && isWhole(from) && (to === undefined || isWhole(to))) {
    return literal(Math.max(0, Math.min(known, to === undefined ? known : Number(to.value)) - Number(from.value)));
  }
  const size = b.load(of, lengthField);
  const end = to === undefined ? size : b.let("Math.min", [size, to], int);
  return isLiteral(from, 0) ? end : b.let("Math.max", [b.let("-", [end, from], int), zero], int);
}
