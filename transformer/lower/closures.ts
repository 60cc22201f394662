import type ts from "typescript";
import type { Atom, FnRef, Var } from "../ir/model.js";
import { opaque } from "../ir/types.js";
import type { Draft } from "./draft.js";
import type { Values } from "./lowering.js";

/** A function as a value while the code around it is lowered: which one it is, and what it sees. */
export type Closure = Written | Library | Custom | Pullback | Choice | None | Lost;

/** A function of the program. */
export interface Written {
  readonly kind: "written";
  readonly declaration: ts.FunctionLikeDeclaration;
  /** The values of all variables where it was made: those that are never assigned are still the same where it is called. */
  readonly values: Values;
  /** The calls that were under way where it was made. */
  readonly calls: readonly Activation[];
  /** What `this` is in it. */
  readonly receiver?: Atom | Draft;
  /** The name that it was found by. */
  readonly name?: ts.Identifier;
  /** `checkpoint(f)`: its calls are made again in the mirror. */
  readonly checkpoint?: boolean;
}

/** `Math.sin`. */
export interface Library {
  readonly kind: "library";
  readonly node: ts.PropertyAccessExpression | ts.Identifier;
}

/** A function with a rule of its own. */
export interface Custom {
  readonly kind: "custom";
  /** `customGrad(f, rule)`. */
  readonly call: ts.CallExpression;
  readonly node: ts.Expression;
}

/** What `vjp(f)(x)` gives beside the value. */
export interface Pullback {
  readonly kind: "pullback";
  readonly ref: FnRef;
  /** What is given to it behind the cotangent, as it was when the value was computed. */
  readonly args: readonly Atom[];
}

/** `test ? f : g`. */
export interface Choice {
  readonly kind: "choice";
  readonly test: Atom;
  readonly then: Closure;
  readonly otherwise: Closure;
}

/** What a table of functions has for a key that is not in it: calling it throws. */
export interface None {
  readonly kind: "none";
  readonly text: string;
}

/** A function, or what holds functions, of which it is not known any more which one it is. */
export interface Lost {
  readonly kind: "lost";
}

/** A call of a function that is lowered where it stands. */
export interface Activation {
  readonly callee: ts.FunctionLikeDeclaration;
  /** The functions that it was given, and those that it sees as they were where it was made. With the same it is a recursion. */
  readonly given: readonly unknown[];
}

/**
 * The functions that an object or an array holds, by their names or places, and objects and arrays that hold some. Such an
 * object has a variable of its own for the rest of it, or it is nothing but what it holds.
 */
export interface Holder {
  readonly members: ReadonlyMap<string, Atom>;
  /** Getters and setters of an object literal, by `get x` and `set x`. */
  readonly accessors: ReadonlyMap<string, Written>;
  /** Of an array: how many elements it has. */
  readonly length?: number;
}

/** Closures by the variables that stand for them. No statement binds these, so that none reaches the emitted code. */
export class Closures {
  private readonly byVariable = new Map<Atom, Closure>();
  private readonly holders = new Map<Atom, Holder>();
  private readonly unbound = new Set<Atom>();

  variable(closure: Closure): Var {
    const atom: Var = { kind: "var", name: "", type: opaque };
    this.byVariable.set(atom, closure);
    return atom;
  }

  of(atom: Atom | undefined): Closure | undefined {
    return atom && this.byVariable.get(atom);
  }

  /** A variable for an object or an array that is nothing but what it holds. */
  object(holder: Holder): Var {
    const atom: Var = { kind: "var", name: "", type: opaque };
    this.unbound.add(atom);
    this.holders.set(atom, holder);
    return atom;
  }

  /** Says what an object of the emitted code holds besides its numbers. */
  hold(atom: Atom, holder: Holder): void {
    this.holders.set(atom, holder);
  }

  holderOf(atom: Atom | undefined): Holder | undefined {
    return atom && this.holders.get(atom);
  }

  /** Whether the atom is a function, or an object or an array that is known by what it holds. */
  isKnown(atom: Atom | undefined): boolean {
    return atom !== undefined && (this.byVariable.has(atom) || this.holders.has(atom));
  }

  /** Whether no statement binds the variable. */
  isUnbound(atom: Atom): boolean {
    return this.byVariable.has(atom) || this.unbound.has(atom);
  }
}

/** The functions of the program that a closure may be. */
export function declarationsOf(closure: Closure): readonly ts.Node[] {
  if (closure.kind === "choice") return [...declarationsOf(closure.then), ...declarationsOf(closure.otherwise)];
  if (closure.kind === "pullback" || closure.kind === "none" || closure.kind === "lost") return [];
  return [closure.kind === "written" ? closure.declaration : closure.node];
}
