import { sameAtom } from "../../ir/atoms.js";
import { allCells, cellsWritten, effectsOf } from "../../ir/effects.js";
import { reachable, type Memory, type MemoryClass } from "../../ir/memory.js";
import type { Atom, Block, Call, Fn, If, Load, Loop, Region, Statement, Var } from "../../ir/model.js";
import { blocksOf, bound, boundWithin, operands } from "../../ir/walk.js";
import type { Steps } from "../steps.js";
import { writesAhead } from "./ahead.js";
import { Newer } from "./newer.js";
import { isThere } from "./there.js";

export interface Owner {
  readonly statement: If | Loop;
  readonly region: Region;
}

/** Where every name, statement and block of a function stands, before anything is saved. */
export class Scopes {
  readonly regionOf = new Map<Var, Region>();
  /** The statement that binds a name; for counters and carried parameters the loop. */
  readonly definition = new Map<Var, Statement>();
  readonly blocks = new Map<Region, Block>();
  readonly owner = new Map<Region, Owner>();
  readonly position = new Map<Statement, number>();
  /** The block that a statement stands in. */
  readonly homeOf = new Map<Statement, Region>();
  /** The mirror of a region. */
  readonly mirrorOf = new Map<Region, Block>();
  /** The blocks in which a name is used, their ends included. */
  private readonly users = new Map<Var, Region[]>();
  private readonly end = new Map<Statement, number>();
  private readonly writes = new Map<MemoryClass, Statement[]>();
  private readonly made = new Map<MemoryClass, Statement[]>();
  readonly memory: Memory;
  /** For a loop the memory that names from outside lead to, and those that it hands on. */
  private readonly lasting = new Map<Loop, ReadonlySet<MemoryClass>>();

  constructor(
    fn: Fn,
    /** Whether others may write what is loaded before the mirror runs. */
    readonly isWrittenElsewhere: (load: Load) => boolean,
    memoryOf: (fn: Fn) => Memory,
    /** Whether new memory is used by the mirror alone, so that it may be made there. */
    private readonly isLeftToMirror: (v: Var) => boolean,
    /** What a number that a loop hands on is in a turn, where its mirror can tell that by the number of the turn. */
    private readonly stepsIn: (v: Var, loop: Loop) => Steps | undefined,
  ) {
    this.memory = memoryOf(fn);
    for (const v of [...fn.params, ...fn.captures]) this.regionOf.set(v, fn.body.region);
    this.block(fn.body, undefined);
  }

  private block(block: Block, owner: Owner | undefined): void {
    this.blocks.set(block.region, block);
    if (owner) this.owner.set(block.region, owner);
    if (block.region.mirrors) this.mirrorOf.set(block.region.mirrors, block);
    const use = (a: Atom): void => void (a.kind === "var" && push(this.users, a, block.region));
    block.yields.forEach(use);
    for (const s of block.statements) {
      operands(s).forEach(use);
      this.position.set(s, this.position.size);
      this.homeOf.set(s, block.region);
      for (const v of bound(s)) this.bind(v, s, block.region);
      for (const inner of blocksOf(s)) {
        for (const v of boundWithin(s)) this.bind(v, s, inner.region);
        this.block(inner, { statement: s as If | Loop, region: block.region });
      }
      this.end.set(s, this.position.size);
      this.recordMemory(s);
    }
  }
  bind(v: Var, s: Statement, region: Region): void {
    this.definition.set(v, s);
    this.regionOf.set(v, region);
  }
  private recordMemory(s: Statement): void {
    for (const c of s.kind === "call" ? this.writtenByCall(s) : cellsWritten(s, this.memory)) push(this.writes, c, s);
    if (s.kind !== "allocate" && s.kind !== "copy") return;
    for (const c of [this.memory.classOf(s.result), ...this.memory.classOf(s.result).cells()]) push(this.made, c, s);
  }

  /** What a call makes itself is other memory than what has been made before: a recursion has arrays of its own. */
  private writtenByCall(s: Call): readonly MemoryClass[] {
    const captures = reachable(s.callee.fn()).flatMap((fn) => fn.captures);
    const given = new Set([...s.args, ...captures, ...this.memory.outside].flatMap((a) => allCells(a, this.memory)));
    return [...effectsOf([s], this.memory).writes].filter((cell) => given.has(cell));
  }

  /** Whether new memory is used by the mirror alone, so that it may be made there. */
  isMirrorOnly(v: Var, mirror: Region): boolean {
    return this.isLeftToMirror(v) || this.isUsedWithin(v, mirror);
  }
  /** Whether nothing but a block, and the blocks within, uses a name. What saving has added is used in the forward sweep. */
  isUsedWithin(v: Var, outer: Region): boolean {
    const s = this.definition.get(v);
    return s !== undefined && this.position.has(s) && (this.users.get(v) ?? []).every((region) => this.contains(outer, region));
  }

  /** What a number is in each turn of the loop that counts it or hands it on. */
  stepsOf(v: Var): Steps | undefined {
    const s = this.definition.get(v);
    if (s?.kind !== "loop") return undefined;
    return s.counter?.var === v ? { start: s.counter.start, by: s.counter.step } : this.stepsIn(v, s);
  }

  /** Takes up what is added to a block, with the blocks within it. */
  adopt(s: Statement, region: Region): void {
    for (const v of bound(s)) this.bind(v, s, region);
    for (const inner of blocksOf(s)) this.block(inner, { statement: s as If | Loop, region });
  }

  /** Takes up a load that gives in the place of another what is read there of other memory. */
  standFor(again: Load, load: Load): void {
    const home = this.homeOf.get(load);
    if (home === undefined) return;
    this.bind(again.result, again, home);
    this.homeOf.set(again, home);
    this.position.set(again, this.position.get(load) ?? 0);
    this.memory.addLoad(again);
  }

  /** A region and those around it, from the inside. */
  *around(region: Region): Generator<Region> {
    for (let r: Region | undefined = region; r !== undefined; r = this.owner.get(r)?.region) yield r;
  }
  contains(outer: Region, inner: Region): boolean {
    for (const r of this.around(inner)) if (r === outer) return true;
    return false;
  }
  /** Whether the block that binds a name is around this one. */
  inScope(v: Var, region: Region): boolean {
    const home = this.regionOf.get(v);
    return home !== undefined && this.contains(home, region);
  }
  /** The mirror in whose turns or side a name has to be brought back, for a use within `region`. */
  mirrorFor(v: Var, region: Region): Block | undefined {
    const home = this.regionOf.get(v);
    for (const r of this.around(region)) if (home && r.mirrors === home) return this.blocks.get(r);
    return undefined;
  }
  /** The branches and loops around a region, from the inside, up to the block that holds its mirror too. */
  chain(region: Region, mirror: Region): Owner[] {
    const owners: Owner[] = [];
    for (let r = region; !this.contains(r, mirror); ) {
      const owner = this.owner.get(r);
      if (owner === undefined) break;
      owners.push(owner);
      r = owner.region;
    }
    return owners;
  }

  /**
   * R1: whether a load gives the same in the mirror: nothing that runs after it, in this turn or a later one, may
   * write the same memory. `stored`: the statement after which the load is to come, as where that has put there what is loaded.
   */
  isStable(load: Load, mirror: Region, stored?: Statement): boolean {
    const cell = this.memory.cellOf(load.of, load.key);
    const home = stored ? this.homeOf.get(stored) : this.regionOf.get(load.result);
    const at = this.position.get(stored ?? load);
    if (this.isWrittenElsewhere(load)) return false;
    if (cell === undefined || home === undefined || at === undefined) return false;
    const turns = this.chain(home, mirror).flatMap(({ statement }) => (statement.kind === "loop" ? [statement] : []));
    const loops = turns.filter((loop) => !this.isMadeWithin(cell, load.of, loop));
    const outermost = loops.at(-1);
    const from = (outermost && this.position.get(outermost)) ?? at;
    const until = this.mirrorStart(mirror);
    const newer = outermost && new Newer(outermost, this);
    const within = outermost && turns[turns.indexOf(outermost) - 1];
    const fromInTurn = (within && this.position.get(within)) ?? at;
    return !(this.writes.get(cell) ?? []).some((w) => {
      const p = this.position.get(w) ?? 0;
      if (p < from || p >= until || isElsewhere(w, load)) return false;
      // What is there stays where it is when more is added, but for the length.
      if (stored && ((w.kind === "push" && load.key.kind !== "field") || (w === stored && outermost === undefined))) return false;
      if (p < fromInTurn && newer?.isOfOneTurn(w, load) === true) return false;
      const isAhead = outermost !== undefined && writesAhead(w, { load, home, at, isStored: w === stored }, outermost, this);
      return !isAhead && !newer?.isApart(w, load) && !(w.kind === "push" && isThere(load, this));
    });
  }
  /** Whether every statement that changes a length only adds an element at the end. */
  onlyGrows(length: Load): boolean {
    const cell = this.memory.cellOf(length.of, length.key);
    return cell !== undefined && !this.isWrittenElsewhere(length) && (this.writes.get(cell) ?? []).every(({ kind }) => kind === "push");
  }
  /** Whether a load within a statement would have given the same right before it. */
  isSettledBefore(load: Load, statement: Statement): boolean {
    const cell = this.memory.cellOf(load.of, load.key);
    const [from, to] = [this.position.get(statement), this.end.get(statement)];
    if (cell === undefined || from === undefined || to === undefined) return false;
    return !(this.writes.get(cell) ?? []).some((w) => {
      const p = this.position.get(w) ?? 0;
      return p >= from && p < to;
    });
  }
  /** Whether a statement would have made the same right before a loop around it, and could have been there. */
  isInvariant(s: Statement, loop: Loop): boolean {
    const home = this.homeOf.get(loop);
    if (home === undefined || (s.kind !== "let" && s.kind !== "load")) return false;
    const isBefore = (a: Atom): boolean => a.kind === "literal" || (this.inScope(a, home) && !bound(loop).includes(a));
    if (!operands(s).every(isBefore)) return false;
    return s.kind === "let" || (this.isSurelyMemory(s.of) && this.isSettledBefore(s, loop) && !this.isWrittenElsewhere(s));
  }
  private isSurelyMemory(of: Atom): boolean {
    if (of.kind !== "var" || of.type.nullable === true) return false;
    const s = this.definition.get(of);
    return s === undefined || s.kind === "allocate" || s.kind === "copy";
  }
  /** Whether nothing ever writes what is loaded. */
  isFixed(load: Load): boolean {
    const cell = this.memory.cellOf(load.of, load.key);
    return cell !== undefined && !this.writes.has(cell) && !this.isWrittenElsewhere(load);
  }
  writesTo(cell: MemoryClass): readonly Statement[] {
    return this.writes.get(cell) ?? [];
  }
  /** The statements that make memory of a class, or memory that leads to it. */
  madeOf(memory: MemoryClass): readonly Statement[] {
    return this.made.get(memory) ?? [];
  }
  isWithin(s: Statement, outer: Statement): boolean {
    const p = this.position.get(s) ?? -1;
    return p > (this.position.get(outer) ?? 0) && p < (this.end.get(outer) ?? 0);
  }
  private mirrorStart(mirror: Region): number {
    const owner = this.owner.get(mirror);
    return (owner && this.position.get(owner.statement)) ?? Infinity;
  }
  /** Whether memory is that of one turn of a loop: made in it, and known to no name that is there in another turn. */
  private isMadeWithin(cell: MemoryClass, of: Atom, loop: Loop): boolean {
    const memory = of.kind === "var" ? this.memory.classOf(of) : cell;
    const made = [...(this.made.get(memory) ?? []), ...(this.made.get(cell) ?? [])];
    return made.length > 0 && made.every((s) => this.isWithin(s, loop)) && !this.lastingAround(loop).has(memory);
  }
  private lastingAround(loop: Loop): ReadonlySet<MemoryClass> {
    let lasting = this.lasting.get(loop);
    if (lasting === undefined) {
      const handedOn = new Set(loop.carried.map((c) => c.param));
      const names = [...this.regionOf].flatMap(([v, region]) => (handedOn.has(v) || !this.contains(loop.body.region, region) ? [v] : []));
      this.lasting.set(loop, (lasting = new Set(names.flatMap((v) => allCells(v, this.memory)))));
    }
    return lasting;
  }
}

/** a[0] = x   leaves a[1] alone, but not where the one may be a view of the other. */
export function isElsewhere(w: Statement, { of, key }: Load): boolean {
  if ((w.kind !== "store" && w.kind !== "accumulate") || w.key.kind !== "literal" || key.kind !== "literal") return false;
  return (of.type.kind !== "typed" || sameAtom(w.of, of)) && String(w.key.value) !== String(key.value);
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
