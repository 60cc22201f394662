import { isLiteral } from "../ir/build.js";
import { effectsOf, type Effects } from "../ir/effects.js";
import type { MemoryClass } from "../ir/memory.js";
import type { Atom, Block, Counter, Loop, Statement, Var } from "../ir/model.js";
import { replaceStatements, rewriteBlock } from "../ir/rewrite.js";
import { bound, statementsOf, uses } from "../ir/walk.js";
import { isPlace, keepToTheirPlaces, type Turns } from "./by-turn.js";
import type { Arrays } from "./own-arrays.js";

/**
 * Two loops over the same places are one where each turn looks only at what the same turn of the other has done:
 *
 *     for (i…) b[i] = f(a[i]); for (i…) c[i] = g(b[i])   becomes   for (i…) { b[i] = f(a[i]); c[i] = g(b[i]) }
 *
 * One of them may go the other way where the order of its turns cannot be told from what it does. What stands between
 * them comes before, or after where it needs the first.
 */
export class JoinedLoops {
  constructor(private readonly arrays: Arrays) {}

  /** The statements with the loops at two places as one; nothing where they cannot be. */
  join(statements: readonly Statement[], at: number, then: number): readonly Statement[] | undefined {
    const [first, second] = [statements[at], statements[then]];
    if (first?.kind !== "loop" || second?.kind !== "loop") return undefined;
    const [one, two] = [first, second].map((loop) => this.simple(loop));
    const counter = one && two && this.counterOf(one, two);
    if (one === undefined || two === undefined || counter === undefined || !this.isApart(one, two)) return undefined;
    const between = this.divided(statements.slice(at + 1, then), one, two);
    if (between === undefined) return undefined;
    return [...statements.slice(0, at), ...between.before, joined(one, two, counter), ...between.after, ...statements.slice(then + 1)];
  }

  private simple(loop: Loop): Simple | undefined {
    const { counter, exit, body } = loop;
    const status = body.yields[0];
    if (counter === undefined || exit !== undefined || status === undefined || !isLiteral(status, 0)) return undefined;
    const { memory, own } = this.arrays;
    // Arrays that have one name are of no concern outside of the turn that makes them.
    const made = new Set<Atom>(statementsOf(body).flatMap((s) => (s.kind === "allocate" && own.has(s.result) ? [s.result] : [])));
    const shown = made.size === 0 ? loop : { ...loop, body: replaceStatements(body, (s) => (isPlace(s) && made.has(s.of) ? [] : [s])) };
    const effects = effectsOf([shown], memory);
    return effects.impure ? undefined : { whole: loop, loop: shown, counter, turn: counter.var, effects };
  }

  /** The head of the loop that both can be. */
  private counterOf(one: Simple, two: Simple): Counter | undefined {
    const [a, b] = [one, two].map(({ counter }) => this.arrays.lengths.rangeOf(counter));
    if (a === undefined || b === undefined || a.low !== b.low || a.high !== b.high) return undefined;
    if (a.isDown === b.isDown || this.isOrderless(two)) return one.counter;
    return this.isOrderless(one) ? { ...two.counter, var: one.counter.var } : undefined;
  }

  private isOrderless(one: Simple): boolean {
    return one.loop.carried.length === 0 && this.keepToTheirPlaces([one], one.effects.writes);
  }

  /** Whether no turn of the one meets what another turn of the other writes. */
  private isApart(one: Simple, two: Simple): boolean {
    if (bound(one.whole).some((v) => uses(two.whole, v))) return false;
    return this.keepToTheirPlaces([one, two], shared(one.effects, two.effects));
  }

  /** Whether turns of different numbers meet nothing in common of these. */
  private keepToTheirPlaces(loops: readonly Simple[], cells: Iterable<MemoryClass>): boolean {
    const others = [...cells].filter((cell) => !keepToTheirPlaces(loops, cell, this.arrays.memory, this.arrays.made, true));
    if (others.length === 0) return true;
    const own = loops.map(({ whole }) => this.arrays.objects().cellsIn(whole));
    return others.every((cell) => own.every((cells) => cells.has(cell)));
  }

  /** What stands between two loops, as far as it may come before both, and the rest where it may come after. */
  private divided(between: readonly Statement[], one: Simple, two: Simple): { readonly before: readonly Statement[]; readonly after: readonly Statement[] } | undefined {
    const before: Statement[] = [];
    const after: Statement[] = [];
    let behind = one.effects;
    const names = new Set<Var>(bound(one.whole));
    for (const s of between) {
      const effects = effectsOf([s], this.arrays.memory);
      if (effects.impure) return undefined;
      const isAfter = [...names].some((v) => uses(s, v)) || shared(behind, effects).size > 0;
      if (!isAfter) before.push(s);
      else if (bound(s).some((v) => uses(two.whole, v)) || shared(effects, two.effects).size > 0) return undefined;
      else {
        after.push(s);
        bound(s).forEach((v) => names.add(v));
        behind = both(behind, effects);
      }
    }
    return { before, after };
  }
}

/** A loop that ends by its counter alone and does nothing but to compute and to write. */
interface Simple extends Turns {
  /** The loop with all that is of no concern to others. */
  readonly whole: Loop;
  readonly counter: Counter;
  readonly effects: Effects;
}

/** What the one writes and the other meets. */
function shared(a: Effects, b: Effects): Set<MemoryClass> {
  return new Set([...[...a.writes].filter((cell) => b.reads.has(cell) || b.writes.has(cell)), ...[...b.writes].filter((cell) => a.reads.has(cell))]);
}

function both(a: Effects, b: Effects): Effects {
  return { reads: new Set([...a.reads, ...b.reads]), writes: new Set([...a.writes, ...b.writes]), impure: false, calls: a.calls || b.calls };
}

function joined({ whole: one, counter: { var: turn } }: Simple, { whole: two, counter: { var: other } }: Simple, counter: Counter): Loop {
  const second = rewriteBlock(two.body, { atom: (a) => (a === other ? turn : a) });
  const body: Block = { ...one.body, statements: [...one.body.statements, ...second.statements], yields: [...one.body.yields, ...second.yields.slice(1)] };
  return { ...one, counter, carried: [...one.carried, ...two.carried], body };
}
