import { Builder, isLiteral, region, variable, zero } from "../ir/build.js";
import type { Allocate, Atom, Block, Carried, Counter, Fn, Initial, Loop, Statement, Var } from "../ir/model.js";
import { rewriteBlock } from "../ir/rewrite.js";
import { bool, isFlat } from "../ir/types.js";
import { bound, statementsOf } from "../ir/walk.js";
import type { Reversal } from "./reversal.js";
import { isLength, keepsLength } from "./save/lengths.js";
import { usesIn } from "./sums.js";

/** What a loop hands from turn to turn, the shadow of it, and the loop that is its mirror. */
interface Handed {
  readonly loop: Loop & { readonly counter: Counter };
  readonly mirror: Loop & { readonly counter: Counter };
  /** The array that a turn begins with, and its shadow, which nothing but the mirror uses. */
  readonly primal: Carried;
  readonly shadow: Carried;
  /** The shadow that a turn makes for the array that it hands on. */
  readonly made: Allocate;
  /** The array that the turn begins with, or a copy of it that its mirror has. */
  readonly like: Var;
  /** Whether every turn hands on as many elements as it begins with, so that the shadow of the one says how long the other is. */
  readonly isAsLong: boolean;
}

/**
 * Where each turn of a loop makes the array that the next begins with, the mirror makes the shadows, for one turn at a time:
 *
 *     for (…) { dus[t] = du; u = next(u); du = zeros like u }       becomes   for (…) u = next(u)
 *     for (… back) { const du2 = dus[t]; …; du = du2; }             becomes   for (… back) { const du2 = t > 0 ? zeros like u : dstart; …; du = du2; }
 *
 * Where all these arrays are equally long, they are zeros like du, and no array of the sweep is kept for its length.
 */
export function shadowsInMirror(fn: Fn, r: Reversal): Fn {
  const handed = handedIn(fn, r);
  return handed === undefined ? fn : shadowsInMirror(moved(fn, handed, r), r);
}

function handedIn(fn: Fn, r: Reversal): Handed | undefined {
  const loops = [...statementsOf(fn.body)].filter((s): s is Handed["loop"] => s.kind === "loop" && s.counter !== undefined);
  for (const loop of loops) {
    const [mirror, ...others] = loops.filter((s) => s.body.region.mirrors === loop.body.region);
    if (mirror === undefined || others.length > 0 || !isLiteral(loop.counter.start) || !isLiteral(loop.body.yields[0] ?? zero, 0)) continue;
    for (const [i, shadow] of loop.carried.entries()) {
      const at = loop.carried.findIndex(({ param }) => r.shadows.get(param) === shadow.param);
      const primal = loop.carried[at];
      const made = loop.body.statements.find((s): s is Allocate => s.kind === "allocate" && s.result === loop.body.yields[i + 1]);
      if (primal === undefined || made === undefined || !isFlat(shadow.param.type) || shadow.param.type.nullable === true) continue;
      if (made.initial.kind === "fill" || (made.initial.kind === "zerosLike" && made.initial.source !== loop.body.yields[at + 1])) continue;
      const [inAll, inMirror] = [usesIn(fn.body), usesIn(mirror.body)];
      const isOwn = inMirror.has(shadow.param) && inMirror.get(shadow.param) === inAll.get(shadow.param) && inAll.get(made.result) === (inMirror.get(made.result) ?? 0) + 1;
      const like = copiesOf(primal.param, loop.body).find((v) => inMirror.has(v)) ?? primal.param;
      if (isOwn) return { loop, mirror, primal, shadow, made, like, isAsLong: isAsLong(primal, loop, at, fn, r) && keepsLength(shadow.param, fn, r) };
    }
  }
  return undefined;
}

/** Whether the array that a turn hands on is made as long as the one that it begins with, and both stay so. */
function isAsLong({ param }: Carried, { body }: Loop, at: number, fn: Fn, r: Reversal): boolean {
  const isMeasured = (a: Atom): boolean => body.statements.some((s) => s.kind === "load" && s.result === a && s.of === param && isLength(s.key));
  const isMadeSo = body.statements.some((s) => {
    if (s.kind === "copy") return s.result === body.yields[at + 1] && s.of === param && s.from === undefined && s.to === undefined;
    return s.kind === "allocate" && s.result === body.yields[at + 1] && s.initial.kind === "fill" && isMeasured(s.initial.length);
  });
  return isMadeSo && param.type.nullable !== true && keepsLength(param, fn, r);
}

/** The copies of a whole array that the statements of a block make. */
function copiesOf(v: Var, block: Block): readonly Var[] {
  return block.statements.flatMap((s) => (s.kind === "copy" && s.of === v && s.from === undefined && s.to === undefined ? [s.result] : []));
}

function moved(fn: Fn, handed: Handed, r: Reversal): Fn {
  const { loop, mirror } = handed;
  const statement = (s: Statement): readonly Statement[] => {
    if (s.kind !== "loop") return [s];
    if (s.body.region === loop.body.region) return forward(s, handed);
    return s.body.region === mirror.body.region ? [backward(s, handed, r)] : [s];
  };
  return { ...fn, body: rewriteBlock(fn.body, { atom: (a) => a, statement }) };
}

// for (…) u = next(u);  let du = dstart;  if (start < end) du = zeros like u;
function forward(s: Loop, { loop, primal, shadow, made }: Handed): readonly Statement[] {
  const i = loop.carried.indexOf(shadow);
  const body: Block = { ...s.body, statements: s.body.statements.filter((t) => !bound(t).includes(made.result)), yields: s.body.yields.filter((_, k) => k !== i + 1) };
  const b = new Builder(s.origin);
  const { test, start, bound: end } = loop.counter;
  either(b.let(test, [start, end], bool), shadow.init, shadow.result, initialOf(made, primal.result), b);
  return [{ ...s, body, carried: s.carried.filter((_, k) => k !== i) }, ...b.statements];
}

function backward(s: Loop, { loop, shadow, made, primal, like, isAsLong }: Handed, r: Reversal): Loop {
  const { type, name } = shadow.param;
  const [taken, own, last] = [variable(name, type), variable(name, type), variable(name, type)];
  const b = new Builder(s.origin);
  const counter = s.counter as Counter;
  const first = r.mirrors.get(loop.body.region)?.exact === true ? loop.counter.start : zero;
  either(b.let("!==", [counter.var, first], bool), shadow.init, own, initialOf(made, isAsLong ? taken : like), b);
  const names = new Map<Atom, Var>([[shadow.param, own], [made.result, taken]]);
  const body = rewriteBlock(s.body, { atom: (a) => names.get(a) ?? a });
  // The shadows are not there where the lengths of the arrays may be asked for.
  for (const a of [primal.param, loop.body.yields[loop.carried.indexOf(primal) + 1]]) {
    if (a?.kind !== "var") continue;
    r.shadows.delete(a);
    if (isAsLong) r.shadows.set(a, taken);
  }
  return { ...s, carried: [...s.carried, { param: taken, init: shadow.result, result: last }], body: { ...body, statements: [...b.statements, ...body.statements], yields: [...body.yields, own] } };
}

function initialOf({ initial }: Allocate, like: Var): Initial {
  return initial.kind === "zerosLike" ? { kind: "zerosLike", source: like } : initial;
}

/** `test ? zeros : otherwise` */
function either(test: Var, otherwise: Atom, result: Var, initial: Initial, b: Builder): void {
  const there = new Builder(b.origin);
  const zeros = there.allocate(result.type, initial, result.name);
  b.if(test, there.block(region("made"), [zeros]), { region: region("given"), statements: [], yields: [otherwise] }, [result]);
}
