import { sameAtom } from "./atoms.js";
import { allCells, mayAppend } from "./effects.js";
import type { Memory } from "./memory.js";
import type { Atom, Block, Fn, Initial, Statement, Store, Var } from "./model.js";
import { blocksOf, statementsOf } from "./walk.js";

interface Source {
  readonly fn: Fn;
  readonly memory: Memory;
}

/** Marks the stores that surely fall within their arrays: no length changes there, and no shadow need grow. */
export function markWithin(fn: Fn, memoryOf: (fn: Fn) => Memory): Fn {
  const stores = [...statementsOf(fn.body)].filter((s): s is Store => s.kind === "store" && mayAppend(s));
  if (stores.length === 0) return fn;
  const source = { fn, memory: memoryOf(fn) };
  const within = new Set(stores.filter((s) => staysWithin(s, source)));
  return within.size === 0 ? fn : { ...fn, body: marked(fn.body, within) };
}

function marked(block: Block, within: ReadonlySet<Statement>): Block {
  const statements = block.statements.map((s): Statement => {
    if (s.kind === "if") return { ...s, then: marked(s.then, within), else: marked(s.else, within) };
    if (s.kind === "loop") return { ...s, body: marked(s.body, within) };
    return s.kind === "store" && within.has(s) ? { ...s, within: true } : s;
  });
  return { ...block, statements };
}

/**
 * A literal index into an array of known length, a counter that stops at the length, or an index at which a number has
 * been read before (a missing one would have made the value NaN).
 */
function staysWithin(s: Store, r: Source): boolean {
  if (s.key.kind === "field" || s.of.kind !== "var") return true;
  const key: Atom = s.key;
  const memory = r.memory.classOf(s.of);
  let counter = false;
  for (const t of statementsOf(r.fn.body)) {
    const shrinks = t.kind === "pop" || (t.kind === "resize" && t.atLeast !== true);
    if (shrinks && t.of.kind === "var" && r.memory.classOf(t.of) === memory) return false;
    if (t.kind === "loop" && t.counter?.var === key && t.counter.test === "<") counter ||= boundedBy(t.counter.bound, s.of, r);
  }
  return counter || literalWithin(key, s.of, r) || readBefore(s, key, r.fn.body, r);
}

/** Whether every path to the store goes by a read of a number at the same index. */
function readBefore(s: Store, key: Atom, block: Block, r: Source): boolean {
  const reads = (t: Statement): boolean =>
    t.kind === "load" && t.key.kind !== "field" && sameAtom(t.key, key) && !t.result.type.nullable && sameAtom(t.of, s.of);
  let found = false;
  for (const t of block.statements) {
    if (t === s) return found;
    found ||= reads(t);
    for (const inner of blocksOf(t)) {
      if ([...statementsOf(inner)].includes(s)) return found || readBefore(s, key, inner, r);
    }
  }
  return false;
}

/**
 * `i < a.length`, the least of this and others, or `i < n` where the array was made with n elements. The rows of a matrix
 * count as equally long where none is made by its elements.
 */
function boundedBy(bound: Atom, of: Var, r: Source): boolean {
  const memory = r.memory.classOf(of);
  let isLengthOfOther = false;
  const made: Initial[] = [];
  for (const t of statementsOf(r.fn.body)) {
    if (t.kind === "load" && t.result === bound && t.key.kind === "field" && t.key.name === "length") {
      if (t.of === of) return true;
      isLengthOfOther ||= t.of.kind === "var" && r.memory.classOf(t.of) === memory;
    }
    if (t.kind === "let" && t.result === bound && t.op === "Math.min" && t.args.some((a) => boundedBy(a, of, r))) return true;
    if (t.kind === "allocate" && r.memory.classOf(t.result) === memory) made.push(t.initial);
  }
  if (isLengthOfOther && !made.some((initial) => initial.kind === "elements")) return true;
  return made.length > 0 && made.every((initial) => initial.kind === "fill" && sameAtom(initial.length, bound)) && !comesFromOutside(of, r);
}

function literalWithin(key: Atom, of: Var, r: Source): boolean {
  if (key.kind !== "literal" || typeof key.value !== "number" || comesFromOutside(of, r)) return false;
  const memory = r.memory.classOf(of);
  const made: Statement[] = [...statementsOf(r.fn.body)].filter((t) => t.kind === "allocate" && r.memory.classOf(t.result) === memory);
  const lengths = made.map((t) => (t.kind === "allocate" ? knownLength(t.initial) : 0));
  return lengths.length > 0 && Math.min(...lengths) > key.value;
}

function knownLength(initial: Initial): number {
  if (initial.kind === "elements") return initial.elements.length;
  return initial.kind === "fill" && initial.length.kind === "literal" ? Number(initial.length.value) : 0;
}

/** Whether an array may be one that this function has not made. */
function comesFromOutside(of: Var, r: Source): boolean {
  const outside: Atom[] = [...r.fn.params, ...r.fn.captures];
  for (const s of statementsOf(r.fn.body)) {
    if (s.kind === "call") outside.push(...s.results);
    if (s.kind === "opaque" && s.result) outside.push(s.result);
    if (s.kind === "copy") outside.push(s.result);
  }
  return outside.some((a) => allCells(a, r.memory).includes(r.memory.classOf(of)));
}
