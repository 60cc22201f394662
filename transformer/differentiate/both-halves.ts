import { literal, region, variable } from "../ir/build.js";
import type { Atom, Block, Fn, If, Statement, Var } from "../ir/model.js";
import { rewriteBlock } from "../ir/rewrite.js";
import { isReference, real } from "../ir/types.js";
import { withoutKeptTwice } from "../optimise/same-contents.js";
import { Frame } from "./frame.js";
import { mirrorAll } from "./mirror.js";
import { yes, type Pair, type Reversal } from "./reversal.js";
import { bringIntoScope } from "./save.js";
import { sweep } from "./sweep.js";

/** Both halves in one function. */
export interface Split {
  readonly whole: Fn;
  readonly shadows: readonly Var[];
  readonly adjoints: readonly Var[];
  /** How many results of the forward sweep there are, shadows included. */
  readonly values: number;
}

// if (true) { the forward sweep }; if (true) { the mirror }   is what the save stage sees: what goes from one to the
// other becomes the record.
export function split(fn: Fn, pair: Pair, r: Reversal): Split {
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
  return { whole: bringIntoScope(whole, r), shadows, adjoints, values: values.length + shadowValues.length };
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
export function halvesOf(whole: Fn, values: number): Halves {
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
