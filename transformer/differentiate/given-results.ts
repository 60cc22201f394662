import { Builder, field } from "../ir/build.js";
import { mayAppend } from "../ir/effects.js";
import { reachable, type MemoryClass } from "../ir/memory.js";
import type { Allocate, Atom, Block, Fn, Var } from "../ir/model.js";
import { replaceStatements, rewriteBlock } from "../ir/rewrite.js";
import { isFlat, isReference, sameType } from "../ir/types.js";
import { bound, statementsOf } from "../ir/walk.js";
import type { Reversal } from "./reversal.js";

/** A shadow that the function makes, and what is given in its place. */
interface Instead {
  readonly of: Var;
  readonly own: Var;
  readonly given: Var;
}

/**
 * What has arrived for the results of a function, as their shadows from the start: of new arrays of numbers, which stay as long
 * as they are made, and of objects that hold such. Either side of a branch may make its own.
 *
 *     dr = zeros like r; dr += g; … dr …                        becomes   … g …
 *     db = zeros like b; dr = { at: da, b: db }; dr += g; …     becomes   da = g.at; db = g.b; …
 */
export class GivenResults {
  private readonly names = new Map<Atom, Var>();
  private readonly parts: Builder;
  private readonly moved: ReadonlySet<MemoryClass>;

  /** Asked for once the forward sweep has made the shadows. */
  constructor(
    private readonly fn: Fn,
    private readonly r: Reversal,
  ) {
    this.parts = new Builder(fn.origin);
    this.moved = movedIn(fn, r);
  }

  /** Whether this shadow can stand for that of a result. */
  take(of: Var, shadow: Var): boolean {
    const parts = new Builder(this.fn.origin);
    const all = this.standing(of, shadow, this.fn.body, parts);
    // Two results may be one array.
    const isEachOnce = all !== undefined && new Set(all.map(({ own }) => own)).size === all.length && !all.some(({ own }) => this.names.has(own));
    if (!isEachOnce) return false;
    for (const one of all) {
      this.names.set(one.own, one.given);
      this.r.shadows.set(one.of, one.given);
    }
    this.parts.statements.push(...parts.statements);
    return true;
  }

  /** The shadows that are given take the place of those that would be made. */
  within(body: Block): Block {
    if (this.names.size === 0) return body;
    const rest = replaceStatements(body, (s) => (s.kind === "allocate" && this.names.has(s.result) ? [] : [s]));
    return rewriteBlock({ ...rest, statements: [...this.parts.statements, ...rest.statements] }, { atom: (a) => this.names.get(a) ?? a });
  }

  private standing(of: Atom | undefined, given: Var, block: Block, parts: Builder): readonly Instead[] | undefined {
    const own = of?.kind === "var" ? this.r.shadows.get(of) : undefined;
    if (of?.kind !== "var" || own?.kind !== "var" || of.type.nullable === true || !sameType(own.type, given.type) || this.moved.has(this.r.memory.classOf(of))) return undefined;
    const s = block.statements.find((t) => bound(t).includes(of));
    const here: Instead = { of, own, given };
    if (s?.kind === "if") {
      const i = s.results.indexOf(of);
      return together([[here], ...[s.then, s.else].map((side) => this.standing(side.yields[i], given, side, parts))]);
    }
    if (s?.kind !== "allocate" && !(s?.kind === "call" && s.checkpoint === true)) return undefined;
    if (isFlat(of.type)) return [here];
    return s.kind === "allocate" ? together([[here], ...this.members(s, given, block, parts)]) : undefined;
  }

  /** The same of what an object holds that is made beside it. */
  private members({ result: { type }, initial }: Allocate, given: Var, block: Block, parts: Builder): readonly (readonly Instead[] | undefined)[] {
    // What may be missing is missing in the shadow too, until it is there.
    if (type.kind !== "record" || initial.kind !== "elements" || type.fields.some((f) => f.type.nullable === true)) return [undefined];
    return initial.elements.map((e, i) => {
      if (!isReference(e.type) || !this.r.isActiveReference(e)) return [];
      const own = e.kind === "var" ? this.r.shadows.get(e) : undefined;
      return own && this.standing(e, parts.load(given, field(type.fields[i]?.name ?? ""), own.kind === "var" ? own.name : "", own.type), block, parts);
    });
  }
}

function together(all: readonly (readonly Instead[] | undefined)[]): readonly Instead[] | undefined {
  return all.some((one) => one === undefined) ? undefined : all.flatMap((one) => one ?? []);
}

/** What gets another length, or holds other memory, after it is made. */
function movedIn(fn: Fn, { memory }: Reversal): ReadonlySet<MemoryClass> {
  const moved = new Set<MemoryClass>();
  for (const one of reachable(fn)) {
    for (const s of statementsOf(one.body)) {
      const isMove = s.kind === "push" || s.kind === "pop" || s.kind === "resize" || (s.kind === "store" && (isReference(s.value.type) || mayAppend(s)));
      if (isMove && s.of.kind === "var") moved.add(memory.classOf(s.of));
    }
  }
  return moved;
}
