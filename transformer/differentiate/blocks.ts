import { Builder, isLiteral, literal, one, region, variable, zero } from "../ir/build.js";
import type { Atom, Block, Call, Carried, Counter, Loop, Statement, Var } from "../ir/model.js";
import { outlined } from "../ir/outline.js";
import { bool, int, isReference } from "../ir/types.js";
import { freeIn } from "../ir/walk.js";
import { halved, scaled } from "./halves.js";
import { depthOf } from "./places.js";
import { statusesOf } from "./reversal.js";

/** How many states of a long loop are kept: as many as the root of its turns, as their logarithm, or so many. */
export type Checkpoint = "sqrt" | "revolve" | number;

/** Why a loop cannot be cut into blocks. */
export class NoBlocks extends Error {
  constructor(
    message: string,
    readonly loop: Loop,
  ) {
    super(message);
  }
}

/** The function that the runs of turns are of, and what each begins with. */
interface Runs {
  readonly name: string;
  readonly head: readonly Statement[];
}

/** The same loop in blocks of turns. Each block is a checkpointed call, which begins with `head`, and takes and gives what the turns carry. */
export function inBlocks(loop: Loop, how: Checkpoint, name: string, head: readonly Statement[]): readonly Statement[] {
  const [status] = loop.body.yields;
  if (loop.counter !== undefined && status !== undefined && isLiteral(status, 0)) return counted(loop, loop.counter, how, { name, head });
  if (typeof how === "number") throw new NoBlocks("how many turns it makes is not known before, so that they cannot be shared among a number of states", loop);
  if (loop.counter === undefined) return open(loop, how, { name, head });
  const { loop: same, end } = withoutCounter(loop, loop.counter);
  if (loop.exit === undefined || same.exit === undefined) return open(same, how, { name, head });
  const b = new Builder(loop.origin);
  b.statements.push(...open(same, how, { name, head }));
  b.add({ kind: "let", result: loop.exit, op: "?:", args: [b.let("===", [same.exit, end], bool), zero, same.exit], ...(loop.origin && { origin: loop.origin }) });
  return b.statements;
}

// for (let t = 0; t < n; t++) x = f(x, t)   becomes
// for (let block = 0; block < Math.ceil(n / size); block++) x = fTurns(x, block * size, Math.min(size, n - block * size))
function counted(loop: Loop, counter: Counter, how: Checkpoint, runs: Runs): readonly Statement[] {
  const b = new Builder(loop.origin);
  const turns = turnsOf(counter, b);
  const [first, count, k] = [variable(counter.var.name || "first", int, loop.origin), variable("turns", int, loop.origin), variable("turn", int, loop.origin)];
  const head = new Builder(loop.origin);
  if (freeIn(loop.body).includes(counter.var)) head.add({ kind: "let", result: counter.var, op: "+", args: [first, scaled(k, counter.step, head)] });
  const body: Block = { ...loop.body, statements: [...head.statements, ...loop.body.statements] };
  const { loop: inner, inits, results } = part(loop, { var: k, start: zero, test: "<", bound: count, step: 1 }, body);
  const call = run(runs, inner, inits, results);
  if (how === "revolve") {
    const whole = halved(call, { name: `${runs.name}Halves`, origin: loop.origin, inits, count, first, step: counter.step });
    const given = new Map<Atom, Atom>([...inits.map((p, i): [Atom, Atom] => [p, loop.carried[i]?.init ?? p]), [first, counter.start], [count, turns]]);
    const final = loop.carried.map((c) => c.result);
    return [...b.statements, { ...whole, args: whole.args.map((a) => given.get(a) ?? a), results: final }];
  }
  const share = how === "sqrt" ? b.let("Math.sqrt", [turns]) : b.let("/", [turns, literal(how)]);
  const size = b.let("Math.max", [one, b.let("Math.ceil", [share], int)], int, "size");
  const blocks = b.let("Math.ceil", [b.let("/", [turns, size])], int);
  const index = variable("block", int, loop.origin);
  const turn = new Builder(loop.origin);
  const done = turn.let("*", [index, size], int, "done");
  turn.add({ kind: "let", result: first, op: "+", args: [counter.start, scaled(done, counter.step, turn)] });
  turn.add({ kind: "let", result: count, op: "Math.min", args: [size, turn.let("-", [turns, done], int)] });
  turn.add({ ...call, checkpoint: true });
  const carried = loop.carried.map((c, i): Carried => ({ ...c, param: inits[i] ?? c.param }));
  const outer: Loop = { ...loop, counter: { var: index, start: zero, test: "<", bound: blocks, step: 1 }, carried, body: turn.block(region("blocks"), [zero, ...call.results]) };
  return [...b.statements, outer];
}

// while (…) x = f(x)   becomes   for (let size = 1; ; size++) { [exit, x] = fTurns(x, size); if (exit !== 0) break; }
// Of a loop that ends when it ends the blocks get longer and longer, by one or by as many turns as there have been.
function open(loop: Loop, how: "sqrt" | "revolve", runs: Runs): readonly Statement[] {
  const statuses = statusesOf(loop.body.yields[0], loop.body);
  if (statuses === undefined) throw new NoBlocks("it is left in a way that is not known before", loop);
  const [size, k, exit] = [variable("size", int, loop.origin), variable("turn", int, loop.origin), variable("exit", int, loop.origin)];
  const { loop: inner, inits, results } = part({ ...loop, exit }, { var: k, start: zero, test: "<", bound: size, step: 1 }, loop.body);
  const call = run(runs, inner, inits, [exit, ...results]);
  const turn = new Builder(loop.origin);
  turn.add({ ...(how === "revolve" ? halved(call, { name: `${runs.name}Halves`, origin: loop.origin, inits, count: size, exit }) : call), checkpoint: true });
  const status = statusFrom(exit, loop.exit === undefined ? [0, 1] : [...statuses].sort((x, y) => x - y), turn);
  const next = how === "revolve" ? turn.let("*", [size, literal(2)], int) : turn.let("+", [size, one], int);
  const carried = loop.carried.map((c, i): Carried => ({ ...c, param: inits[i] ?? c.param }));
  const sizes: Carried = { param: size, init: one, result: variable("size", int, loop.origin) };
  return [{ ...loop, carried: [...carried, sizes], body: turn.block(region("blocks"), [status, ...call.results.slice(1), next]) }];
}

/** A run of turns: what it begins with, and what it ends with. */
function part(loop: Loop, counter: Counter, body: Block): { readonly loop: Loop; readonly inits: readonly Var[]; readonly results: readonly Var[] } {
  const inits = loop.carried.map((c): Var => ({ ...c.param }));
  const results = loop.carried.map((c): Var => ({ ...c.result }));
  const carried = loop.carried.map((c, i): Carried => ({ param: c.param, init: inits[i] ?? c.init, result: results[i] ?? c.result }));
  const { exit, ...rest } = loop;
  return { loop: { ...rest, counter, carried, body: { ...body, region: region("turn") }, ...(counter && loop.body.yields[0]?.kind === "var" && exit && { exit }) }, inits, results };
}

/** The call of a run of turns. Arrays and objects that it gives are new, so that those of the run before can be kept. */
function run({ name, head }: Runs, inner: Loop, inits: readonly Var[], given: readonly Var[]): Call {
  const b = new Builder(inner.origin);
  const results = given.map((v) => (isReference(v.type) ? b.copy(v, depthOf(v.type), v.name) : v));
  return outlined(`${name}Turns`, [...head, inner, ...b.statements], results, inner.origin, inits);
}

/** How many turns a loop makes that runs to its end. */
function turnsOf({ start, bound, step, test }: Counter, b: Builder): Atom {
  const isInclusive = test === "<=" || test === ">=";
  const span = isLiteral(start, 0) ? bound : b.let("-", [bound, start], bound.type.kind === "int" && start.type.kind === "int" ? int : undefined);
  const quotient = step === 1 ? span : b.let("/", [span, literal(step)]);
  const isWhole = quotient.type.kind === "int";
  const complete = isInclusive ? b.let("+", [isWhole ? quotient : b.let("Math.floor", [quotient], int), one], int) : isWhole ? quotient : b.let("Math.ceil", [quotient], int);
  return b.let("Math.max", [zero, complete], int, "turns");
}

/** The status with which a turn ends that has run others. */
function statusFrom(exit: Var, statuses: readonly number[], b: Builder): Atom {
  const [k, ...rest] = statuses;
  if (k === undefined || rest.length === 0) return literal(k ?? 0);
  const status = variable("status", int, b.origin);
  const others = new Builder(b.origin);
  const other = statusFrom(exit, rest, others);
  b.if(b.let("===", [exit, literal(k)], bool), { region: region("such"), statements: [], yields: [literal(k)] }, others.block(region("others"), [other]), [status]);
  return status;
}

/** A loop with a counter that may be left before it has ended, as one that carries its counter and leaves by a test, with the status `end`. */
function withoutCounter(loop: Loop, { var: at, start, test, bound, step }: Counter): { readonly loop: Loop; readonly end: Atom } {
  const statuses = statusesOf(loop.body.yields[0], loop.body);
  if (statuses === undefined) throw new NoBlocks("it is left in a way that is not known before", loop);
  const end = literal(Math.max(...statuses) + 1);
  const b = new Builder(loop.origin);
  const goesOn = b.let(test, [at, bound], bool);
  const then = new Builder(loop.origin);
  then.statements.push(...loop.body.statements);
  const next = then.let("+", [at, literal(step)], int, at.name);
  const params = [...loop.carried.map((c) => c.param), at];
  const results = [variable("status", int, loop.origin), ...params.map((p) => variable(p.name, p.type, loop.origin))];
  b.if(goesOn, then.block(loop.body.region, [...loop.body.yields, next]), { region: region("ended"), statements: [], yields: [end, ...params] }, results);
  const { exit } = loop;
  const left = variable("exit", int, loop.origin);
  const carried: Carried[] = [...loop.carried, { param: at, init: start, result: variable(at.name, int, loop.origin) }];
  const same: Loop = { kind: "loop", carried, body: b.block(region("turn"), results), ...(exit && { exit: left }), ...(loop.label !== undefined && { label: loop.label }), ...(loop.origin && { origin: loop.origin }) };
  return { loop: same, end };
}
