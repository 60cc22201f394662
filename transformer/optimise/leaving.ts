import { Builder, literal, variable, zero } from "../ir/build.js";
import type { Atom, Block, Fn, If, Loop, Statement, Var } from "../ir/model.js";
import { renew, rewriteBlock } from "../ir/rewrite.js";
import { bool, int, type Type } from "../ir/types.js";
import { statementsOf } from "../ir/walk.js";

/** How many statements what is left to do may have, and how many more a function may have afterwards. */
const longest = 60;
const more = 8;

/**
 * A path that leaves a function or a turn does itself what is left to be done on it, where that is little:
 *
 *     if (c) { s = 1; } else { s = 0; } rest   becomes   if (c) { s = 1; rest where s is 1 } else { s = 0; } if (s === 0) rest
 *
 * Then no code has to be kept for what the path was. `tidy` removes what comes of it.
 */
export function leaveAtOnce(fn: Fn, tidy: (fn: Fn) => Fn): Fn {
  let current = fn;
  for (const s of statementsOf(fn.body)) {
    const status = s.kind === "if" ? s.results[statusOf(s)] : undefined;
    if (s.kind !== "if" || status === undefined) continue;
    const next = tidy({ ...current, body: within(current.body, current.results, status) });
    const isShort = sizeOf(next.body) <= sizeOf(current.body) + (fn.body.statements.includes(s) ? more : 0);
    if (isShort) current = next;
  }
  return current;
}

function sizeOf(block: Block): number {
  return [...statementsOf(block)].length;
}

/** The place of the result that says how control goes on: 0 on some paths, another number on others. */
function statusOf(s: If): number {
  const at = s.results.findIndex((r, i) => {
    const codes = r.type.kind === "int" ? codesOf(s, i) : undefined;
    return codes?.has(0) === true && codes.size > 1;
  });
  return at < 0 ? s.results.length : at;
}

function codesOf(s: If, at: number): Set<Atom | number> | undefined {
  const sides = [s.then, s.else].map((side) => {
    const y = side.yields[at];
    if (y?.kind === "literal") return new Set([Number(y.value)]);
    const last = side.statements.at(-1);
    return y && last?.kind === "if" && last.results.includes(y) ? codesOf(last, last.results.indexOf(y)) : undefined;
  });
  const [then, other] = sides;
  return then && other && new Set([...then, ...other]);
}

/** Does that for one branch, of the function or of a turn. */
function within(block: Block, types: readonly Type[] | undefined, status: Var): Block {
  const k = block.statements.findIndex((s) => s.kind === "if" && s.results.includes(status));
  const s = block.statements[k];
  if (s?.kind === "if") return types === undefined ? block : split(block, k, s, types, status);
  const statements = block.statements.map((t): Statement => {
    if (t.kind === "if") return { ...t, then: within(t.then, undefined, status), else: within(t.else, undefined, status) };
    return t.kind === "loop" ? { ...t, body: within(t.body, turnTypes(t), status) } : t;
  });
  return { ...block, statements };
}

function turnTypes({ carried }: Loop): readonly Type[] {
  return [int, ...carried.map((c) => c.param.type)];
}

function split(block: Block, k: number, s: If, types: readonly Type[], status: Var): Block {
  const rest: Block = { ...block, statements: block.statements.slice(k + 1) };
  if (rest.statements.length === 0 || sizeOf(rest) > longest) return block;
  const at = s.results.indexOf(status);
  const left = (yields: readonly Atom[]): Block => renew(rest, new Map(s.results.map((r, i) => [r, yields[i] ?? r])));
  const isAlone = staying(s, at) === 1;
  const leaving = withRest(s, at, types, (yields, leaves) => (leaves || isAlone ? left(yields) : undefined));
  const results = leaving.results.slice(s.results.length);
  const before = [...block.statements.slice(0, k), leaving];
  if (isAlone) return { ...block, statements: before, yields: results };
  const b = new Builder();
  const goesOn = b.let("===", [status, zero], bool);
  const then = rewriteBlock(rest, { atom: (a) => (a === status ? zero : a) });
  const all = types.map((type, i) => named(block.yields[i], type));
  b.if(goesOn, then, { region: { name: "left" }, statements: [], yields: results }, all);
  return { ...block, statements: [...before, ...b.statements], yields: all };
}

/** On how many paths control goes on. */
function staying(s: If, at: number): number {
  return [s.then, s.else].reduce((sum, side) => {
    const y = side.yields[at];
    const last = side.statements.at(-1);
    if (y?.kind === "literal") return sum + (y.value === 0 ? 1 : 0);
    return sum + (y && last?.kind === "if" ? staying(last, last.results.indexOf(y)) : 1);
  }, 0);
}

function named(like: Atom | undefined, type: Type): Var {
  return variable(like?.kind === "var" ? like.name : "", type, like?.kind === "var" ? like.origin : undefined);
}

/** The branch with what is left on each of its paths that do it themselves. */
function withRest(
  s: If,
  at: number,
  types: readonly Type[],
  left: (yields: readonly Atom[], leaves: boolean) => Block | undefined,
): If {
  const side = (block: Block): Block => {
    const status = block.yields[at];
    const last = block.statements.at(-1);
    if (status?.kind === "var" && last?.kind === "if") {
      const handedOn = (yields: readonly Atom[]): Atom[] => block.yields.map((y) => yields[last.results.indexOf(y as Var)] ?? y);
      const inner = withRest(last, last.results.indexOf(status), types, (yields, leaves) => left(handedOn(yields), leaves));
      return { ...block, statements: [...block.statements.slice(0, -1), inner], yields: [...block.yields, ...inner.results.slice(last.results.length)] };
    }
    const { statements, yields } = left(block.yields, status?.kind !== "literal" || status.value !== 0) ?? { statements: [], yields: types.map(nothing) };
    return { ...block, statements: [...block.statements, ...statements], yields: [...block.yields, ...yields] };
  };
  return { ...s, then: side(s.then), else: side(s.else), results: [...s.results, ...types.map((type) => variable("", type))] };
}

/** A value that is not looked at; of a status it is a number all the same. */
function nothing(type: Type): Atom {
  return type.kind === "int" ? zero : literal(undefined, type);
}
