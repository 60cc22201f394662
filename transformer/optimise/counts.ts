import { isWhole } from "../ir/atoms.js";
import { Builder, field, isLiteral, lengthField, literal, one, variable, zero } from "../ir/build.js";
import { mayAppend } from "../ir/effects.js";
import type { Allocate, Atom, Copy, Fn, Resize, Statement, Var } from "../ir/model.js";
import { rewriteBlock } from "../ir/rewrite.js";
import { int, isFlat, recordOf, type Type } from "../ir/types.js";
import { blocksOf, operands, statementsOf } from "../ir/walk.js";
import { sized } from "./sized.js";
import { countsIn, isCount, isLength } from "./whole-numbers.js";

/**
 * A list that becomes longer or shorter, and of which only the length is looked at, is a count:
 *
 *     a = []; for (…) if (…) a.push(x); n = a.length   becomes   n = 0; for (…) if (…) n++
 *
 * It is made a record of that number alone: what never leaves the function is a variable for each of its members.
 */
export function countLists(fn: Fn): Fn {
  const lists = countedIn(fn);
  if (lists.size === 0) return fn;
  // A list to which each turn adds one is as long as there are turns.
  const known = sized(fn, (v) => lists.has(v));
  return known === fn ? { ...fn, body: rewriteBlock(fn.body, { atom: (a) => a, statement: counting(lists, fn) }) } : known;
}

/** Its one member has no name, so that the variable is called as the record is. */
const count = recordOf([{ name: "", type: int }]);
const number = field("");

/** What is done with the counts in the place of what is done with the lists. */
function counting(lists: ReadonlySet<Var>, fn: Fn): (s: Statement) => readonly Statement[] {
  const named = new Map(statementsOf(fn.body).flatMap((s) => (isLength(s) && s.result.name !== "" ? [[s.of, s.result.name] as const] : [])));
  const nameOf = (list: Var): string => named.get(list) ?? (list.name === "" ? "count" : `${list.name}Length`);
  const counts = new Map<Atom, Var>([...lists].map((v) => [v, variable(nameOf(v), count, v.origin)]));
  return (s) => {
    const b = new Builder(s.origin);
    const lengthOf = (a: Atom): Var => {
      const own = counts.get(a);
      return own === undefined ? b.load(a, lengthField) : b.load(own, number, "", int);
    };
    const change = (of: Atom, length: (before: Var) => Atom): void => {
      const own = counts.get(of);
      if (own !== undefined) b.store(own, number, length(lengthOf(of)));
    };
    const made = s.kind === "allocate" || s.kind === "copy" ? counts.get(s.result) : undefined;
    if (made !== undefined && s.kind === "allocate") b.allocateAs(made, { kind: "elements", elements: [madeWith(s, lengthOf)] });
    else if (made !== undefined && s.kind === "copy") b.allocateAs(made, { kind: "elements", elements: [copiedBy(s, lengthOf, b)] });
    else if (s.kind === "allocate" && s.initial.kind === "zerosLike" && counts.has(s.initial.source)) b.allocateAs(s.result, { kind: "fill", length: lengthOf(s.initial.source), value: zero });
    else if (s.kind === "load" && counts.has(s.of)) return [{ ...s, of: counts.get(s.of) ?? s.of, key: number }];
    else if (s.kind === "push" && counts.has(s.of)) change(s.of, (before) => b.let("+", [before, one], int));
    else if (s.kind === "pop" && counts.has(s.of)) change(s.of, (before) => b.let("-", [before, one], int));
    else if (s.kind === "resize" && counts.has(s.of)) change(s.of, (before) => resized(s, before, b));
    else if (s.kind !== "store" || !counts.has(s.of)) return [s];
    return b.statements;
  };
}

function madeWith({ initial }: Allocate, lengthOf: (a: Atom) => Atom): Atom {
  if (initial.kind === "elements") return literal(initial.elements.length);
  return initial.kind === "fill" ? initial.length : lengthOf(initial.source);
}

// a.slice(2)   has   Math.max(a.length - 2, 0)
function copiedBy({ of, from }: Copy, lengthOf: (a: Atom) => Atom, b: Builder): Atom {
  const length = lengthOf(of);
  return from === undefined || isLiteral(from, 0) ? length : b.let("Math.max", [b.let("-", [length, from], int), zero], int);
}

function resized({ length, atLeast, atMost }: Resize, before: Var, b: Builder): Atom {
  if (atLeast !== true && atMost !== true) return length;
  return b.let(atLeast === true ? "Math.max" : "Math.min", [before, length], int);
}

/** The lists that are made here, change their lengths or are copies, and of which nothing but the length is looked at. */
function countedIn(fn: Fn): ReadonlySet<Var> {
  const statements = statementsOf(fn.body);
  const counts = countsIn(statements);
  const found = new Set<Atom>(statements.flatMap((s) => ((s.kind === "allocate" && hasCount(s, counts)) || (s.kind === "copy" && isRest(s)) ? [s.result] : [])));
  if (found.size === 0) return new Set();
  const changed = new Set<Atom>();
  const used = new Set<Atom>(fn.body.yields);
  for (const s of statements) {
    operands(s).forEach((a) => used.add(a));
    const yielded = blocksOf(s).flatMap(({ yields }) => yields);
    for (const y of yielded) {
      used.add(y);
      found.delete(y);
    }
    if (s.kind === "copy") changed.add(s.result);
    if (s.kind === "push" || s.kind === "pop" || s.kind === "resize") changed.add(s.of);
  }
  fn.body.yields.forEach((y) => found.delete(y));
  const onlyCounts = (s: Statement): boolean => {
    if (s.kind === "pop") return !used.has(s.result);
    if (s.kind === "copy") return found.has(s.result);
    if (s.kind === "allocate") return s.initial.kind === "zerosLike" && (found.has(s.result) || isPlain(s.result.type));
    return isLength(s) || s.kind === "push" || (s.kind === "resize" && s.holes !== true) || (s.kind === "store" && !mayAppend(s));
  };
  for (let size = -1; size !== found.size; ) {
    size = found.size;
    for (const s of statements) {
      operands(s).forEach((a, i) => {
        if (found.has(a) && (i > 0 || !onlyCounts(s))) found.delete(a);
      });
    }
  }
  return new Set([...found].filter((a): a is Var => a.kind === "var" && changed.has(a)));
}

/** A list of numbers whose length its type does not tell. */
function isPlain(type: Type): boolean {
  return isFlat(type) && type.nullable !== true && !(type.kind === "array" && type.length !== undefined);
}

/** Whether it is known of how many elements a list is made. An array of 2.5 elements is an error. */
function hasCount({ result: { type }, initial }: Allocate, counts: ReadonlySet<Atom>): boolean {
  if (type.kind !== "array" || type.length !== undefined || type.nullable === true) return false;
  if (initial.kind === "fill") return isCount(initial.length, counts);
  return initial.kind === "elements" || (initial.source.kind === "var" && isFlat(initial.source.type) && initial.source.type.nullable !== true);
}

/** A copy of a list from a place on. */
function isRest({ of, result: { type }, from, to }: Copy): boolean {
  if (of.kind !== "var" || of.type.kind !== "array" || of.type.nullable === true || type.kind !== "array" || type.length !== undefined) return false;
  return to === undefined && (from === undefined || (isWhole(from) && Number(from.value) >= 0));
}
