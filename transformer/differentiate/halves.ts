import { Builder, literal, region, variable, zero } from "../ir/build.js";
import type { Atom, Call, Fn, FnRef, Var } from "../ir/model.js";
import { bool, int } from "../ir/types.js";

/** Up to how many turns are saved as a whole. */
const whole = 16;

/** What a call of a run of turns takes and gives. */
interface Run {
  readonly inits: readonly Var[];
  readonly count: Var;
  /** The counter in its first turn, and how it goes on. */
  readonly first?: Var;
  readonly step?: number;
  /** How it has ended: 0 where it has made all of its turns. */
  readonly exit?: Var;
}

// function fTurns(x, t, n) { if (n <= 16) { …; return x; } m = Math.floor(n / 2); return fTurns(fTurns(x, t, m), t + m, n - m); }
// The calls within are checkpointed as well: a state is kept for each level.
export function halved(call: Call, run: Run): Call {
  const leaf = call.callee.fn();
  const { name } = call.callee;
  const ref: FnRef = { name, fn: () => made };
  const param = (v: Var | undefined): Var | undefined => leaf.params[call.args.indexOf(v as Atom)];
  const [count, first] = [param(run.count) ?? run.count, param(run.first)];
  const half = (given: ReadonlyMap<Var | undefined, Atom>, b: Builder): readonly Var[] => {
    const results = leaf.body.yields.map((y, i) => variable(call.results[i]?.name ?? "", y.type, b.origin));
    b.add({ kind: "call", callee: ref, args: leaf.params.map((p) => given.get(p) ?? p), results, checkpoint: true, ...(b.origin && { origin: b.origin }) });
    return results;
  };
  const b = new Builder(leaf.origin);
  const isLong = b.let(">", [count, literal(whole)], bool);
  const halves = new Builder(leaf.origin);
  const middle = halves.let("Math.floor", [halves.let("/", [count, literal(2)])], int, "half");
  const before = half(new Map([[count, middle]]), halves);
  const [ended, states] = run.exit === undefined ? [undefined, before] : [before[0], before.slice(1)];
  const later = (to: Builder): readonly Var[] => {
    const given = new Map<Var | undefined, Atom>([[count, to.let("-", [count, middle], int)]]);
    if (first !== undefined) given.set(first, to.let("+", [first, scaled(middle, run.step ?? 1, to)], int));
    run.inits.forEach((p, i) => given.set(param(p), states[i] ?? p));
    return half(given, to);
  };
  let after: readonly Var[];
  if (ended === undefined) after = later(halves);
  else {
    const goOn = new Builder(leaf.origin);
    const rest = later(goOn);
    after = before.map((v) => variable(v.name, v.type, v.origin));
    halves.if(halves.let("===", [ended, zero], bool), goOn.block(region("on"), rest), { region: region("ended"), statements: [], yields: before }, after);
  }
  const results = leaf.body.yields.map((y, i) => variable(call.results[i]?.name ?? "", y.type, leaf.origin));
  b.if(isLong, halves.block(region("halves"), after), leaf.body, results);
  const made: Fn = { ...leaf, body: b.block(region(name), results) };
  return { ...call, callee: ref, checkpoint: true };
}

/** How far a counter goes in so many turns. */
export function scaled(turns: Var, step: number, b: Builder): Atom {
  return step === 1 ? turns : b.let("*", [turns, literal(step)], int);
}
