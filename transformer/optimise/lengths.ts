import { isWhole } from "../ir/atoms.js";
import { isLiteral, lengthField, literal, variable, zero } from "../ir/build.js";
import { mayAppend } from "../ir/effects.js";
import type { Allocate, Atom, Copy, Fn, Initial, Literal, Statement, Var } from "../ir/model.js";
import { rewriteBlock } from "../ir/rewrite.js";
import { int, isFlat, type Type } from "../ir/types.js";
import { blocksOf, operands, statementsOf } from "../ir/walk.js";
import { countsIn, isCount, isLength, isPart } from "./whole-numbers.js";

/**
 * Arrays that keep the length they are made with. A length that is written in the source is known, and an array whose
 * elements nobody reads is not needed to know how long it is:
 *
 *     c = new Array(n); c[i] = …; dc = zeros like c   becomes   dc = new Array(n).fill(0)
 *     dx = zeros like x; n = dx.length                becomes   n = x.length
 *     c = new Float64Array(a.length / 2); n = c.length becomes   n = Math.trunc(a.length / 2)
 */
export function withKnownLengths(fn: Fn): Fn {
  const sizes = sizesOf(fn);
  const known = (a: Atom): Atom | undefined => {
    const size = a.kind === "var" ? sizes.get(a) : undefined;
    return size !== undefined && (!size.isRead || isLiteral(size.length)) ? size.length : undefined;
  };
  if (![...sizes.keys()].some(known)) return fn;
  const names = new Map<Var, Atom>();
  // A length may be that of an array that is looked at here too.
  const atom = (a: Atom): Atom => (a.kind === "var" ? (names.get(a) ?? a) : a);
  const instead = (s: Statement): readonly Statement[] => {
    const length = isLength(s) ? known(s.of) : undefined;
    if (s.kind === "load" && length !== undefined) {
      names.set(s.result, atom(length));
      return [];
    }
    const source = s.kind === "allocate" && s.initial.kind === "zerosLike" ? s.initial.source : undefined;
    const size = source?.kind === "var" && isFlat(source.type) && sizes.get(source)?.isRead === false ? known(source) : undefined;
    if (s.kind !== "allocate") return [s];
    const made = size === undefined ? s : { ...s, initial: zeros(s.result.type, atom(size)) };
    const own = sizes.get(s.result)?.isRead === false ? sizes.get(s.result) : undefined;
    const origin = s.origin && { origin: s.origin };
    if (own?.cut !== undefined) return [made, { kind: "let", result: own.length as Var, op: "Math.trunc", args: [atom(own.cut)], ...origin }];
    return own?.like === undefined ? [made] : [made, { kind: "load", result: own.length as Var, of: own.like, key: lengthField, ...origin }];
  };
  return { ...fn, body: rewriteBlock(fn.body, { atom, statement: instead }) };
}

/** The lengths that arrays are filled with and keep. A typed array always does. */
export function lengthsOfFilled(fn: Fn): ReadonlyMap<Atom, Atom> {
  const filled = statementsOf(fn.body).flatMap((s) => (s.kind === "allocate" && s.initial.kind === "fill" ? [[s.result, s.initial.length] as const] : []));
  const sizes = filled.some(([{ type }]) => type.kind === "array") ? sizesOf(fn) : undefined;
  return new Map(filled.filter(([list]) => list.type.kind === "typed" || (list.type.kind === "array" && list.type.length === undefined && sizes?.has(list) === true)));
}

function zeros(type: Type, length: Atom): Initial {
  // A tuple has as many as it says.
  if (type.kind === "array" && type.length !== undefined) return { kind: "elements", elements: Array.from({ length: type.length }, () => zero) };
  return { kind: "fill", length, value: zero };
}

interface Size {
  readonly length: Atom;
  /** The array that it is as long as, where that is all that is known. */
  readonly like?: Var;
  /** The number of which the whole part is its length. */
  readonly cut?: Atom;
  /** Whether its elements are looked at. */
  isRead: boolean;
}

function sizesOf(fn: Fn): ReadonlyMap<Var, Size> {
  const sizes = new Map<Var, Size>();
  const statements = statementsOf(fn.body);
  const counts = countsIn(statements);
  const parts = new Set<Atom>(statements.flatMap((s) => (isPart(s, counts) ? [s.result] : [])));
  const copies: Copy[] = [];
  const measured = new Set(statements.flatMap((s) => (isLength(s) ? [s.of] : [])));
  for (const s of statements) {
    if (s.kind === "copy") {
      const length = lengthOfCopy(s, sizes);
      if (length === undefined) continue;
      copies.push(s);
      sizes.set(s.result, { length, isRead: false });
    }
    if (s.kind !== "allocate") continue;
    const like = measured.has(s.result) ? likeOf(s) : undefined;
    if (like !== undefined) sizes.set(s.result, { length: variable("n", int, s.origin), like, isRead: false });
    const length = lengthOf(s);
    if (length !== undefined && s.result.type.kind === "typed" && measured.has(s.result) && parts.has(length)) sizes.set(s.result, { length: variable("n", int, s.origin), cut: length, isRead: false });
    // An array of 2.5 elements has 2, and one of -1 is an error.
    if (length === undefined || !isCount(length, counts)) continue;
    sizes.set(s.result, { length, isRead: false });
  }
  if (sizes.size === 0) return sizes;
  const reject = (a: Atom): void => void (a.kind === "var" && sizes.delete(a));
  for (const s of statements) {
    const of = operands(s)[0];
    const size = of?.kind === "var" ? sizes.get(of) : undefined;
    if (size !== undefined && ((s.kind === "load" && !isLength(s)) || s.kind === "copy" || s.kind === "accumulate")) size.isRead = true;
    operands(s).forEach((a, i) => {
      if (i > 0 || !keepsLength(s)) reject(a);
    });
    for (const block of blocksOf(s)) block.yields.forEach(reject);
  }
  fn.body.yields.forEach(reject);
  for (const { of, result } of copies) if (!sizes.has(of as Var)) sizes.delete(result);
  return sizes;
}

/** The length of what is cut out of an array of a length that is written in the source. */
function lengthOfCopy({ of, result, from, to }: Copy, sizes: ReadonlyMap<Var, Size>): Literal | undefined {
  const length = of.kind === "var" ? sizes.get(of)?.length : undefined;
  const ends = [from, to].map((end) => (end === undefined || isWhole(end) ? end?.value : NaN));
  if (length === undefined || !isWhole(length) || result.type.kind === "record" || ends.some((end) => Number.isNaN(end))) return undefined;
  return literal(Array.from({ length: Number(length.value) }).slice(...(ends as (number | undefined)[])).length);
}

/** The length that an array is made with. */
function lengthOf({ result: { type }, initial }: Allocate): Atom | undefined {
  if (type.kind === "record") return undefined;
  if (initial.kind === "elements") return literal(initial.elements.length);
  return initial.kind === "fill" ? initial.length : undefined;
}

/** What memory is as long as, where all of it is as many numbers as there. */
function likeOf(s: Allocate): Var | undefined {
  const { type } = s.result;
  const of = s.initial.kind === "zerosLike" ? s.initial.source : undefined;
  if (of?.kind !== "var" || of.type.nullable === true) return undefined;
  return isFlat(type) && !(type.kind === "array" && type.length !== undefined) ? of : undefined;
}

/** Whether the memory that a statement is about is as long behind it, and has no other name. */
function keepsLength(s: Statement): boolean {
  if (s.kind === "load" || s.kind === "copy" || s.kind === "accumulate") return true;
  return s.kind === "store" ? !mayAppend(s) : s.kind === "allocate" && s.initial.kind === "zerosLike";
}
