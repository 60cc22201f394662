import { isLiteral } from "../ir/build.js";
import { effectsOf } from "../ir/effects.js";
import type { Atom, Block, Fn, Initial, Load, Loop, Statement, Var } from "../ir/model.js";
import { replaceStatements, rewriteBlock } from "../ir/rewrite.js";
import { blocksOf, operands, statementsOf, withInner } from "../ir/walk.js";
import { Contents } from "./contents.js";
import { arraysOf, type Arrays } from "./own-arrays.js";

/**
 * What a loop keeps of its turns once is not kept twice: of arrays that hold the same, the first is read, and so is an
 * array of the program that still holds it.
 *
 *     for (i…) { p[i] = Math.sin(x[i]); … } for (i…) { q[i] = Math.sin(x[i]); … } … q[j] …
 *     becomes   for (i…) { p[i] = Math.sin(x[i]); … } … p[j] …
 */
export function withoutSameContents(fn: Fn, arrays: Arrays): Fn {
  return withoutThese(fn, new Finder(fn, arrays, true));
}

/** The same of a function in two halves, between which others may write to the arrays of the program: only what is kept is read. */
export function withoutKeptTwice(fn: Fn): Fn {
  const arrays = arraysOf(fn);
  return arrays === undefined ? fn : withoutThese(fn, new Finder(fn, arrays, false));
}

function withoutThese(fn: Fn, finder: Finder): Fn {
  finder.look(fn.body);
  const { instead } = finder;
  if (instead.size === 0) return fn;
  const kept = replaceStatements(fn.body, (s) => ((s.kind === "store" && instead.has(s.of as Var)) || (s.kind === "allocate" && instead.has(s.result)) ? [] : [s]));
  const known = (a: Atom): Atom => (a.kind === "var" && instead.has(a) ? known(instead.get(a) as Var) : a);
  return { ...fn, body: rewriteBlock(kept, { atom: known }) };
}

class Finder {
  /** What is read in place of an array. */
  readonly instead = new Map<Var, Var>();
  private readonly filled: ReadonlySet<Var>;
  private readonly loads: ReadonlyMap<Atom, number>;

  constructor(
    fn: Fn,
    private readonly arrays: Arrays,
    private readonly mayStand: boolean,
  ) {
    this.filled = filledOnce(fn, arrays.own);
    this.loads = loadsIn(fn.body);
  }

  look(block: Block): void {
    const contents = new Contents(block, this.arrays);
    const firsts = new Map<string, Var>();
    for (const [k, s] of block.statements.entries()) {
      blocksOf(s).forEach((b) => {
        this.look(b);
      });
      const found = contents.after(s);
      if (s.kind !== "loop" || found === undefined) continue;
      for (const [list, value] of found.stored) {
        if (!this.filled.has(list) || this.instead.has(list) || !this.isFull(s, list)) continue;
        const loads = loadsOf(list, block.statements, k);
        // Where the loop is in a branch, and what it fills is read outside, that may hold zeros.
        if (loads === undefined || loadsIn(block).get(list) !== this.loads.get(list)) continue;
        const first = firsts.get(value) ?? this.standing(value, list, loads, contents, found.held, block, k);
        if (first !== undefined && this.arrays.lengths.ofArray(first) === this.arrays.lengths.ofArray(list)) this.instead.set(list, first);
        else firsts.set(value, list);
      }
    }
  }

  private isFull({ counter }: Loop, list: Var): boolean {
    return counter !== undefined && this.arrays.lengths.areAll(counter, list);
  }

  /** The array that holds the same at its places and is not written until the last of the loads. */
  private standing(value: string, list: Var, loads: readonly number[], contents: Contents, held: ReadonlyMap<Var, string>, block: Block, k: number): Var | undefined {
    if (!this.mayStand) return undefined;
    const last = loads.at(-1) ?? k;
    const { memory } = this.arrays;
    for (const [array, holds] of held) {
      if (holds !== value || array === list || this.instead.has(array)) continue;
      const { writes } = effectsOf(block.statements.slice(k + 1, last + 1), memory);
      const elements = memory.elementsOf(array);
      if (elements !== undefined && !writes.has(elements) && !writes.has(memory.classOf(array).cell("length")) && contents.isOutside(array)) return array;
    }
    return undefined;
  }
}

/** Arrays of zeros that one statement alone writes. */
export function filledOnce(fn: Fn, own: ReadonlySet<Var>): ReadonlySet<Var> {
  const writers = new Map<Var, number>();
  const zeros = new Set<Var>();
  for (const s of statementsOf(fn.body)) {
    if (s.kind === "allocate" && own.has(s.result) && isZero(s.initial)) zeros.add(s.result);
    if ((s.kind === "store" || s.kind === "accumulate") && s.of.kind === "var") writers.set(s.of, (writers.get(s.of) ?? 0) + (s.kind === "store" ? 1 : 2));
  }
  return new Set([...zeros].filter((v) => writers.get(v) === 1));
}

function isZero(initial: Initial): boolean {
  if (initial.kind === "zerosLike") return initial.source.type.nullable !== true;
  return initial.kind === "fill" && isLiteral(initial.value, 0);
}

/** How often each array is read. */
export function loadsIn(block: Block): ReadonlyMap<Atom, number> {
  const counts = new Map<Atom, number>();
  for (const s of statementsOf(block)) if (s.kind === "load") counts.set(s.of, (counts.get(s.of) ?? 0) + 1);
  return counts;
}

/** The statements of a block that read a list, where all are behind a place; nothing where one is not, or may find nothing there. */
function loadsOf(list: Var, statements: readonly Statement[], behind: number): readonly number[] | undefined {
  const found: number[] = [];
  for (const [k, s] of statements.entries()) {
    const loads = withInner(s).filter((t): t is Load => t.kind === "load" && operands(t).includes(list) && t.key.kind !== "field");
    if (loads.length === 0) continue;
    if (k <= behind || loads.some((t) => t.result.type.nullable === true)) return undefined;
    found.push(k);
  }
  return found;
}
