import { standInsFor } from "./stand-ins.js";
import { Builder, field, literal, region, variable } from "../ir/build.js";
import type { Atom, Block, Fn, FnRef, If, Statement, Var } from "../ir/model.js";
import { withoutKeptTwice } from "../optimise/same-contents.js";
import { isReference, nullable, real, type Field, type RecordType } from "../ir/types.js";
import { rewriteBlock } from "../ir/rewrite.js";
import { freeIn, statementsOf } from "../ir/walk.js";
import { againOf, makeAgain, type Again } from "./again.js";
import { counted } from "./counted.js";
import { Frame } from "./frame.js";
import { mirrorAll } from "./mirror.js";
import { markWithin } from "../ir/within.js";
import { betweenHalvesOf, callsOf, Reversal, yes, type Pair, type Whole } from "./reversal.js";
import { bringIntoScope, tidy } from "./save.js";
import { sweep } from "./sweep.js";

/**
 * The functions that stand in place of calls: `hForward` gives what `h` gives, the shadows of that, and a record of
 * what was saved; `hPullback` takes the record and the adjoints of the results and gives those of the parameters.
 */
export class Pairs {
  private readonly made = new Map<Fn, Pair>();
  private readonly repeated = new Map<Fn, Again>();

  /** The pair for a function, under the activity of the whole that is being differentiated. */
  of(callee: FnRef, whole: Whole): Pair {
    const fn = callee.fn();
    const known = this.made.get(fn);
    if (known !== undefined) return known;
    const { activity } = whole;
    const fields: Field[] = [];
    const saved: RecordType = { kind: "record", shape: "object", name: `${callee.name}Saved`, fields };
    const built: { forward?: Fn; pullback?: Fn } = {};
    const pair: Pair = {
      forward: { name: `${callee.name}Forward`, fn: () => built.forward ?? standIns.forward },
      pullback: { name: `${callee.name}Pullback`, fn: () => built.pullback ?? standIns.pullback },
      active: fn.params.map((p) => activity.isActive(p)),
      gives: fn.body.yields.map((y) => y.type.kind === "real" && activity.isActive(y)),
      shares: fn.body.yields.map((y) => isReference(y.type) && activity.isActive(y)),
      saved,
    };
    const standIns = standInsFor(callee, pair);
    this.made.set(fn, pair);
    const marked = markWithin(counted(fn), () => whole.memory);
    const r = new Reversal(marked, whole.memory, activity, whole.all, callsOf(this, whole), betweenHalvesOf(fn, whole));
    Object.assign(built, split(marked, pair, r, fields));
    return pair;
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

// if (true) { the forward sweep }; if (true) { the mirror }   is what the save stage sees: what goes from one to the
// other becomes the record.
function split(fn: Fn, pair: Pair, r: Reversal, fields: Field[]): { forward: Fn; pullback: Fn } {
  const shadows = fn.params.filter((p, i) => pair.active[i] && isReference(p.type)).map((p) => r.bindShadow(p));
  const home = region(fn.name);
  const forward: Block = { region: home, statements: fn.body.statements.flatMap((s) => sweep(s, r)), yields: [] };
  const shared = fn.body.yields.filter((_, i) => pair.shares[i]).map((y) => r.shadowOf(y));
  const frame = new Frame(r.naming);
  const adjoints: Var[] = [];
  fn.body.yields.forEach((y, i) => {
    if (!pair.gives[i] || y.kind !== "var") return;
    const g = variable(adjoints.length === 0 ? "g" : `g${adjoints.length + 1}`, real);
    adjoints.push(g);
    frame.add(y, g, true, false);
  });
  mirrorAll(fn.body.statements, frame, r);
  const given = fn.params.filter((p, i) => pair.active[i] && p.type.kind === "real");
  const partials = given.map((p): Atom => frame.adjoints.get(p)?.atom ?? { ...literal(0), type: real });
  const results = given.map((p) => variable(r.naming.adjoint(p), real));
  const none: Block = { region: region("never"), statements: [], yields: [] };
  const values = fn.body.yields.map((y) => ({ ...variable("", y.type) }));
  const shadowValues = shared.map((y) => variable("", y.type));
  const first: If = {
    kind: "if",
    test: yes,
    then: { ...forward, statements: [...r.entry, ...forward.statements], yields: [...fn.body.yields, ...shared] },
    else: { ...none, yields: [...values, ...shadowValues].map((v) => literal(undefined, v.type)) },
    results: [...values, ...shadowValues],
  };
  const second: If = {
    kind: "if",
    test: yes,
    then: { region: region(`${fn.name}'`, home), statements: frame.builder.statements, yields: partials },
    else: { ...none, region: region("never either"), yields: results.map(() => literal(0)) },
    results,
  };
  const whole: Fn = {
    name: fn.name,
    params: [...fn.params, ...shadows, ...adjoints],
    captures: fn.captures,
    body: { region: region("pair"), statements: [first, second], yields: [...values, ...shadowValues, ...results] },
    results: [...values, ...shadowValues, ...results].map((v) => v.type),
    ...(fn.origin ? { origin: fn.origin } : {}),
  };
  const scoped = bringIntoScope(whole, r);
  return parts(scoped, fn, pair, { shadows, adjoints, values: values.length + shadowValues.length, fields });
}

interface Parts {
  readonly shadows: readonly Var[];
  readonly adjoints: readonly Var[];
  /** How many results of the forward sweep there are, shadows included. */
  readonly values: number;
  readonly fields: Field[];
}

function parts(whole: Fn, fn: Fn, pair: Pair, { shadows, adjoints, values, fields }: Parts): { forward: Fn; pullback: Fn } {
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
  const record = b.allocate(pair.saved, { kind: "elements", elements: free.map((v) => partly.get(v) ?? v) }, "saved");
  const yields = [...given, record];
  const forward: Fn = {
    ...fn,
    name: pair.forward.name,
    params: [...fn.params, ...shadows],
    body: { region: region(pair.forward.name), statements: [...before, ...first.statements, ...b.statements], yields },
    results: yields.map((y, i) => (i < values ? (whole.results[i] ?? y.type) : y.type)),
  };
  const saved = variable("saved", pair.saved);
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

interface Halves {
  /** What stands before the forward sweep. */
  readonly before: readonly Statement[];
  readonly first: Block;
  readonly mirror: Block;
  /** What the forward sweep gives to the caller. */
  readonly yields: readonly Atom[];
}

/** The mirror takes what it needs by the names of the forward sweep; what that keeps twice is kept once. */
function halvesOf(whole: Fn, values: number): Halves {
  const isHalf = (s: Statement): s is If => s.kind === "if" && s.test === yes;
  const halves = whole.body.statements.filter(isHalf);
  const [one] = halves as [If];
  const names = new Map<Atom, Atom>(one.results.map((v, i) => [v, one.then.yields[i] ?? v]));
  const joined = whole.body.statements.map((s): Statement => {
    if (!isHalf(s)) return s;
    const then = s === one ? { ...s.then, yields: [] } : rewriteBlock(s.then, { atom: (a) => names.get(a) ?? a });
    return { ...s, then, else: { ...s.else, yields: s === one ? [] : s.else.yields }, results: s === one ? [] : s.results };
  });
  const { body } = withoutKeptTwice({ ...whole, body: { ...whole.body, statements: joined, yields: one.then.yields.slice(0, values) } });
  const at = body.statements.findIndex(isHalf);
  const [first, second] = body.statements.filter(isHalf) as [If, If?];
  const nothing: Block = { region: region("nothing"), statements: [], yields: [] };
  return { before: body.statements.slice(0, at), first: first.then, mirror: second?.then ?? nothing, yields: body.yields };
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
