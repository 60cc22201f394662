import { isWhole } from "../ir/atoms.js";
import { Builder, isLiteral, region } from "../ir/build.js";
import { touches } from "../ir/effects.js";
import type { Accumulate, Allocate, Atom, Block, Fn, Statement, Var } from "../ir/model.js";
import { replaceStatements, withBlocks } from "../ir/rewrite.js";
import { int, keepsBits } from "../ir/types.js";
import { bound, operands, withInner } from "../ir/walk.js";
import { isPlace } from "./by-turn.js";
import type { Arrays } from "./own-arrays.js";
import { isLength } from "./whole-numbers.js";

/**
 * What is only added to, and then added to a part of another array as a whole, is added there at once: the adjoint of a
 * slice is part of the adjoint of what it was cut out of.
 *
 *     db = zeros like b; …; db[j] += x; …; for (k…) da[from + k] += db[k]   becomes   …; da[from + j] += x; …
 *
 * All sums are put together in the order in which they were: meanwhile nothing else is added to the whole, and it is still
 * zeros, or each place of the part gets one summand. Only of what is not differentiated again.
 */
export function addToTheWhole(fn: Fn, arrays: Arrays): Fn {
  const body = new Parts(arrays).block(fn.body);
  return body === fn.body ? fn : { ...fn, body };
}

/** `for (let k = 0; k < part.length; k++) whole[from + k] += part[k]` */
interface Sum {
  readonly loop: Statement;
  readonly part: Var;
  readonly whole: Var;
  readonly from: Atom | undefined;
}

class Parts {
  constructor(private readonly arrays: Arrays) {}

  block(block: Block): Block {
    const { statements } = block;
    const sums = statements.flatMap((s, end) => {
      const sum = this.sumOf(s);
      return sum !== undefined && this.isOnlyAdded(sum, block, end) ? [sum] : [];
    });
    for (const first of sums) {
      const group = this.settledWith(first, sums, statements);
      if (group.length === 0) continue;
      const loops = new Set(group.map(({ loop }) => loop));
      const added = replaceStatements({ region: region("parts"), statements: statements.filter((s) => !loops.has(s)), yields: [] }, (s) => this.instead(s, group));
      return { ...block, statements: added.statements };
    }
    const inner = statements.map((s) => withBlocks(s, (b) => this.block(b)));
    return inner.some((s, i) => s !== statements[i]) ? { ...block, statements: inner } : block;
  }

  /** The sums into one whole that can be left out together: parts that do not meet are added in any order. */
  private settledWith(first: Sum, sums: readonly Sum[], statements: readonly Statement[]): readonly Sum[] {
    let group: readonly Sum[] = [first];
    for (const sum of sums) if (sum.whole === first.whole && group.every((other) => this.areApart(sum, other))) group = [...group, sum];
    for (let size = Infinity; group.length < size; ) {
      size = group.length;
      const loops = new Set(group.map(({ loop }) => loop));
      group = group.filter((sum) => {
        const others = statements.filter((s) => s === sum.loop || !loops.has(s));
        return this.isSettled(sum, others, others.indexOf(sum.loop));
      });
    }
    return group;
  }

  private areApart(a: Sum, b: Sum): boolean {
    const [from, other] = [a, b].map((sum) => (sum.from === undefined ? 0 : isWhole(sum.from) ? Number(sum.from.value) : NaN)) as [number, number];
    return from + this.arrays.lengths.most(a.part) <= other || other + this.arrays.lengths.most(b.part) <= from;
  }

  private sumOf(loop: Statement): Sum | undefined {
    if (loop.kind !== "loop" || loop.counter === undefined || loop.carried.length > 0 || loop.exit !== undefined) return undefined;
    const { var: at } = loop.counter;
    const add = loop.body.statements.at(-1);
    const others = loop.body.statements.slice(0, -1);
    const load = others.find((s) => s.kind === "load");
    if (load?.kind !== "load" || load.key !== at || load.of.kind !== "var" || add?.kind !== "accumulate" || add.value !== load.result || add.of.kind !== "var" || others.length > 2) return undefined;
    const part = load.of;
    const range = this.arrays.lengths.rangeOf(loop.counter);
    if (!this.arrays.own.has(part) || add.of === part || range?.low !== 0 || range.high !== this.arrays.lengths.ofArray(part) || !isExact(part) || !isExact(add.of)) return undefined;
    const shift = others.find((s) => s !== load);
    if (shift === undefined) return add.key === at ? { loop, part, whole: add.of, from: undefined } : undefined;
    if (shift.kind !== "let" || shift.op !== "+" || shift.result !== add.key) return undefined;
    const [a, b] = shift.args;
    const from = a === at ? b : b === at ? a : undefined;
    return from === undefined || from === at ? undefined : { loop, part, whole: add.of, from };
  }

  /** Whether a part is made of zeros here, added to until it is added to the whole, and nothing more. */
  private isOnlyAdded({ loop, part }: Sum, block: Block, end: number): boolean {
    if (!block.statements.slice(0, end).some((s) => s.kind === "allocate" && s.result === part && areZeros(s))) return false;
    return block.statements.every((s, k) => {
      if (s === loop) return true;
      const users = withInner(s).filter((t) => operands(t).includes(part));
      return users.every((t) => isLength(t) || (k < end && t.kind === "accumulate"));
    });
  }

  /** Whether nothing happens to the whole meanwhile, and no sum is put together in another order. */
  private isSettled({ whole, from, part }: Sum, statements: readonly Statement[], end: number): boolean {
    const isAdded = (s: Statement): boolean => withInner(s).some((t) => t.kind === "accumulate" && t.of === part);
    const begin = statements.findIndex(isAdded);
    const meanwhile = begin < 0 ? [] : statements.slice(begin, end);
    if (meanwhile.some((s) => bound(s).some((v) => v === whole || v === from) || withInner(s).some((t) => this.touches(t, whole)))) return false;
    const made = statements.findIndex((s) => s.kind === "allocate" && s.result === whole && areZeros(s));
    if (made >= 0 && !statements.slice(made + 1, begin).some((s) => withInner(s).some((t) => this.touches(t, whole)))) return true;
    return this.isOnceEach(meanwhile.filter(isAdded), part);
  }

  /** Whether no place of a part is added to twice: what is written in the source, or each in the turn of a loop that is its own. */
  private isOnceEach(adding: readonly Statement[], part: Var): boolean {
    const [loop] = adding;
    if (loop?.kind === "loop" && adding.length === 1) {
      const adds = loop.body.statements.filter((s) => operandsOf(s).includes(part));
      return adds.length === 1 && adds.every((s) => s.kind === "accumulate" && s.key === loop.counter?.var);
    }
    const places = adding.map((s) => (s.kind === "accumulate" && s.key.kind === "literal" ? s.key.value : undefined));
    return !places.includes(undefined) && new Set(places).size === places.length;
  }

  /** Whether a statement looks at an element of an array, or writes one or the length. */
  private touches(s: Statement, whole: Var): boolean {
    if (s.kind === "if" || s.kind === "loop" || isLength(s)) return false;
    // What is made by another statement is another array.
    const { memory, made } = this.arrays;
    if (isPlace(s) && s.of !== whole && made.has(s.of) && made.has(whole)) return false;
    const elements = memory.elementsOf(whole);
    return touches(s, memory.classOf(whole).cell("length"), memory, "writes") || (elements !== undefined && touches(s, elements, memory));
  }

  private instead(s: Statement, sums: readonly Sum[]): readonly Statement[] {
    const sum = s.kind === "accumulate" ? sums.find(({ part }) => part === s.of) : undefined;
    if (s.kind !== "accumulate" || sum === undefined) return [s];
    const { whole, from } = sum;
    return from === undefined || s.key.kind === "field" ? [{ ...s, of: whole }] : shifted(s, s.key, whole, from);
  }
}

// da[from + j] += x
function shifted(s: Accumulate, at: Atom, whole: Var, from: Atom): readonly Statement[] {
  const b = new Builder(s.origin);
  const key = isLiteral(at, 0) ? from : b.let("+", [from, at], int);
  return [...b.statements, { ...s, of: whole, key }];
}

function operandsOf(s: Statement): readonly Atom[] {
  return withInner(s).flatMap(operands);
}

function areZeros({ initial }: Allocate): boolean {
  return initial.kind === "zerosLike" || (initial.kind === "fill" && isLiteral(initial.value, 0));
}

/** Whether an array is there, and no sum in it is rounded to single precision. */
function isExact({ type }: Var): boolean {
  return type.nullable !== true && keepsBits(type);
}
