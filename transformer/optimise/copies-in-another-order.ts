import { Builder, isLiteral, lengthField } from "../ir/build.js";
import { effectsOf } from "../ir/effects.js";
import type { Memory } from "../ir/memory.js";
import type { Allocate, Atom, Block, Copy, Fn, Load, Loop, Statement, Store, Var } from "../ir/model.js";
import { rewriteBlock, rewriteStatement } from "../ir/rewrite.js";
import { isFlat, keepsBits, sameType } from "../ir/types.js";
import { bound, operands, uses } from "../ir/walk.js";
import { Indices } from "./indices.js";
import { Lengths } from "./same-lengths.js";
import { isWholeCopy } from "./taken-over.js";
import { toldApart } from "./told-apart.js";
import { isLength } from "./whole-numbers.js";

/**
 * An array that has the elements of another in another order, and is only read while that one stays as it is, is not made:
 *
 *     n = a.length; b = new Array(n); for (let i = 0; i < n; i++) b[i] = a[n - 1 - i]; … b[j] …   becomes   … a[n - 1 - j] …
 *     b = a.slice(); b.reverse(); … b[j] …                                                         becomes   … a[a.length - 1 - j] …
 *
 * where an index is known to be within. Where the order is a list, each element is read once only, in a loop like the one that put it there.
 */
export function readInAnotherOrder(fn: Fn, memory: Memory): Fn {
  const orders = new Map<Atom, Ordered>();
  const own = new Map<Statement, Ordered>();
  find(fn.body, 0, memory, (order) => {
    orders.set(order.made.result, order);
    for (const s of order.fill.body.statements) own.set(s, order);
  });
  if (orders.size === 0) return fn;
  const indices = new Indices(fn, new Lengths(fn, memory));
  const reads = new Map<Atom, number>();
  const look = ({ statements, yields }: Block, depth: number): void => {
    for (const y of yields) orders.delete(y);
    for (const s of statements) {
      const order = s.kind === "load" ? orders.get(s.of) : undefined;
      const isRead = s.kind === "load" && order !== undefined && isWithin(s, order, indices, depth);
      if (isRead && s.key.kind !== "field") reads.set(s.of, (reads.get(s.of) ?? 0) + 1);
      for (const a of operands(s)) if (!isRead && own.get(s)?.made.result !== a) orders.delete(a);
      if (s.kind === "if") for (const side of [s.then, s.else]) look(side, depth);
      if (s.kind === "loop") look(s.body, depth + 1);
    }
  };
  look(fn.body, 0);
  // A typed array has NaN where the other has nothing.
  const isPicked = (a: Atom): boolean => a.type.kind === "typed" && orders.get(a)?.made.kind === "allocate";
  if ([...orders.keys()].some(isPicked)) for (const list of toldApart(fn.body, isPicked)) orders.delete(list);
  for (const [list, order] of orders) if ((order.isListed && reads.get(list) !== 1) || !isKnown(order, indices)) orders.delete(list);
  if (orders.size === 0) return fn;
  const lengths = new Map<Atom, Atom>();
  const names = new Map<Atom, Atom>();
  const fills = new Set([...orders.values()].map(({ fill }) => fill.body.region));
  const instead = (s: Statement): readonly Statement[] => {
    const b = new Builder(s.origin);
    if (s.kind === "loop" && fills.has(s.body.region)) return [];
    if (s.kind === "allocate" || s.kind === "copy") {
      const order = orders.get(s.result);
      if (order === undefined) return [s];
      lengths.set(s.result, s.kind === "allocate" && s.initial.kind === "fill" ? s.initial.length : b.load(order.load.of, lengthField));
      return b.statements;
    }
    const order = s.kind === "load" ? orders.get(s.of) : undefined;
    if (order === undefined || s.kind !== "load") return [s];
    if (s.key.kind === "field") names.set(s.result, lengths.get(s.of) ?? s.result);
    else b.add({ ...s, of: order.load.of, key: placeOf(order, s.key, names, b) });
    return b.statements;
  };
  return { ...fn, body: rewriteBlock(fn.body, { atom: (a) => names.get(a) ?? a, statement: instead }) };
}

interface Ordered {
  readonly made: Allocate | Copy;
  readonly fill: Loop;
  /** What comes to the place of the counter, and what makes its index. */
  readonly load: Load;
  readonly index: readonly Statement[];
  readonly counter: Var;
  /** Whether the index is looked up in a list. */
  readonly isListed: boolean;
  readonly depth: number;
}

function find({ statements }: Block, depth: number, memory: Memory, found: (order: Ordered) => void): void {
  statements.forEach((s, k) => {
    if (s.kind === "if") for (const side of [s.then, s.else]) find(side, depth, memory, found);
    if (s.kind === "loop") find(s.body, depth + 1, memory, found);
    if (!isWholeCopy(s) && !(s.kind === "allocate" && s.initial.kind === "fill" && isFlat(s.result.type))) return;
    const later = statements.slice(k + 1);
    const fill = later.find((t) => !isLength(t) && uses(t, s.result));
    if (fill?.kind !== "loop" || fill.counter === undefined || fill.carried.length > 0 || fill.exit !== undefined) return;
    const { counter: { var: counter, start, test, step }, body } = fill;
    const put = s.kind === "copy" ? swapped(s, fill, later) : filled(s, fill);
    if (put === undefined || !isLiteral(start, 0) || test !== "<" || step !== 1 || !isLiteral(body.yields[0] ?? start, 0)) return;
    const isListed = put.index.some((t) => t.kind === "load");
    const { writes } = effectsOf(later, memory);
    const read = [put.load, ...put.index].flatMap((t) => (t.kind === "load" && t.of.kind === "var" ? [t.of] : []));
    if (read.some((v) => ["[]", "length"].some((name) => writes.has(memory.classOf(v).cell(name))))) return;
    found({ ...put, made: s, fill, counter, isListed, depth });
  });
}

// b[i] = a[…]
function filled({ result, initial }: Allocate, { counter, body }: Loop): Pick<Ordered, "load" | "index"> | undefined {
  const put = body.statements.at(-1);
  const load = body.statements.at(-2);
  const index = body.statements.slice(0, -2);
  if (put?.kind !== "store" || load?.kind !== "load" || put.of !== result || put.key !== counter?.var || put.value !== load.result || !put.within) return undefined;
  if (initial.kind !== "fill" || initial.length !== counter.bound || load.key.kind === "field" || load.of.kind !== "var" || load.of.type.nullable === true) return undefined;
  if (!sameType(load.of.type, result.type) && !(isFlat(load.of.type) && keepsBits(load.of.type) && keepsBits(result.type))) return undefined;
  return index.every((s) => (s.kind === "let" && /^[-+*]$/.test(s.op) && s.result.type.kind === "int") || (s.kind === "load" && s.key.kind !== "field" && s.result.type.kind === "int")) ? { load, index } : undefined;
}

// for (let k = 0; k < b.length >> 1; k++) { const other = last - k; const x = b[k]; b[k] = b[other]; b[other] = x; }
function swapped({ result, of }: Copy & { readonly of: Var }, { counter, body }: Loop, later: readonly Statement[]): Pick<Ordered, "load" | "index"> | undefined {
  const [other, x, y, first, second, ...more] = body.statements;
  if (other?.kind !== "let" || other.op !== "-" || other.args[1] !== counter?.var || x?.kind !== "load" || y?.kind !== "load" || more.length > 0) return undefined;
  const isPut = (s: Statement | undefined, key: Atom, value: Var): s is Store => s?.kind === "store" && s.of === result && s.key === key && s.value === value && s.within === true;
  if (x.of !== result || x.key !== counter.var || y.of !== result || y.key !== other.result || !isPut(first, counter.var, y.result) || !isPut(second, other.result, x.result)) return undefined;
  const made = (a: Atom | undefined): Statement | undefined => later.find((s) => a?.kind === "var" && bound(s).includes(a));
  const [last, half] = [made(other.args[0]), made(counter.bound)];
  const size = last?.kind === "let" && last.op === "-" && isLiteral(last.args[1] ?? result, 1) ? last.args[0] : undefined;
  const length = made(size);
  if (length === undefined || !isLength(length) || length.of !== result || half?.kind !== "let" || half.op !== ">>" || half.args[0] !== size || !isLiteral(half.args[1] ?? result, 1)) return undefined;
  return { load: { ...y, of }, index: [other] };
}

/** Whether an array is only measured, or read at a place that is surely there. */
function isWithin(s: Load, { made, isListed, depth: from }: Ordered, indices: Indices, depth: number): boolean {
  const { result } = made;
  if (s.key.kind === "field") return true;
  if ((isListed && depth > from + 1) || (result.type.kind === "typed" && s.result.type.nullable === true)) return false;
  return indices.least(s.key) >= 0 && indices.isUpTo(s.key, result, 1);
}

/** Whether the length that an array is made with is one. */
function isKnown({ made }: Ordered, indices: Indices): boolean {
  return made.kind === "copy" || (made.initial.kind === "fill" && indices.least(made.initial.length) >= 0);
}

/** Writes the index at which an element of the copy is found in the other array. */
function placeOf({ load, index, counter }: Ordered, key: Atom, known: ReadonlyMap<Atom, Atom>, b: Builder): Atom {
  const names = new Map<Atom, Atom>([...known, [counter, key]]);
  const atom = (a: Atom): Atom => names.get(a) ?? a;
  for (const s of index) {
    b.add(rewriteStatement(s, {
      atom,
      bind: (v) => {
        const result: Var = { ...v };
        names.set(v, result);
        return result;
      },
    }));
  }
  return load.key.kind === "field" ? key : atom(load.key);
}
