import { isWhole, shiftOf } from "../ir/atoms.js";
import type { Atom, Counter, Fn, Statement, Var } from "../ir/model.js";
import { bound, boundWithin, statementsOf } from "../ir/walk.js";
import { isLength } from "./whole-numbers.js";
import type { Lengths } from "./same-lengths.js";

/** Between which numbers whole numbers lie, by the literals, lengths and counters that they are made of. */
export class Indices {
  private readonly definitions = new Map<Atom, Statement>();

  constructor(
    fn: Fn,
    private readonly lengths: Lengths,
  ) {
    for (const s of statementsOf(fn.body)) for (const v of [...bound(s), ...boundWithin(s)]) this.definitions.set(v, s);
  }

  /** i + 1, which is shifted from i. */
  shiftOf(a: Atom): ReturnType<typeof shiftOf> {
    const s = this.definitions.get(a);
    return s?.kind === "let" && s.result.type.kind === "int" ? shiftOf(s) : undefined;
  }

  /** The least that a number can be, which then is one and not NaN. */
  least(a: Atom): number {
    if (a.type.kind !== "int") return -Infinity;
    if (a.kind === "literal") return isWhole(a) ? Number(a.value) : -Infinity;
    const s = this.definitions.get(a);
    const counter = counterOf(s, a);
    if (counter !== undefined) return counter.step > 0 ? this.least(counter.start) : this.least(counter.bound) + (counter.test === ">" ? 1 : 0);
    if (s?.kind === "load") return isLength(s) ? 0 : -Infinity;
    if (s?.kind !== "let") return -Infinity;
    const shift = this.shiftOf(a);
    if (shift !== undefined) return this.least(shift.from) + shift.by;
    const [x = -Infinity, y = -Infinity] = s.args.map((arg) => this.least(arg));
    if (s.op === "+") return x + y;
    if (s.op === "*") return x >= 0 && y >= 0 ? x * y : -Infinity;
    return s.op === "Math.max" && Math.min(x, y) > -Infinity ? Math.max(x, y) : -Infinity;
  }

  /** The greatest that a number of at least 0 can be, as far as the source says. */
  most(a: Atom): number {
    if (a.kind === "literal") return isWhole(a) ? Number(a.value) : Infinity;
    const s = this.definitions.get(a);
    const counter = counterOf(s, a);
    if (counter !== undefined) return counter.step < 0 ? this.most(counter.start) : this.most(counter.bound) - (counter.test === "<" ? 1 : 0);
    if (s?.kind !== "let") return Infinity;
    const shift = this.shiftOf(a);
    if (shift !== undefined) return this.most(shift.from) + shift.by;
    if ((s.op !== "+" && s.op !== "*") || s.args.some((arg) => this.least(arg) < 0)) return Infinity;
    const [x = Infinity, y = Infinity] = s.args.map((arg) => this.most(arg));
    return s.op === "+" ? x + y : x === 0 || y === 0 ? 0 : x * y;
  }

  /** Whether a number and `more` is no greater than the length of a list, which no statement changes. */
  isUpTo(a: Atom, list: Var, more: number): boolean {
    const length = this.lengths.ofArray(list);
    if (length !== undefined && this.lengths.ofNumber(a) === length) return more <= 0;
    const s = a.kind === "var" ? this.definitions.get(a) : undefined;
    const counter = counterOf(s, a);
    if (counter !== undefined) return counter.step < 0 ? this.isUpTo(counter.start, list, more) : this.isUpTo(counter.bound, list, counter.test === "<" ? more - 1 : more);
    const shift = this.shiftOf(a);
    return shift !== undefined && this.isUpTo(shift.from, list, more + shift.by);
  }
}

function counterOf(s: Statement | undefined, a: Atom): Counter | undefined {
  return s?.kind === "loop" && s.counter?.var === a ? s.counter : undefined;
}
