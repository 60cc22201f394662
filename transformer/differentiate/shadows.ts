import { literal, variable } from "../ir/build.js";
import type { Atom, Statement, Var } from "../ir/model.js";
import { carriesReal, isReference } from "../ir/types.js";
import type { Activity } from "./activity.js";
import type { Naming } from "./frame.js";
import { shadowType } from "./shadow-type.js";

/** What of a function is differentiated, and the shadows of its memory. */
export class Shadows {
  readonly shadows = new Map<Var, Atom>();
  /** What a shadow is of. */
  protected readonly primals = new Map<Var, Var>();
  /** Shadows, all zero, of memory that comes from outside: made when the function begins. */
  readonly entry: Statement[] = [];

  constructor(
    /** What is asked for. */
    readonly activity: Activity,
    readonly naming: Naming,
  ) {}

  isActive(a: Atom): boolean {
    return this.activity.isActive(a);
  }
  isActiveReference(a: Atom): boolean {
    return isReference(a.type) && this.activity.isActive(a);
  }

  /** The shadow of a reference whose memory is differentiated. */
  shadowOf(a: Atom): Atom {
    if (a.kind === "literal") return a;
    const known = this.shadows.get(a);
    if (known !== undefined) return known;
    // An object of a class without numbers, among others: nothing is looked for in its shadow.
    if (!carriesReal(a.type)) return literal(undefined);
    // Constant memory that may be the same as differentiated memory: a shadow of its own shape that nobody asks for.
    const shadow = this.newShadow(a);
    this.entry.push({ kind: "allocate", result: shadow, initial: { kind: "zerosLike", source: a } });
    this.shadows.set(a, shadow);
    return shadow;
  }
  newShadow(v: Var): Var {
    const { adjoint, prefix } = this.naming;
    return {
      ...variable(adjoint(v), shadowType(v.type), v.origin),
      ...(v.name === "" && { shadows: { of: v, prefix } }),
      ...(v.isTuple === true && { isTuple: true }),
    };
  }
  bindShadow(v: Var): Var {
    const shadow = this.newShadow(v);
    this.shadows.set(v, shadow);
    this.primals.set(shadow, v);
    return shadow;
  }
}
