import type { Block, Fn, If, Loop, Statement, Var } from "../ir/model.js";
import { blocksOf, bound, operands } from "../ir/walk.js";

/** A place where a name is read. */
export interface Site {
  readonly block: Block;
  /** How many statements began before it. */
  readonly order: number;
  /** The statement that reads it; none for what a block yields. */
  readonly user?: Statement | undefined;
  /** The place among the operands or among the yields. */
  readonly place: number;
}

interface Place {
  readonly parent?: Block | undefined;
  readonly owner?: Statement | undefined;
  readonly loop?: Loop | undefined;
}

/** Where the names of a function are bound and read. */
export class Usage {
  private readonly sites = new Map<Var, Site[]>();
  private readonly homes = new Map<Var, Block>();
  private readonly places = new Map<Block, Place>();
  private readonly ends = new Map<Statement, number>();
  /** Results of `if`s that say how control goes on: integers known on each path, only compared or passed on. */
  readonly statuses = new Set<Var>();
  readonly counters = new Set<Var>();
  /** What loops begin to count from, by the names of their counters. */
  readonly starts = new Map<Var, string>();
  private order = 0;

  constructor(readonly fn: Fn) {
    for (const p of fn.params) this.homes.set(p, fn.body);
    this.block(fn.body, {});
    this.findStatuses(fn.body);
    // A status that is computed with is an ordinary number after all.
    for (const v of this.statuses) if (!this.of(v).every(tells)) this.statuses.delete(v);
  }

  of(v: Var): readonly Site[] {
    return this.sites.get(v) ?? [];
  }

  count(v: Var): number {
    return this.of(v).length;
  }

  home(v: Var): Block | undefined {
    return this.homes.get(v);
  }

  /** The block in which a block stands. */
  parent(block: Block): Block | undefined {
    return this.places.get(block)?.parent;
  }

  loopOf(block: Block): Loop | undefined {
    return this.places.get(block)?.loop;
  }

  /** The statement whose block it is. */
  ownerOf(block: Block): Statement | undefined {
    return this.places.get(block)?.owner;
  }

  isWithin(block: Block, outer: Block): boolean {
    for (let at: Block | undefined = block; at !== undefined; at = this.parent(at)) if (at === outer) return true;
    return false;
  }

  /** Whether what stands at a site runs once for each time that `outer` runs, or less often. */
  isOutsideLoops(site: Site, outer: Block): boolean {
    return this.loopOf(site.block) === this.loopOf(outer);
  }

  /** Whether a name may still be read after a statement of `block`, in this turn or the next. */
  isReadAfter(v: Var, s: Statement, block: Block): boolean {
    const home = this.homes.get(v);
    if (home === undefined || this.loopOf(home) !== this.loopOf(block)) return true;
    const end = this.ends.get(s) ?? 0;
    return this.of(v).some((site) => site.order > end || (site.user === undefined && site.block === block));
  }

  private block(block: Block, place: Place): void {
    this.places.set(block, place);
    for (const s of block.statements) {
      this.order++;
      operands(s).forEach((atom, i) => {
        if (atom.kind === "var") this.add(atom, { block, order: this.order, user: s, place: i });
      });
      for (const r of bound(s)) this.homes.set(r, block);
      for (const inner of blocksOf(s)) {
        if (s.kind === "loop") {
          for (const c of s.carried) this.homes.set(c.param, inner);
          if (s.counter !== undefined) {
            this.homes.set(s.counter.var, inner);
            this.counters.add(s.counter.var);
            if (s.counter.start.kind === "var") this.starts.set(s.counter.start, s.counter.var.name);
          }
        }
        this.block(inner, { parent: block, owner: s, loop: s.kind === "loop" ? s : place.loop });
      }
      this.ends.set(s, this.order);
    }
    this.order++;
    block.yields.forEach((atom, i) => {
      if (atom.kind === "var") this.add(atom, { block, order: this.order, place: i });
    });
  }

  private add(v: Var, site: Site): void {
    const sites = this.sites.get(v);
    if (sites === undefined) this.sites.set(v, [site]);
    else sites.push(site);
  }

  private findStatuses(block: Block): void {
    for (const s of block.statements) {
      for (const inner of blocksOf(s)) this.findStatuses(inner);
      if (s.kind === "if") s.results.forEach((r, i) => this.isStatusOf(s, i) && this.statuses.add(r));
    }
  }

  private isStatusOf(s: If, i: number): boolean {
    if (s.results[i]?.type.kind !== "int") return false;
    return [s.then, s.else].every((side) => {
      const y = side.yields[i];
      if (side.statements.at(-1)?.kind === "effect" && endsInThrow(side)) return true;
      return y !== undefined && (y.kind === "literal" ? Number.isInteger(y.value) : this.statuses.has(y));
    });
  }
}

function tells(site: Site): boolean {
  if (site.user === undefined) return true;
  return site.user.kind === "let" && (site.user.op === "===" || site.user.op === "!==");
}

export function endsInThrow(block: Block): boolean {
  const last = block.statements.at(-1);
  return last?.kind === "effect" && last.throws === true;
}
