import { Builder, isLiteral, literal, zero } from "../ir/build.js";
import { effectsOf } from "../ir/effects.js";
import { Memory, reachable } from "../ir/memory.js";
import type { Allocate, Atom, Block, Fn, Let, Statement, Var } from "../ir/model.js";
import { replaceStatements, rewriteBlock, withBlocks } from "../ir/rewrite.js";
import { int, type Type } from "../ir/types.js";
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
  if (!statements.some((s) => sumOf(s) !== undefined)) return fn;
  const memory = new Memory(reachable(fn));
  const known = lengthsOf(fn, memory);
  const measured = measuredBy(statements);
  const given = givenIn(fn, statements);
  const zeros = new Set<Var>(statements.flatMap((s) => (isZeros(s) ? [s.result] : [])));
  const sums = new Map<Atom, Let>(statements.flatMap((s) => (s.kind === "let" && s.op === "+" ? [[s.result, s] as const] : [])));

  /** Whether zeros, to which so many have been added, are as long as what is added to them, and as often as that is added. */
  const areAlike = ({ initial, result: to }: Allocate, more: number, from: Var, count: Atom): boolean => {
    const counted = measured.get(count);
    if (!given.has(from) && !(zeros.has(from) && known(from) !== undefined && known(from) === known(to))) return false;
    if (counted === from) return true;
    if (initial.kind === "elements") return isLiteral(count, initial.elements.length + more);
    const sum = sums.get(count);
    if (initial.kind === "fill") return more === 0 ? initial.length === count : sum?.args[0] === initial.length && isLiteral(sum.args[1] ?? from, more);
    return more === 0 && counted !== undefined && known(to) !== undefined && known(counted) === known(to);
  };
  const first = (block: Block): Block | undefined => {
    for (const [k, s] of block.statements.entries()) {
      const sum = sumOf(s);
      const before = block.statements.slice(0, k);
      const made = sum && before.find((t): t is Allocate => t.kind === "allocate" && t.result === sum.to);
      if (sum === undefined || made === undefined || !holdsZeros(made)) continue;
      const { to, from, count } = sum;
      const longer = before.filter((t) => t.kind === "push" && t.of === to && isLiteral(t.value, 0));
      if (!areAlike(made, longer.length, from, count) || !before.every((t) => t === made || longer.includes(t) || !uses(t, to))) continue;
      const later = { ...block, statements: takenBefore(block.statements.slice(k + 1), to, count) };
      if (!isOnlyRead(to, later, later.statements.length > block.statements.length - k - 1)) continue;
      const last = later.statements.findLastIndex((t) => uses(t, to));
      const { writes, impure } = effectsOf(later.statements.slice(0, last + 1), memory);
      if (impure || ["[]", "length"].some((name) => writes.has(memory.classOf(from).cell(name)))) continue;
      const rest = rewriteBlock(replaceStatements(later, (t) => [withLength(t, to, count)]), { atom: (a) => (a === to ? from : a) });
      return { ...rest, statements: [...before.filter((t) => t !== made && !longer.includes(t)), ...rest.statements] };
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
    const instead = withBlocks(s, (inner) => changedIn(inner, change));
    if (instead !== s) return { ...block, statements: block.statements.with(k, instead) };
  }
  return block;
}

/** What a function is given for adjoint, and the parts of that. */
export function givenIn(fn: Fn, statements: readonly Statement[]): ReadonlySet<Var> {
  const given = new Set(fn.params.filter((p) => p.isCotangent === true));
  for (const s of statements) {
    if (s.kind === "allocate" && s.result.isCotangent === true) given.add(s.result);
    if (s.kind === "call") for (const v of s.results) if (v.isCotangent === true) given.add(v);
    if (s.kind === "load" && given.has(s.of as Var) && s.result.type.nullable !== true) given.add(s.result);
  }
  return given;
}

/** Whether memory is a list of zeros. */
export function holdsZeros({ initial, result: { type } }: Allocate): boolean {
  if (!isList(type) || type.nullable === true) return false;
  if (initial.kind === "elements") return initial.elements.every((e) => isLiteral(e, 0));
  return initial.kind === "zerosLike" || isLiteral(initial.value, 0);
}

/** A list of numbers of full precision. */
function isList(type: Type): boolean {
  if (type.kind === "typed") return type.name === "Float64Array";
  return type.kind === "array" && type.element.kind === "real" && type.element.nullable !== true;
}

// x = a.pop()   becomes   x = a[n - 1], as the list is not looked at there any more
function takenBefore(statements: readonly Statement[], list: Var, length: Atom): readonly Statement[] {
  let taken = 0;
  return statements.flatMap((s) => {
    if (s.kind !== "pop" || s.of !== list) return [s];
    const b = new Builder(s.origin);
    const key = b.let("-", [length, literal((taken += 1))], int);
    return [...b.statements, { ...s, kind: "load", key }];
  });
}

/** What asks for the length of a list, or is made as long, by the length that is known. */
function withLength(s: Statement, list: Var, length: Atom): Statement {
  if (s.kind === "load" && s.of === list && s.key.kind === "field") return { kind: "let", result: s.result, op: "identity", args: [length], ...(s.origin && { origin: s.origin }) };
  if (s.kind !== "allocate" || s.initial.kind !== "zerosLike" || s.initial.source !== list) return s;
  return { ...s, initial: { kind: "fill", length, value: zero } };
}

/** Whether a list is only read, and where it would have become shorter not measured either. */
function isOnlyRead(list: Var, later: Block, isShorter: boolean): boolean {
  if (later.yields.includes(list)) return false;
  return statementsOf(later).every((s) => {
    if (blocksOf(s).some((b) => b.yields.includes(list))) return false;
    if (!operands(s).includes(list)) return true;
    if (s.kind === "load") return s.of === list && s.key !== list && !(isShorter && s.key.kind === "field");
    return !isShorter && s.kind === "allocate" && s.initial.kind === "zerosLike" && !(s.result.type.kind === "array" && s.result.type.length !== undefined);
  });
}
