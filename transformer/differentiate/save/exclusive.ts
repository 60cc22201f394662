import { sameAtom, sameKey } from "../../ir/atoms.js";
import type { Atom, Region, Statement, Var } from "../../ir/model.js";
import { sameType, type Type } from "../../ir/types.js";
import type { Owner, Scopes } from "./scopes.js";
import type { Nest } from "./sizes.js";

/** An array that holds a value of every turn of a nest of loops. */
export interface Kept {
  readonly nest: Nest;
  readonly saved: Var;
  readonly dimensions: readonly Atom[];
  /** Before what it is made. */
  readonly place: Owner;
}

/**
 * Arrays of numbers of which each turn takes one side of a branch or the other: they are one.
 *
 *     for (i…) { if (c) { xs[i] = x; … } else { ys[i] = y; … } }   becomes   … if (c) { xs[i] = x; … } else { xs[i] = y; … }
 *
 * The mirror of a side is gone through where the side was, so that none finds what the other has left.
 */
export class Exclusive {
  private readonly all: { readonly kept: Kept; readonly homes: Region[] }[] = [];

  constructor(private readonly scopes: Scopes) {}

  /** Of what would be made under a name, with a type and before a place. Only of numbers: elsewhere it may be asked whether there is anything. */
  find(name: string, type: Type, nest: Nest, home: Region, place: Owner): Kept | undefined {
    if (type.kind !== "typed") return undefined;
    const isAlike = ({ nest: { extents }, saved, place: other }: Kept): boolean =>
      other.statement === place.statement && saved.name === name && sameType(saved.type, type) && extents.length === nest.extents.length &&
      extents.every(({ of, plus, counter }, i) => {
        const own = nest.extents[i];
        return own !== undefined && counter === undefined && own.counter === undefined && plus === own.plus && this.areSame(of, own.of);
      });
    return this.all.find(({ kept, homes }) => isAlike(kept) && homes.every((other) => this.areApart(home, other)))?.kept;
  }

  add(kept: Kept, home: Region): void {
    const known = this.all.find((one) => one.kept.saved === kept.saved);
    if (known) known.homes.push(home);
    else this.all.push({ kept, homes: [home] });
  }

  /** Whether sizes that can be made at one place are the same there. */
  private areSame(a: Atom, b: Atom): boolean {
    if (sameAtom(a, b)) return true;
    const [s, t] = [a, b].map((v) => (v.kind === "var" ? this.scopes.definition.get(v) : undefined));
    if (s?.kind === "load" && t?.kind === "load") return sameAtom(s.of, t.of) && sameKey(s.key, t.key);
    return s?.kind === "let" && t?.kind === "let" && s.op === t.op && s.args.length === t.args.length && s.args.every((x, i) => this.areSame(x, t.args[i] as Atom));
  }

  /** Whether regions lie on different sides of a branch. */
  private areApart(a: Region, b: Region): boolean {
    const sides = new Map<Statement, Region>();
    for (const region of this.scopes.around(a)) {
      const owner = this.scopes.owner.get(region);
      if (owner) sides.set(owner.statement, region);
    }
    for (const region of this.scopes.around(b)) {
      const owner = this.scopes.owner.get(region);
      const other = owner && sides.get(owner.statement);
      if (other !== undefined) return other !== region;
    }
    return false;
  }
}
