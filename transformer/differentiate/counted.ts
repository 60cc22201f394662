import { shiftOf } from "../ir/atoms.js";
import { Builder, isLiteral, literal, zero } from "../ir/build.js";
import type { Atom, Block, Counter, Fn, If, Let, Loop, Statement, Var } from "../ir/model.js";
import { int } from "../ir/types.js";
import { bound, statementsOf, uses } from "../ir/walk.js";

/**
 * A loop that ends as soon as a whole number, to which each turn adds the same, reaches what does not change is one with a
 * counter, so that it is known before it how many turns it makes:
 *
 *     while (k < n) { …; k += 3; }   becomes   for (let k = …; k < n; k += 3) { … }
 */
export function counted(fn: Fn): Fn {
  const block = (b: Block): Block => ({ ...b, statements: b.statements.flatMap(statement) });
  const statement = (s: Statement): readonly Statement[] => {
    if (s.kind === "if") return [{ ...s, then: block(s.then), else: block(s.else) }];
    if (s.kind !== "loop") return [s];
    const loop = { ...s, body: block(s.body) };
    return withCounter(loop, (v) => isUsed(v, fn)) ?? [loop];
  };
  return statementsOf(fn.body).some((s) => s.kind === "loop" && !s.counter) ? { ...fn, body: block(fn.body) } : fn;
}

function isUsed(v: Var, { body }: Fn): boolean {
  return body.yields.includes(v) || body.statements.some((s) => uses(s, v));
}

/** A loop whose turns begin with values and end with a branch that goes on or leaves. */
interface Turn {
  readonly loop: Loop;
  readonly leaves: If;
  readonly before: readonly Statement[];
  readonly made: ReadonlyMap<Atom, Statement>;
}

function withCounter(loop: Loop, isUsedAfter: (v: Var) => boolean): readonly Statement[] | undefined {
  const turn = loop.counter || loop.exit ? undefined : turnOf(loop);
  const test = turn && turn.made.get(turn.leaves.test);
  if (turn === undefined || test?.kind !== "let") return undefined;
  const at = loop.carried.findIndex((_, i) => counts(i, test, turn));
  const found = loop.carried[at];
  const steps = found && stepsIn(at, turn);
  const limit = found && limitOf(test, found.param, turn);
  if (steps === undefined || limit === undefined || (limit.test.startsWith("<") ? steps.on <= 0 : steps.on >= 0)) return undefined;
  const isKept = loop.carried.every(({ param, result }, i) => i === at || !isUsedAfter(result) || valueAt(i, turn.leaves.else, turn) === param);
  const isSeen = isUsedAfter(found.result);
  if (!isKept || (isSeen && limit.of.type.kind !== "int") || !isExact(limit, found.init)) return undefined;

  const outer = new Builder(loop.origin);
  const end = further(limit.of, -limit.ahead, outer);
  const counter: Counter = { var: found.param, start: found.init, test: limit.test, bound: end, step: steps.on };
  const after = new Builder(loop.origin);
  if (isSeen) lastOf(counter, steps.last, found.result, after);
  const kept = turn.before.filter((s) => s !== test || isUsedIn(test.result, turn));
  const next = loop.carried.flatMap((_, i) => (i === at ? [] : [valueAt(i, turn.leaves.then, turn)]));
  const body: Block = { ...loop.body, statements: [...kept, ...turn.leaves.then.statements], yields: [zero, ...next] };
  return [...outer.statements, { ...loop, counter, carried: loop.carried.filter((c) => c !== found), body }, ...after.statements];
}

function turnOf(loop: Loop): Turn | undefined {
  const { statements, yields } = loop.body;
  const leaves = statements.at(-1);
  const before = statements.slice(0, -1);
  if (leaves?.kind !== "if" || leaves.else.statements.length > 0 || !before.every((s) => s.kind === "let" || s.kind === "load")) return undefined;
  const made = new Map<Atom, Statement>(statementsOf(loop.body).flatMap((s) => bound(s).map((v) => [v, s] as const)));
  const turn = { loop, leaves, before, made };
  const [goesOn, ends] = [leaves.then, leaves.else].map((side) => within(yields[0] ?? zero, side, leaves));
  return goesOn && ends && isLiteral(goesOn, 0) && isLiteral(ends) && ends.value !== 0 ? turn : undefined;
}

function isUsedIn(v: Var, { before, leaves }: Turn): boolean {
  return [...before, ...leaves.then.statements].some((s) => uses(s, v)) || [...leaves.then.yields, ...leaves.else.yields].includes(v);
}

/** What a value is where a side of the branch was taken. */
function within(a: Atom, side: Block, { results }: If): Atom {
  return side.yields[results.indexOf(a as Var)] ?? a;
}
/** What a turn hands on of a carried value, where it ends with that side. */
function valueAt(at: number, side: Block, { loop, leaves }: Turn): Atom {
  return within(loop.body.yields[at + 1] ?? zero, side, leaves);
}

/** How much is added to what is handed on by a turn that goes on, and by the one that leaves. */
function stepsIn(at: number, turn: Turn): { readonly on: number; readonly last: number } | undefined {
  const param = turn.loop.carried[at]?.param;
  const [on, last] = [turn.leaves.then, turn.leaves.else].map((side) => param && aheadOf(valueAt(at, side, turn), param, turn));
  return on === undefined || last === undefined ? undefined : { on, last };
}

/** How far a number is from another: 1 of `k + 1`. */
function aheadOf(a: Atom, of: Var, turn: Turn): number | undefined {
  if (a === of) return 0;
  const s = turn.made.get(a);
  const shift = s?.kind === "let" ? shiftOf(s) : undefined;
  const more = shift && aheadOf(shift.from, of, turn);
  return shift === undefined || more === undefined ? undefined : more + shift.by;
}

interface Limit {
  readonly test: Counter["test"];
  readonly of: Atom;
  /** How far ahead of the number the test looks: 2 in `k + 2 < n`. */
  readonly ahead: number;
}

const mirrored: Readonly<Record<string, Counter["test"]>> = { "<": ">", "<=": ">=", ">": "<", ">=": "<=" };

/** k < n, n > k, k + 2 < n   where n does not change. */
function limitOf({ op, args: [left, right] }: Let, param: Var, turn: Turn): Limit | undefined {
  const turned = mirrored[op];
  if (turned === undefined || left === undefined || right === undefined) return undefined;
  for (const [number, of, test] of [[left, right, mirrored[turned]], [right, left, turned]] as const) {
    const ahead = aheadOf(number, param, turn);
    const isFixed = !turn.made.has(of) && !turn.loop.carried.some((c) => c.param === of) && !mayBeAssigned(of, turn);
    const isNumber = (of.type.kind === "int" || of.type.kind === "real") && of.type.nullable !== true;
    if (ahead !== undefined && test !== undefined && isFixed && isNumber) return { test, of, ahead };
  }
  return undefined;
}

/** Whether it is a variable from outside, and the loop runs code that may assign it. */
function mayBeAssigned(of: Atom, { loop }: Turn): boolean {
  return of.kind === "var" && of.captured === true && statementsOf(loop.body).some((s) => s.kind === "call" || s.kind === "effect" || (s.kind === "opaque" && s.pure !== true));
}

function counts(at: number, test: Let, turn: Turn): boolean {
  const { param, init } = turn.loop.carried[at] ?? {};
  return param?.type.kind === "int" && param.type.nullable !== true && init?.type.kind === "int" && limitOf(test, param, turn) !== undefined;
}

/** Whether `k + 2 < n` is `k < n - 2`: of whole numbers, and of a number n where k does not begin below 0. */
function isExact({ test, of, ahead }: Limit, start: Atom): boolean {
  return ahead === 0 || of.type.kind === "int" || (ahead > 0 && test.startsWith("<") && start.kind === "literal" && Number(start.value) >= 0);
}

// k = Math.max(start, n) where it goes on by 1, else start + Math.max(0, Math.ceil((n - start) / 3)) * 3
function lastOf({ start, bound: end, test, step }: Counter, more: number, result: Var, b: Builder): void {
  const isUp = step > 0;
  const size = Math.abs(step);
  const one = test === "<=" ? 1 : test === ">=" ? -1 : 0;
  let last: Atom;
  if (start.kind === "literal" && end.kind === "literal") last = literal(Number(start.value) + Math.max(0, Math.ceil((Number(end.value) + one - Number(start.value)) / step)) * step + more);
  else if (size === 1) last = further(b.let(isUp ? "Math.max" : "Math.min", [start, further(end, one, b)], int), more, b);
  else {
    const [ahead, behind] = isUp ? [end, start] : [start, end];
    const span = behind.kind === "literal" ? further(ahead, Math.abs(one) - Number(behind.value), b) : further(b.let("-", [ahead, behind], int), Math.abs(one), b);
    const turns = b.let("Math.max", [zero, b.let("Math.ceil", [b.let("/", [span, literal(size)])], int)], int);
    const way = b.let("*", [turns, literal(size)], int);
    last = further(isUp && isLiteral(start, 0) ? way : b.let(isUp ? "+" : "-", [start, way], int), more, b);
  }
  b.add({ kind: "let", result, op: "identity", args: [last], ...(b.origin && { origin: b.origin }) });
}

function further(a: Atom, by: number, b: Builder): Atom {
  if (by === 0) return a;
  return a.kind === "literal" ? literal(Number(a.value) + by) : b.let(by > 0 ? "+" : "-", [a, literal(Math.abs(by))], a.type);
}
