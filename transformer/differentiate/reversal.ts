import { isLiteral, literal } from "../ir/build.js";
import { allCells, effectsOf, madeIn, mayDoAnything, writesOwnMemory } from "../ir/effects.js";
import { Memory, reachable, type MemoryClass } from "../ir/memory.js";
import type { Atom, Block, FnRef, Fn, Load, Loop, Region, Statement, Var } from "../ir/model.js";
import { carriesReal, holdsReferences, isReference, type Type } from "../ir/types.js";
import { blocksOf, blocksWithin, bound, boundWithin, statementsOf } from "../ir/walk.js";
import { Activity } from "./activity.js";
import type { Again } from "./again.js";
import type { Adjoint } from "./frame.js";
import type { Kept } from "./mirror-checkpoint.js";
import { adders } from "./mirror-memory.js";
import { Bounds } from "../ir/bounds.js";
import { Infinite } from "./infinite.js";
import { Missing } from "./missing.js";
import type { Given } from "./custom.js";
import { namingFor } from "./naming.js";
import { depthOf, type Places } from "./places.js";
import type { PutBack } from "./put-back.js";
import { Shadows } from "./shadows.js";

/** What the forward sweep has learnt of a loop, for its mirror. */
export interface LoopRecord {
  /** How many turns to mirror; nothing where the counter says it. */
  readonly turns?: Var;
  readonly exit?: Var;
  /** Whether the turn that ended the loop has something to mirror. */
  readonly partial: boolean;
}

/** The counter of a mirror loop: the source's own, or the number of the turn from 0. */
export interface MirrorCounter {
  readonly counter: Var;
  readonly exact: boolean;
}

/** A pair of functions in place of a call (R15), and what it takes and gives. */
export interface Pair {
  readonly forward: FnRef;
  readonly pullback: FnRef;
  /** The parameters that have an adjoint: of numbers one is given back, of memory the shadow is passed. */
  readonly active: readonly boolean[];
  /** The results whose adjoint the pullback takes, and those that come with a shadow. */
  readonly gives: readonly boolean[];
  readonly shares: readonly boolean[];
  /** The record that goes from one to the other; nothing where the pullback needs no more than what the function was given. */
  readonly saved?: Type;
  /** Which it takes then of the arguments and the shadows that follow them. */
  readonly takes: boolean[];
}

/** What is known of all functions that are differentiated together. */
export interface Whole {
  readonly memory: Memory;
  readonly activity: Activity;
  readonly all: Activity;
  /** Itself and all that it calls. */
  readonly functions: readonly Fn[];
}

/** What may be written between the halves of a pair. */
export interface Between {
  /** The cells that anything writes. */
  readonly writes: ReadonlySet<MemoryClass>;
  /** Those that other functions write. */
  readonly byOthers: ReadonlySet<MemoryClass>;
  readonly functions: readonly Fn[];
}

/** What stands in place of calls. */
export interface Calls {
  /** Of a call that saves what its mirror needs. */
  pairOf(callee: FnRef): Pair;
  /** Of a checkpointed one. */
  againOf(callee: FnRef): Again;
}

export interface PairSource {
  of(callee: FnRef, whole: Whole): Pair;
  again(callee: FnRef, whole: Whole): Again;
}

/** The state of reversing one function: what is known of it, and the shadows of its memory. */
export class Reversal extends Shadows {
  private boundsOf: Bounds | undefined;
  private infinities: Infinite | undefined;
  private missed: { readonly any: Missing; readonly evident: Missing } | undefined;
  /** What adds the numbers of one object to those of another. */
  readonly adders = adders();
  private written: ReadonlySet<MemoryClass> | undefined;
  private shared: { readonly incoming: ReadonlySet<MemoryClass>; readonly outgoing: ReadonlySet<MemoryClass> } | undefined;
  readonly loops = new Map<Region, LoopRecord>();
  /** The mirror's value of a loop's status, by the name that it has in the forward sweep. */
  readonly statuses = new Map<Var, Atom>();
  /** Adjoints that turned out to be possibly absent when a turn begins. */
  readonly absent = new Set<Var>();
  /** Those among them that a turn may make nothing of. */
  readonly unused = new Set<Var>();
  /** What the pullback of a call is given before the adjoints: what the forward function has saved, or the arguments once more. */
  readonly saved = new Map<Statement, readonly Atom[]>();
  /** Checkpointed calls after which the mirror begins: what they give and write is not wanted any more. */
  readonly last = new Set<Statement>();
  /** Shadows that the mirror alone looks at. */
  readonly mirrorOnly = new Set<Var>();
  /** What is kept of a checkpointed call. */
  readonly kept = new Map<Statement, Kept>();
  /** What the rules of calls are given that have one of the user's own. */
  readonly given = new Map<Statement, Given>();
  /** The lengths that shadows had before a statement changed them. */
  readonly lengths = new Map<Statement, Var>();
  /** The lengths that shadows had before a loop, and the stores in its turns that changed them. */
  readonly putBack = new Map<Loop, PutBack>();
  /** The shadows of a copy, and of what it was made from, as they were when it was made. */
  readonly copied = new Map<Statement, { readonly to: Places; readonly from: Places }>();
  /** The mirrors of loops that run backwards, by the region of the loop's turns. */
  readonly mirrors = new Map<Region, MirrorCounter>();
  /** What of the turns of a loop is mirrored for one of them alone, the last that took a side of a branch. */
  readonly once = new Map<Region, { readonly loop: Region; readonly side: Region }>();
  /** Loops that the mirror runs again, under the same names: the forward sweep's copy takes new ones. */
  readonly replayed = new Set<Region>();
  /** The statements whose sweep and mirror stand in one block, innermost last. */
  readonly joints: (readonly Statement[])[] = [];

  constructor(
    readonly fn: Fn,
    readonly memory: Memory,
    activity: Activity,
    /** What every parameter together would need: decisions on the order of sums are made by it (R12a). */
    readonly all: Activity,
    private readonly calls: Calls,
    /** Of one half of a pair: what may be written between the two halves. Elsewhere the writes are seen in the function itself. */
    private readonly between?: Between,
    /** Whether others call it, with arguments that may be the same memory. */
    private readonly isCalled = between !== undefined,
  ) {
    super(activity, namingFor(fn));
  }

  get infinite(): Infinite {
    return (this.infinities ??= new Infinite(this.fn));
  }

  pairOf(callee: FnRef): Pair {
    return this.calls.pairOf(callee);
  }
  againOf(callee: FnRef): Again {
    return this.calls.againOf(callee);
  }

  static of(fn: Fn, inputs: readonly Var[], pairs: PairSource): Reversal {
    const functions = reachable(fn);
    const memory = new Memory(functions);
    const every = fn.params.filter((p) => carriesReal(p.type));
    const outputs = fn.body.yields;
    const activity = new Activity(functions, memory, inputs, outputs);
    const all = new Activity(functions, memory, every, outputs);
    const whole: Whole = { memory, activity, all, functions };
    return new Reversal(fn, memory, activity, all, callsOf(pairs, whole));
  }

  /** Which elements are surely there. */
  get bounds(): Bounds {
    return (this.boundsOf ??= new Bounds(this.fn, this.memory));
  }

  /**
   * The numbers that may be those of elements that are not there: at any index that is computed, where a path makes nothing of
   * a value, and else where the index goes by the length.
   */
  missing({ unused }: Adjoint): Missing {
    this.missed ??= { any: new Missing(reachable(this.fn), this.memory, (s, bounds) => s.key.kind === "var" && !bounds.hold(s)), evident: new Missing(reachable(this.fn), this.memory, (s, bounds) => bounds.exceed(s)) };
    return unused ? this.missed.any : this.missed.evident;
  }

  /** Whether what is loaded, of memory or of its shadow, may be another value when the other half of a pair runs. */
  isWrittenBetween(load: Load): boolean {
    if (this.between === undefined || load.of.kind !== "var") return false;
    const primal = this.primals.get(load.of) ?? load.of;
    const cell = this.memory.cellOf(primal, load.key);
    return cell !== undefined && this.isCellWrittenBetween(cell, this.memory.classOf(primal));
  }
  /** The same of a cell of some memory, or of all memory that has it. */
  isCellWrittenBetween(cell: MemoryClass, memory = cell): boolean {
    if (this.between?.writes.has(cell) !== true) return false;
    this.shared ??= { incoming: this.classesOf(incomingOf(this.fn)), outgoing: this.classesOf(outgoingOf(this.fn)) };
    // What the call itself makes only those write to whom it is given.
    return this.shared.incoming.has(memory) || (this.shared.outgoing.has(memory) && this.between.byOthers.has(cell));
  }
  private classesOf(atoms: readonly Atom[]): ReadonlySet<MemoryClass> {
    return new Set(atoms.flatMap((a) => this.cellsOf(a)));
  }

  /** Which names of the function and its mirror lead to the same memory. Of a pair all callers are known. */
  memoryOf(fn: Fn): Memory {
    const given = this.isCalled ? [...fn.params, ...fn.captures] : [];
    if (this.between === undefined) {
      // A shadow that is handed over is another's, but never what it is a shadow of.
      const isShadow = (v: Var): boolean => this.primals.has(v) || v.isCotangent === true;
      const memory = new Memory(reachable(fn), given.filter((v) => !isShadow(v)));
      const shadows = given.filter(isShadow);
      memory.joinAs(shadows.map((v) => [v, v]), new Memory([], shadows));
      return memory;
    }
    const memory = new Memory(reachable(fn));
    memory.joinAs(given.filter((v) => !this.primals.has(v)).map((v) => [v, v]), this.memory);
    memory.joinAs(given.flatMap((v) => [this.primals.get(v)].flatMap((primal) => (primal ? [[v, primal] as const] : []))), this.memory);
    return memory;
  }

  /** Whether anything may write the memory that a reference leads to, before the mirror reads it. */
  isWritten(a: Atom): boolean {
    return this.cellsOf(a).some(this.isWrittenCell);
  }
  readonly isWrittenCell = (cell: MemoryClass): boolean => {
    this.written ??= effectsOf(this.fn.body.statements, this.memory, writesOwnMemory).writes;
    return (this.between?.writes ?? this.written).has(cell);
  };

  /** Whether text of the source runs, here or between the two halves of a pair, that may do anything. */
  runsText(): boolean {
    const functions = this.between?.functions ?? reachable(this.fn);
    return functions.some((fn) => statementsOf(fn.body).some(mayDoAnything));
  }

  /**
   * What runs from a statement on, the turns after it too, as far as it may change memory. Nothing of one half of a pair where
   * others know that memory: they may run before the mirror.
   */
  runsFrom(s: Statement, of: Atom): readonly Statement[] | undefined {
    const known = this.between === undefined ? new Set() : this.classesOf([...incomingOf(this.fn), ...this.fn.body.yields]);
    if (this.cellsOf(of).some((cell) => known.has(cell))) return undefined;
    const { statements } = this.fn.body;
    return statements.slice(statements.indexOf(this.outermost(s)));
  }

  /** Whether anything may write the memory that a reference leads to from a statement on, in the turns after it too. */
  isWrittenFrom(s: Statement, of: Atom): boolean {
    const statements = this.isWritten(of) ? this.runsFrom(s, of) : [];
    if (statements === undefined) return true;
    const { writes } = effectsOf(statements, this.memory, writesOwnMemory);
    return this.cellsOf(of).some((cell) => writes.has(cell));
  }

  /** Whether a name stands for what one turn of a loop hands to the next. */
  isCarried(v: Var): boolean {
    return [...statementsOf(this.fn.body)].some((s) => s.kind === "loop" && s.carried.some((c) => c.param === v));
  }
  private outermost(s: Statement): Statement {
    return this.fn.body.statements.find((t) => blocksOf(t).some((b) => statementsOf(b).includes(s))) ?? s;
  }

  /** Whether statements, or the blocks within, have anything to mirror. */
  hasMirror(statements: readonly Statement[]): boolean {
    return statements.some((s) => {
      if (s.kind === "store" || s.kind === "accumulate" || s.kind === "push" || s.kind === "pop" || s.kind === "resize") return this.isActiveReference(s.of);
      if (s.kind === "if" && (this.hasMirror(s.then.statements) || this.hasMirror(s.else.statements))) return true;
      if (s.kind === "loop" && this.hasMirror(s.body.statements)) return true;
      if (s.kind === "call") return s.args.some((a) => this.isActive(a));
      return bound(s).some((v) => this.isActive(v));
    });
  }

  /**
   * Whether the mirror goes by the length of an array: the last element is popped, a copy is added to its source, or the
   * shadow is the gradient itself.
   */
  needsLength(of: Atom): boolean {
    if (of.kind !== "var") return false;
    const memory = this.memory.classOf(of);
    if (this.fn.params.some((p) => isReference(p.type) && [this.memory.classOf(p), ...this.cellsOf(p)].includes(memory))) return true;
    for (const s of statementsOf(this.fn.body)) {
      if ((s.kind === "push" || s.kind === "pop") && s.of.kind === "var" && this.memory.classOf(s.of) === memory) return true;
      if (s.kind === "copy" && this.memory.classOf(s.result) === memory) return true;
    }
    return false;
  }

  /** Whether the length that a store has changed is put back after a loop. */
  isPutBack(s: Statement): boolean {
    return [...this.putBack.values()].some(({ stores }) => stores.has(s));
  }

  /**
   * Whether references within this memory change their places: rows that are swapped, pushed or popped. What else is made in
   * the function gets into what is given to it, or copied whole, by such a change only.
   */
  movesReferences(of: Atom): boolean {
    const cells = new Set(this.cellsOf(of));
    const isApart = this.isApart(of);
    for (const fn of reachable(this.fn)) {
      const made = isApart ? madeIn(fn.body) : new Set<Atom>();
      for (const s of statementsOf(fn.body)) {
        const isMove = s.kind === "push" || s.kind === "pop" || s.kind === "resize" || (s.kind === "store" && isReference(s.value.type));
        if (!isMove || !holdsReferences(s.of.type) || s.of.kind !== "var" || (s.of !== of && made.has(s.of))) continue;
        if (cells.has(this.memory.classOf(s.of))) return true;
      }
    }
    return false;
  }
  /** Whether all within this memory is there before anything else is made, or made with it. */
  private isApart(of: Atom): boolean {
    if ([...this.fn.params, ...this.fn.captures].some((v) => v === of)) return true;
    return reachable(this.fn).some((fn) => [...statementsOf(fn.body)].some((s) => s.kind === "copy" && s.result === of && s.depth >= depthOf(of.type)));
  }

  cellsOf(a: Atom): readonly MemoryClass[] {
    return allCells(a, this.memory);
  }
}

/** What is written between the halves of the pair of a function. */
export function betweenHalvesOf(fn: Fn, { functions, memory }: Whole): Between {
  const writesOf = (list: readonly Fn[]): ReadonlySet<MemoryClass> => effectsOf(list.flatMap((f) => f.body.statements), memory, () => true).writes;
  return { writes: writesOf(functions), byOthers: writesOf(functions.filter((f) => f !== fn)), functions };
}

export function callsOf(pairs: PairSource, whole: Whole): Calls {
  return { pairOf: (callee) => pairs.of(callee, whole), againOf: (callee) => pairs.again(callee, whole) };
}

/** What a function gets from outside: by its parameters, from functions that it calls and from text of the source. */
function incomingOf(fn: Fn): readonly Atom[] {
  const inner = statementsOf(fn.body).flatMap((s): readonly Atom[] => {
    if (s.kind === "call") return s.results;
    return s.kind === "opaque" || s.kind === "effect" ? [...s.args, ...bound(s)] : [];
  });
  return [...fn.params, ...fn.captures, ...inner];
}
/** What a function hands on: to its caller and to functions that it calls. */
function outgoingOf(fn: Fn): readonly Atom[] {
  return [...fn.body.yields, ...statementsOf(fn.body).flatMap((s) => (s.kind === "call" ? s.args : []))];
}

/** The names that live in a loop's turns. */
export function localsOf(loop: Loop): (v: Var) => boolean {
  const locals = new Set<Var>(boundWithin(loop));
  for (const s of statementsOf(loop.body)) for (const v of [...bound(s), ...boundWithin(s)]) locals.add(v);
  return (v) => locals.has(v);
}

/** The statuses that a block may end with, as far as literals say it. */
export function statusesOf(status: Atom | undefined, block: Block): ReadonlySet<number> | undefined {
  if (status === undefined) return undefined;
  if (isLiteral(status)) return typeof status.value === "number" ? new Set([status.value]) : undefined;
  for (const b of blocksWithin(block)) {
    for (const s of b.statements) {
      if (s.kind !== "if") continue;
      const i = s.results.indexOf(status as Var);
      if (i < 0) continue;
      const then = statusesOf(s.then.yields[i], s.then);
      const otherwise = statusesOf(s.else.yields[i], s.else);
      return then && otherwise && new Set([...then, ...otherwise]);
    }
  }
  return undefined;
}

export const yes = literal(true);
export const no = literal(false);
