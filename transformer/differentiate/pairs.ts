import { Builder, field, region, variable } from "../ir/build.js";
import type { Atom, Block, Fn, FnRef, Var } from "../ir/model.js";
import { reachable } from "../ir/memory.js";
import { rewriteBlock } from "../ir/rewrite.js";
import { isReference, nullable, real, type Field, type RecordType } from "../ir/types.js";
import { freeIn, statementsOf } from "../ir/walk.js";
import { markWithin } from "../ir/within.js";
import { againOf, makeAgain, type Again } from "./again.js";
import { halvesOf, split, type Split } from "./both-halves.js";
import { counted } from "./counted.js";
import { isPlain, ofNeeded, pullbackAlone } from "./pullback-alone.js";
import { betweenHalvesOf, callsOf, Reversal, type Pair, type Whole } from "./reversal.js";
import { tidy } from "./save.js";
import { smooth } from "./smooth.js";
import { standInForPullback, standInsFor } from "./stand-ins.js";

/**
 * The functions that stand in place of calls: `hForward` gives what `h` gives, the shadows of that, and a record of
 * what was saved; `hPullback` takes the record and the adjoints of the results and gives those of the parameters.
 */
export class Pairs {
  private readonly made = new Map<Fn, Pair>();
  /** The functions of which the pullback needs more than what they are given. */
  private readonly recorded = new Set<Fn>();
  private readonly repeated = new Map<Fn, Again>();

  /** The pair for a function, under the activity of the whole that is being differentiated. */
  of(callee: FnRef, whole: Whole): Pair {
    const fn = callee.fn();
    const known = this.made.get(fn);
    if (known !== undefined) return known;
    return this.ofArguments(callee, whole) ?? this.withRecord(callee, whole);
  }

  /** Of a function whose pullback needs nothing but what the function was given. */
  private ofArguments(callee: FnRef, whole: Whole): Pair | undefined {
    const fn = callee.fn();
    const given = takenAndGiven(fn, whole);
    if (this.recorded.has(fn) || given.shares.includes(true) || !isPlain(fn)) return undefined;
    const before = new Set(this.made.keys());
    const built: { pullback?: Fn } = {};
    const pair: Pair = { ...given, forward: callee, pullback: { name: `${callee.name}Pullback`, fn: () => built.pullback ?? standIn } };
    const standIn = standInForPullback(fn, pair);
    this.made.set(fn, pair);
    const [marked, r] = this.reversalOf(fn, whole);
    const alone = pullbackAlone(marked, pair, r, split(marked, pair, r));
    // What was made meanwhile, and calls it.
    const others = [...this.made.keys()].filter((one) => !before.has(one) && one !== fn && reachable(one).includes(fn));
    if (alone === undefined) {
      this.recorded.add(fn);
      for (const one of [fn, ...others]) this.made.delete(one);
      return undefined;
    }
    built.pullback = alone;
    if (others.length === 0) built.pullback = ofNeeded(alone, pair);
    return pair;
  }

  private withRecord(callee: FnRef, whole: Whole): Pair {
    const fn = callee.fn();
    const fields: Field[] = [];
    const saved: RecordType = { kind: "record", shape: "object", name: `${callee.name}Saved`, fields };
    const built: { forward?: Fn; pullback?: Fn } = {};
    const pair: Pair = {
      ...takenAndGiven(fn, whole),
      forward: { name: `${callee.name}Forward`, fn: () => built.forward ?? standIns.forward },
      pullback: { name: `${callee.name}Pullback`, fn: () => built.pullback ?? standIns.pullback },
      saved,
    };
    const standIns = standInsFor(callee, pair, saved);
    this.made.set(fn, pair);
    const [marked, r] = this.reversalOf(fn, whole);
    Object.assign(built, parts(marked, pair, saved, split(marked, pair, r), fields));
    return pair;
  }

  private reversalOf(fn: Fn, whole: Whole): readonly [Fn, Reversal] {
    const marked = markWithin(counted(smooth(fn)), () => whole.memory);
    return [marked, new Reversal(marked, whole.memory, whole.activity, whole.all, callsOf(this, whole), betweenHalvesOf(fn, whole))];
  }

  /** What stands in the mirror for checkpointed calls of a function. */
  again(callee: FnRef, whole: Whole): Again {
    const known = this.repeated.get(callee.fn());
    if (known !== undefined) return known;
    const { memory, activity, all } = whole;
    const made = againOf(callee, (a) => activity.isActive(a), (again) => makeAgain(callee, again, (fn) => new Reversal(fn, memory, activity, all, callsOf(this, whole), undefined, true)));
    this.repeated.set(callee.fn(), made);
    return made;
  }
}

function takenAndGiven(fn: Fn, { activity }: Whole): Pick<Pair, "active" | "gives" | "shares" | "takes"> {
  return {
    active: fn.params.map((p) => activity.isActive(p)),
    gives: fn.body.yields.map((y) => y.type.kind === "real" && activity.isActive(y)),
    shares: fn.body.yields.map((y) => isReference(y.type) && activity.isActive(y)),
    takes: [],
  };
}

// function hForward(x) { …; return [r, { x, t }]; } function hPullback(saved, g) { … }
function parts(fn: Fn, pair: Pair, record: RecordType, { whole, shadows, adjoints, values }: Split, fields: Field[]): { forward: Fn; pullback: Fn } {
  const { before, first: forwards, mirror, yields: given } = halvesOf(whole, values);
  const known = new Set<Var>([...adjoints, ...fn.captures]);
  const free = freeIn(mirror).filter((v) => !known.has(v));
  const partly = madeOnOneSide(free, forwards);
  const first = rewriteBlock(forwards, { atom: (a) => partly.get(a) ?? a, bind: (v) => partly.get(v) ?? v });
  const taken = new Set<string>();
  for (const v of free) {
    let name = v.name === "" ? "value" : v.name;
    for (let i = 2; taken.has(name); i++) name = `${v.name === "" ? "value" : v.name}${i}`;
    taken.add(name);
    fields.push({ name, type: (partly.get(v) ?? v).type });
  }
  const b = new Builder(fn.origin);
  const all = b.allocate(record, { kind: "elements", elements: free.map((v) => partly.get(v) ?? v) }, "saved");
  const yields = [...given, all];
  const forward: Fn = {
    ...fn,
    name: pair.forward.name,
    params: [...fn.params, ...shadows],
    body: { region: region(pair.forward.name), statements: [...before, ...first.statements, ...b.statements], yields },
    results: yields.map((y, i) => (i < values ? (whole.results[i] ?? y.type) : y.type)),
  };
  const saved = variable("saved", record);
  const loads = new Builder(fn.origin && { ...fn.origin, reverse: true });
  const loaded = new Map<Atom, Var>(free.map((v) => [v, { ...v }]));
  for (const [i, result] of [...loaded.values()].entries()) loads.add({ kind: "load", result, of: saved, key: field(fields[i]?.name ?? "") });
  const back = rewriteBlock(mirror, { atom: (a) => loaded.get(a) ?? a });
  const pullback: Fn = {
    ...fn,
    name: pair.pullback.name,
    params: [saved, ...adjoints],
    body: { region: region(pair.pullback.name), statements: [...loads.statements, ...back.statements], yields: back.yields },
    results: back.yields.map(() => real),
  };
  return { forward: tidy(forward), pullback: tidy(pullback) };
}

/** Arrays that are made on one side of a branch only, under names that say so: derivatives of the record ask whether they are there. */
function madeOnOneSide(names: readonly Var[], block: Block): ReadonlyMap<Atom, Var> {
  const isNothing = (a: Atom | undefined): boolean => a?.kind === "literal" && a.value === undefined;
  const found = new Map<Atom, Var>();
  for (const s of statementsOf(block)) {
    if (s.kind !== "if") continue;
    for (const [i, v] of s.results.entries()) {
      const isPartly = [s.then, s.else].some((side) => isNothing(side.yields[i]));
      if (isPartly && (v.type.kind === "array" || v.type.kind === "typed") && v.type.nullable !== true && names.includes(v)) found.set(v, { ...v, type: nullable(v.type) });
    }
  }
  return found;
}
