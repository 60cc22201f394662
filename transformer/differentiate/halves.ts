import { Builder, literal, region, zero } from "../ir/build.js";
import type { Atom, Call, Fn, FnRef, Origin, Var } from "../ir/model.js";
import { bool, int } from "../ir/types.js";

/** Up to how many turns are saved as a whole. */
const whole = 16;

/** What a call of a run of turns takes and gives. */
export interface Run {
  readonly name: string;
  readonly origin?: Origin | undefined;
  readonly inits: readonly Var[];
  readonly count: Var;
  /** The counter in its first turn, and how it goes on. */
  readonly first?: Var;
  readonly step?: number;
  /** How it has ended: 0 where it has made all of its turns. */
  readonly exit?: Var;
}

// function fHalves(x, t, n) {
//   if (n <= 16) return fTurns(x, t, n);
//   m = Math.floor(n / 2); return fHalves(fHalves(x, t, m), t + m, n - m);
// }
// The calls within are checkpointed as well: a state is kept for each level.
export function halved(call: Call, run: Run): Call {
  const { name, origin } = run;
  const ref: FnRef = { name, fn: () => made };
  const params = call.callee.fn().params.map((p): Var => ({ ...p }));
  const param = (v: Var | undefined): Var | undefined => params[call.args.indexOf(v as Atom)];
  const [count, first] = [param(run.count) ?? run.count, param(run.first)];
  const called = (callee: FnRef, given: ReadonlyMap<Var | undefined, Atom>, b: Builder): readonly Var[] => {
    const results = call.results.map((v): Var => ({ ...v }));
    b.add({ kind: "call", callee, args: params.map((p) => given.get(p) ?? p), results, checkpoint: true, ...(origin && { origin }) });
    return results;
  };
  const halves = new Builder(origin);
  const middle = halves.let("Math.floor", [halves.let("/", [count, literal(2)])], int, "half");
  const before = called(ref, new Map([[count, middle]]), halves);
  const [ended, states] = run.exit === undefined ? [undefined, before] : [before[0], before.slice(1)];
  const later = (to: Builder): readonly Var[] => {
    const given = new Map<Var | undefined, Atom>([[count, to.let("-", [count, middle], int)]]);
    if (first !== undefined) given.set(first, to.let("+", [first, scaled(middle, run.step ?? 1, to)], int));
    run.inits.forEach((p, i) => given.set(param(p), states[i] ?? p));
    return called(ref, given, to);
  };
  const same = (): readonly Var[] => call.results.map((v): Var => ({ ...v }));
  let after: readonly Var[];
  if (ended === undefined) after = later(halves);
  else {
    const goOn = new Builder(origin);
    const rest = later(goOn);
    after = same();
    halves.if(halves.let("===", [ended, zero], bool), goOn.block(region("on"), rest), { region: region("ended"), statements: [], yields: before }, after);
  }
  const few = new Builder(origin);
  const turns = called(call.callee, new Map(), few);
  const b = new Builder(origin);
  const results = same();
  b.if(b.let("<=", [count, literal(whole)], bool), few.block(region("few"), turns), halves.block(region("halves"), after), results);
  const made: Fn = { ...call.callee.fn(), name, params, body: b.block(region(name), results) };
  return { ...call, callee: ref, checkpoint: true };
}

/** How far a counter goes in so many turns. */
export function scaled(turns: Var, step: number, b: Builder): Atom {
  return step === 1 ? turns : b.let("*", [turns, literal(step)], int);
}
