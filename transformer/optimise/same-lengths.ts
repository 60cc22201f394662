import { isWhole, shiftOf } from "../ir/atoms.js";
import { zero } from "../ir/build.js";
import { effectsOf } from "../ir/effects.js";
import type { Memory, MemoryClass } from "../ir/memory.js";
import type { Atom, Counter, Fn, Statement, Var } from "../ir/model.js";
import { isReference } from "../ir/types.js";
import { blocksOf, bound, operands, statementsOf } from "../ir/walk.js";

/** What a number of elements is: written in the source, that of an array, or a name. */
export type Length = number | Var;

/** The places that a loop goes through, each once: from `low` up to the one before `high`. */
export interface Range {
  readonly low: number;
  readonly high: Length;
  readonly isDown: boolean;
}

/** Memory of a branch or of a loop: of the one side or the other, of the first turn or, under the name `param`, of the others. */
interface Join {
  readonly one: Atom | undefined;
  readonly other: Atom | undefined;
  readonly param?: Var;
}

/** Which lengths are the same, as far as no array in question is ever made longer or shorter. */
export class Lengths {
  private readonly definitions = new Map<Atom, Statement>();
  private readonly joins = new Map<Atom, Join>();
  /** The statements that use a list, or yield it. */
  private readonly users = new Map<Atom, Statement[]>();
  private readonly written: ReadonlySet<MemoryClass>;
  /** The lists of which the rows are being looked at. */
  private readonly asked = new Set<Atom>();
  private known = new Map<Var, Length | undefined>();

  constructor(
    private readonly fn: Fn,
    private readonly memory: Memory,
  ) {
    for (const s of statementsOf(fn.body)) {
      for (const v of bound(s)) this.definitions.set(v, s);
      if (s.kind === "if") s.results.forEach((v, i) => this.joins.set(v, { one: s.then.yields[i], other: s.else.yields[i] }));
      if (s.kind === "loop") s.carried.forEach(({ param, init, result }, i) => [param, result].forEach((v) => this.joins.set(v, { one: init, other: s.body.yields[i + 1], param })));
      for (const a of [...operands(s), ...blocksOf(s).flatMap((b) => b.yields)]) {
        if (a.type.kind !== "array" || !isReference(a.type.element)) continue;
        const users = this.users.get(a);
        if (users === undefined) this.users.set(a, [s]);
        else users.push(s);
      }
    }
    this.written = effectsOf(fn.body.statements, memory).writes;
  }

  /** b = new Array(a.length), c = zeros like b:   all are as long as a */
  ofArray(v: Var): Length | undefined {
    if (!this.known.has(v)) this.known.set(v, this.lengthOf(v));
    return this.known.get(v);
  }

  private lengthOf(v: Var): Length | undefined {
    if (v.type.nullable === true || (v.type.kind !== "typed" && this.written.has(this.memory.classOf(v).cell("length")))) return undefined;
    const join = this.joins.get(v);
    if (join !== undefined) return this.ofJoin(v, join);
    const made = this.definitions.get(v);
    if (made?.kind === "load") {
      const isAsked = this.asked.has(made.of);
      this.asked.add(made.of);
      // Of a row that is put back into its list nothing is said.
      const row = isAsked ? undefined : this.ofRow(made.of);
      if (!isAsked) this.asked.delete(made.of);
      return row ?? v;
    }
    if (made?.kind === "copy") return made.from === undefined && made.to === undefined && made.of.kind === "var" ? this.ofArray(made.of) : v;
    if (made?.kind !== "allocate") return v;
    const { initial } = made;
    if (initial.kind === "elements") return initial.elements.length;
    if (initial.kind === "zerosLike") return initial.source.kind === "var" ? this.ofArray(initial.source) : undefined;
    return this.isCount(initial.length, v) ? this.ofNumber(initial.length) : v;
  }

  // let u = a; for (…) u = new Array(u.length)   always as long as a
  private ofJoin(v: Var, { one, other, param }: Join): Length | undefined {
    if (one?.kind !== "var" || other?.kind !== "var") return v;
    const length = this.ofArray(one);
    const before = this.known;
    // What a turn makes is as long if what the turn begins with is.
    if (param !== undefined) this.known = new Map(before).set(param, length);
    const isSame = length !== undefined && this.ofArray(other) === length;
    this.known = before;
    return isSame ? length : v;
  }

  // for (…) us[t] = u;   …; us[t]   of a list that has no other name
  private ofRow(list: Atom): Length | undefined {
    const made = this.definitions.get(list);
    if (made?.kind !== "allocate" || made.initial.kind !== "fill" || this.fn.body.yields.includes(list)) return undefined;
    let common: Length | undefined;
    for (const s of this.users.get(list) ?? []) {
      if (s.kind === "load") continue;
      const row = s.kind === "store" && s.of === list && s.value.kind === "var" ? this.ofArray(s.value) : undefined;
      if (row === undefined || (common ?? row) !== row) return undefined;
      common = row;
    }
    return common !== undefined && this.isSteady(common) ? common : undefined;
  }

  /** Whether a length is the same wherever it is named. */
  private isSteady(length: Length): boolean {
    return typeof length === "number" || this.fn.params.includes(length) || this.fn.captures.includes(length) || this.fn.body.statements.some((s) => bound(s).includes(length));
  }

  /** How many elements an array has at most, as far as the source says where it is cut out: b = a.slice(2, 4), c = zeros like b */
  most(v: Var): number {
    const made = this.definitions.get(v);
    if (made?.kind === "allocate" && made.initial.kind === "zerosLike" && made.initial.source.kind === "var") return this.most(made.initial.source);
    if (made?.kind !== "copy" || this.ofArray(v) === undefined) return Infinity;
    const [from, to] = [made.from ?? zero, made.to];
    return isWhole(from) && isWhole(to) && Number(from.value) >= 0 && Number(to.value) >= 0 ? Math.max(0, Number(to.value) - Number(from.value)) : Infinity;
  }

  /** n = a.length   is the length of a */
  ofNumber(a: Atom): Length | undefined {
    if (a.kind === "literal") return isWhole(a) ? Number(a.value) : undefined;
    const s = this.definitions.get(a);
    const isLength = s?.kind === "load" && s.key.kind === "field" && s.key.name === "length" && s.of.kind === "var" && s.of.type.kind !== "record";
    return (isLength ? this.ofArray(s.of as Var) : undefined) ?? a;
  }

  /** for (let i = 0; i < n; i++)   with   i <= n - 1   and   for (let i = n - 1; i >= 0; i--) */
  rangeOf({ start, test, bound, step }: Counter): Range | undefined {
    if (test === "<" && step === 1 && isWhole(start)) return this.range(Number(start.value), this.ofNumber(bound), false);
    if (test === "<=" && step === 1 && isWhole(start)) return this.range(Number(start.value), this.above(bound), false);
    if (test === ">=" && step === -1 && isWhole(bound)) return this.range(Number(bound.value), this.above(start), true);
    return undefined;
  }

  /** Whether a loop goes through all places of a list. */
  areAll(counter: Counter, list: Var): boolean {
    const range = this.rangeOf(counter);
    return range?.low === 0 && range.high === this.ofArray(list);
  }

  private range(low: number, high: Length | undefined, isDown: boolean): Range | undefined {
    // From 2.5 - 1 on down other places are met than up to 2.5.
    const isCounted = typeof high === "number" || high?.type.kind === "int" || high?.type.kind === "array" || high?.type.kind === "typed";
    return isCounted && low >= 0 ? { low, high, isDown } : undefined;
  }

  private above(last: Atom): Length | undefined {
    if (last.kind === "literal") return isWhole(last) ? Number(last.value) + 1 : undefined;
    const s = this.definitions.get(last);
    const shift = s?.kind === "let" ? shiftOf(s) : undefined;
    return shift?.by === -1 ? this.ofNumber(shift.from) : undefined;
  }

  /** An array of 2.5 elements is an error, a typed one has 2. */
  private isCount(length: Atom, { type }: Var): boolean {
    return type.kind === "array" || length.type.kind === "int";
  }
}
