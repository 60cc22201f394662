import { cellsRead, cellsWritten, effectsOf, mayAppend } from "../ir/effects.js";
import type { Memory, MemoryClass } from "../ir/memory.js";
import type { Atom, Block, Fn, Key, Let, Load, Opaque, Statement, Store, Var } from "../ir/model.js";
import { literal } from "../ir/build.js";
import { isNull, isReference, sameType } from "../ir/types.js";
import { rewriteStatement } from "../ir/rewrite.js";
import { blocksOf, blocksWithin, operands } from "../ir/walk.js";

/**
 * Values that are computed twice from the same operands, and elements that are read twice with no write between, are
 * computed and read once. What the source gave a name of its own keeps it.
 */
export function share(fn: Fn, memory: Memory): Fn {
  return { ...fn, body: new Sharer(memory, new Map(), new Map()).block(fn.body) };
}

/**
 * What is left apart as long as the function is worked on: index arithmetic, which is written out where it is used once and
 * has one name where it needs one, and what the source's own text makes anew each time, to be read and no more:
 *
 *     const last = n - 1; a[last] += a[last] * x; for (let i = n - 1; …)   becomes   const last = n - 1; … for (let i = last; …)
 *     const keys = Object.keys(p); … const keys2 = Object.keys(p); …                 const keys = Object.keys(p); …
 */
export function shareForText(fn: Fn, memory: Memory): Fn {
  const uses: Uses = { all: new Map(), loads: new Map(), starts: new Set() };
  const count = (a: Atom, of = uses.all): void => void (a.kind === "var" && of.set(a, (of.get(a) ?? 0) + 1));
  for (const b of blocksWithin(fn.body)) {
    for (const s of b.statements) {
      operands(s).forEach((a) => { count(a); });
      if (s.kind === "load") count(s.of, uses.loads);
      if (s.kind === "loop" && s.counter?.start.kind === "var" && s.counter.start.name === s.counter.var.name) uses.starts.add(s.counter.start);
    }
    b.yields.forEach((a) => { count(a); });
  }
  const names = new Map<Var, Var>();
  const body = new Sharer(memory, names, new Map(), new Map(), uses).block(fn.body);
  return names.size > 0 ? { ...fn, body } : fn;
}

/** A value that is known here. Of what is read also the cells that must not have been written since. */
interface Known {
  readonly value: Var;
  readonly cells?: readonly MemoryClass[];
}

/** How often names are used, how often to load from them, and those that loops begin to count from. */
interface Uses {
  readonly all: Map<Var, number>;
  readonly loads: Map<Var, number>;
  readonly starts: Set<Var>;
}

class Sharer {
  constructor(
    private readonly memory: Memory,
    /** What a name is replaced by. */
    private readonly names: Map<Var, Var>,
    private known: Map<string, Known>,
    private readonly numbers: Map<Var, number> = new Map<Var, number>(),
    private readonly uses?: Uses,
  ) {}

  block(block: Block): Block {
    const statements = block.statements.flatMap((s) => this.statement(s));
    return { ...block, statements, yields: block.yields.map((y) => this.atom(y)) };
  }

  private statement(s: Statement): Statement[] {
    if (s.kind === "if") {
      const test = this.atom(s.test);
      const then = this.inner(s.then);
      const otherwise = this.inner(s.else);
      this.forget(s);
      return [{ ...s, test, then, else: otherwise }];
    }
    if (s.kind === "loop") {
      const counter = s.counter && { ...s.counter, start: this.atom(s.counter.start), bound: this.atom(s.counter.bound) };
      const carried = s.carried.map((c) => ({ ...c, init: this.atom(c.init) }));
      // What a turn writes may have been written before the next.
      this.forget(s);
      return [{ ...s, ...(counter && { counter }), carried, body: this.inner(s.body) }];
    }
    const rewritten = rewriteStatement(s, { atom: (a) => this.atom(a) });
    if (rewritten.kind === "let" || rewritten.kind === "load") return this.value(rewritten, rewritten.result);
    if (rewritten.kind === "opaque" && rewritten.result && this.isMadeToRead(rewritten, rewritten.result)) return this.value(rewritten, rewritten.result);
    if (rewritten.kind === "store" && this.isThere(rewritten)) return [];
    this.forget(rewritten);
    this.remember(rewritten);
    return [rewritten];
  }

  /** A reference that is put somewhere is what is found there, until anything is written: rows[0] = row; … rows[0] … */
  private remember(s: Statement): void {
    const note = (of: Atom, key: Atom, value: Atom): void => {
      const cell = this.memory.cellOf(of, key);
      if (cell === undefined || value.kind !== "var" || of.type.kind !== "array" || !isReference(value.type) || !sameType(of.type.element, value.type)) return;
      this.known.set(`${this.text(of)}[${this.text(key)}]${value.type.nullable ? "?" : ""}`, { value, cells: [cell] });
    };
    if (s.kind === "store" && s.key.kind !== "field") note(s.of, s.key, s.value);
    if (s.kind === "allocate" && s.initial.kind === "elements") s.initial.elements.forEach((e, i) => {
      note(s.result, literal(i), e);
    });
  }

  /** A block within knows what is known before it; what it finds is known only in it. */
  private inner(block: Block): Block {
    return new Sharer(this.memory, this.names, new Map(this.known), this.numbers, this.uses).block(block);
  }

  private value(s: Let | Load | Opaque, result: Var): Statement[] {
    const key = this.keyOf(s);
    if (key === undefined) return [s];
    const before = this.known.get(key);
    if (before === undefined) {
      this.known.set(key, { value: result, ...(s.kind !== "let" && { cells: cellsRead(s, this.memory) }) });
      return [s];
    }
    this.numbers.set(result, this.number(before.value));
    if (s.kind === "let" && isIndexArithmetic(s) ? !this.isOneIndex(before.value, result) : this.isNamed(before.value, s, result)) return [s];
    this.names.set(result, before.value);
    return [];
  }

  // What backward code makes again has the name that it has already.
  private isNamed(first: Var, { origin }: Statement, second: Var): boolean {
    return second.name !== "" && (second.name !== first.name || (this.uses === undefined && origin?.reverse !== true));
  }
  private isOneIndex(first: Var, second: Var): boolean {
    if (this.uses === undefined || (second.name !== "" && !this.uses.starts.has(second))) return false;
    return (this.uses.all.get(first) ?? 0) > 1 || (this.uses.all.get(second) ?? 0) > 1;
  }
  /** New memory that follows from what is read, and with which no more is done than to load. */
  private isMadeToRead({ fresh, follows }: Opaque, result: Var): boolean {
    return fresh === true && follows === true && this.uses !== undefined && this.uses.all.get(result) === this.uses.loads.get(result);
  }

  /** Whether what is stored is what has been read there, with no write between. */
  private isThere(s: Store): boolean {
    if (mayAppend(s) || s.value.kind !== "var") return false;
    const mark = s.value.type.nullable ? "?" : "";
    const before = this.known.get(`${this.text(s.of)}[${this.keyText(s.key)}]${mark}`);
    return before?.cells !== undefined && this.number(before.value) === this.number(s.value);
  }

  private keyOf(s: Let | Load | Opaque): string | undefined {
    if (s.kind === "opaque") return `${s.text.join("…")}(${s.args.map((a) => this.text(a)).join()})`;
    const mark = s.result.type.nullable ? "?" : "";
    if (s.kind === "let") return `${s.op}(${s.args.map((a) => this.text(a)).join()})${s.result.type.kind}${mark}${s.presence ? "!" : ""}`;
    if (this.memory.cellOf(s.of, s.key) === undefined) return undefined;
    return `${this.text(s.of)}[${this.keyText(s.key)}]${mark}`;
  }
  private keyText(key: Key): string {
    return key.kind === "field" ? `.${key.name}` : this.text(key);
  }
  private text(a: Atom): string {
    if (a.kind === "var") return `#${this.number(a)}`;
    if (isNull(a.type)) return "null";
    return Object.is(a.value, -0) ? "-0" : typeof a.value === "string" ? JSON.stringify(a.value) : String(a.value);
  }
  /** Names of the same value have the same number. */
  private number(v: Var): number {
    let number = this.numbers.get(v);
    if (number === undefined) this.numbers.set(v, (number = this.numbers.size));
    return number;
  }

  private atom(a: Atom): Atom {
    return a.kind === "var" ? (this.names.get(a) ?? a) : a;
  }

  private forget(s: Statement): void {
    const written: ReadonlySet<MemoryClass> | readonly MemoryClass[] =
      s.kind === "call" || blocksOf(s).length > 0 ? effectsOf([s], this.memory).writes : cellsWritten(s, this.memory);
    const cells = new Set(written);
    if (cells.size === 0) return;
    for (const [key, known] of this.known) if (known.cells?.some((cell) => cells.has(cell))) this.known.delete(key);
  }
}

/** `i + 1`: written out where it is used it reads better than a name. */
function isIndexArithmetic(s: Let): boolean {
  return s.result.type.kind === "int" && (s.op === "+" || s.op === "-") && s.args.some((a) => a.kind === "literal");
}
