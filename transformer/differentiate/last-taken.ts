import { Builder, isLiteral, literal, variable, zero } from "../ir/build.js";
import type { Atom, Block, Fn, If, Loop, Statement, Var } from "../ir/model.js";
import { rewriteBlock, withBlocks } from "../ir/rewrite.js";
import { bool } from "../ir/types.js";
import { blocksOf, bound, boundWithin, freeIn, operands, statementsOf, uses, withInner } from "../ir/walk.js";
import type { Reversal } from "./reversal.js";
import { comesTo, Zeros } from "./zeros.js";

/** The two sides of a branch by the fields that they are. */
type Side = "then" | "else";

/** A branch of a loop's turns, its mirror, and the side on which the turn replaces what it was handed. */
interface Taken {
  readonly loop: Loop;
  readonly mirror: Loop;
  readonly branch: If;
  readonly mirrored: If;
  readonly side: Side;
  /** The adjoints that the side takes, by what they are when the mirror begins. */
  readonly adjoints: ReadonlyMap<Atom, Atom>;
  /** The number of the turn in the loop, and one that is that of no turn. */
  readonly turn: Var;
  readonly none: number;
}

/**
 * Of what a branch replaces, all that is left in the end comes from the last turn that took it: to that turn alone the
 * adjoint goes, and the number of it says more than the tests of all turns.
 *
 *     for (…) if (d < best) best = d;                                for (…) if (d < best) { best = d; bestAt = i; }
 *     for (… back) if (tests[i]) { dd += dbest; dbest = 0; }         for (… back) if (i === bestAt) dd += dbest;
 *
 * Where the mirror does nothing else, it is that of one turn.
 */
export function lastTaken(fn: Fn, r: Reversal): Fn {
  const loops = statementsOf(fn.body).filter((s): s is Loop => s.kind === "loop");
  const sources = new Map(loops.map((loop) => [loop.body.region, loop]));
  for (const mirror of loops) {
    const loop = mirror.body.region.mirrors && sources.get(mirror.body.region.mirrors);
    const taken = loop && takenIn(loop, mirror, r);
    if (taken !== undefined) return lastTaken(withNumber(fn, taken, r), r);
  }
  return fn;
}

function takenIn(loop: Loop, mirror: Loop, r: Reversal): Taken | undefined {
  const turn = turnOf(loop, r);
  if (turn === undefined || mirror.counter === undefined || mirror.carried.length === 0) return undefined;
  for (const branch of loop.body.statements) {
    if (branch.kind !== "if" || !isRunning(branch, loop)) continue;
    const mirrored = mirror.body.statements.find((s): s is If => s.kind === "if" && s.test === branch.test && s.then.region.mirrors === branch.then.region);
    if (mirrored === undefined) continue;
    for (const side of ["then", "else"] as const) {
      const adjoints = adjointsTaken(mirrored, side, mirror);
      if (adjoints.size > 0 && !mirrored[side].statements.some(hasMirrors) && comesTo(mirrored[side], mirrored[otherOf(side)], adjoints.keys())) return { loop, mirror, branch, mirrored, side, adjoints, ...turn };
    }
  }
  return undefined;
}

/** Whether what a statement does within blocks goes by the turns of others. */
function hasMirrors(s: Statement): boolean {
  return withInner(s).some((t) => blocksOf(t).some(({ region }) => region.mirrors !== undefined));
}

function otherOf(side: Side): Side {
  return side === "then" ? "else" : "then";
}

/** What tells a turn of a loop from the others, the one that is left early too, and the value of it before the first. */
function turnOf({ body, counter, carried }: Loop, r: Reversal): { readonly turn: Var; readonly none: number } | undefined {
  const record = r.loops.get(body.region);
  if (record?.turns !== undefined) {
    const count = carried.find(({ result }) => result === record.turns);
    return count && record.partial ? { turn: count.param, none: -1 } : undefined;
  }
  if (counter === undefined || r.mirrors.get(body.region)?.exact !== true) return undefined;
  const first = counter.step > 0 ? counter.start : counter.bound;
  return isLiteral(first) && typeof first.value === "number" ? { turn: counter.var, none: first.value - 1 } : undefined;
}

/** Whether a branch is decided by what it hands on to the next turn. */
function isRunning({ test, results }: If, { body, carried }: Loop): boolean {
  const handed = new Set<Atom>(carried.filter((_, i) => results.includes(body.yields[i + 1] as Var)).map(({ param }) => param));
  if (handed.size === 0) return false;
  const made = new Map<Atom, Statement>(body.statements.flatMap((s) => bound(s).map((v) => [v, s] as const)));
  const seen = new Set<Atom>();
  const follow = (a: Atom): boolean => {
    if (handed.has(a)) return true;
    const s = seen.has(a) ? undefined : made.get(a);
    seen.add(a);
    return s !== undefined && [s, ...blocksOf(s).flatMap(statementsOf)].some((t) => [...operands(t), ...blocksOf(t).flatMap((b) => b.yields)].some(follow));
  };
  return follow(test);
}

/** The adjoints that a turn hands on as they were, but for the side: there they are taken, and 0 from then on. */
function adjointsTaken(mirrored: If, side: Side, { carried, body }: Loop): ReadonlyMap<Atom, Atom> {
  const found = new Map<Atom, Atom>();
  const others = body.statements.filter((s) => s !== mirrored);
  const other = mirrored[otherOf(side)];
  for (const [k, { param, init }] of carried.entries()) {
    const next = body.yields[k + 1];
    const j = mirrored.results.findIndex((result) => result === next);
    const taken = mirrored[side].yields[j];
    if (taken === undefined || !isLiteral(taken, 0) || other.yields[j] !== param) continue;
    if (other.statements.length > 0 || other.yields.filter((y) => y === param).length > 1 || body.yields.filter((y) => y === next).length > 1) continue;
    if (!body.yields.includes(param) && !others.some((s) => uses(s, param) || uses(s, next as Var))) found.set(param, init);
  }
  return found;
}

function withNumber(fn: Fn, taken: Taken, r: Reversal): Fn {
  const { loop, mirror, branch, mirrored, side, turn, none } = taken;
  const handed = loop.carried.find((_, i) => branch.results.includes(loop.body.yields[i + 1] as Var));
  const name = handed === undefined || handed.param.name === "" ? "at" : `${handed.param.name}At`;
  const [param, next, last] = [1, 2, 3].map(() => variable(name, turn.type, branch.origin)) as [Var, Var, Var];
  const giving = (which: Side): Block => ({ ...branch[which], yields: [...branch[which].yields, which === side ? turn : param] });
  const numbered = loop.body.statements.map((s): Statement => (s === branch ? { ...branch, then: giving("then"), else: giving("else"), results: [...branch.results, next] } : s));
  const body: Block = { ...loop.body, statements: numbered, yields: [...loop.body.yields, next] };
  const counting: Loop = { ...loop, carried: [...loop.carried, { param, init: literal(none, turn.type), result: last }], body };
  r.once.set(branch[side].region, { loop: loop.body.region, side: branch[side].region });
  const b = new Builder(mirrored.origin);
  if (isAlone(taken)) once(taken, last, b, r);
  else b.add({ ...mirror, body: { ...mirror.body, statements: mirror.body.statements.flatMap((s) => (s === mirrored ? inLast(taken, last) : [s])) } });
  const rewritten = (block: Block): Block => ({ ...block, statements: block.statements.flatMap((s) => (s === mirror ? b.statements : s === loop ? [counting] : [withBlocks(s, rewritten)])) });
  return { ...fn, body: rewritten(fn.body) };
}

/** The mirror of the branch: in the last turn that took the side, and in no other. */
function inLast({ mirror, mirrored, side, adjoints, turn }: Taken, last: Var): readonly Statement[] {
  const b = new Builder(mirrored.origin);
  const test = b.let(side === "then" ? "===" : "!==", [mirror.counter?.var ?? turn, last], bool);
  return [...b.statements, { ...mirrored, test, [side]: rewriteBlock(mirrored[side], { atom: (a) => adjoints.get(a) ?? a }) }];
}

/** Whether the mirror does nothing in other turns, and asks nothing of the last that comes after the branch. */
function isAlone({ loop, mirror, mirrored, branch, side }: Taken): boolean {
  const { statements, yields } = mirror.body;
  const known = new Zeros([]);
  const passing = statements.map((s) => (s === mirrored ? { ...mirrored, test: literal(side !== "then") } : s));
  if (!known.allNothing(passing) || !mirror.carried.every(({ param }, k) => known.isSame(yields[k + 1] ?? zero, param))) return false;
  if (statements.some((s) => s !== mirrored && hasMirrors(s))) return false;
  const before = new Set<Var>([...boundWithin(loop), ...[...loop.body.statements.slice(0, loop.body.statements.indexOf(branch)), ...branch[side].statements].flatMap(bound)]);
  const inside = new Set<Var>(statementsOf(loop.body).flatMap((s) => [...bound(s), ...boundWithin(s)]));
  return freeIn({ ...mirror.body, statements: passing }).every((v) => before.has(v) || !inside.has(v));
}

// for (… back) { if (i === bestAt) dd += dbest; … }   becomes   if (bestAt !== -1) { … }
function once({ loop, mirror, mirrored, branch, side, none }: Taken, last: Var, b: Builder, r: Reversal): void {
  const { region } = loop.body;
  const names = new Map<Atom, Atom>(mirror.carried.map(({ param, init }) => [param, init]));
  if (mirror.counter !== undefined) names.set(mirror.counter.var, last);
  const known = (a: Atom): Atom => names.get(a) ?? a;
  const lacking = new Set<Atom>(statementsOf(loop.body).flatMap((s) => (s.kind === "load" && !r.bounds.hold(s) ? [s.result] : [])));
  for (const s of statementsOf(mirror.body)) if (s.kind === "let" && s.op === "*" && s.args.some((a) => lacking.has(a))) lacking.add(s.result);
  const taking = mirror.body.statements.map((s) => (s === mirrored ? { ...mirrored, test: literal(side === "then") } : s));
  const { statements } = rewriteBlock({ ...mirror.body, statements: taking }, { atom: known, statement: (s) => [fromZero(s, (a) => lacking.has(a))] });
  const then: Block = { region: mirror.body.region, statements, yields: mirror.body.yields.slice(1).map(known) };
  const other: Block = { region: { name: "none" }, statements: [], yields: mirror.carried.map(({ init }) => init) };
  b.if(b.let("!==", [last, literal(none, last.type)], bool), then, other, mirror.carried.map(({ result }) => result));
  r.mirrors.set(region, { counter: last, exact: r.mirrors.get(region)?.exact === true });
  r.once.set(region, { loop: region, side: branch[side].region });
}

/** dp = 0 - t, what has received nothing before   becomes   dp = -t. By 0 + a[i] what is not there is NaN. */
function fromZero(s: Statement, mayLack: (a: Atom) => boolean): Statement {
  const [first, second] = s.kind === "let" && (s.op === "+" || s.op === "-") ? s.args : [];
  if (s.kind !== "let" || first === undefined || second === undefined || !isLiteral(first, 0)) return s;
  if (s.op === "-") return { ...s, op: "neg", args: [second] };
  return s.origin !== undefined && mayLack(second) ? { ...s, origin: { ...s.origin, reverse: false } } : s;
}
