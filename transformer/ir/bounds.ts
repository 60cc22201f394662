import { isWhole, sameAtom, shiftOf } from "./atoms.js";
import { literal } from "./build.js";
import { cellsWritten, effectsOf } from "./effects.js";
import { reachable, type Memory, type MemoryClass } from "./memory.js";
import type { Accumulate, Atom, Counter, Fn, Load, Loop, Statement, Store, Var } from "./model.js";
import { ordersAround, type Order } from "./known-order.js";
import { bound, boundWithin, statementsOf } from "./walk.js";

/**
 * Which stores into typed arrays surely fall within them, and which elements are surely there: those at a number that is
 * less than a length that is known, at a counter that stops at the length, beside it, or at the place of a row and a column.
 */
export class Bounds {
  private readonly definitions = new Map<Var, Statement>();
  private readonly isFixed: (length: Load) => boolean;
  private readonly shortened: ReadonlySet<MemoryClass>;
  private readonly orders: ReadonlyMap<Statement, readonly Order[]>;
  /** What the tests around the place that is asked about say. */
  private known: readonly Order[] = [];

  constructor(
    fn: Fn,
    private readonly memory: Memory,
  ) {
    this.shortened = shortenedIn(fn, memory);
    for (const s of statementsOf(fn.body)) for (const v of [...bound(s), ...boundWithin(s)]) this.definitions.set(v, s);
    this.orders = ordersAround(fn.body, this.definitions);
    const { writes } = effectsOf(fn.body.statements, memory);
    this.isFixed = (length) => {
      const cell = memory.cellOf(length.of, length.key);
      return cell !== undefined && !writes.has(cell);
    };
  }

  contain({ of, key, within }: Store): boolean {
    if (within === true || key.kind === "field" || of.kind !== "var") return true;
    this.known = [];
    const length = this.lengthOf(of);
    return this.isPlace(key, length) || (this.atLeast(key, 0) && this.lessThan(key, length, 0));
  }

  /** Whether there is an element of that index. An array may have become longer since its length was read, but not shorter. */
  hold(s: Load | Store | Accumulate): boolean {
    const { of, key } = s;
    // What is less than a length may still lie between two places.
    this.known = key.kind === "field" || key.type.kind === "int" ? (this.orders.get(s) ?? []) : [];
    if (key.kind === "field" || of.kind !== "var" || of.type.kind === "record") return true;
    const known = of.type.kind === "array" ? of.type.length : undefined;
    if (of.type.kind === "array" && known === undefined && this.shortened.has(this.memory.classOf(of))) return false;
    const length = known === undefined ? this.lengthOf(of) : literal(known);
    if (this.isPlace(key, length)) return true;
    return this.atLeast(key, 0) && (this.lessThan(key, length, 0) || this.lessThan(key, of, 0));
  }

  /** Whether an index that need not be that of an element goes by the length: i + 1 beside i < a.length. */
  exceed(s: Load | Store): boolean {
    const { of, key } = s;
    if (key.kind === "field" || of.kind !== "var" || this.hold(s)) return false;
    const known = of.type.kind === "array" ? of.type.length : undefined;
    return this.goesBy(key, known === undefined ? this.lengthOf(of) : literal(known), of);
  }
  private goesBy(key: Atom, length: Atom, of: Var): boolean {
    if (key.kind === "literal") return length.kind === "literal" || Number(key.value) < 0;
    const s = this.definitions.get(key);
    if (s?.kind === "loop" && s.counter?.var === key) return [s.counter.start, s.counter.bound].some((end) => (end.kind === "literal" && Number(end.value) < -1) || this.isNear(end, length, of));
    if (s?.kind === "loop") return length.kind === "literal" && this.isCountedByHand(key, s);
    if (s?.kind !== "let") return false;
    const from = s.op === "%" ? s.args[1] : shiftOf(s)?.from;
    return from !== undefined && (s.op === "%" ? this.isNear(from, length, of) : this.goesBy(from, length, of));
  }
  /** while (…) { …; i += 2; } */
  private isCountedByHand(key: Var, loop: Loop): boolean {
    const i = loop.carried.findIndex((c) => c.param === key);
    const isNext = (a: Atom | undefined): boolean => {
      const s = a?.kind === "var" ? this.definitions.get(a) : undefined;
      // The turn that ends the loop hands on what it was given.
      if (s?.kind === "if") return [s.then, s.else].some(({ yields }) => isNext(yields[s.results.indexOf(a as Var)]));
      return s?.kind === "let" && shiftOf(s)?.from === key;
    };
    return i >= 0 && isNext(loop.body.yields[i + 1]);
  }
  /** Whether a bound is the length, or that and a bit more or less. */
  private isNear(end: Atom, length: Atom, of: Var): boolean {
    const known = this.canonical(end);
    if (sameAtom(known, length) || known === of) return true;
    if (known.kind === "literal") return length.kind === "literal" && Number(known.value) > Number(length.value);
    const s = this.definitions.get(known);
    if (s?.kind === "load") return s.key.kind === "field" && s.key.name === "length" && s.of === of;
    const shifted = s?.kind === "let" ? shiftOf(s) : undefined;
    return shifted !== undefined && this.isNear(shifted.from, length, of);
  }

  /** Whether key + more < length. */
  private lessThan(key: Atom, length: Atom, more: number): boolean {
    if (this.known.some((o) => sameAtom(o.less, key) && o.than !== key && this.atMost(o.than, length, o.orEqual ? more + 1 : more))) return true;
    if (key.kind === "literal") return isWhole(key) && length.kind === "literal" && Number(key.value) + more < Number(length.value);
    const s = this.definitions.get(key);
    if (s?.kind === "loop" && s.counter?.var === key) {
      const { start, bound: end, step, test } = s.counter;
      if (this.isBelowRest(s.counter, length, more)) return true;
      if (step < 0) return this.lessThan(start, length, more);
      return (test === "<" && this.atMost(end, length, more)) || (test === "<=" && this.atMost(end, length, more + 1));
    }
    if (s?.kind !== "let") return false;
    const [a, b] = s.args;
    if (s.op === "%" && b !== undefined) return more <= 0 && this.atMost(b, length, 0);
    if (s.op === "-" && a?.kind === "var" && a.type.kind === "int" && b?.kind === "var") return this.atLeast(b, 0) && this.lessThan(a, length, more);
    const shifted = shiftOf(s);
    if (shifted === undefined) return false;
    const by = more + shifted.by;
    return this.lessThan(shifted.from, length, by) || this.atMost(shifted.from, length, by + 1);
  }

  /** A counter from 0 to what is left of a length: for (let i = 0; i < Math.max(n - 2, 0); i++)   has turns only where that is n - 2. */
  private isBelowRest({ var: key, start, bound: end, step, test }: Counter, length: Atom, more: number): boolean {
    const last = step < 0 ? this.definitions.get(start as Var) : undefined;
    const { from, by } = (last?.kind === "let" ? shiftOf(last) : undefined) ?? { from: end, by: test === "<" ? -1 : 0 };
    const s = this.definitions.get(from as Var);
    const [rest, least] = s?.kind === "let" && s.op === "Math.max" ? s.args : [];
    return by < 0 && rest !== undefined && least?.kind === "literal" && least.value === 0 && this.atLeast(key, 0) && this.atMost(rest, length, more + by + 1);
  }

  /** Whether end + more <= length. A bound is a - 1 as well as a. */
  private atMost(end: Atom, length: Atom, more: number): boolean {
    const known = this.canonical(end);
    if (known.kind === "literal" && length.kind === "literal") return Number(known.value) + more <= Number(length.value);
    if (more <= 0 && sameAtom(known, length)) return true;
    const s = known.kind === "var" ? this.definitions.get(known) : undefined;
    if (s?.kind === "load" && s.key.kind === "field" && s.key.name === "length" && s.of === length) return more <= 0;
    const shifted = s?.kind === "let" ? shiftOf(s) : undefined;
    return shifted !== undefined && this.atMost(shifted.from, length, more + shifted.by);
  }

  /** i * width + j of height * width elements: neither can be negative where there is a j. */
  private isPlace(key: Atom, length: Atom): boolean {
    return this.parts(key, "+").some(([row, column]) =>
      this.parts(row, "*").some(([i, width]) =>
        this.parts(length, "*").some(([height, w]) => {
          const isRow = sameAtom(this.canonical(width), this.canonical(w)) && this.atLeast(i, 0) && this.lessThan(i, this.canonical(height), 0);
          return isRow && this.atLeast(column, 0) && this.lessThan(column, this.canonical(w), 0);
        }),
      ),
    );
  }
  /** The operands of a sum or a product, both ways round. */
  private parts(a: Atom, op: string): (readonly [Atom, Atom])[] {
    const s = a.kind === "var" ? this.definitions.get(a) : undefined;
    const [x, y] = s?.kind === "let" && s.op === op ? s.args : [];
    return x === undefined || y === undefined ? [] : [[x, y], [y, x]];
  }

  private atLeast(a: Atom, least: number): boolean {
    if (a.kind === "literal") return isWhole(a) && Number(a.value) >= least;
    if (this.known.some((o) => o.than === a && o.less.kind === "literal" && isWhole(o.less) && Number(o.less.value) >= (o.orEqual ? least : least - 1))) return true;
    const s = this.definitions.get(a);
    if (s?.kind === "loop" && s.counter?.var === a) {
      const { start, bound: end, step, test } = s.counter;
      return step > 0 ? this.atLeast(start, least) : this.atLeast(end, test === ">" ? least - 1 : least);
    }
    if (s?.kind === "load") return s.key.kind === "field" && s.key.name === "length" && least <= 0;
    if (s?.kind !== "let") return false;
    const shifted = shiftOf(s);
    if (shifted !== undefined) return this.atLeast(shifted.from, least - shifted.by);
    if (s.op === "%") return least <= 0 && s.args[0] !== undefined && this.atLeast(s.args[0], 0);
    const [x, y] = s.args;
    if (x === undefined || y === undefined) return false;
    if (s.op === "*") return least <= 0 && this.atLeast(x, 0) && this.atLeast(y, 0);
    if (s.op === "-") return s.result.type.kind === "int" && this.isBelow(y, x, least);
    return s.op === "+" && ((this.atLeast(x, least) && this.atLeast(y, 0)) || (this.atLeast(x, 0) && this.atLeast(y, least)));
  }

  /** Whether b <= a - least: n - 1 - i where i is less than n. */
  private isBelow(b: Atom, a: Atom, least: number): boolean {
    const s = a.kind === "var" ? this.definitions.get(a) : undefined;
    const shifted = s?.kind === "let" ? shiftOf(s) : undefined;
    return shifted === undefined ? this.lessThan(b, this.canonical(a), least - 1) : this.isBelow(b, shifted.from, least - shifted.by);
  }

  /** What stands for the length of an array: what it was made with, or the array itself. */
  private lengthOf(of: Var, around: ReadonlySet<Var> = new Set()): Atom {
    const s = this.definitions.get(of);
    if (s?.kind === "loop") return this.carriedLength(of, s, around);
    if (s?.kind === "copy" && s.from === undefined && s.to === undefined && s.of.kind === "var") return this.lengthOf(s.of, around);
    if (s?.kind === "let" && s.op === "identity" && s.args[0]?.kind === "var") return this.lengthOf(s.args[0], around);
    if (s?.kind !== "allocate") return of;
    const { initial } = s;
    if (initial.kind === "fill") return this.mayBeCount(initial.length) ? this.canonical(initial.length, around) : of;
    if (initial.kind === "elements") return { kind: "literal", value: initial.elements.length, type: { kind: "int" } };
    return initial.source.kind === "var" ? this.lengthOf(initial.source, around) : of;
  }
  /** Whether a number of elements may be a whole one: that which is given is taken for one, n + 1.5 and n / 2 are not. */
  private mayBeCount(a: Atom): boolean {
    if (a.kind === "literal") return isWhole(a);
    const s = this.definitions.get(a);
    return s?.kind !== "let" || (s.op !== "/" && (!/^[-+*]$/.test(s.op) || s.args.every((arg) => this.mayBeCount(arg))));
  }
  /** References that a loop hands round have one length where all that it starts with have. */
  private carriedLength(of: Var, loop: Loop, around: ReadonlySet<Var>): Atom {
    const i = loop.carried.findIndex((c) => c.param === of || c.result === of);
    const carried = loop.carried[i];
    const next = loop.body.yields[i + 1];
    if (carried === undefined || around.has(carried.param)) return of;
    const seen = new Set(around).add(carried.param);
    const lengths = [carried.init, next].flatMap((a) => (a?.kind === "var" && !seen.has(a) ? [this.lengthOf(a, seen)] : []));
    const known = lengths.filter((length) => !(length.kind === "var" && seen.has(length)));
    const [first] = known;
    return first !== undefined && known.every((length) => sameAtom(length, first)) ? first : of;
  }
  private canonical(a: Atom, around: ReadonlySet<Var> = new Set()): Atom {
    const s = a.kind === "var" ? this.definitions.get(a) : undefined;
    const isLength = s?.kind === "load" && s.key.kind === "field" && s.key.name === "length" && this.isFixed(s);
    return isLength && s.of.kind === "var" ? this.lengthOf(s.of, around) : a;
  }
}

/** The arrays that a function, or one that it calls, may make shorter. */
function shortenedIn(fn: Fn, memory: Memory): ReadonlySet<MemoryClass> {
  const found = new Set<MemoryClass>();
  for (const f of reachable(fn)) {
    for (const s of statementsOf(f.body)) {
      if ((s.kind === "pop" || (s.kind === "resize" && s.atLeast !== true)) && s.of.kind === "var") found.add(memory.classOf(s.of));
      else if (s.kind === "opaque") for (const cell of cellsWritten(s, memory)) found.add(cell);
    }
  }
  return found;
}
