import { allCells } from "../ir/effects.js";
import type { Memory, MemoryClass } from "../ir/memory.js";
import type { Atom, Block, Copy, Fn, Loop, Statement, Var } from "../ir/model.js";
import { elementType, holdsReferences, isReference } from "../ir/types.js";
import { blocksOf, bound, boundWithin, operands, statementsOf } from "../ir/walk.js";

/**
 * Objects and rows that a turn of a loop makes, or finds in a list at the place of its number, where nobody puts them
 * anywhere else: no turn of another number meets them.
 *
 *     for (i…) ps[i] = { x: a[i] };   for (i…) { const p = ps[i]; s += p.x; }
 */
export class OwnObjects {
  /** Kinds of memory of which this is not known. */
  private readonly shared = new Set<MemoryClass>();
  /** How many loops are around the statement that binds a name. */
  private readonly depths = new Map<Atom, number>();

  constructor(
    fn: Fn,
    private readonly memory: Memory,
  ) {
    [...fn.params, ...fn.captures, ...memory.outside].forEach((v) => { this.shareAll(v); });
    this.look(fn.body, []);
    fn.body.yields.forEach((y) => { this.share(y); });
  }

  /** The cells of what each turn of a loop has for itself. */
  cellsIn({ body }: Loop): ReadonlySet<MemoryClass> {
    const own = new Set<Atom>();
    const bind = (s: Statement): void => {
      if (s.kind !== "loop") bound(s).forEach((v) => isReference(v.type) && !holdsReferences(v.type) && own.add(v));
      if (s.kind === "if") blocksOf(s).forEach((b) => { b.statements.forEach(bind); });
    };
    body.statements.forEach(bind);
    const classes = new Set([...own].map((v) => this.memory.classOf(v as Var)));
    if (classes.size === 0) return classes;
    for (const s of statementsOf(body)) for (const a of operands(s)) if (a.kind === "var" && !own.has(a)) classes.delete(this.memory.classOf(a));
    return new Set([...classes].flatMap((c) => (this.shared.has(c) ? [] : c.cells().filter((cell) => cell.cells().length === 0))));
  }

  private look(block: Block, around: readonly Loop[]): void {
    const turn = around.at(-1)?.counter?.var;
    const isHere = (a: Atom): boolean => this.depths.get(a) === around.length;
    for (const s of block.statements) {
      for (const v of bound(s)) if (isReference(v.type)) this.depths.set(v, around.length);
      const isOwnPlace = (s.kind === "load" || s.kind === "store") && s.of.type.kind === "array" && s.key === turn;
      if (s.kind === "call" || s.kind === "opaque" || s.kind === "effect") [...operands(s), ...bound(s)].forEach((a) => { this.shareAll(a); });
      else if (s.kind === "copy" && !isWhole(s)) this.shareAll(s.result);
      operands(s).forEach((a, i) => {
        const isLookedAt = i === 0 && (isPart(s) || s.kind === "copy" || (s.kind === "allocate" && s.initial.kind === "zerosLike"));
        if (!isLookedAt && !(isOwnPlace && isHere(a))) this.share(a);
      });
      if (s.kind === "loop" || s.kind === "let" || s.kind === "pop" || (s.kind === "load" && !isOwnPlace)) [...bound(s), ...boundWithin(s)].forEach((v) => { this.share(v); });
      for (const inner of blocksOf(s)) {
        this.look(inner, s.kind === "loop" ? [...around, s] : around);
        inner.yields.forEach((y) => { if (s.kind === "loop" || !isHere(y)) this.share(y); });
      }
    }
  }

  private share(a: Atom): void {
    if (a.kind === "var" && isReference(a.type)) this.shared.add(this.memory.classOf(a));
  }

  private shareAll(a: Atom): void {
    allCells(a, this.memory).forEach((c) => this.shared.add(c));
  }
}

/** What reads or writes a part of memory, or makes it longer or shorter. */
function isPart({ kind }: Statement): boolean {
  return kind === "load" || kind === "store" || kind === "accumulate" || kind === "push" || kind === "pop" || kind === "resize";
}

/** Whether a copy shares nothing with what it is of. */
function isWhole({ of: { type }, depth }: Copy): boolean {
  if (!holdsReferences(type)) return true;
  return depth > 1 && type.kind === "array" && !holdsReferences(elementType(type));
}
