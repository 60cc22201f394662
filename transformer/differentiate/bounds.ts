import { isWhole, sameAtom, shiftOf } from "../ir/atoms.js";
import { effectsOf } from "../ir/effects.js";
import type { Memory } from "../ir/memory.js";
import type { Atom, Fn, Load, Loop, Statement, Store, Var } from "../ir/model.js";
import { bound, boundWithin, statementsOf } from "../ir/walk.js";

/**
 * Which stores into typed arrays surely fall within them: those at a number that is less than a length that is known, at
 * a counter that stops at the length, beside it, or at the place of a row and a column. A length is taken for a whole
 * number.
 */
export class Bounds {
  private readonly definitions = new Map<Var, Statement>();
  private readonly isFixed: (length: Load) => boolean;

  constructor(fn: Fn, memory: Memory) {
    for (const s of statementsOf(fn.body)) for (const v of [...bound(s), ...boundWithin(s)]) this.definitions.set(v, s);
    const { writes } = effectsOf(fn.body.statements, memory);
    this.isFixed = (length) => {
      const cell = memory.cellOf(length.of, length.key);
      return cell !== undefined && !writes.has(cell);
    };
  }

  contain({ of, key, within }: Store): boolean {
    if (key.kind === "field" || of.kind !== "var" || within === true) return true;
    const length = this.lengthOf(of);
    return this.isPlace(key, length) || (this.atLeast(key, 0) && this.lessThan(key, length, 0));
  }

  /** Whether key + more < length. */
  private lessThan(key: Atom, length: Atom, more: number): boolean {
    if (key.kind === "literal") return isWhole(key) && length.kind === "literal" && Number(key.value) + more < Number(length.value);
    const s = this.definitions.get(key);
    if (s?.kind === "loop" && s.counter?.var === key) {
      const { start, bound: end, step, test } = s.counter;
      if (step < 0) return this.lessThan(start, length, more);
      return (test === "<" && this.atMost(end, length, more)) || (test === "<=" && this.atMost(end, length, more + 1));
    }
    if (s?.kind !== "let") return false;
    const shifted = shiftOf(s);
    if (shifted === undefined) return false;
    const by = more + shifted.by;
    return this.lessThan(shifted.from, length, by) || this.atMost(shifted.from, length, by + 1);
  }

  /** Whether end + more <= length. A bound is a - 1 as well as a. */
  private atMost(end: Atom, length: Atom, more: number): boolean {
    const known = this.canonical(end);
    if (known.kind === "literal" && length.kind === "literal") return Number(known.value) + more <= Number(length.value);
    if (more <= 0 && sameAtom(known, length)) return true;
    const s = known.kind === "var" ? this.definitions.get(known) : undefined;
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
    const s = this.definitions.get(a);
    if (s?.kind === "loop" && s.counter?.var === a) {
      const { start, bound: end, step, test } = s.counter;
      return step > 0 ? this.atLeast(start, least) : this.atLeast(end, test === ">" ? least - 1 : least);
    }
    if (s?.kind === "load") return s.key.kind === "field" && s.key.name === "length" && least <= 0;
    if (s?.kind !== "let") return false;
    const shifted = shiftOf(s);
    if (shifted !== undefined) return this.atLeast(shifted.from, least - shifted.by);
    return (s.op === "+" || s.op === "*") && least <= 0 && s.args.every((x) => this.atLeast(x, 0));
  }

  /** What stands for the length of an array: what it was made with, or the array itself. */
  private lengthOf(of: Var, around: ReadonlySet<Var> = new Set()): Atom {
    const s = this.definitions.get(of);
    if (s?.kind === "loop") return this.carriedLength(of, s, around);
    if (s?.kind === "copy" && s.from === undefined && s.to === undefined && s.of.kind === "var") return this.lengthOf(s.of, around);
    if (s?.kind === "let" && s.op === "identity" && s.args[0]?.kind === "var") return this.lengthOf(s.args[0], around);
    if (s?.kind !== "allocate") return of;
    const { initial } = s;
    if (initial.kind === "fill") return this.canonical(initial.length, around);
    if (initial.kind === "elements") return { kind: "literal", value: initial.elements.length, type: { kind: "int" } };
    return initial.source.kind === "var" ? this.lengthOf(initial.source, around) : of;
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
