import type { Atom, Fn, Key, Statement, Var } from "../ir/model.js";
import { isReference, sameType, type Field, type ReferenceType, type Type } from "../ir/types.js";
import { blocksOf, operands, statementsOf } from "../ir/walk.js";

/** Memory that an expression reads. Without `of`, any memory that more than this function can see. */
export interface Reading {
  readonly of?: Atom;
  readonly key?: Key;
  /** How many levels of references are read; one unless told. */
  readonly depth?: number;
}
/** What a statement may change. */
export interface Writing {
  readonly of?: Atom;
  readonly key?: Key;
  /** It may change the length of an array. */
  readonly grows: boolean;
}

/** Which memory may be the same as which. */
export class Memory {
  /** For a name of memory that only this function knows: the allocation that it belongs to. */
  private readonly families = new Map<Var, Var>();
  private readonly shared = new Set<Var>();
  private readonly last: ReadonlySet<Statement>;
  private readonly fixedLengths: boolean;
  private readonly lengths = new Map<Var, Atom>();
  private readonly ranges = new Map<Var, { lowest: Atom; bound: Atom }>();
  private readonly decrements = new Map<Var, Atom>();
  private readonly written = new Map<Statement, readonly Writing[]>();

  constructor(fn: Fn) {
    this.last = lastIn(fn);
    for (const s of statementsOf(fn.body)) this.note(s);
    this.fixedLengths = this.lengthsStay(fn);
  }

  /** The private allocation that a name leads into, if it does. */
  private family(of: Atom | undefined): Var | undefined {
    const root = of?.kind === "var" ? this.families.get(of) : undefined;
    return root === undefined || this.shared.has(root) ? undefined : root;
  }

  /** Whether a statement that writes like this may change what is read. */
  conflicts(reading: Reading, writing: Writing): boolean {
    const from = this.family(reading.of);
    const to = this.family(writing.of);
    if (from !== to) return false;
    if (reading.of === undefined || writing.of === undefined) return true;
    if (reading.depth !== undefined && reading.depth > 1) return mayHold(reading.of.type, writing.of.type, reading.depth);
    if (!mayBeSame(reading.of.type, writing.of.type)) return false;
    const { key } = reading;
    if (key === undefined || writing.key === undefined) return true;
    if (key.kind === "field" && key.name === "length" && reading.of.type.kind !== "record") {
      return writing.grows && !this.fixedLengths && canGrow(reading.of.type);
    }
    if (key.kind === "field" || writing.key.kind === "field") {
      return key.kind === "field" && writing.key.kind === "field" && key.name === writing.key.name;
    }
    if (reading.of.type.kind === "typed" && reading.of !== writing.of) return true;
    return key.kind === "var" || writing.key.kind === "var" || key.value === writing.key.value;
  }

  /** What a statement may write, with what is in its blocks. */
  writes(s: Statement): readonly Writing[] {
    const known = this.written.get(s);
    if (known !== undefined) return known;
    const writes = ownWrites(s);
    for (const block of blocksOf(s)) for (const inner of block.statements) writes.push(...this.writes(inner));
    // A loop over much code need not be searched write by write.
    const result = writes.some((w) => w.of === undefined) ? dedupe(writes) : writes;
    this.written.set(s, result);
    return result;
  }

  private note(s: Statement): void {
    if (s.kind === "allocate" || s.kind === "copy") {
      if (isDeeplyNew(s)) this.families.set(s.result, s.result);
      if (s.kind === "copy" && s.from === undefined && s.to === undefined && s.of.kind === "var") {
        this.lengths.set(s.result, this.lengthOf(s.of));
      }
      if (s.kind === "allocate" && s.initial.kind === "zerosLike" && s.initial.source.kind === "var") {
        this.lengths.set(s.result, this.lengthOf(s.initial.source));
      }
      if (s.kind === "allocate" && s.initial.kind === "fill") {
        const { length } = s.initial;
        this.lengths.set(s.result, length.kind === "var" ? this.lengthOf(length) : length);
      }
    }
    if (s.kind === "load" && s.of.kind === "var") {
      const root = this.families.get(s.of);
      if (root !== undefined && isReference(s.result.type)) this.families.set(s.result, root);
      if (s.key.kind === "field" && s.key.name === "length") this.lengths.set(s.result, this.lengthOf(s.of));
    }
    if (s.kind === "let" && s.op === "-") {
      const [a, b] = s.args;
      if (a?.kind === "var" && b?.kind === "literal" && Number(b.value) >= 1) this.decrements.set(s.result, a);
    }
    if (s.kind === "loop" && s.counter !== undefined) {
      const { start, bound, test, step } = s.counter;
      if (step > 0 && test === "<") this.ranges.set(s.counter.var, { lowest: start, bound });
      const top = start.kind === "var" ? this.decrements.get(start) : undefined;
      if (step < 0 && test === ">=" && top !== undefined) {
        this.ranges.set(s.counter.var, { lowest: bound, bound: top });
      }
    }
    this.noteEscapes(s);
  }

  // Memory stays private as long as its name is only used to read and write its elements.
  private noteEscapes(s: Statement): void {
    const stays = (s.kind === "let" && !isReference(s.result.type)) || this.last.has(s);
    operands(s).forEach((atom, i) => {
      const isBase = i === 0 && (s.kind in baseKinds || (s.kind === "allocate" && s.initial.kind === "zerosLike"));
      if (atom.kind === "var" && !isBase && !stays) this.share(atom);
    });
    if ((s.kind === "store" || s.kind === "push") && isReference(s.value.type) && s.of.kind === "var") this.share(s.of);
    if (s.kind === "copy" && !isDeeplyNew(s) && s.of.kind === "var") this.share(s.of);
    for (const block of blocksOf(s)) for (const y of block.yields) if (y.kind === "var") this.share(y);
  }

  private share(v: Var): void {
    const root = this.families.get(v);
    if (root !== undefined) this.shared.add(root);
  }

  private lengthOf(v: Var): Atom {
    return this.lengths.get(v) ?? v;
  }

  // If no store can reach past the end as long as no length changes, then no length changes.
  private lengthsStay(fn: Fn): boolean {
    let stay = true;
    for (const s of statementsOf(fn.body)) {
      if (s.kind === "store" && s.of.kind === "var" && s.key.kind !== "field" && canGrow(s.of.type)) {
        if (s.within !== true && !this.isInside(s.key, s.of)) stay = false;
      } else if (s.kind === "call" || s.kind === "push" || s.kind === "pop" || s.kind === "resize") stay = false;
      else if (s.kind === "opaque" && s.pure !== true && s.readsOnly !== true) stay = false;
      else if (s.kind === "effect" && s.throws !== true) stay = false;
    }
    return stay;
  }

  private isInside(key: Atom, of: Var): boolean {
    const range = key.kind === "var" ? this.ranges.get(key) : undefined;
    if (range?.lowest.kind !== "literal" || !(Number(range.lowest.value) >= 0)) return false;
    const length = this.lengthOf(of);
    const bound = range.bound.kind === "var" ? this.lengthOf(range.bound) : range.bound;
    return bound === length || (bound.kind === "literal" && length.kind === "literal" && bound.value === length.value);
  }
}

/** Allocations of what the function returns: what goes into them is not used from there within the function. */
function lastIn(fn: Fn): Set<Statement> {
  const used = new Set<Atom>();
  for (const s of statementsOf(fn.body)) {
    operands(s).forEach((a) => used.add(a));
    for (const block of blocksOf(s)) block.yields.forEach((y) => used.add(y));
  }
  return new Set(fn.body.statements.filter((s) => s.kind === "allocate" && s.initial.kind === "elements" && !used.has(s.result)));
}

const baseKinds = { load: 1, store: 1, accumulate: 1, push: 1, pop: 1, resize: 1, copy: 1 };

function ownWrites(s: Statement): Writing[] {
  switch (s.kind) {
    case "store":
      return [{ of: s.of, key: s.key, grows: true }];
    case "accumulate":
      return [{ of: s.of, key: s.key, grows: false }];
    case "push":
    case "pop":
    case "resize":
      return [{ of: s.of, grows: true }];
    case "call":
    case "effect":
      return s.kind === "effect" && s.throws === true ? [] : [{ grows: true }];
    case "opaque":
      return s.pure === true || s.readsOnly === true ? [] : [{ grows: true }];
    default:
      return [];
  }
}

function dedupe(writes: readonly Writing[]): readonly Writing[] {
  const seen = new Set<Atom | undefined>();
  return writes.filter((w) => {
    if (w.of === undefined && seen.has(undefined)) return false;
    seen.add(w.of);
    return true;
  });
}

function canGrow(type: Type): boolean {
  return type.kind === "array" && type.length === undefined;
}

// Typed arrays may be views of one buffer. A tuple may be known under the name of an array.
/** Whether memory of one type is, or has within so many levels, memory of another. */
function mayHold(a: Type, b: Type, depth: number, around: readonly (readonly Field[])[] = []): boolean {
  if (depth < 1 || !isReference(a)) return false;
  if (mayBeSame(a, b)) return true;
  if (a.kind === "array") return mayHold(a.element, b, depth - 1, around);
  if (a.kind !== "record" || around.includes(a.fields)) return false;
  const within = [...around, a.fields];
  return a.fields.some((f) => mayHold(f.type, b, depth - 1, within));
}

function mayBeSame(a: Type, b: Type): boolean {
  if (a.kind === "array" && b.kind === "array") return sameType(a.element, b.element);
  if (a.kind === "array" && b.kind === "record") return b.shape === "tuple";
  if (a.kind === "record" && b.kind === "array") return a.shape === "tuple";
  return a.kind === b.kind || a.kind === "opaque" || b.kind === "opaque";
}

function isDeeplyNew(s: Statement): boolean {
  if (s.kind === "copy") return isReference(s.result.type) && s.depth >= depthOf(s.result.type);
  if (s.kind !== "allocate") return false;
  return s.initial.kind !== "elements" || !s.initial.elements.some((e) => isReference(e.type));
}

function depthOf(type: ReferenceType): number {
  if (type.kind === "typed") return 1;
  if (type.kind === "array") return isReference(type.element) ? 1 + depthOf(type.element) : 1;
  return type.fields.some((f) => isReference(f.type)) ? Infinity : 1;
}
