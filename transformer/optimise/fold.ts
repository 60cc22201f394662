import { areEqual, isWhole, sameAtom, shiftOf } from "../ir/atoms.js";
import { isLiteral, literal } from "../ir/build.js";
import type { Atom, Block, Counter, Fn, If, Let, Literal, Loop, Opaque, Statement, Var } from "../ir/model.js";
import { bool, int, isReference } from "../ir/types.js";
import { rewriteStatement } from "../ir/rewrite.js";
import { Facts } from "./facts.js";

/**
 * Replaces names by what they are known to be: renamings, branches whose test or results are known, tests that those
 * around them decide, or that ask whether a count is below 0, values that a loop carries round unchanged. Real arithmetic
 * is left alone, so that every value keeps its bits.
 */
export function fold(fn: Fn): Fn {
  return { ...fn, body: foldBlock(fn.body, new Facts()) };
}

function foldBlock(block: Block, facts: Facts): Block {
  const statements = block.statements.flatMap((s) => foldStatement(s, facts));
  return { ...block, statements, yields: block.yields.map((y) => facts.resolve(y)) };
}

function foldStatement(s: Statement, facts: Facts): Statement[] {
  if (s.kind === "if") return foldIf(s, facts);
  if (s.kind === "loop") return foldLoop(s, facts);
  const rewritten = rewriteStatement(s, { atom: (a) => (s.kind === "let" ? facts.test(a) : facts.resolve(a)) });
  const folded = rewritten.kind === "let" ? shorter(rewritten, facts) : rewritten;
  if (!("result" in folded) || folded.result === undefined) return [folded];
  const known = folded.kind === "let" ? value(folded, facts) : folded.kind === "opaque" ? missing(folded) : folded.kind === "load" ? facts.classOf(folded) : undefined;
  if (known === undefined) {
    facts.define(folded.result, folded);
    return [folded];
  }
  facts.rename(folded.result, known);
  return [];
}

/** `names?.some((n) => n.length > k)` where `names` is undefined: what stands behind it is never looked at. */
function missing({ text, args: [of] }: Opaque): Literal | undefined {
  return of !== undefined && isLiteral(of) && of.value === undefined && text[0] === "" && isChain(text.slice(1).join("0")) ? of : undefined;
}

/** Whether a text, from `?.` to its end, goes on from link to link. One that may hold brackets in quotes is none. */
function isChain(text: string): boolean {
  let links = text.replace(/"[^"\\\n]*"|'[^'\\\n]*'/g, "0");
  if (/["'`/\\@]/.test(links)) return false;
  for (let before = ""; before !== links; ) {
    before = links;
    links = links.replace(/[([{][^()[\]{}]*[)\]}]/g, (group) => (group.startsWith("{") ? "" : "@"));
  }
  return /^\?\.(#?[\w$]+|@)((\?\.|\.)#?[\w$]+|\?\.@|@|!)*$/.test(links);
}

function foldIf(s: If, facts: Facts): Statement[] {
  const test = facts.test(s.test);
  if (test.kind === "literal") {
    const side = foldBlock(test.value ? s.then : s.else, facts);
    s.results.forEach((r, i) => facts.rename(r, side.yields[i] ?? test));
    return [...side.statements];
  }
  const [then, otherwise] = withGiven(test, facts.within(test, true, () => foldBlock(s.then, facts)), facts.within(test, false, () => foldBlock(s.else, facts)), facts);
  const kept = s.results.filter((r, i) => {
    const [a, b] = [then.yields[i], otherwise.yields[i]];
    if (a === undefined || b === undefined || !sameAtom(a, b)) return true;
    // The same value on both sides comes from outside of them.
    facts.rename(r, a);
    return false;
  });
  const keep = (list: readonly Atom[]): Atom[] => list.filter((_, i) => kept.includes(s.results[i] as Var));
  if (kept.length === 0 && then.statements.length === 0 && otherwise.statements.length === 0) return [];
  const folded: If = { ...s, test, then: { ...then, yields: keep(then.yields) }, else: { ...otherwise, yields: keep(otherwise.yields) }, results: kept };
  for (const r of kept) facts.define(r, folded);
  return [folded];
}

/** x = c ? 0 : 1; y = c ? x : 0   is   y = 0 */
function withGiven(test: Atom, then: Block, otherwise: Block, facts: Facts): [Block, Block] {
  const given = then.yields.map((y, i) => [facts.givenBy(test, true, y), facts.givenBy(test, false, otherwise.yields[i])] as const);
  const side = (block: Block, at: 0 | 1): Block => ({ ...block, yields: block.yields.map((y, i) => (given[i]?.[0] && given[i][1] ? (given[i][at] ?? y) : y)) });
  return [side(then, 0), side(otherwise, 1)];
}

function foldLoop(s: Loop, facts: Facts): Statement[] {
  const counter = s.counter && { ...s.counter, start: facts.resolve(s.counter.start), bound: facts.resolve(s.counter.bound) };
  const turns = turnsOf(counter, s.body.yields[0]);
  if (turns !== undefined) return foldTurns(s, turns, counter?.start, facts);
  // A value that every turn hands on unchanged, and at every exit, is the value that it began with.
  const unchanged = s.carried.filter((c, i) => {
    const next = s.body.yields[i + 1];
    return next !== undefined && (next === c.param || sameAtom(facts.resolve(next), facts.resolve(c.init)));
  });
  for (const c of unchanged) {
    const init = facts.resolve(c.init);
    facts.rename(c.param, init);
    facts.rename(c.result, init);
  }
  const carried = s.carried.filter((c) => !unchanged.includes(c)).map((c) => ({ ...c, init: facts.resolve(c.init) }));
  if (counter) facts.defineCounter(counter);
  const body = foldBlock(s.body, facts);
  const yields = body.yields.filter((_, i) => i === 0 || !unchanged.includes(s.carried[i - 1] as Loop["carried"][number]));
  const codes = facts.valuesOf(yields[0]);
  if (!counter) codes?.delete(0);
  const [only] = codes ?? [];
  if (s.exit && codes?.size === 1 && typeof only === "number" && (!counter || only === 0)) facts.rename(s.exit, literal(only));
  return [{ ...s, ...(counter ? { counter } : {}), carried, body: { ...body, yields } }];
}

/** 0 or 1 where it is known that a loop has no turn or one. */
function turnsOf(counter: Counter | undefined, status: Atom | undefined): 0 | 1 | undefined {
  const leaves = status?.kind === "literal" && status.value !== 0;
  if (counter === undefined) return leaves ? 1 : undefined;
  const { start, bound, test, step } = counter;
  if (start.kind !== "literal" || bound.kind !== "literal") return undefined;
  if (!compare(test, start, bound)) return 0;
  return leaves || !compare(test, literal(Number(start.value) + step), bound) ? 1 : undefined;
}

/** Such a loop is its body, or nothing. */
function foldTurns({ counter, carried, body, exit }: Loop, turns: 0 | 1, start: Atom | undefined, facts: Facts): Statement[] {
  if (counter && start) facts.rename(counter.var, start);
  for (const c of carried) facts.rename(c.param, facts.resolve(c.init));
  const { statements, yields } = turns === 1 ? foldBlock(body, facts) : { statements: [], yields: [literal(0), ...carried.map((c) => facts.resolve(c.init))] };
  [exit, ...carried.map((c) => c.result)].forEach((v, i) => {
    const value = yields[i];
    if (v && value) facts.rename(v, value);
  });
  return [...statements];
}

/** What an operation is known to give: a renaming, or a decision on literals. */
function value(s: Let, facts: Facts): Atom | undefined {
  const [a, b, c] = s.args;
  if (a === undefined) return undefined;
  switch (s.op) {
    case "identity":
      // One that asserts that a value is there stays, also where there is no memory: nobody gets there.
      return !s.result.type.nullable && (a.kind === "var" ? a.type.nullable : isReference(s.result.type)) ? undefined : a;
    case "isUndefined":
      if (a.kind === "var") return facts.isThere(a) ? literal(false, bool) : undefined;
      return literal(a.value === undefined, bool);
    case "??":
      if (a.kind === "var") return facts.isThere(a) ? a : undefined;
      return a.value === undefined ? b : a;
    case "!":
      return a.kind === "literal" ? literal(!a.value, bool) : undefined;
    case "?:":
      return a.kind === "literal" ? (a.value ? b : c) : b && c && sameAtom(b, c) ? b : undefined;
    case "===":
    case "!==":
      return a.kind === "var" ? (ofClasses(s.op, a, b) ?? facts.compared(s)) : decided(s.op, a, b);
    case "<":
      return b !== undefined && isLiteral(b, 0) && facts.isCount(a) ? literal(false, bool) : decided(s.op, a, b);
    case "<=":
    case ">":
    case ">=":
      return decided(s.op, a, b);
    case "+":
    case "-":
      // What adjoints are made of has no order of its own, and 0 beside it no meaning.
      if (isBackward(s) && b !== undefined && isLiteral(b, 0)) return a;
      if (isBackward(s) && s.op === "+" && isLiteral(a, 0)) return b;
      if (a.kind === "literal" && b?.kind === "literal" && Number.isSafeInteger(a.value) && Number.isSafeInteger(b.value)) return integers(s.op, a, b);
      if (s.result.type.kind !== "int" || b === undefined) return undefined;
      // 0 + -0 is 0.
      if (s.op === "+" && isLiteral(a, 0)) return facts.isCount(b) ? b : undefined;
      return isLiteral(b, 0) && (s.op === "-" || facts.isCount(a)) ? a : undefined;
    case "*":
      if (s.result.type.kind !== "int" || a.kind !== "literal" || b?.kind !== "literal") return timesOne(s);
      return integers(s.op, a, b);
    default:
      return undefined;
  }
}

// n - 1 - 1   becomes   n - 2   in backward code;   (c ? 3 : 0) === 0   becomes   !c
function shorter(s: Let, facts: Facts): Let {
  const side = facts.sideOf(s);
  if (side !== undefined) return { ...s, op: side.holds ? "identity" : "!", args: [side.test] };
  const shift = s.result.type.kind === "int" && isBackward(s) ? shiftOf(s) : undefined;
  const further = shift && facts.shiftOf(shift.from);
  if (shift === undefined || further === undefined) return s;
  const by = shift.by + further.by;
  return by === 0 ? { ...s, op: "identity", args: [further.from] } : { ...s, op: by > 0 ? "+" : "-", args: [further.from, literal(Math.abs(by), int)] };
}

/** A number that is multiplied by 1, of the same kind. */
function timesOne({ args: [a, b], result }: Let): Atom | undefined {
  const [one, other] = a?.kind === "literal" ? [a, b] : [b, a];
  const isSame = other?.kind === "var" && other.type.kind === result.type.kind && other.type.nullable !== true;
  return one?.kind === "literal" && one.value === 1 && isSame ? other : undefined;
}

/** What the source computes has its place there. */
function isBackward({ origin }: Let): boolean {
  return origin === undefined || origin.reverse === true;
}

function integers(op: "+" | "-" | "*", a: Literal, b: Literal): Literal | undefined {
  if (typeof a.value !== "number" || typeof b.value !== "number") return undefined;
  const result = op === "+" ? a.value + b.value : op === "-" ? a.value - b.value : a.value * b.value;
  return Number.isSafeInteger(result) && !Object.is(result, -0) ? literal(result, int) : undefined;
}

/** Wave === Line, of what is made in the function. TypeScript allows no such comparison. */
function ofClasses(op: string, a: Var, b: Atom | undefined): Literal | undefined {
  if (a.isClass !== true || b?.kind !== "var" || b.isClass !== true || (a !== b && a.name === b.name)) return undefined;
  return literal((a === b) === (op === "==="), bool);
}

/** What an operation on two whole numbers is known to give: a sum of them, or how they compare. */
export function ofWholeNumbers({ op, args: [a, b] }: Let): Literal | undefined {
  if (!isWhole(a) || !isWhole(b)) return undefined;
  if (op === "+" || op === "-") return integers(op, a, b);
  return /^([<>]=?|[!=]==)$/.test(op) ? decided(op, a, b) : undefined;
}

function decided(op: string, a: Atom, b: Atom | undefined): Literal | undefined {
  return a.kind === "literal" && b?.kind === "literal" ? literal(compare(op, a, b), bool) : undefined;
}

function compare(op: string, a: Literal, b: Literal): boolean {
  const [x, y] = [a.value as number, b.value as number];
  switch (op) {
    case "<":
      return x < y;
    case "<=":
      return x <= y;
    case ">":
      return x > y;
    case ">=":
      return x >= y;
    default:
      return areEqual(a, b) === (op === "===");
  }
}
