import type { Atom, Counter, Let, Literal, Load, Statement, Var } from "../ir/model.js";
import { areEqual, shiftOf } from "../ir/atoms.js";
import { isLiteral, literal } from "../ir/build.js";
import { bool } from "../ir/types.js";
import { isLength } from "./whole-numbers.js";

/** What makes numbers that are not below 0 of such. */
const growing: ReadonlySet<string> = new Set(["+", "*", "Math.min"]);

/** What is known where a statement stands: what names are, and what the tests around it have decided. */
export class Facts {
  private readonly names = new Map<Var, Atom>();
  private readonly definitions = new Map<Var, Statement>();
  /** Tests that are decided in the side of a branch that is being looked at. */
  private readonly decided = new Map<Var, Literal>();
  /** Names that equal a literal there: where `k === 0` holds, `k === 1` does not. */
  private readonly equal = new Map<Var, Literal>();
  /** Names of numbers that are never below 0. */
  private readonly counts = new Set<Atom>();

  /** From here on a name is another name of this. */
  rename(v: Var, atom: Atom): void {
    this.names.set(v, atom);
  }

  resolve(a: Atom): Atom {
    let atom = a;
    while (atom.kind === "var") {
      const known = this.names.get(atom);
      if (known === undefined) break;
      atom = known;
    }
    return atom;
  }

  /** The same where it is only looked at whether it is true. */
  test(a: Atom): Atom {
    const atom = this.resolve(a);
    return (atom.kind === "var" ? this.decided.get(atom) : undefined) ?? atom;
  }

  define(v: Var, s: Statement): void {
    this.definitions.set(v, s);
    if (isLength(s) || (s.kind === "let" && this.isGrowing(s))) this.counts.add(v);
  }

  private isGrowing({ op, args }: Let): boolean {
    return op === "Math.max" ? args.some((a) => this.isCount(a)) : growing.has(op) && args.every((a) => this.isCount(a));
  }

  /** Within the loop: it goes up from its start, or down to its bound. */
  defineCounter({ var: v, start, test, bound, step }: Counter): void {
    if (step > 0 ? this.isCount(start) : test.startsWith(">") && this.isCount(bound)) this.counts.add(v);
  }

  /** Whether a number is known not to be below 0: a length, a counter that begins there, or a sum or product of such. */
  isCount(a: Atom): boolean {
    return a.kind === "literal" ? typeof a.value === "number" && a.value >= 0 && !Object.is(a.value, -0) : this.counts.has(a);
  }

  /** The literal that a branch before has given on that side of the same test. */
  givenBy(test: Atom, holds: boolean, a: Atom | undefined): Literal | undefined {
    const by = this.unnegated(test);
    const s = a?.kind === "var" ? this.definitions.get(a) : undefined;
    if (a?.kind === "literal" || s?.kind !== "if") return a?.kind === "literal" ? a : undefined;
    const before = this.unnegated(s.test);
    if (before.test !== by.test) return undefined;
    const given = (before.holds === (by.holds === holds) ? s.then : s.else).yields[s.results.indexOf(a as Var)];
    return given?.kind === "literal" ? given : undefined;
  }

  private unnegated(test: Atom): { readonly test: Atom; readonly holds: boolean } {
    const s = test.kind === "var" ? this.definitions.get(test) : undefined;
    const [of] = s?.kind === "let" && s.op === "!" ? s.args : [];
    return of === undefined ? { test, holds: true } : { test: of, holds: false };
  }

  /** The literals of which one is given, on whatever path; nothing where it may be another value. */
  valuesOf(a: Atom | undefined): Set<Literal["value"]> | undefined {
    if (a?.kind === "literal") return new Set([a.value]);
    const s = a && this.definitions.get(a);
    if (s?.kind !== "if") return undefined;
    const i = s.results.indexOf(a as Var);
    const [then, other] = [s.then, s.else].map((side) => this.valuesOf(side.yields[i]));
    return then && other && new Set([...then, ...other]);
  }

  /** Whether a name stands for what is never undefined: new memory, a length, what is computed. */
  isThere(v: Var): boolean {
    const s = this.definitions.get(v);
    if (s?.kind === "let") return !/^(identity|stopGradient|\?:|\?\?)$/.test(s.op);
    if (s?.kind === "load") return s.key.kind === "field" && s.key.name === "length" && s.of.type.kind !== "record";
    // Zeros like what may be missing are missing with it.
    if (s?.kind === "allocate") return s.initial.kind !== "zerosLike" || s.initial.source.type.nullable !== true;
    return s?.kind === "copy" && s.of.type.nullable !== true;
  }

  /** What a whole number is shifted from, and by how much. */
  shiftOf(a: Atom): ReturnType<typeof shiftOf> {
    const s = a.kind === "var" && a.type.kind === "int" ? this.definitions.get(a) : undefined;
    const shift = s?.kind === "let" ? shiftOf(s) : undefined;
    return shift?.from.type.kind === "int" ? shift : undefined;
  }

  /** The class of an object that is made here: it stays the one that it is made of. */
  classOf({ of, key }: Load): Atom | undefined {
    if (of.kind !== "var" || of.type.kind !== "record" || key.kind !== "field") return undefined;
    const made = this.definitions.get(of);
    const i = of.type.fields.findIndex((f) => f.name === key.name && f.isTag === true);
    return made?.kind === "allocate" && made.initial.kind === "elements" ? made.initial.elements[i] : undefined;
  }

  /** What a comparison with a literal is, by the tests around it. */
  compared({ op, args: [a, b] }: Let): Literal | undefined {
    const known = a?.kind === "var" && b?.kind === "literal" ? this.equal.get(a) : undefined;
    if (known === undefined || b?.kind !== "literal") return undefined;
    return literal(areEqual(known, b) === (op === "==="), bool);
  }

  /** Of what a branch gives, one literal on each side, the test that a comparison with one of them comes down to. */
  sideOf({ op, args: [a, b] }: Let): { readonly test: Var; readonly holds: boolean } | undefined {
    if ((op !== "===" && op !== "!==") || a?.kind !== "var" || b?.kind !== "literal") return undefined;
    const s = this.definitions.get(a);
    if (s?.kind !== "if" || s.test.kind !== "var" || s.test.type.kind !== "bool") return undefined;
    const [then, other] = [s.then, s.else].map((side) => side.yields[s.results.indexOf(a)]);
    if (then?.kind !== "literal" || other?.kind !== "literal" || areEqual(then, b) === areEqual(other, b)) return undefined;
    return { test: s.test, holds: areEqual(then, b) === (op === "===") };
  }

  /** Looks at the side of a branch: there its test is decided, and all that follows from it. */
  within<T>(test: Atom, holds: boolean, look: () => T): T {
    const assumed: Var[] = [];
    this.assume(test, holds, assumed);
    const result = look();
    for (const v of assumed) {
      this.decided.delete(v);
      this.equal.delete(v);
    }
    return result;
  }

  private assume(test: Atom | undefined, holds: boolean, assumed: Var[]): void {
    if (test?.kind !== "var" || test.type.kind !== "bool" || this.decided.has(test)) return;
    this.decided.set(test, literal(holds, bool));
    assumed.push(test);
    const s = this.definitions.get(test);
    if (s?.kind === "let" && s.op === "!") this.assume(s.args[0], !holds, assumed);
    else if (s?.kind === "let" && s.op === (holds ? "===" : "!==")) this.assumeEqual(s, assumed);
    else if (s?.kind === "if") {
      const i = s.results.indexOf(test);
      const [then, other] = [s.then.yields[i], s.else.yields[i]];
      // Where a && b holds, both do; where a || b does not, neither does.
      if (holds && other && isLiteral(other, false)) [s.test, then].forEach((t) => { this.assume(t, true, assumed); });
      if (!holds && then && isLiteral(then, true)) [s.test, other].forEach((t) => { this.assume(t, false, assumed); });
    }
  }

  private assumeEqual({ args: [a, b] }: Let, assumed: Var[]): void {
    if (a?.kind !== "var" || b?.kind !== "literal" || this.equal.has(a)) return;
    this.equal.set(a, b);
    assumed.push(a);
  }
}
