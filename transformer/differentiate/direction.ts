import { isLiteral, variable } from "../ir/build.js";
import type { Atom, Key, Origin, Var } from "../ir/model.js";
import { real } from "../ir/types.js";
import type { Activity } from "./activity.js";
import type { Naming } from "./frame.js";
import { Shadows } from "./shadows.js";

/** The tangent of a value. `absent`: possibly that of a constant, at run time, and then 0 (R2). */
export interface Tangent {
  readonly atom: Atom;
  readonly absent: boolean;
}

/**
 * One direction in which a function is differentiated: the tangents of its values, and for its memory the shadows in
 * which tangents stand. A value without an entry does not change in this direction: absence, which makes no code.
 */
export class Direction extends Shadows {
  private readonly tangents = new Map<Var, Tangent>();
  /** Carried values whose tangent turned out to be possibly absent when a turn begins. */
  readonly absent = new Set<Var>();

  constructor(
    activity: Activity,
    naming: Naming,
    /** Whether a place in memory holds nothing but what is given along with its tangent. */
    readonly isGiven: (of: Atom, key: Key) => boolean,
  ) {
    super(activity, naming);
  }

  tangentOf(a: Atom | undefined): Tangent | undefined {
    const found = a?.kind === "var" && a.type.kind === "real" ? this.tangents.get(a) : undefined;
    return found === undefined || isLiteral(found.atom, 0) ? undefined : found;
  }
  set(v: Var, tangent: Tangent): void {
    this.tangents.set(v, tangent);
    const { atom } = tangent;
    const { wishes } = this.naming;
    if (atom.kind === "var" && atom.name === "" && v.name !== "" && !wishes.has(atom)) wishes.set(atom, this.naming.adjoint(v));
  }
  /** A name for the tangent of `v`. */
  variable(v: Var): Var {
    return variable(this.naming.adjoint(v), real, besideOf(v.origin));
  }
}

/** Where a tangent comes from. It stands beside the source's own code, and needs no word about that. */
export function besideOf(origin: Origin | undefined): Origin | undefined {
  return origin && { file: origin.file, pos: origin.pos, end: origin.end, reverse: true };
}
