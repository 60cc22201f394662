import { isWhole, shiftOf } from "../../ir/atoms.js";
import type { Builder } from "../../ir/build.js";
import { isLiteral, literal, one, zero } from "../../ir/build.js";
import type { Atom, Counter, Loop, Statement, Var } from "../../ir/model.js";
import { rewriteStatement } from "../../ir/rewrite.js";
import { int, real } from "../../ir/types.js";
import { operands } from "../../ir/walk.js";
import type { Reversal } from "../reversal.js";
import { Order } from "./order.js";
import type { Owner, Scopes } from "./scopes.js";

/** A nest of counted loops, the outermost first: an array can hold a value of every turn, at an index from the counters. */
export interface Nest {
  readonly counters: readonly Index[];
  /** The size of each dimension: an atom and what to add to it. */
  readonly extents: readonly Extent[];
}
interface Extent {
  readonly of: Atom;
  readonly plus: number;
  /** Of a counter that is not the index itself: what makes the number of turns of it. */
  readonly counter?: Counter;
}
/** A counter, and what it starts at and goes on by where it is not the index itself. */
interface Index {
  readonly var: Atom;
  readonly from?: Atom;
  readonly by: number;
}

/** The largest start of a counter for which the first elements of an array are left unused. */
const unused = 8;

/** How large the arrays of saved values are, where they are made, and at which index a turn finds its own. */
export class Sizes {
  constructor(
    private readonly scopes: Scopes,
    private readonly r: Reversal,
  ) {}

  /** The nest of these loops (innermost first), if its size is known before its outermost statement. */
  nestOf(loops: readonly Loop[], outermost: Owner): Nest | undefined {
    const counters: Index[] = [];
    const extents: Extent[] = [];
    // Of what is left unused there is no more than half.
    let isWidened = false;
    for (const loop of [...loops].reverse()) {
      const exact = this.extentOf(loop);
      const isKnown = exact !== undefined && [exact.of, ...startOf(exact)].every((a) => this.canMake(a, outermost));
      const extent = exact === undefined || isKnown ? exact : isWidened ? undefined : this.widestOf(loop, outermost);
      isWidened ||= !isKnown;
      if (extent === undefined || !loop.counter) return undefined;
      const { var: counter, start, step } = loop.counter;
      counters.push(extent.counter ? { var: counter, from: start, by: step } : { var: counter, by: 1 });
      extents.push(extent);
    }
    return { counters, extents };
  }

  private extentOf(loop: Loop): Extent | undefined {
    const c = loop.counter;
    const status = loop.body.yields[0];
    if (!c || !status || !isLiteral(status, 0) || !this.r.mirrors.get(loop.body.region)?.exact) return undefined;
    const small = (a: Atom): boolean => a.kind === "literal" && typeof a.value === "number" && a.value >= 0 && a.value <= unused;
    if (c.step === 1 && small(c.start)) {
      if (c.test === "<") return { of: c.bound, plus: 0 };
      return c.test === "<=" ? { of: c.bound, plus: 1 } : undefined;
    }
    const down = c.step === -1 && (c.test === ">=" || c.test === ">") && c.bound.kind === "literal" && Number(c.bound.value) >= (c.test === ">" ? -1 : 0);
    if (!down) return { of: c.bound, plus: 0, counter: c };
    // The start is one less than a length, more often than not.
    const s = c.start.kind === "var" ? this.scopes.definition.get(c.start) : undefined;
    const shift = s?.kind === "let" ? shiftOf(s) : undefined;
    return shift ? { of: shift.from, plus: shift.by + 1 } : { of: c.start, plus: 1 };
  }

  /**
   * for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++)   How large the inner counter can be in any turn of the outer
   * one, n - 1: a triangle has a place in a square. Both ends may not vary, as in a narrow band.
   */
  private widestOf(loop: Loop, outermost: Owner): Extent | undefined {
    const { counter } = loop;
    const home = this.scopes.homeOf.get(loop);
    if (counter === undefined || home === undefined || Math.abs(counter.step) !== 1) return undefined;
    const [low, high] = counter.step > 0 ? [counter.start, counter.bound] : [counter.bound, counter.start];
    const isHighKnown = this.canMake(high, outermost);
    if (!isHighKnown && (low.kind !== "literal" || high.type.kind !== "int")) return undefined;
    const order = new Order(this.scopes, home);
    const isLow = order.bounds(low, false).some(({ of, plus }) => of.kind === "literal" && Number(of.value) + plus >= 0 && Number(of.value) + plus <= unused);
    const most = order.bounds(high, true).find(({ of }) => this.canMake(of, outermost));
    return isLow && most !== undefined ? { of: most.of, plus: most.plus + (counter.test === "<" ? 0 : 1) } : undefined;
  }

  /** The outermost place at which saved arrays can be made: out of all loops around, where their sizes are known. */
  placeFor(extents: readonly Extent[], owner: Owner): Owner {
    let place = owner;
    for (let outer = this.scopes.owner.get(owner.region); outer !== undefined; outer = this.scopes.owner.get(outer.region)) {
      const at = outer;
      if (!extents.every((e) => [e.of, ...startOf(e)].every((a) => this.canMake(a, at)))) break;
      if (outer.statement.kind === "loop") place = outer;
    }
    return place;
  }

  /** Writes the size of each dimension at a place. */
  dimensions(extents: readonly Extent[], place: Owner, b: Builder): Atom[] {
    return extents.map(({ of, plus, counter }) => {
      const base = this.make(of, place, b);
      if (counter) return this.turnsOf(counter, base, place, b);
      const whole = base.type.kind === "int" ? base : b.let("Math.ceil", [base], int);
      const size = plus === 0 ? whole : whole.kind === "literal" ? literal(Number(whole.value) + plus) : b.let(plus > 0 ? "+" : "-", [whole, literal(Math.abs(plus))], int);
      return this.neverNegative(of, plus) ? size : b.let("Math.max", [zero, size], int);
    });
  }
  // Math.max(0, Math.ceil((bound - start) / step))
  private turnsOf({ start, bound: end, test, step }: Counter, bound: Atom, place: Owner, b: Builder): Atom {
    const from = this.make(start, place, b);
    const [ahead, behind] = step > 0 ? [bound, from] : [from, bound];
    const span = isLiteral(behind, 0) ? ahead : b.let("-", [ahead, behind], ahead.type.kind === "int" && behind.type.kind === "int" ? int : real);
    const size = Math.abs(step);
    const quotient = size === 1 ? span : b.let("/", [span, literal(size)]);
    const isOpen = test === "<" || test === ">";
    const whole = quotient.type.kind === "int" ? quotient : b.let(isOpen ? "Math.ceil" : "Math.floor", [quotient], int);
    const turns = isOpen ? whole : b.let("+", [whole, one], int);
    return isOpen && isLiteral(behind, 0) && this.neverNegative(step > 0 ? end : start, 0) ? turns : b.let("Math.max", [zero, turns], int);
  }
  product(dimensions: readonly Atom[], b: Builder): Atom {
    return dimensions.reduce((a, d) => (isLiteral(a, 1) ? d : b.let("*", [a, d], int)), literal(1));
  }
  /** `i`, `i * m + j`, … */
  index(nest: Nest, dimensions: readonly Atom[], b: Builder): Atom {
    const [first, ...rest] = nest.counters.map((c) => turnOf(c, b));
    return rest.reduce<Atom>((at, turn, k) => {
      const row = b.let("*", [at, dimensions[k + 1] ?? literal(1)], int);
      return b.let("+", [row, turn], int);
    }, first ?? zero);
  }

  private neverNegative(a: Atom, plus: number): boolean {
    if (a.kind === "literal") return Number(a.value) + plus >= 0;
    const s = this.scopes.definition.get(a);
    if (s?.kind === "let" && s.op === "Math.max" && s.args.some((arg) => isWhole(arg) && Number(arg.value) + plus >= 0)) return true;
    return plus >= 0 && s?.kind === "load" && s.key.kind === "field" && s.key.name === "length";
  }

  /** Whether a value can be had before `place.statement`: it is in scope there, or can be made again. */
  private canMake(a: Atom, place: Owner): boolean {
    if (a.kind === "literal" || this.isBefore(a, place)) return true;
    const s = this.scopes.definition.get(a);
    if (s === undefined || !remakes(s)) return false;
    if (s.kind === "load" && !this.scopes.isSettledBefore(s, place.statement)) return false;
    return operands(s).every((o) => this.canMake(o, place));
  }
  private make(a: Atom, place: Owner, b: Builder): Atom {
    if (a.kind === "literal" || this.isBefore(a, place)) return a;
    const s = this.scopes.definition.get(a) as Statement;
    const args = new Map<Atom, Atom>();
    for (const o of operands(s)) args.set(o, this.make(o, place, b));
    const result: Var = { ...a };
    b.add(rewriteStatement(s, { atom: (o) => args.get(o) ?? o, bind: () => result }));
    return result;
  }
  private isBefore(v: Var, place: Owner): boolean {
    if (!this.scopes.inScope(v, place.region)) return false;
    const s = this.scopes.definition.get(v);
    if (s === undefined || this.scopes.regionOf.get(v) !== place.region) return true;
    return (this.scopes.position.get(s) ?? -1) < (this.scopes.position.get(place.statement) ?? Infinity);
  }
}

function startOf({ counter }: Extent): readonly Atom[] {
  return counter ? [counter.start] : [];
}

// (i - start) / step
function turnOf({ var: counter, from, by }: Index, b: Builder): Atom {
  if (from === undefined) return counter;
  const span = by > 0 ? (isLiteral(from, 0) ? counter : b.let("-", [counter, from], int)) : b.let("-", [from, counter], int);
  return Math.abs(by) === 1 ? span : b.let("/", [span, literal(Math.abs(by))], int);
}

function remakes(s: Statement): boolean {
  return s.kind === "load" || (s.kind === "let" && /^([-+*]|neg|Math\.(ceil|floor|max|min|abs))$/.test(s.op));
}
