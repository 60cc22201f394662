import type { Atom, Block, Fn, Statement, Store, Var } from "./model.js";
import { Memory, reachable, type MemoryClass } from "./memory.js";
import { holdsReferences, isReference, type Type } from "./types.js";
import { blocksOf, statementsOf } from "./walk.js";

/** What running statements may do to memory. Calls count with all that the function called does. */
export interface Effects {
  readonly reads: Set<MemoryClass>;
  readonly writes: Set<MemoryClass>;
  /** It does something that is not memory of ours: prints, throws, runs text of the source. */
  impure: boolean;
  /** It calls a function or runs text of the source that may call one. */
  calls: boolean;
}

/** `isOwn`: the functions whose writes do not count. */
export function effectsOf(statements: readonly Statement[], memory: Memory, isOwn: (fn: Fn) => boolean = () => false): Effects {
  const effects: Effects = { reads: new Set(), writes: new Set(), impure: false, calls: false };
  const visited = new Set<Fn>();
  const block = (b: Block): void => b.statements.forEach(visit);
  const visit = (s: Statement): void => {
    if (s.kind === "call") {
      effects.calls = true;
      const fn = s.callee.fn();
      if (!visited.has(fn) && !isOwn(fn)) {
        visited.add(fn);
        block(fn.body);
      }
    }
    for (const c of cellsRead(s, memory)) effects.reads.add(c);
    for (const c of cellsWritten(s, memory)) effects.writes.add(c);
    if (s.kind === "effect" || (s.kind === "opaque" && !s.pure)) {
      effects.impure = true;
      effects.calls = true;
    }
    blocksOf(s).forEach(block);
  };
  statements.forEach(visit);
  return effects;
}

/** Whether a function writes to nothing but what it has made itself, so that all that was there before it is as it was. */
export function writesOwnMemory(fn: Fn): boolean {
  const memory = new Memory(reachable(fn));
  const { impure } = effectsOf(fn.body.statements, memory);
  const isOverwritten = overwrittenBy(fn);
  return !impure && ![...fn.params, ...fn.captures, ...memory.outside].some(isOverwritten);
}

/** Whether a function may write to memory that a name from outside leads to. What it makes itself is none of that. */
export function overwrittenBy(fn: Fn): (v: Var) => boolean {
  return overwritten(fn, new Map(), new Map());
}

/** `around`: the functions that are being looked at, with what is known of them so far. `done`: those of which all is known. */
function overwritten(fn: Fn, around: ReadonlyMap<Fn, (v: Var) => boolean>, done: Map<Fn, (v: Var) => boolean>): (v: Var) => boolean {
  const asked = around.get(fn) ?? done.get(fn);
  if (asked !== undefined) return asked;
  const memory = new Memory(reachable(fn));
  effectsOf(fn.body.statements, memory);
  const made = madeIn(fn.body);
  const written = new Set<MemoryClass>();
  const isWritten = (v: Var): boolean => allCells(v, memory).some((cell) => written.has(cell));
  // What a recursion does is what is known of the function so far, until no more becomes known.
  const within = new Map(around).set(fn, isWritten);
  for (let size = -1; size < written.size; ) {
    size = written.size;
    for (const s of statementsOf(fn.body)) visit(s);
  }
  if (around.size === 0 || !reachable(fn).some((f) => around.has(f))) done.set(fn, isWritten);
  return isWritten;

  function visit(s: Statement): void {
    if (s.kind === "call") {
      const callee = s.callee.fn();
      const isOverwritten = overwritten(callee, within, done);
      callee.params.forEach((p, i) => {
        const arg = s.args[i];
        if (arg !== undefined && !isWhollyMade(arg, made) && isOverwritten(p)) allCells(arg, memory).forEach((cell) => written.add(cell));
      });
      if (memory.outside.size > 0 && [...callee.captures, ...new Memory(reachable(callee)).outside].some(isOverwritten)) for (const c of memory.outside) allCells(c, memory).forEach((cell) => written.add(cell));
    } else if (s.kind === "opaque") cellsWritten(s, memory).forEach((cell) => written.add(cell));
    else if ((s.kind === "store" || s.kind === "accumulate" || s.kind === "push" || s.kind === "pop" || s.kind === "resize") && s.of.kind === "var" && !made.has(s.of)) written.add(memory.classOf(s.of));
  }
}

/** Whether all that a name leads to is made: what it holds further may have been there before. */
export function isWhollyMade(a: Atom, made: ReadonlySet<Atom>): boolean {
  return made.has(a) && !holdsReferences(a.type);
}

/** The names of memory that the statements of a block make. What these hold may have been there before. */
export function madeIn(block: Block): ReadonlySet<Atom> {
  return new Set<Atom>(statementsOf(block).flatMap((s) => (s.kind === "allocate" || s.kind === "copy" ? [s.result] : [])));
}

/** Whether a statement itself reads or writes a cell; of a call, all that it does. */
export function touches(s: Statement, cell: MemoryClass, memory: Memory, how?: "writes"): boolean {
  const { reads, writes } = s.kind === "call" ? effectsOf([s], memory) : { reads: cellsRead(s, memory), writes: cellsWritten(s, memory) };
  return [...writes].includes(cell) || (how === undefined && [...reads].includes(cell));
}

/** The cells that a statement itself reads. */
export function cellsRead(s: Statement, memory: Memory): readonly MemoryClass[] {
  switch (s.kind) {
    case "load":
    case "accumulate":
      return defined(memory.cellOf(s.of, s.key));
    case "pop":
      return [...defined(memory.elementsOf(s.of)), ...lengthOf(s.of, memory)];
    case "push":
    case "resize":
      return lengthOf(s.of, memory);
    case "copy":
      return allCells(s.of, memory);
    case "allocate":
      return s.initial.kind === "zerosLike" ? shapeCells(s.initial.source, memory) : [];
    case "opaque":
    case "effect":
      return [...s.args, ...memory.outside].flatMap((a) => allCells(a, memory));
    default:
      return [];
  }
}

/** The cells that a statement itself writes. New memory counts: it starts with values. */
export function cellsWritten(s: Statement, memory: Memory): readonly MemoryClass[] {
  switch (s.kind) {
    case "store":
      return [...defined(memory.cellOf(s.of, s.key)), ...(mayAppend(s) ? lengthOf(s.of, memory) : [])];
    case "accumulate":
      return defined(memory.cellOf(s.of, s.key));
    case "push":
    case "resize":
    case "pop":
      return [...defined(memory.elementsOf(s.of)), ...lengthOf(s.of, memory)];
    case "opaque":
      if (s.readsOnly || s.pure) return [];
      return [...s.args.filter((_, i) => s.read?.includes(i) !== true), ...memory.outside].flatMap((a) => allCells(a, memory));
    default:
      return [];
  }
}

/** Whether a store may make its array longer. */
export function mayAppend({ of, key, within }: Store): boolean {
  return within !== true && key.kind !== "field" && of.type.kind === "array" && of.type.length === undefined;
}

/** Whether a statement is text that may do anything: assign variables, and write to memory. */
export function mayDoAnything(s: Statement): boolean {
  return s.kind === "opaque" && s.pure !== true && s.readsOnly !== true;
}

/** All cells that can be reached from a reference. */
export function allCells(a: Atom, memory: Memory): MemoryClass[] {
  if (a.kind !== "var" || !isReference(a.type)) return [];
  const found = new Set<MemoryClass>([memory.classOf(a)]);
  for (const c of found) for (const inner of c.cells()) found.add(inner);
  return [...found];
}

/** The cells that the shape of memory depends on: how long arrays are, and which memory stands where. */
export function shapeCells(a: Atom, memory: Memory): MemoryClass[] {
  if (a.kind !== "var" || !isReference(a.type)) return [];
  const found = new Set<MemoryClass>();
  const visit = (of: MemoryClass, type: Type, seen: ReadonlySet<unknown>): void => {
    if (type.kind === "record" && seen.has(type.fields)) return;
    if (type.kind === "record") for (const f of type.fields) member(of.cell(f.name), f.type, new Set(seen).add(type.fields));
    if (type.kind === "typed" || type.kind === "array") found.add(of.cell("length"));
    if (type.kind === "array") member(of.cell("[]"), type.element, seen);
  };
  const member = (cell: MemoryClass, type: Type, seen: ReadonlySet<unknown>): void => {
    if (isReference(type) || type.nullable === true) found.add(cell);
    if (isReference(type)) visit(cell, type, seen);
  };
  visit(memory.classOf(a), a.type, new Set());
  return [...found];
}

function lengthOf(a: Atom, memory: Memory): MemoryClass[] {
  return a.kind === "var" && isReference(a.type) ? [memory.classOf(a).cell("length")] : [];
}
function defined<T>(value: T | undefined): T[] {
  return value === undefined ? [] : [value];
}
