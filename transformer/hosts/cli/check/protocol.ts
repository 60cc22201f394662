import type { Kind } from "../../../requests/request.js";
import type { Recipe } from "./recipe.js";

/** One derivative that the file asks for, as the child is told of it. */
export interface Asked {
  /** Under which it stands among what the module registers. */
  readonly index: number;
  readonly kind: Kind;
  /** As it was given: one position, or a list of them. */
  readonly wrt?: number | readonly number[];
  /** Of a Jacobian: whether it is in compressed sparse rows. */
  readonly sparse?: boolean;
  readonly params: readonly Recipe[];
  /** The ways of making up arguments that a process before has not come back from. */
  readonly endless?: readonly number[];
}

/** What the child is to do: load a module, and check the derivatives that it registers. */
export interface Task {
  readonly entry: string;
  readonly asked: readonly Asked[];
}

/** What became of one derivative. */
export type Outcome =
  | { readonly verdict: "ok"; readonly points: number; readonly notes: readonly string[] }
  /** `table` is the report at the point `at` where it is wrong. */
  | { readonly verdict: "wrong"; readonly at: string; readonly table: string }
  | { readonly verdict: "not checked"; readonly why: string };

/** What the child says. */
export type Answer =
  | { readonly kind: "loaded" }
  /** The module cannot be loaded. */
  | { readonly kind: "failed"; readonly message: string }
  /** The function is called for the first time at arguments made up in one of the ways; then it is checked there. */
  | { readonly kind: "trying"; readonly index: number; readonly attempt: number }
  | { readonly kind: "checking" }
  | { readonly kind: "outcome"; readonly index: number; readonly outcome: Outcome };

/** The symbol, as `Symbol.for` knows it, under which the module leaves its functions with the global object. */
export const registry = "tsgrad.check";

/** What the module registers for each derivative. */
export interface Registered {
  readonly f: unknown;
  readonly derivative: unknown;
  /** Of a second derivative: the gradient of `f`. */
  readonly gradient?: unknown;
}
