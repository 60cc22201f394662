import { isLiteral } from "../ir/build.js";
import { mayAppend } from "../ir/effects.js";
import type { Allocate, Atom, Block, Fn, Loop, Statement, Var } from "../ir/model.js";
import { replaceStatements } from "../ir/rewrite.js";
import { blocksWithin, operands, statementsOf, uses } from "../ir/walk.js";
import { onEveryPath } from "./every-path.js";
import { lastRowsIn } from "./made-rows.js";

/**
 * A list of which each turn of a loop takes the last element, from its end to its start, is read at the number of the turn:
 *
 *     a = new Array(n); …; for (let i = n - 1; i >= 0; i--) { …; x = a.pop() }   becomes   … { …; x = a[i] }
 *
 * where nobody looks at it in or after the loop any more. It may be a row of a list of such.
 */
export function withoutPops(fn: Fn): Fn {
  const before = predecessors(fn);
  const rows = lastRowsIn(fn);
  const places = new Map<Atom, Var>();
  for (const block of blocksWithin(fn.body)) {
    for (const [k, s] of block.statements.entries()) {
      const made = s.kind === "allocate" ? s : rows.get(s);
      if (made === undefined || (s.kind !== "allocate" && s.kind !== "load")) continue;
      const last = block.statements.findLastIndex((t) => uses(t, s.result));
      const loop = block.statements[last];
      if (last <= k || loop?.kind !== "loop" || loop.counter === undefined || block.yields.includes(s.result)) continue;
      if (goesBack(loop, made, before) && takesOne(loop, s.result) && block.statements.slice(k + 1, last).every((t) => staysAsLong(t, s.result))) places.set(s.result, loop.counter.var);
    }
  }
  if (places.size === 0) return fn;
  const read = (s: Statement): readonly Statement[] => {
    const key = s.kind === "pop" ? places.get(s.of) : undefined;
    return s.kind === "pop" && key !== undefined ? [{ ...s, kind: "load", key }] : [s];
  };
  return { ...fn, body: replaceStatements(fn.body, read) };
}

/** Numbers by what they are one less than. */
export function predecessors(fn: Fn): ReadonlyMap<Atom, Atom> {
  const before = new Map<Atom, Atom>();
  for (const s of statementsOf(fn.body)) if (s.kind === "let" && s.op === "-" && s.args[0] !== undefined && isLiteral(s.args[1] ?? s.result, 1)) before.set(s.result, s.args[0]);
  return before;
}

/** Whether a loop goes from the last place of a list down to its first, through all of its turns. */
export function goesBack({ counter, body }: Loop, { initial, result }: Allocate, before: ReadonlyMap<Atom, Atom>): boolean {
  if (result.type.kind !== "array" || counter?.step !== -1 || counter.test !== ">=" || !isLiteral(counter.bound, 0) || !isLiteral(body.yields[0] ?? result, 0)) return false;
  const length = initial.kind === "fill" ? initial.length : initial.kind === "elements" ? initial.elements.length : undefined;
  if (typeof length === "object" && length.kind === "var") return before.get(counter.start) === length;
  const count = typeof length === "object" ? Number(length.value) : length;
  return count !== undefined && isLiteral(counter.start, count - 1);
}

function takesOne({ carried, body }: Loop, list: Var): boolean {
  return carried.every((c) => c.init !== list) && onEveryPath(body, list, (s) => s.kind === "pop");
}

/** Whether a list is as long behind a statement, and has no other name. */
function staysAsLong(s: Statement, list: Var): boolean {
  if (!uses(s, list)) return true;
  const inner: readonly Block[] = s.kind === "if" ? [s.then, s.else] : s.kind === "loop" ? [s.body] : [];
  if (inner.length > 0) return !operands(s).includes(list) && inner.every((b) => !b.yields.includes(list) && b.statements.every((t) => staysAsLong(t, list)));
  if (s.kind === "copy" || (s.kind === "allocate" && s.initial.kind === "zerosLike")) return true;
  if (operands(s).filter((a) => a === list).length !== 1 || operands(s)[0] !== list) return false;
  return s.kind === "load" || s.kind === "accumulate" || (s.kind === "store" && !mayAppend(s));
}
