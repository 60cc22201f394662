import { sameAtom, shiftOf } from "./atoms.js";
import { allCells, mayAppend } from "./effects.js";
import type { Memory } from "./memory.js";
import type { Atom, Block, Fn, Initial, Statement, Store, Var } from "./model.js";
import { blocksOf, bound, boundWithin, statementsOf } from "./walk.js";

interface Source {
  readonly fn: Fn;
  readonly statements: readonly Statement[];
  /** What binds a name; of a counter its loop. */
  readonly definitions: ReadonlyMap<Atom, Statement>;
  readonly memory: Memory;
}

/** Marks the stores that surely fall within their arrays: no length changes there, and no shadow need grow. */
export function markWithin(fn: Fn, memoryOf: (fn: Fn) => Memory): Fn {
  const statements = [...statementsOf(fn.body)];
  const stores = statements.filter((s): s is Store => s.kind === "store" && mayAppend(s));
  if (stores.length === 0) return fn;
  const definitions = new Map<Atom, Statement>(statements.flatMap((s) => [...bound(s), ...boundWithin(s)].map((v) => [v, s] as const)));
  const source = { fn, statements, definitions, memory: memoryOf(fn) };
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
 * A literal index into an array of known length, one that follows from a counter that stops at the length, or one at which
 * a number has been read before (a missing one would have made the value NaN).
 */
function staysWithin(s: Store, r: Source): boolean {
  if (s.key.kind === "field" || s.of.kind !== "var") return true;
  const key: Atom = s.key;
  const memory = r.memory.classOf(s.of);
  const { statements } = r;
  const shrinks = (t: Statement): boolean => (t.kind === "pop" || (t.kind === "resize" && t.atLeast !== true)) && t.of.kind === "var" && r.memory.classOf(t.of) === memory;
  if (statements.some(shrinks)) return false;
  return isBelowEnd(key, 0, s.of, r) || readBefore(s, key, r.fn.body, r);
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

/** Whether a number is below the length by more than `by`: `i + 1` where `i` is a counter that stops at `a.length - 1`. */
function isBelowEnd(a: Atom, by: number, of: Var, r: Source): boolean {
  const s = a.kind === "var" ? r.definitions.get(a) : undefined;
  const shift = s?.kind === "let" ? shiftOf(s) : undefined;
  if (shift !== undefined) return isBelowEnd(shift.from, by + shift.by, of, r);
  if (s?.kind !== "loop" || s.counter?.var !== a) return boundedBy(a, by + 1, of, r, false);
  const { test, bound, step, start } = s.counter;
  if (step < 0) return isBelowEnd(start, by, of, r);
  return test === "<" ? boundedBy(bound, by, of, r) : isBelowEnd(bound, by, of, r);
}

/**
 * Whether the length is at least a number and `by` more: `a.length`, the least of this and others, or `n` where the array
 * was made with n elements. The rows of a matrix count as equally long (`ofRows`) where none is made by its elements.
 */
function boundedBy(bound: Atom, by: number, of: Var, r: Source, ofRows = true): boolean {
  const t = bound.kind === "var" ? r.definitions.get(bound) : undefined;
  const shift = t?.kind === "let" ? shiftOf(t) : undefined;
  if (shift !== undefined) return boundedBy(shift.from, by + shift.by, of, r, ofRows);
  if (t?.kind === "let" && t.op === "Math.min") return t.args.some((a) => boundedBy(a, by, of, r, ofRows));
  if (t?.kind === "loop" && t.counter?.var === bound) return isBelowEnd(bound, by - 1, of, r);
  if (bound.kind === "literal" && hasPlace(Number(bound.value) + by - 1, of, r)) return true;
  if (by > 0) return false;
  const memory = r.memory.classOf(of);
  const isLength = t?.kind === "load" && t.key.kind === "field" && t.key.name === "length";
  if (isLength && t.of === of) return true;
  const made = r.statements.flatMap((s) => (s.kind === "allocate" && r.memory.classOf(s.result) === memory ? [s.initial] : []));
  if (ofRows && isLength && t.of.kind === "var" && r.memory.classOf(t.of) === memory && !made.some((initial) => initial.kind === "elements")) return true;
  return made.length > 0 && made.every((initial) => initial.kind === "fill" && sameAtom(initial.length, bound)) && !comesFromOutside(of, r);
}

/** Whether an array that is made here has a place at an index. */
function hasPlace(index: number, of: Var, r: Source): boolean {
  if (comesFromOutside(of, r)) return false;
  const memory = r.memory.classOf(of);
  const lengths = r.statements.flatMap((t) => (t.kind === "allocate" && r.memory.classOf(t.result) === memory ? [knownLength(t.initial)] : []));
  return lengths.length > 0 && Math.min(...lengths) > index;
}

function knownLength(initial: Initial): number {
  if (initial.kind === "elements") return initial.elements.length;
  return initial.kind === "fill" && initial.length.kind === "literal" ? Number(initial.length.value) : 0;
}

/** Whether an array may be one that this function has not made. */
function comesFromOutside(of: Var, r: Source): boolean {
  const outside: Atom[] = [...r.fn.params, ...r.fn.captures];
  for (const s of r.statements) {
    if (s.kind === "call") outside.push(...s.results);
    if (s.kind === "opaque" && s.result) outside.push(s.result);
    if (s.kind === "copy") outside.push(s.result);
  }
  return outside.some((a) => allCells(a, r.memory).includes(r.memory.classOf(of)));
}
