import { sameAtom } from "../ir/atoms.js";
import { isLiteral, literal } from "../ir/build.js";
import type { Atom, Block, Fn, If, Let, Literal, Loop, Statement, Var } from "../ir/model.js";
import { bool, int } from "../ir/types.js";
import { rewriteStatement } from "../ir/rewrite.js";

/**
 * Replaces names by what they are known to be: renamings, branches whose test or results are known, values that a
 * loop carries round unchanged. Real arithmetic is left alone, so that every value keeps its bits.
 */
export function fold(fn: Fn): Fn {
  const names = new Map<Var, Atom>();
  return { ...fn, body: foldBlock(fn.body, names) };
}

type Names = Map<Var, Atom>;

function resolve(a: Atom, names: Names): Atom {
  let atom = a;
  while (atom.kind === "var") {
    const known = names.get(atom);
    if (known === undefined) break;
    atom = known;
  }
  return atom;
}

function foldBlock(block: Block, names: Names): Block {
  const statements = block.statements.flatMap((s) => foldStatement(s, names));
  return { ...block, statements, yields: block.yields.map((y) => resolve(y, names)) };
}

function foldStatement(s: Statement, names: Names): Statement[] {
  if (s.kind === "if") return foldIf(s, names);
  if (s.kind === "loop") return foldLoop(s, names);
  const folded = rewriteStatement(s, { atom: (a) => resolve(a, names) });
  if (folded.kind !== "let") return [folded];
  const known = value(folded);
  if (known === undefined) return [folded];
  names.set(folded.result, known);
  return [];
}

function foldIf(s: If, names: Names): Statement[] {
  const test = resolve(s.test, names);
  if (test.kind === "literal") {
    const side = foldBlock(test.value ? s.then : s.else, names);
    s.results.forEach((r, i) => names.set(r, side.yields[i] ?? test));
    return [...side.statements];
  }
  const then = foldBlock(s.then, names);
  const otherwise = foldBlock(s.else, names);
  const kept = s.results.filter((r, i) => {
    const [a, b] = [then.yields[i], otherwise.yields[i]];
    if (a === undefined || b === undefined || !sameAtom(a, b)) return true;
    // The same value on both sides comes from outside of them.
    names.set(r, a);
    return false;
  });
  const keep = (list: readonly Atom[]): Atom[] => list.filter((_, i) => kept.includes(s.results[i] as Var));
  if (kept.length === 0 && then.statements.length === 0 && otherwise.statements.length === 0) return [];
  const folded: If = { ...s, test, then: { ...then, yields: keep(then.yields) }, else: { ...otherwise, yields: keep(otherwise.yields) }, results: kept };
  return [folded];
}

function foldLoop(s: Loop, names: Names): Statement[] {
  const counter = s.counter && { ...s.counter, start: resolve(s.counter.start, names), bound: resolve(s.counter.bound, names) };
  // A value that every turn hands on unchanged, and at every exit, is the value that it began with.
  const unchanged = s.carried.filter((c, i) => {
    const next = s.body.yields[i + 1];
    return next !== undefined && (next === c.param || sameAtom(resolve(next, names), resolve(c.init, names)));
  });
  for (const c of unchanged) {
    const init = resolve(c.init, names);
    names.set(c.param, init);
    names.set(c.result, init);
  }
  const carried = s.carried.filter((c) => !unchanged.includes(c)).map((c) => ({ ...c, init: resolve(c.init, names) }));
  const body = foldBlock(s.body, names);
  const yields = body.yields.filter((_, i) => i === 0 || !unchanged.includes(s.carried[i - 1] as Loop["carried"][number]));
  const never = counter && counter.start.kind === "literal" && counter.bound.kind === "literal" && !compare(counter.test, counter.start, counter.bound);
  if (never) {
    for (const c of carried) names.set(c.result, c.init);
    if (s.exit) names.set(s.exit, literal(0));
    return [];
  }
  const status = yields[0];
  if (s.exit && counter && status && isLiteral(status, 0)) names.set(s.exit, status);
  return [{ ...s, ...(counter ? { counter } : {}), carried, body: { ...body, yields } }];
}

/** What an operation is known to give: a renaming, or a decision on literals. */
function value(s: Let): Atom | undefined {
  const [a, b, c] = s.args;
  if (a === undefined) return undefined;
  switch (s.op) {
    case "identity":
      // One that asserts that a value is there stays.
      return a.type.nullable && !s.result.type.nullable && a.kind === "var" ? undefined : a;
    case "isUndefined":
      return a.kind === "literal" ? literal(a.value === undefined, bool) : undefined;
    case "!":
      return a.kind === "literal" ? literal(!a.value, bool) : undefined;
    case "?:":
      return a.kind === "literal" ? (a.value ? b : c) : b && c && sameAtom(b, c) ? b : undefined;
    case "===":
    case "!==":
    case "<":
    case "<=":
    case ">":
    case ">=":
      return a.kind === "literal" && b?.kind === "literal" ? literal(compare(s.op, a, b), bool) : undefined;
    case "+":
    case "-":
      if (s.result.type.kind !== "int" || b === undefined) return undefined;
      if (a.kind === "literal" && b.kind === "literal") return integers(s.op, a, b);
      return isLiteral(b, 0) ? a : undefined;
    case "*":
      if (s.result.type.kind !== "int" || a.kind !== "literal" || b?.kind !== "literal") return undefined;
      return integers(s.op, a, b);
    default:
      return undefined;
  }
}

function integers(op: "+" | "-" | "*", a: Literal, b: Literal): Literal | undefined {
  if (typeof a.value !== "number" || typeof b.value !== "number") return undefined;
  const result = op === "+" ? a.value + b.value : op === "-" ? a.value - b.value : a.value * b.value;
  return Number.isSafeInteger(result) && !Object.is(result, -0) ? literal(result, int) : undefined;
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
      return (x === y) === (op === "===");
  }
}
