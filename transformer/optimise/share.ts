import { cellsWritten, effectsOf, mayAppend } from "../ir/effects.js";
import type { Memory, MemoryClass } from "../ir/memory.js";
import type { Atom, Block, Fn, Key, Let, Load, Statement, Store, Var } from "../ir/model.js";
import { literal } from "../ir/build.js";
import { isNull, isReference, sameType } from "../ir/types.js";
import { rewriteStatement } from "../ir/rewrite.js";
import { blocksOf } from "../ir/walk.js";

/**
 * Values that are computed twice from the same operands, and elements that are read twice with no write between, are
 * computed and read once. What the source gave a name of its own keeps it.
 */
export function share(fn: Fn, memory: Memory): Fn {
  return { ...fn, body: new Sharer(memory, new Map(), new Map()).block(fn.body) };
}

/** A value that is known here. Of a load also the cell that must not have been written since. */
interface Known {
  readonly value: Var;
  readonly cell?: MemoryClass;
}

class Sharer {
  constructor(
    private readonly memory: Memory,
    /** What a name is replaced by. */
    private readonly names: Map<Var, Var>,
    private known: Map<string, Known>,
    private readonly numbers: Map<Var, number> = new Map<Var, number>(),
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
    if (rewritten.kind === "let" || rewritten.kind === "load") return this.value(rewritten);
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
      this.known.set(`${this.text(of)}[${this.text(key)}]${value.type.nullable ? "?" : ""}`, { value, cell });
    };
    if (s.kind === "store" && s.key.kind !== "field") note(s.of, s.key, s.value);
    if (s.kind === "allocate" && s.initial.kind === "elements") s.initial.elements.forEach((e, i) => {
      note(s.result, literal(i), e);
    });
  }

  /** A block within knows what is known before it; what it finds is known only in it. */
  private inner(block: Block): Block {
    return new Sharer(this.memory, this.names, new Map(this.known), this.numbers).block(block);
  }

  private value(s: Let | Load): Statement[] {
    const key = this.keyOf(s);
    if (key === undefined) return [s];
    const before = this.known.get(key);
    if (before === undefined) {
      const cell = s.kind === "load" ? this.memory.cellOf(s.of, s.key) : undefined;
      this.known.set(key, { value: s.result, ...(cell && { cell }) });
      return [s];
    }
    this.numbers.set(s.result, this.number(before.value));
    // What backward code makes again has the name that it has already.
    const isNamed = s.result.name !== "" && !(s.origin?.reverse === true && s.result.name === before.value.name);
    if (isNamed || (s.kind === "let" && isIndexArithmetic(s))) return [s];
    this.names.set(s.result, before.value);
    return [];
  }

  /** Whether what is stored is what has been read there, with no write between. */
  private isThere(s: Store): boolean {
    if (mayAppend(s) || s.value.kind !== "var") return false;
    const mark = s.value.type.nullable ? "?" : "";
    const before = this.known.get(`${this.text(s.of)}[${this.keyText(s.key)}]${mark}`);
    return before?.cell !== undefined && this.number(before.value) === this.number(s.value);
  }

  private keyOf(s: Let | Load): string | undefined {
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
    for (const [key, { cell }] of this.known) if (cell !== undefined && cells.has(cell)) this.known.delete(key);
  }
}

/** `i + 1`: written out where it is used it reads better than a name. */
function isIndexArithmetic(s: Let): boolean {
  return s.result.type.kind === "int" && (s.op === "+" || s.op === "-") && s.args.some((a) => a.kind === "literal");
}
