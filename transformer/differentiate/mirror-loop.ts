import { isLiteral, literal, one, variable, zero } from "../ir/build.js";
import type { Atom, Carried, Counter, Loop, Var } from "../ir/model.js";
import { int, real } from "../ir/types.js";
import { isMirrored } from "./exits.js";
import type { Frame } from "./frame.js";
import { mirrorAll } from "./mirror.js";
import { putBack } from "./put-back.js";
import { replay } from "./replay.js";
import { localsOf, type LoopRecord, type Reversal } from "./reversal.js";

/**
 * The mirror of a loop: as many turns, backwards, each with the adjoints of the carried values. A loop whose turns
 * only add to sums is run again instead, where that saves more than it costs.
 */
export function mirrorLoop(s: Loop, frame: Frame, r: Reversal): void {
  if (!isMirrored(s, r)) return;
  if (!replay(s, frame, r)) backwards(s, frame, r);
  putBack(s, frame, r);
}

// for (let i = 0; i < n; i++) { x = f(x, y) }   becomes
// for (let i = n - 1; i >= 0; i--) { [dx, dy] = [dx * f1, dy + dx * f2] }
function backwards(s: Loop, frame: Frame, r: Reversal): void {
  frame.from(s.origin);
  const active = s.carried.map((c, i) => ({ c, i })).filter(({ c }) => c.param.type.kind === "real" && r.isActive(c.param));
  const initial = active.map(({ c }) => frame.take(c.result));
  const head = headOf(s, frame, r);
  for (;;) {
    const inner = frame.within(localsOf(s));
    const params = active.map(({ c }) => variable(r.naming.adjoint(c.param), real, frame.builder.origin));
    enterStatus(s, head, inner, r);
    active.forEach(({ c, i }, k) => {
      const next = s.body.yields[i + 1];
      const param = params[k];
      if (next?.kind === "var" && param && r.isActive(next)) inner.add(next, param, (initial[k]?.absent ?? true) || r.absent.has(c.param), (initial[k]?.unused ?? true) || r.unused.has(c.param));
    });
    mirrorAll(s.body.statements, inner, r);
    // Whether an adjoint can be absent in a later turn is known only now: then the turn is written anew.
    const isNew = (known: ReadonlySet<Var>, how: "absent" | "unused") => ({ c }: { c: Carried }, k: number): boolean => !known.has(c.param) && initial[k] !== undefined && (inner.adjoints.get(c.param)?.[how] ?? true);
    const gone = active.filter(isNew(r.absent, "absent"));
    const unused = active.filter(isNew(r.unused, "unused"));
    if (gone.length + unused.length > 0) {
      gone.forEach(({ c }) => r.absent.add(c.param));
      unused.forEach(({ c }) => r.unused.add(c.param));
      continue;
    }
    const carried: Carried[] = [];
    const next: Atom[] = [];
    const after: (() => void)[] = [];
    active.forEach(({ c }, k) => {
      const param = params[k] as Var;
      const result = variable(param.name, real, param.origin);
      carried.push({ param, init: initial[k]?.atom ?? zero, result });
      next.push(inner.adjoints.get(c.param)?.atom ?? zero);
      const { init } = c;
      const absent = (initial[k]?.absent ?? true) || r.absent.has(c.param);
      if (init.kind === "var" && r.isActive(init)) after.push(() => frame.add(init, result, absent, (initial[k]?.unused ?? true) || r.unused.has(c.param)));
    });
    collect(inner, frame, carried, next, after, "continue");
    const counter: Counter = head.counter;
    const body = inner.block(s.body.region, [zero, ...next]);
    frame.builder.add({ kind: "loop", counter, carried, body, ...(frame.builder.origin ? { origin: frame.builder.origin } : {}) });
    r.mirrors.set(s.body.region, { counter: counter.var, exact: head.exact });
    after.forEach((add) => add());
    return;
  }
}

/**
 * What the turns have added to values from outside: carried from what had arrived before (`continue`), or from 0 on
 * and added afterwards (`afresh`), where the loop stands before the code that made the rest.
 */
export function collect(
  inner: Frame,
  outer: Frame,
  carried: Carried[],
  next: Atom[],
  after: (() => void)[],
  how: "continue" | "afresh",
): void {
  for (const [v, param] of inner.accumulators) {
    const before = how === "continue" ? outer.lookup(v) : undefined;
    const result = variable(param.name, real, param.origin);
    carried.push({ param, init: before?.atom ?? zero, result });
    next.push(inner.adjoints.get(v)?.atom ?? param);
    // These come first: what the loop began with adds its share to sums that are complete.
    if (how === "continue") after.unshift(() => outer.set(v, { atom: result, absent: before?.absent ?? true, unused: before?.unused ?? true }));
    else after.push(() => outer.add(v, result, true));
  }
}

interface Head {
  readonly counter: Counter;
  /** Whether the counter takes the source's own values. */
  readonly exact: boolean;
  readonly record?: LoopRecord;
}

function headOf(s: Loop, frame: Frame, r: Reversal): Head {
  const record = r.loops.get(s.body.region);
  if (record?.turns) {
    const index = variable(s.counter?.var.name ?? "turn", int, s.origin);
    const last = frame.builder.op("-", [record.turns, one]);
    return { counter: { var: index, start: last, test: ">=", bound: zero, step: -1 }, exact: false, record };
  }
  const c = s.counter;
  if (c === undefined) throw new Error("a loop without a counter has no count of its turns");
  const mirrored = { ...c.var };
  const test = c.step > 0 ? ">=" : "<=";
  return { counter: { var: mirrored, start: lastTurn(c, frame), test, bound: c.start, step: -c.step }, exact: true };
}

/** The counter's value in the last turn. The bound need not be an integer. */
function lastTurn(c: Counter, frame: Frame): Atom {
  const b = frame.builder;
  const up = c.step > 0;
  const inclusive = c.test === "<=" || c.test === ">=";
  const whole = (a: Atom, op: "Math.ceil" | "Math.floor"): Atom => (a.type.kind === "int" ? a : b.let(op, [a], int));
  if (Math.abs(c.step) === 1) {
    const bound = whole(c.bound, up === inclusive ? "Math.floor" : "Math.ceil");
    return inclusive ? bound : b.op(up ? "-" : "+", [bound, one]);
  }
  // start + 3 * last, start - 3 * last: the number of the last turn from 0 is turns - 1
  const [ahead, behind] = up ? [c.bound, c.start] : [c.start, c.bound];
  const span = isLiteral(behind, 0) ? ahead : b.let("-", [ahead, behind], c.bound.type);
  const size = literal(Math.abs(c.step));
  const quotient = b.let("/", [span, size]);
  const last = inclusive ? b.let("Math.floor", [quotient], int) : b.let("-", [b.let("Math.ceil", [quotient], int), one], int);
  return b.let(up ? "+" : "-", [c.start, b.let("*", [size, last], int)], int);
}

/** In the mirror the status of a turn is known: 0, but for the last turn where that one is mirrored too. */
function enterStatus(s: Loop, head: Head, inner: Frame, r: Reversal): void {
  const status = s.body.yields[0];
  if (status?.kind !== "var" || !head.record?.turns) return;
  if (!head.record.partial || !head.record.exit) {
    r.statuses.set(status, zero);
    return;
  }
  const last = inner.builder.op("===", [head.counter.var, head.counter.start]);
  r.statuses.set(status, inner.builder.let("?:", [last, head.record.exit, zero], int, "status"));
}
