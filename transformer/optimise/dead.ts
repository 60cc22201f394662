import { allCells, cellsRead, cellsWritten, effectsOf, writesOwnMemory } from "../ir/effects.js";
import { Memory, reachable, type MemoryClass } from "../ir/memory.js";
import type { Atom, Block, Fn, Loop, Statement, Var } from "../ir/model.js";
import { isReference } from "../ir/types.js";
import { blocksOf, blocksWithin, bound, boundWithin, operands } from "../ir/walk.js";

/**
 * Removes what neither reaches a result nor does anything that can be seen: optimistic marking from the results,
 * so that values carried round a loop only for their own sake go, and memory that nobody reads goes with its writes.
 */
export function removeDead(fn: Fn): Fn {
  const live = new Liveness(fn);
  return { ...fn, body: sweep(fn.body, live, fn.body.yields) };
}

class Liveness {
  readonly statements = new Set<Statement>();
  readonly names = new Set<Var>();
  private readonly cells = new Set<MemoryClass>();
  private readonly owner = new Map<Var, Statement>();
  private readonly parent = new Map<Statement, Statement>();
  private readonly writers = new Map<MemoryClass, Statement[]>();
  private readonly memory: Memory;

  private used: ReadonlySet<Atom> | undefined;

  constructor(private readonly fn: Fn) {
    this.memory = new Memory(reachable(fn));
    const roots: Statement[] = [];
    this.index(fn.body, undefined, roots);
    for (const p of [...fn.params, ...this.memory.outside]) this.escape(p);
    for (const y of fn.body.yields) {
      this.use(y);
      this.escape(y);
    }
    roots.forEach((s) => this.keep(s));
  }

  /** What anything uses. */
  private get named(): ReadonlySet<Atom> {
    return (this.used ??= new Set([...blocksWithin(this.fn.body)].flatMap(({ statements, yields }) => [...statements.flatMap(operands), ...yields])));
  }

  private index(block: Block, parent: Statement | undefined, roots: Statement[]): void {
    for (const s of block.statements) {
      if (parent) this.parent.set(s, parent);
      for (const v of bound(s)) this.owner.set(v, s);
      for (const v of boundWithin(s)) this.owner.set(v, s);
      // What a call makes for itself nobody sees that has no name for it.
      const isUnseen = s.kind === "call" && s.results.some(({ type }) => isReference(type)) && !s.results.some((v) => this.named.has(v));
      const effects = s.kind === "call" ? effectsOf([s], this.memory, isUnseen ? writesOwnMemory : undefined) : undefined;
      for (const c of effects?.writes ?? cellsWritten(s, this.memory)) {
        const list = this.writers.get(c);
        if (list) list.push(s);
        else this.writers.set(c, [s]);
      }
      if (s.kind === "effect" || (s.kind === "opaque" && !s.pure) || effects?.impure) roots.push(s);
      for (const inner of blocksOf(s)) this.index(inner, s, roots);
    }
  }

  /** Memory that is seen from outside: every write to it counts. */
  private escape(a: Atom): void {
    for (const c of allCells(a, this.memory)) this.read(c);
  }
  private read(cell: MemoryClass): void {
    if (this.cells.has(cell)) return;
    this.cells.add(cell);
    this.writers.get(cell)?.forEach((s) => this.keep(s));
  }

  private use(a: Atom | undefined): void {
    if (a?.kind !== "var" || this.names.has(a)) return;
    this.names.add(a);
    const s = this.owner.get(a);
    if (s === undefined) return;
    this.keep(s);
    if (s.kind === "if") {
      const i = s.results.indexOf(a);
      this.use(s.then.yields[i]);
      this.use(s.else.yields[i]);
    } else if (s.kind === "loop") {
      s.carried.forEach((c, i) => {
        if (c.param !== a && c.result !== a) return;
        this.use(c.param);
        this.use(c.init);
        this.use(s.body.yields[i + 1]);
      });
    }
  }

  private keep(s: Statement): void {
    if (this.statements.has(s)) return;
    this.statements.add(s);
    const parent = this.parent.get(s);
    if (parent) this.keep(parent);
    if (s.kind === "loop") {
      this.use(s.counter?.start);
      this.use(s.counter?.bound);
      this.use(s.body.yields[0]);
      return;
    }
    operands(s).forEach((a) => this.use(a));
    const effects = s.kind === "call" ? effectsOf([s], this.memory).reads : cellsRead(s, this.memory);
    for (const c of effects) this.read(c);
    if (s.kind === "call" || s.kind === "opaque" || s.kind === "effect") {
      for (const a of operands(s)) if (isReference(a.type)) this.escape(a);
    }
  }
}

function sweep(block: Block, live: Liveness, yields: readonly Atom[]): Block {
  const statements = block.statements.filter((s) => live.statements.has(s)).map((s) => prune(s, live));
  return { ...block, statements, yields };
}

function prune(s: Statement, live: Liveness): Statement {
  if (s.kind === "if") {
    const kept = s.results.map((r) => live.names.has(r));
    const keep = <T>(list: readonly T[]): T[] => list.filter((_, i) => kept[i]);
    return {
      ...s,
      results: keep(s.results),
      then: sweep(s.then, live, keep(s.then.yields)),
      else: sweep(s.else, live, keep(s.else.yields)),
    };
  }
  if (s.kind === "loop") {
    const kept = s.carried.map((c) => live.names.has(c.param));
    const [status, ...next] = s.body.yields;
    const yields = [...(status ? [status] : []), ...next.filter((_, i) => kept[i])];
    const pruned: Loop = { ...s, carried: s.carried.filter((_, i) => kept[i]), body: sweep(s.body, live, yields) };
    if (s.exit && !live.names.has(s.exit)) delete (pruned as { exit?: Var }).exit;
    return pruned;
  }
  return s;
}
