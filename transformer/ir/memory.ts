import type { Atom, Fn, Key, Let, Load, Opaque, Statement, Var } from "./model.js";
import { isReference, type Type } from "./types.js";
import { statementsOf } from "./walk.js";

/**
 * Which references may lead to the same memory: classes found by unification (Steensgaard 1996), over a function
 * and all that it calls. A class has one cell for each field, and one for all elements of an array.
 */
export class MemoryClass {
  private parent: MemoryClass | undefined;
  private readonly inner = new Map<string, MemoryClass>();
  /** Whether all that is reached from it is itself. */
  private isWhole = false;

  find(): MemoryClass {
    return this.parent === undefined ? this : (this.parent = this.parent.find());
  }
  /** The class of the memory that a cell of this class refers to, or of the cell itself where it holds a number. */
  cell(name: string): MemoryClass {
    const root = this.find();
    if (root.isWhole) return root;
    let cell = root.inner.get(name);
    if (cell === undefined) root.inner.set(name, (cell = new MemoryClass()));
    return cell.find();
  }
  cells(): MemoryClass[] {
    return [...this.find().inner.values()].map((c) => c.find());
  }
  unify(other: MemoryClass): void {
    const a = this.find();
    const b = other.find();
    if (a === b) return;
    b.parent = a;
    if (a.isWhole || b.isWhole) {
      a.collapse();
      for (const cell of b.inner.values()) a.unify(cell);
      return;
    }
    for (const [name, cell] of b.inner) {
      // Where memory leads to itself, one cell may have made it a part of another class.
      const root = a.find();
      const mine = root.isWhole ? root : root.inner.get(name);
      if (mine === undefined) root.inner.set(name, cell);
      else mine.unify(cell);
    }
  }
  /** Makes one class of it and of all that is reached from it, by cells that are not known yet too. */
  collapse(): void {
    const root = this.find();
    root.isWhole = true;
    const cells = [...root.inner.values()];
    root.inner.clear();
    for (const cell of cells) root.unify(cell);
  }
}

/** The cell's name that a key selects. */
export function cellName(of: Type, key: Key): string {
  if (key.kind === "field") return key.name;
  return of.kind === "record" && key.kind === "literal" ? String(key.value) : "[]";
}

/** The names of the cells that memory of a type has. */
function cellsOf(type: Type): readonly string[] {
  if (type.kind === "record") return type.fields.map((f) => f.name);
  return type.kind === "array" || type.kind === "typed" ? ["[]", "length"] : [];
}

export class Memory {
  private readonly classes = new Map<Var, MemoryClass>();
  /** The names of memory that lives outside, or that something outside holds as well: text that calls functions may write to it. */
  readonly outside = new Set<Var>();

  /**
   * `given`: names of memory that comes from outside and may be the same wherever its type allows that. `isApart`: what
   * gives another name to memory, and is taken for memory of its own all the same.
   */
  constructor(
    functions: Iterable<Fn>,
    given: readonly Var[] = [],
    private readonly isApart: (s: Let) => boolean = () => false,
  ) {
    const kinds = new Map<string, MemoryClass>();
    for (const v of given) this.given(v.type, this.classOf(v), kinds, new Set());
    for (const fn of functions) {
      for (const c of fn.captures) {
        if (isReference(c.type)) this.outside.add(c);
        if (c.shared === true) this.given(c.type, this.classOf(c), kinds, new Set());
      }
      for (const s of statementsOf(fn.body)) {
        this.statement(s);
        if (s.kind === "opaque") this.outer(s, kinds);
      }
    }
  }

  /** A name's class. It has all cells of its type from the start: text may write to what only statements behind it read. */
  classOf(v: Var): MemoryClass {
    let c = this.classes.get(v);
    if (c === undefined) {
      this.classes.set(v, (c = new MemoryClass()));
      for (const name of cellsOf(v.type)) c.cell(name);
    }
    return c.find();
  }
  /** The cell that `of[key]` lies in; nothing for lengths and for what is no memory of ours. */
  cellOf(of: Atom, key: Key): MemoryClass | undefined {
    if (of.kind !== "var" || !isReference(of.type)) return undefined;
    if (key.kind === "field" && key.name === "length" && of.type.kind !== "record") return this.classOf(of).cell("length");
    return this.classOf(of).cell(cellName(of.type, key));
  }
  elementsOf(of: Atom): MemoryClass | undefined {
    return of.kind === "var" && isReference(of.type) ? this.classOf(of).cell("[]") : undefined;
  }

  /** Takes up a name for what is loaded. */
  addLoad({ of, key, result }: Load): void {
    this.unifyCell(of, key, result);
  }

  /** Makes names lead to the same memory where what they stand for, the second of each pair, does so elsewhere. */
  joinAs(names: readonly (readonly [name: Var, of: Var])[], elsewhere: Memory): void {
    const known = new Map<MemoryClass, MemoryClass>();
    const join = (type: Type, mine: MemoryClass, theirs: MemoryClass, seen: ReadonlySet<unknown>): void => {
      if (!isReference(type)) return;
      const same = known.get(theirs);
      if (same === undefined) known.set(theirs, mine);
      else same.unify(mine);
      if (type.kind === "array") join(type.element, mine.cell("[]"), theirs.cell("[]"), seen);
      if (type.kind !== "record" || seen.has(type.fields)) return;
      for (const f of type.fields) join(f.type, mine.cell(f.name), theirs.cell(f.name), new Set(seen).add(type.fields));
    };
    for (const [name, of] of names) join(name.type, this.classOf(name), elsewhere.classOf(of), new Set());
  }

  private given(type: Type, memory: MemoryClass, kinds: Map<string, MemoryClass>, seen: Set<unknown>): void {
    if (!isReference(type)) return;
    const kind = kindOf(type);
    const known = kinds.get(kind);
    if (known === undefined) kinds.set(kind, memory);
    else known.unify(memory);
    this.givenParts(type, memory, kinds, seen);
  }
  private givenParts(type: Type, memory: MemoryClass, kinds: Map<string, MemoryClass>, seen: Set<unknown>): void {
    if (type.kind === "array") this.given(type.element, memory.cell("[]"), kinds, seen);
    if (type.kind !== "record" || seen.has(type.fields)) return;
    seen.add(type.fields);
    for (const f of type.fields) this.given(f.type, memory.cell(f.name), kinds, seen);
  }

  private unify(a: Atom | undefined, b: Atom | undefined): void {
    if (a?.kind === "var" && b?.kind === "var" && isReference(a.type)) this.classOf(a).unify(this.classOf(b));
  }
  private unifyCell(of: Atom, key: Key, value: Atom): void {
    if (value.kind === "var" && isReference(value.type)) this.cellOf(of, key)?.unify(this.classOf(value));
  }

  private statement(s: Statement): void {
    switch (s.kind) {
      case "let":
        if (isReference(s.result.type) && !this.isApart(s)) for (const a of s.args) this.unify(s.result, a);
        return;
      case "load":
        return this.addLoad(s);
      case "store":
        return this.unifyCell(s.of, s.key, s.value);
      case "push":
      case "pop": {
        const value = s.kind === "push" ? s.value : s.result;
        if (value.kind === "var" && isReference(value.type)) this.elementsOf(s.of)?.unify(this.classOf(value));
        return;
      }
      case "copy":
        return this.copy(s.of, s.result, s.depth);
      case "allocate":
        if (s.initial.kind !== "elements") return;
        return s.initial.elements.forEach((e, i) => {
          const { result } = s;
          const name = result.type.kind === "record" ? (result.type.fields[i]?.name ?? String(i)) : "[]";
          this.unifyCell(result, { kind: "field", name }, e);
        });
      case "if":
        return s.results.forEach((r, i) => {
          this.unify(r, s.then.yields[i]);
          this.unify(r, s.else.yields[i]);
        });
      case "loop":
        return s.carried.forEach((c, i) => {
          this.unify(c.param, c.init);
          this.unify(c.param, s.body.yields[i + 1]);
          this.unify(c.param, c.result);
        });
      case "call": {
        const fn = s.callee.fn();
        fn.params.forEach((p, i) => this.unify(p, s.args[i]));
        fn.body.yields.forEach((y, i) => this.unify(s.results[i], y));
        return;
      }
      case "opaque":
        return this.opaque(s);
      default:
        return;
    }
  }

  /** Text may give back what it is given, or a part of that: all of it is one class, whatever its depth. */
  private opaque(s: Opaque): void {
    const { result } = s;
    if (result === undefined || s.fresh === true || !isReference(result.type)) return;
    const whole = this.classOf(result);
    for (const [i, a] of s.args.entries()) {
      if (a.kind !== "var" || !isReference(a.type) || s.plain?.includes(i)) continue;
      whole.unify(this.classOf(a));
      whole.collapse();
    }
  }

  /** What text gives may lie in a container, and be there what it gave before or was given to keep: `m.set(k, a)` and `m.get(k)`. */
  private outer(s: Opaque, kinds: Map<string, MemoryClass>): void {
    const kept = (s.kept ?? []).flatMap((i) => s.args[i] ?? []);
    const given = s.result !== undefined && s.fresh !== true && s.made !== true ? [s.result] : [];
    for (const v of [...kept, ...given]) {
      if (v.kind !== "var" || !isReference(v.type)) continue;
      this.outside.add(v);
      this.given(v.type, this.classOf(v), kinds, new Set());
    }
    if (s.made === true && s.result !== undefined) this.givenParts(s.result.type, this.classOf(s.result), kinds, new Set());
  }

  /** A copy shares with its source what lies deeper than it copies. */
  private copy(of: Atom, result: Var, depth: number): void {
    if (of.kind === "var" && isReference(of.type) && depth < Infinity) this.share(this.classOf(of), this.classOf(result), of.type, depth);
  }
  private share(from: MemoryClass, to: MemoryClass, type: Type, depth: number): void {
    const cells: readonly (readonly [name: string, type: Type])[] =
      type.kind === "array" ? [["[]", type.element]] : type.kind === "record" ? type.fields.map((f) => [f.name, f.type]) : [];
    for (const [name, inner] of cells) {
      if (!isReference(inner)) continue;
      if (depth <= 1) to.cell(name).unify(from.cell(name));
      else this.share(from.cell(name), to.cell(name), inner, depth - 1);
    }
  }
}

/** `let y = stopGradient(a)` of memory: the same memory, held constant. */
export function isHeld(s: Statement): s is Let {
  return s.kind === "let" && s.op === "stopGradient" && isReference(s.result.type);
}

/** Memory by way of which derivatives go: what is held constant is apart from the memory that it is. */
export function heldApart(functions: readonly Fn[], memory: Memory): Memory {
  const holds = functions.some((fn) => [...statementsOf(fn.body)].some(isHeld));
  return holds ? new Memory(functions, [], isHeld) : memory;
}

/** References of different kinds never lead to the same memory. An object may have any fields beside those of its type. */
function kindOf(type: Type): string {
  if (type.kind === "array") return `${kindOf(type.element)}[]`;
  return type.kind === "int" ? "real" : type.kind;
}

/** A function and all that it calls, directly or not. */
export function reachable(fn: Fn): Fn[] {
  const found = new Set<Fn>();
  const visit = (f: Fn): void => {
    if (found.has(f)) return;
    found.add(f);
    for (const s of statementsOf(f.body)) if (s.kind === "call") visit(s.callee.fn());
  };
  visit(fn);
  return [...found];
}
