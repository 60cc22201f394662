import { isLiteral, zero } from "../ir/build.js";
import { effectsOf } from "../ir/effects.js";
import type { Memory } from "../ir/memory.js";
import type { Atom, Carried, Fn, If, Load, Loop, Statement, Var } from "../ir/model.js";
import { replaceStatements, rewriteBlock } from "../ir/rewrite.js";
import { statementsOf } from "../ir/walk.js";

/**
 * A loop that goes on while a number that each turn makes one more is below a length that no turn changes has a counter:
 *
 *     i = 0; while (i < rows.length) { …; i = i + 1 }   becomes   n = rows.length; for (i = 0; i < n; i++) …
 *
 * That is how `for…of` is lowered where by what the text says alone the array may become longer on the way.
 */
export function countTurns(fn: Fn, memoryOf: (fn: Fn) => Memory): Fn {
  const found = new Map<Statement, Counted>();
  for (const s of statementsOf(fn.body)) {
    const counted = s.kind === "loop" ? countedOf(s) : undefined;
    if (counted !== undefined) found.set(s, counted);
  }
  if (found.size === 0) return fn;
  const memory = memoryOf(fn);
  for (const [loop, { length }] of found) {
    const cell = memory.cellOf(length.of, length.key);
    if (cell === undefined || effectsOf(loop.kind === "loop" ? loop.body.statements : [], memory).writes.has(cell)) found.delete(loop);
  }
  if (found.size === 0) return fn;
  // Behind the loop, what is counted is as much as the length.
  const lengths = new Map<Atom, Atom>([...found.values()].map(({ length, index }) => [index.result, length.result]));
  const body = replaceStatements(fn.body, (s) => {
    const counted = found.get(s);
    return counted === undefined || s.kind !== "loop" ? [s] : [counted.length, withCounter(s, counted)];
  });
  return { ...fn, body: rewriteBlock(body, { atom: (a) => lengths.get(a) ?? a }) };
}

interface Counted {
  readonly length: Load;
  /** What is counted. */
  readonly index: Carried;
  /** What a turn does, or that it is one too many. */
  readonly turn: If;
}

/** `length = of.length; if (i < length) …; i = i + 1   else leave`, from 0 on. */
function countedOf({ counter, exit, carried, body }: Loop): Counted | undefined {
  const [length, test, turn, ...more] = body.statements;
  if (counter !== undefined || exit !== undefined || more.length > 0 || length?.kind !== "load" || test?.kind !== "let" || turn?.kind !== "if") return undefined;
  if (length.key.kind !== "field" || length.key.name !== "length" || turn.test !== test.result || test.op !== "<" || test.args[1] !== length.result) return undefined;
  const index = carried.find((c) => c.param === test.args[0] && c.param.type.kind === "int" && isLiteral(c.init, 0));
  const [status] = body.yields;
  if (index === undefined || status === undefined || carried.some((c) => c.param === length.of)) return undefined;
  if (!isLiteral(nextOf(turn, status), 0) || !isLiteral(lastOf(turn, status)) || isLiteral(lastOf(turn, status), 0)) return undefined;
  // What is carried leaves the loop as it came into the last turn, which does nothing.
  if (turn.else.statements.length > 0 || carried.some((c, i) => lastOf(turn, body.yields[i + 1] ?? c.init) !== c.param)) return undefined;
  const next = nextOf(turn, body.yields[1 + carried.indexOf(index)] ?? index.param);
  const step = turn.then.statements.find((s) => s.kind === "let" && s.result === next);
  return step?.kind === "let" && step.op === "+" && step.args[0] === index.param && isLiteral(step.args[1] ?? index.param, 1) ? { length, index, turn } : undefined;
}

function withCounter(loop: Loop, { length, index, turn }: Counted): Loop {
  const carried = loop.carried.filter((c) => c !== index);
  const next = loop.carried.flatMap((c, i) => (c === index ? [] : [nextOf(turn, loop.body.yields[i + 1] ?? c.param)]));
  const body = { region: loop.body.region, statements: turn.then.statements, yields: [zero, ...next] };
  return { ...loop, counter: { var: index.param, start: zero, test: "<", bound: length.result, step: 1 }, carried, body };
}

const nextOf = ({ results, then }: If, a: Atom): Atom => then.yields[results.indexOf(a as Var)] ?? a;
const lastOf = ({ results, else: last }: If, a: Atom): Atom => last.yields[results.indexOf(a as Var)] ?? a;
