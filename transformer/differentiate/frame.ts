import { isLiteral, region, variable, zero } from "../ir/build.js";
import type { Atom, Block, Let, Origin, Region, Var } from "../ir/model.js";
import { real } from "../ir/types.js";
import { AdjointBuilder } from "./algebra.js";

/** What has arrived so far for a value. `absent`: possibly nothing at all, at run time (R2). */
export interface Adjoint {
  readonly atom: Atom;
  readonly absent: boolean;
  /** It is absent where some path makes nothing of the value, and not because nobody may have read the memory that it went to. */
  readonly unused: boolean;
  /** It is 0 where something else was chosen, by a path or by the rule of `Math.max` and its like; as it is `unused`, where this is not said. */
  readonly chosen?: boolean;
}

export function isChosen({ chosen, unused }: Adjoint): boolean {
  return chosen ?? unused;
}

/** What all frames of one mirror share. */
export interface Naming {
  adjoint(v: Var): string;
  /** What adjoints begin with. */
  readonly prefix: string;
  /** Wishes for names of values that the mirror has made. */
  readonly wishes: Map<Var, string>;
}

/**
 * One block of the mirror, with the adjoints that have arrived in it. A value without an entry has received nothing:
 * absence, which is not the number 0 and makes no code.
 */
export class Frame {
  readonly builder: AdjointBuilder;
  readonly adjoints = new Map<Var, Adjoint>();
  /** In a loop: the carried parameters that collect what its turns add to values from outside. */
  readonly accumulators = new Map<Var, Var>();
  private readonly made: Map<Var, Let>;

  constructor(
    private readonly naming: Naming,
    private readonly parent?: Frame,
    /** Given for a loop: whether a value lives in its turns. What comes from outside is accumulated. */
    private readonly isLocal?: (v: Var) => boolean,
  ) {
    this.made = parent?.made ?? new Map<Var, Let>();
    this.builder = new AdjointBuilder(this.made);
    if (parent?.builder.origin) this.builder.origin = parent.builder.origin;
  }

  /** The mirror of a branch, or of a loop's turn. */
  within(isLocal?: (v: Var) => boolean): Frame {
    return new Frame(this.naming, this, isLocal);
  }
  /** For a block that stands elsewhere: what it adds is counted from nothing. */
  fresh(): Frame {
    const frame = new Frame(this.naming);
    if (this.builder.origin) frame.builder.origin = this.builder.origin;
    return frame;
  }
  from(origin: Origin | undefined): void {
    if (origin) this.builder.origin = { ...origin, reverse: true };
  }

  /** Adds to the adjoint of `v`. */
  add(v: Var, atom: Atom, absent: boolean, unused = absent, chosen = unused): void {
    const before = this.lookup(v);
    const sum = before === undefined ? atom : this.builder.sum(before.atom, atom);
    this.set(v, { atom: sum, absent: absent && (before?.absent ?? true), unused: unused && (before?.unused ?? true), chosen: chosen && (before === undefined || isChosen(before)) });
  }
  /** The adjoint of `v`, complete because all its uses are behind; from now on it has none. */
  take(v: Var): Adjoint | undefined {
    const adjoint = this.adjoints.get(v);
    this.adjoints.delete(v);
    return adjoint;
  }
  set(v: Var, adjoint: Adjoint): void {
    this.adjoints.set(v, adjoint);
    const { atom } = adjoint;
    const { wishes } = this.naming;
    if (atom.kind === "var" && atom.name === "" && v.name !== "" && !wishes.has(atom)) wishes.set(atom, this.naming.adjoint(v));
  }
  /** What has arrived for `v`, here or before this block was entered. */
  lookup(v: Var): Adjoint | undefined {
    const here = this.adjoints.get(v);
    if (here !== undefined) return here;
    if (this.isLocal === undefined) return this.parent?.lookup(v);
    if (this.isLocal(v)) return undefined;
    let param = this.accumulators.get(v);
    if (param === undefined) this.accumulators.set(v, (param = this.adjointOf(v)));
    return { atom: param, absent: true, unused: true };
  }
  adjointOf(v: Var): Var {
    return variable(this.naming.adjoint(v), real, this.builder.origin);
  }

  block(mirrors: Region | undefined, yields: readonly Atom[]): Block {
    return this.builder.block(region(`${mirrors?.name ?? "side"}'`, mirrors), yields);
  }

  /**
   * `if (test) { then } else { otherwise }`, with as results what either side has added to. Sides that do nothing
   * make no statement. `unused`: whether something that `otherwise` adds nothing to is unused there.
   */
  branch(test: Atom, [then, otherwise]: readonly [Frame, Frame], mirrors: readonly [Region?, Region?] = [], unused = true): void {
    const results: Var[] = [];
    const yields: [Atom[], Atom[]] = [[], []];
    const after = new Map<Var, Adjoint>();
    for (const v of new Set([...then.adjoints.keys(), ...otherwise.adjoints.keys()])) {
      const before = this.lookup(v);
      const result = this.adjointOf(v);
      const sides = [then, otherwise].map((side) => side.adjoints.get(v) ?? before);
      sides.forEach((side, i) => yields[i as 0 | 1].push(side?.atom ?? zero));
      results.push(result);
      after.set(v, { atom: result, absent: sides.some((side) => side?.absent ?? true), unused: (sides[0]?.unused ?? true) || ((sides[1]?.unused ?? true) && unused) });
    }
    if (results.length === 0 && then.builder.statements.length === 0 && otherwise.builder.statements.length === 0) return;
    this.builder.if(test, then.block(mirrors[0], yields[0]), otherwise.block(mirrors[1], yields[1]), results);
    for (const [v, adjoint] of after) this.adjoints.set(v, adjoint);
  }

  /** Runs `write` under `if (test)`. */
  guarded(test: Atom, write: (frame: Frame) => void, unused = true): void {
    const side = this.within();
    write(side);
    this.branch(test, [side, this.within()], [], unused);
  }

  /** Runs `write` where an adjoint that may be absent is there: 0 must not meet an infinite partial. */
  present(adjoint: Adjoint, singular: boolean, write: (frame: Frame) => void): void {
    if (!singular || !adjoint.absent || isLiteral(adjoint.atom)) return write(this);
    this.guarded(this.builder.present(adjoint.atom), write, adjoint.unused);
  }
}
