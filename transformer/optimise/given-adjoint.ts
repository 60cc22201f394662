import { isLiteral } from "../ir/build.js";
import { effectsOf } from "../ir/effects.js";
import { Memory, reachable } from "../ir/memory.js";
import type { Allocate, Atom, Block, Fn, Statement, Var } from "../ir/model.js";
import { rewriteBlock } from "../ir/rewrite.js";
import { elementType, sameType, type Type } from "../ir/types.js";
import { blocksOf, operands, statementsOf, uses } from "../ir/walk.js";
import { isZeros, lengthsOf, measuredBy, sumOf } from "./first-summand.js";

/**
 * Zeros to which all of an adjoint is added that the code is given, and which are only read from then on, are that adjoint:
 *
 *     db = zeros like b; for (k …) db[k] += g[k]; … db[i] …   becomes   … g[i] …
 *
 * as are zeros to which the shadow of a copy is added, where that stays as it is.
 */
export function readGiven(fn: Fn): Fn {
  const statements = statementsOf(fn.body);
  const sums = statements.filter((s) => sumOf(s) !== undefined);
  if (sums.length === 0) return fn;
  const memory = new Memory(reachable(fn));
  const known = lengthsOf(fn, memory);
  const measured = measuredBy(statements);
  const given = givenIn(fn, statements);
  const zeros = new Set<Var>(statements.flatMap((s) => (isZeros(s) ? [s.result] : [])));

  /** Whether zeros are as long as what is added to them, and as often as that is added. */
  const areAlike = (made: Allocate, from: Var, count: Atom): boolean => {
    const { initial, result: to } = made;
    const counted = measured.get(count);
    if (!given.has(from) && !(zeros.has(from) && known(from) !== undefined && known(from) === known(to))) return false;
    if (counted !== undefined && (counted === from || counted === to)) return true;
    if (initial.kind === "elements") return isLiteral(count, initial.elements.length);
    if (initial.kind === "fill") return initial.length === count;
    return counted !== undefined && known(to) !== undefined && known(counted) === known(to);
  };
  const first = (block: Block): Block | undefined => {
    for (const [k, s] of block.statements.entries()) {
      const sum = sumOf(s);
      const made = sum && block.statements.slice(0, k).find((t): t is Allocate => t.kind === "allocate" && t.result === sum.to);
      if (sum === undefined || made === undefined || !holdsZeros(made) || !areAlike(made, sum.from, sum.count)) continue;
      const later = { ...block, statements: block.statements.slice(k + 1) };
      if (!isUntouched(sum.to, block.statements.slice(0, k), made) || !isOnlyRead(sum.to, sum.from, later)) continue;
      const last = later.statements.findLastIndex((t) => uses(t, sum.to));
      const { writes, impure } = effectsOf(later.statements.slice(0, last + 1), memory);
      const from = memory.classOf(sum.from);
      if (impure || ["[]", "length"].some((name) => writes.has(from.cell(name)))) continue;
      const rest = rewriteBlock(later, { atom: (a) => (a === sum.to ? sum.from : a) });
      return { ...rest, statements: [...block.statements.slice(0, k).filter((t) => t !== made), ...rest.statements] };
    }
    return undefined;
  };
  const body = changedIn(fn.body, first);
  return body === fn.body ? fn : readGiven({ ...fn, body });
}

/** A block with the first change that is found in it, or within. */
function changedIn(block: Block, change: (block: Block) => Block | undefined): Block {
  const changed = change(block);
  if (changed !== undefined) return changed;
  for (const [k, s] of block.statements.entries()) {
    const instead = within(s, (inner) => changedIn(inner, change));
    if (instead !== s) return { ...block, statements: block.statements.with(k, instead) };
  }
  return block;
}

function within(s: Statement, change: (b: Block) => Block): Statement {
  if (s.kind === "loop") {
    const body = change(s.body);
    return body === s.body ? s : { ...s, body };
  }
  if (s.kind !== "if") return s;
  const then = change(s.then);
  const otherwise = then === s.then ? change(s.else) : s.else;
  return then === s.then && otherwise === s.else ? s : { ...s, then, else: otherwise };
}

/** What a function is given for adjoint, and the parts of that. */
function givenIn(fn: Fn, statements: readonly Statement[]): ReadonlySet<Var> {
  const given = new Set(fn.params.filter((p) => p.isCotangent === true));
  for (const s of statements) {
    if (s.kind === "allocate" && s.result.isCotangent === true) given.add(s.result);
    if (s.kind === "call") for (const v of s.results) if (v.isCotangent === true) given.add(v);
    if (s.kind === "load" && given.has(s.of as Var) && s.result.type.nullable !== true) given.add(s.result);
  }
  return given;
}

/** Whether memory is a list of zeros. */
function holdsZeros({ initial, result: { type } }: Allocate): boolean {
  if (!isList(type) || type.nullable === true) return false;
  if (initial.kind === "elements") return initial.elements.every((e) => isLiteral(e, 0));
  return initial.kind === "zerosLike" || isLiteral(initial.value, 0);
}

/** A list of numbers of full precision. */
function isList(type: Type): boolean {
  if (type.kind === "typed") return type.name === "Float64Array";
  const element = elementType(type);
  return type.kind === "array" && element.kind === "real" && element.nullable !== true;
}

/** Whether up to a place nothing is done with a list but to make and to measure it. */
function isUntouched(list: Var, before: readonly Statement[], made: Statement): boolean {
  return before.every((s) => s === made || !uses(s, list) || isMeasure(s, list));
}

function isMeasure(s: Statement, list: Var): boolean {
  return s.kind === "load" && s.of === list && s.key.kind === "field";
}

/** Whether a list is only read, in ways in which another may be read as well. */
function isOnlyRead(list: Var, other: Var, later: Block): boolean {
  if (later.yields.includes(list)) return false;
  return statementsOf(later).every((s) => {
    if (blocksOf(s).some((b) => b.yields.includes(list))) return false;
    if (!operands(s).includes(list)) return true;
    if (s.kind === "load") return s.of === list && s.key !== list;
    return (s.kind === "copy" || (s.kind === "allocate" && s.initial.kind === "zerosLike")) && sameType(list.type, other.type);
  });
}
