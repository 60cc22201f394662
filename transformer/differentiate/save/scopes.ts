import { sameAtom, shiftOf } from "../../ir/atoms.js";
import { cellsWritten, effectsOf } from "../../ir/effects.js";
import { Memory, reachable, type MemoryClass } from "../../ir/memory.js";
import type { Block, Fn, If, Key, Load, Loop, Region, Statement, Var } from "../../ir/model.js";
import { blocksOf, bound, boundWithin } from "../../ir/walk.js";
import type { Steps } from "../steps.js";
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
  /** The mirror of a region. */
  readonly mirrorOf = new Map<Region, Block>();
  private readonly end = new Map<Statement, number>();
  private readonly writes = new Map<MemoryClass, Statement[]>();
  private readonly made = new Map<MemoryClass, Statement[]>();
  readonly memory: Memory;

  constructor(
    fn: Fn,
    /** Whether others may write what is loaded before the mirror runs. */
    private readonly isWrittenElsewhere: (load: Load) => boolean,
    /** Whether others call it, with arguments that may be the same memory. */
    isCalled: boolean,
    /** Whether new memory is used by the mirror alone, so that it may be made there. */
    readonly isMirrorOnly: (v: Var) => boolean,
    /** What a number that a loop hands on is in a turn, where its mirror can tell that by the number of the turn. */
    private readonly stepsIn: (v: Var, loop: Loop) => Steps | undefined,
  ) {
    this.memory = new Memory(reachable(fn), isCalled ? [...fn.params, ...fn.captures] : []);
    for (const v of [...fn.params, ...fn.captures]) this.regionOf.set(v, fn.body.region);
    this.block(fn.body, undefined);
  }

  private block(block: Block, owner: Owner | undefined): void {
    this.blocks.set(block.region, block);
    if (owner) this.owner.set(block.region, owner);
    if (block.region.mirrors) this.mirrorOf.set(block.region.mirrors, block);
    for (const s of block.statements) {
      this.position.set(s, this.position.size);
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
    const written = s.kind === "call" ? effectsOf([s], this.memory).writes : cellsWritten(s, this.memory);
    for (const c of written) push(this.writes, c, s);
    if (s.kind !== "allocate" && s.kind !== "copy") return;
    for (const c of [this.memory.classOf(s.result), ...this.memory.classOf(s.result).cells()]) push(this.made, c, s);
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
   * write the same memory.
   */
  isStable(load: Load, mirror: Region): boolean {
    const cell = this.memory.cellOf(load.of, load.key);
    const home = this.regionOf.get(load.result);
    const at = this.position.get(load);
    if (this.isWrittenElsewhere(load)) return false;
    if (cell === undefined || home === undefined || at === undefined) return false;
    const loops = this.chain(home, mirror).flatMap(({ statement }) => (statement.kind === "loop" && !this.madeWithin(cell, load, statement) ? [statement] : []));
    const outermost = loops.at(-1);
    const from = (outermost && this.position.get(outermost)) ?? at;
    const until = this.mirrorStart(mirror);
    const newer = outermost && new Newer(outermost, this);
    return !(this.writes.get(cell) ?? []).some((w) => {
      const p = this.position.get(w) ?? 0;
      if (p < from || p >= until || isElsewhere(w, load)) return false;
      const isAhead = outermost !== undefined && loops.length === 1 && this.isAhead(w, load, outermost);
      return !isAhead && !newer?.isApart(w, load) && !(w.kind === "push" && isThere(load, this));
    });
  }
  /**
   * a[i + 1] = f(a[i]): whether a statement writes, at each turn of a loop, only where the load has yet to come, or has
   * written there before it, so that no turn writes what it or one before it has loaded.
   */
  private isAhead(w: Statement, load: Load, loop: Loop): boolean {
    const { of, key } = load;
    if (w.kind !== "store" || loop.counter === undefined || !this.isWithin(w, loop)) return false;
    const home = of.kind === "var" ? this.regionOf.get(of) : undefined;
    if (!sameAtom(of, w.of) || home === undefined || this.contains(loop.body.region, home)) return false;
    const [written, loaded] = [this.shift(w.key, loop.counter.var), this.shift(key, loop.counter.var)];
    if (written === undefined || loaded === undefined) return false;
    return written === loaded ? (this.position.get(w) ?? 0) < (this.position.get(load) ?? 0) : (written - loaded) * loop.counter.step > 0;
  }
  /** How far a key is from a counter: 1 of `i + 1`. */
  private shift(key: Key, counter: Var): number | undefined {
    if (key === counter) return 0;
    const s = key.kind === "var" ? this.definition.get(key) : undefined;
    const shifted = s?.kind === "let" ? shiftOf(s) : undefined;
    const further = shifted && this.shift(shifted.from, counter);
    return further === undefined ? undefined : further + (shifted?.by ?? 0);
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
  private madeWithin(cell: MemoryClass, load: Load, loop: Statement): boolean {
    const of = load.of.kind === "var" ? this.memory.classOf(load.of) : cell;
    const made = [...(this.made.get(of) ?? []), ...(this.made.get(cell) ?? [])];
    return made.length > 0 && made.every((s) => this.isWithin(s, loop));
  }
}

/** a[0] = x   leaves a[1] alone, but not where the one may be a view of the other. */
function isElsewhere(w: Statement, { of, key }: Load): boolean {
  if ((w.kind !== "store" && w.kind !== "accumulate") || w.key.kind !== "literal" || key.kind !== "literal") return false;
  return (of.type.kind !== "typed" || sameAtom(w.of, of)) && String(w.key.value) !== String(key.value);
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
