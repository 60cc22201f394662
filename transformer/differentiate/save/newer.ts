import type { MemoryClass } from "../../ir/memory.js";
import type { Atom, Load, Loop, Statement } from "../../ir/model.js";
import { isReference } from "../../ir/types.js";
import { grownBy } from "./grown.js";
import type { Scopes } from "./scopes.js";
import { isFromBefore } from "./there.js";

/**
 * Memory of one turn of a loop: `next = step(state); state = next`. What every turn makes anew is none that was there when
 * the turn began, so that what is written to it leaves alone what the turn was given.
 */
export class Newer {
  private readonly asked = new Set<Atom>();

  constructor(
    private readonly loop: Loop,
    private readonly scopes: Scopes,
  ) {}

  /** Whether a statement writes to memory that its own turn has made, and a load reads what was there before its turn. */
  isApart(w: Statement, load: Load): boolean {
    return (w.kind === "store" || w.kind === "accumulate" || w.kind === "push") && this.scopes.isWithin(w, this.loop) && this.isNew(w.of) && this.isOld(load.of);
  }

  /** Whether a statement writes to memory that its own turn has made, and a load reads such memory of its own turn too. */
  isOfOneTurn(w: Statement, load: Load): boolean {
    return (w.kind === "store" || w.kind === "accumulate" || w.kind === "push") && this.isNew(w.of) && this.isNew(load.of);
  }

  private isOld(a: Atom): boolean {
    const { scopes, loop } = this;
    if (a.kind !== "var") return false;
    const s = scopes.definition.get(a);
    const home = scopes.regionOf.get(a);
    if (home === undefined) return false;
    if (s === loop || !scopes.contains(loop.body.region, home)) return true;
    if (s?.kind !== "load" || !this.isOld(s.of)) return false;
    if (isFromBefore(s, scopes) && grownBy(s.of, scopes)?.loop === loop) return true;
    const cell = scopes.memory.cellOf(s.of, s.key);
    return cell !== undefined && this.writersOf(cell).every((w) => (w.kind === "store" || w.kind === "push") && this.isNew(w.of));
  }

  private isNew(a: Atom): boolean {
    const { scopes, asked } = this;
    if (a.kind !== "var" || asked.has(a)) return a.kind === "literal" || asked.has(a);
    const s = scopes.definition.get(a);
    if (s === undefined || !scopes.isWithin(s, this.loop)) return false;
    asked.add(a);
    const isNew = this.isMade(a, s);
    asked.delete(a);
    return isNew;
  }
  private isMade(a: Atom, s: Statement): boolean {
    switch (s.kind) {
      case "allocate":
      case "copy":
        return true;
      case "if": {
        const i = s.results.indexOf(a as (typeof s.results)[number]);
        return [s.then, s.else].every((side) => side.yields[i] !== undefined && this.isNew(side.yields[i]));
      }
      case "load":
        return this.isNew(s.of) && this.holdsNew(s);
      default:
        return false;
    }
  }

  /** Whether what memory of the turn holds is of the turn too. */
  private holdsNew({ of, key }: Load): boolean {
    const { scopes } = this;
    const cell = scopes.memory.cellOf(of, key);
    if (of.kind !== "var" || cell === undefined) return false;
    const isPut = this.writersOf(cell).every((w) => (w.kind === "store" || w.kind === "push") && this.isNew(w.value));
    return isPut && scopes.madeOf(scopes.memory.classOf(of)).filter((s) => scopes.isWithin(s, this.loop)).every((s) => {
      if (s.kind === "copy") return s.depth > 1;
      return s.kind === "allocate" && (s.initial.kind !== "elements" || s.initial.elements.every((e) => !isReference(e.type) || this.isNew(e)));
    });
  }

  private writersOf(cell: MemoryClass): readonly Statement[] {
    return this.scopes.writesTo(cell).filter((w) => this.scopes.isWithin(w, this.loop));
  }
}
