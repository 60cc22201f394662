import { shiftOf } from "../../ir/atoms.js";
import type { Atom, Let, Region } from "../../ir/model.js";
import type { Scopes } from "./scopes.js";

/** What a whole number is compared with: it is at most, or at least, `of + plus`. */
interface Bound {
  readonly of: Atom;
  readonly plus: number;
}

/** How many bounds are looked at. */
const most = 24;

/** What is known at a place of how whole numbers compare, by the counters of loops and the tests around it. */
export class Order {
  private readonly tests: readonly (readonly [test: Let, holds: boolean])[];

  constructor(
    private readonly scopes: Scopes,
    place: Region,
  ) {
    const tests: (readonly [Let, boolean])[] = [];
    for (const region of scopes.around(place)) {
      const owner = scopes.owner.get(region)?.statement;
      const test = owner?.kind === "if" && owner.test.kind === "var" ? scopes.definition.get(owner.test) : undefined;
      if (owner?.kind === "if" && test?.kind === "let") tests.push([test, owner.then.region === region]);
    }
    this.tests = tests;
  }

  /** Whether a ≤ b + d. */
  atMost(a: Atom, b: Atom, d: number): boolean {
    const least = this.bounds(b, false);
    return this.bounds(a, true).some(({ of, plus }) => least.some((low) => same(of, plus, low, d)));
  }
  /** Whether a < b + d. */
  below(a: Atom, b: Atom, d: number): boolean {
    return this.atMost(a, b, d - 1) || (d === 0 && this.atMost(a, b, 0) && this.differ(a, b));
  }
  private differ(a: Atom, b: Atom): boolean {
    return this.tests.some(([{ op, args }, holds]) => op === (holds ? "!==" : "===") && args.includes(a) && args.includes(b) && a !== b);
  }

  /** What a number is at most (`isUpper`), or at least: itself, and what the counter that it is stops at. */
  bounds(a: Atom, isUpper: boolean): readonly Bound[] {
    const found: Bound[] = [{ of: a, plus: 0 }];
    for (let k = 0; k < found.length && found.length < most; k++) {
      const { of, plus } = found[k] as Bound;
      const s = of.kind === "var" ? this.scopes.definition.get(of) : undefined;
      const shift = s?.kind === "let" ? shiftOf(s) : undefined;
      if (shift !== undefined) found.push({ of: shift.from, plus: plus + shift.by });
      if (s?.kind === "loop" && s.counter?.var === of) {
        const { start, bound, test, step } = s.counter;
        if (step > 0 !== isUpper) found.push({ of: start, plus });
        else found.push({ of: bound, plus: plus + (/=/.test(test) || bound.type.kind !== "int" ? 0 : isUpper ? -1 : 1) });
      }
      for (const [test, holds] of this.tests) {
        const known = bound(test, holds, of, isUpper);
        if (known !== undefined) found.push({ of: known.of, plus: plus + known.plus });
      }
    }
    return found;
  }
}

/** Whether of + plus ≤ low + d is seen at once. */
function same(of: Atom, plus: number, low: Bound, d: number): boolean {
  if (of.kind === "literal" && low.of.kind === "literal") return Number(of.value) + plus <= Number(low.of.value) + low.plus + d;
  return of === low.of && plus <= low.plus + d;
}

/** What `a < b`, or its contrary, says of one of the two. */
function bound({ op, args: [a, b] }: Let, holds: boolean, of: Atom, isUpper: boolean): Bound | undefined {
  if (a === undefined || b === undefined || a.type.kind !== "int" || b.type.kind !== "int" || !/^[<>]=?$/.test(op)) return undefined;
  const [less, more] = op.startsWith("<") === holds ? [a, b] : [b, a];
  const isStrict = /=/.test(op) !== holds;
  const by = isStrict ? 1 : 0;
  if (isUpper) return of === less ? { of: more, plus: -by } : undefined;
  return of === more ? { of: less, plus: by } : undefined;
}
