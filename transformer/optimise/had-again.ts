import { effectsOf } from "../ir/effects.js";
import type { MemoryClass } from "../ir/memory.js";
import type { Atom, Block, Counter, Fn, Let, Load, Loop, Statement, Var } from "../ir/model.js";
import { replaceStatements, rewriteBlock, withBlocks } from "../ir/rewrite.js";
import { bound, boundWithin, operands, statementsOf, withInner } from "../ir/walk.js";
import { cheap, mostInPlace } from "./cheap.js";
import { Contents, type Left } from "./contents.js";
import type { Arrays } from "./own-arrays.js";
import { filledOnce, loadsIn } from "./same-contents.js";

/** The longest way to a value that is followed. */
const longest = 12;
const free: ReadonlySet<string> = new Set(["neg", "identity"]);

/**
 * What a loop keeps of its turns, and a later one computes anyway or has by one cheap operation, is not kept:
 *
 *     for (i…) { p[i] = Math.sin(x[i]); … } for (i…) { … p[i] … Math.sin(x[i]) … }
 *     becomes   for (i…) { … } for (i…) { const t = Math.sin(x[i]); … t … t … }
 */
export function withoutHadAgain(fn: Fn, arrays: Arrays): Fn {
  const finder = new Finder(arrays, filledOnce(fn, arrays.own), loadsIn(fn.body));
  const body = finder.block(fn.body);
  if (finder.gone.size === 0) return fn;
  return { ...fn, body: replaceStatements(body, (s) => ((s.kind === "store" && finder.gone.has(s.of as Var)) || (s.kind === "allocate" && finder.gone.has(s.result)) ? [] : [s])) };
}

/** What the turns of a loop put in an array, and how they come by it: memory that is read must be as it was. */
interface Kept {
  readonly counter: Counter;
  readonly value: Atom;
  readonly made: readonly (Let | Load)[];
  readonly terms: ReadonlyMap<Atom, string>;
  readonly cells: ReadonlyMap<MemoryClass, number>;
}

class Finder {
  readonly gone = new Set<Var>();

  constructor(
    private readonly arrays: Arrays,
    private readonly filled: ReadonlySet<Var>,
    private readonly loads: ReadonlyMap<Atom, number>,
  ) {}

  block(block: Block): Block {
    const contents = new Contents(block, this.arrays);
    const kept = new Map<Var, Kept>();
    const again = new Map<Statement, Map<Var, Kept>>();
    for (const s of block.statements) {
      const { writes } = effectsOf([s], this.arrays.memory);
      const versions = new Map([...kept.values()].flatMap(({ cells }) => [...cells.keys()].map((cell) => [cell, contents.versionOf(cell)] as const)));
      const left = contents.after(s);
      const isSame = ({ cells }: Kept): boolean => [...cells].every(([cell, version]) => versions.get(cell) === version && !writes.has(cell));
      for (const [list, one] of kept) {
        const loads = withInner(s).filter((t): t is Load => t.kind === "load" && t.of === list);
        if (loads.length === 0) continue;
        const isFound = s.kind === "loop" && left !== undefined && this.isFull(s, list) && loads.every((t) => t.key === s.counter?.var) && isSame(one) && costOf(one, this.termsIn(s, left)) <= mostInPlace;
        if (isFound) again.set(s, (again.get(s) ?? new Map<Var, Kept>()).set(list, one));
        else kept.delete(list);
      }
      for (const list of [...kept.keys()]) if (withInner(s).some((t) => t.kind !== "load" && operands(t).includes(list))) kept.delete(list);
      if (s.kind !== "loop" || left === undefined) continue;
      for (const list of left.stored.keys()) {
        const one = this.filled.has(list) && this.isFull(s, list) ? this.keptBy(s, list, left, writes, contents) : undefined;
        if (one !== undefined) kept.set(list, one);
      }
    }
    const isEvery = (list: Var): boolean => [...again].reduce((sum, [s, lists]) => sum + (lists.has(list) ? (loadsIn({ ...block, statements: [s] }).get(list) ?? 0) : 0), 0) === this.loads.get(list);
    const all = new Map([...again.values()].flatMap((lists) => [...lists]).filter(([list]) => kept.has(list) && isEvery(list)));
    // What is read to have another again stays.
    const read = new Set<Atom>([...all.values()].flatMap(({ made }) => made.flatMap((s) => (s.kind === "load" ? [s.of] : []))));
    const found = new Set([...all.keys()].filter((list) => !read.has(list)));
    for (const list of found) this.gone.add(list);
    const statements = block.statements.map((s) => {
      const lists = [...(again.get(s) ?? [])].filter(([list]) => found.has(list));
      return s.kind === "loop" && lists.length > 0 ? { ...s, body: lists.reduce((body, [list, one]) => madeAgain(body, s, list, one), s.body) } : s;
    });
    return { ...block, statements: statements.map((s) => withBlocks(s, (b) => this.block(b))) };
  }

  /** What a loop has at hand besides what is kept for it. */
  private termsIn(loop: Loop, { terms }: Left): ReadonlySet<string> {
    const there = new Map(terms);
    for (const s of loop.body.statements) if (s.kind === "load" && this.filled.has(s.of as Var)) there.delete(s.result);
    return new Set(there.values());
  }

  private isFull({ counter }: Loop, list: Var): boolean {
    return counter !== undefined && this.arrays.lengths.areAll(counter, list);
  }

  private keptBy(loop: Loop, list: Var, { terms }: Left, writes: ReadonlySet<MemoryClass>, contents: Contents): Kept | undefined {
    const { counter, body } = loop;
    const store = body.statements.find((s) => s.kind === "store" && s.of === list);
    if (counter === undefined || store?.kind !== "store") return undefined;
    const inside = new Set<Atom>([loop, ...statementsOf(body)].flatMap((s) => [...(s === loop ? [] : bound(s)), ...boundWithin(s)]));
    const made = new Set<Let | Load>();
    const cells = new Map<MemoryClass, number>();
    const follow = (a: Atom): boolean => {
      if (a === counter.var || !inside.has(a)) return true;
      const s = body.statements.find((t): t is Let | Load => (t.kind === "let" || t.kind === "load") && t.result === a);
      if (s === undefined || made.has(s)) return s !== undefined;
      if (s.kind === "load") {
        const cell = this.arrays.memory.cellOf(s.of, s.key);
        if (cell === undefined || inside.has(s.of) || writes.has(cell)) return false;
        cells.set(cell, contents.versionOf(cell));
      }
      const isFollowed = operands(s).every(follow);
      made.add(s);
      return isFollowed && made.size <= longest;
    };
    return follow(store.value) ? { counter, value: store.value, made: [...made], terms, cells } : undefined;
  }
}

/** How many loads and cheap operations a loop would have to do besides its own; no end of others. */
function costOf({ value, made, terms }: Kept, there: ReadonlySet<string>): number {
  const cost = (a: Atom): number => {
    const s = made.find((t) => t.result === a);
    const term = s && terms.get(a);
    if (s === undefined || (term !== undefined && there.has(term))) return 0;
    const own = s.kind === "load" || cheap.has(s.op) ? 1 : free.has(s.op) ? 0 : Infinity;
    return operands(s).reduce((sum, b) => sum + cost(b), own);
  };
  return cost(value);
}

/** The body of a loop that makes what it has loaded. */
function madeAgain(body: Block, { counter }: Loop, list: Var, kept: Kept): Block {
  const names = new Map<Atom, Atom>(counter ? [[kept.counter.var, counter.var]] : []);
  const known = (a: Atom): Atom => names.get(a) ?? a;
  const made = kept.made.map((s): Statement => {
    const result: Var = { ...s.result };
    const { statements } = rewriteBlock({ region: body.region, statements: [s], yields: [] }, { atom: known });
    names.set(s.result, result);
    return { ...(statements[0] as Let | Load), result };
  });
  const value = known(kept.value);
  const at = body.statements.findIndex((s) => withInner(s).some((t) => t.kind === "load" && t.of === list));
  const results = new Set<Atom>(statementsOf(body).flatMap((s) => (s.kind === "load" && s.of === list ? [s.result] : [])));
  const without = replaceStatements(body, (s) => (s.kind === "load" && s.of === list ? [] : [s]));
  const rewritten = rewriteBlock(without, { atom: (a) => (results.has(a) ? value : a) });
  return { ...rewritten, statements: [...rewritten.statements.slice(0, at), ...made, ...rewritten.statements.slice(at)] };
}
