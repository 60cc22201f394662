import type ts from "typescript";
import type { Diagnostic } from "../compilation.js";
import type { Fn, FnRef, Var } from "../ir/model.js";
import type { CustomRef } from "./custom.js";
import type { Packages } from "../through.js";
import type { Classes } from "./facts/classes.js";
import type { Override } from "../requests/markers.js";
import type { Signature } from "./functions.js";
import type { Lifted } from "./lifted.js";

/** What lowering needs to know of the program around a function. One serves a whole compilation. */
export interface LowerContext {
  readonly ts: typeof ts;
  readonly checker: ts.TypeChecker;
  readonly program: ts.Program;
  readonly packages: Packages;
  report(diagnostic: Diagnostic): void;
  /** Every function asked for so far. A function that calls itself finds itself here. */
  readonly functions: Map<ts.FunctionLikeDeclaration, LoweredRef>;
  /** Those of them that were read with other types than their own: generics, and arrays of several kinds. */
  readonly instances: Map<ts.FunctionLikeDeclaration, readonly { readonly signature: Signature; readonly ref: LoweredRef }[]>;
  /** The functions with rules of their own, by the calls that give them these. */
  readonly customs: Map<ts.CallExpression, CustomRef>;
  /** The variable that stands for a name of the surroundings in all functions that use it. */
  readonly captured: Map<ts.Symbol, Var>;
  readonly classes: Classes;
  /** Whether the program assigns to members of a name, as far as it was asked. */
  readonly assigned: Map<string, boolean>;
  /** Where captured names were found in the source. */
  readonly uses: Map<Var, ts.Identifier>;
  /**
   * The derivative that a call like `grad(g)(…)` within a differentiated function calls. `varied` are the places of the
   * arguments that are differentiated; without it all may be. `lifting` says what g takes of the function that it is declared in.
   */
  readonly derivative?: (call: ts.CallExpression, varied?: ReadonlySet<number>, lifting?: Lifting) => FnRef | undefined;
  /** What `vjp(g)(…)` within a differentiated function calls: nothing where a call is none of that. */
  readonly pulledBack?: (call: ts.CallExpression, lifting?: Lifting) => PulledBack | undefined;
  /** What the captured names of such functions stand for. */
  readonly lifted: Map<Var, ts.Symbol>;
  /** The rule of the solution at which a residual is 0. */
  readonly implicitRule?: (residual: Fn) => Fn;
  /** The function of the package that an expression names, of those that say how a derivative goes through their call. */
  overrideOf?(expression: ts.Expression): Override | undefined;
}

export type Lifting = (declaration: ts.FunctionLikeDeclaration) => Lifted | undefined;

/** A function and its pullback, which takes the cotangent and then what the function takes. */
export interface PulledBack {
  readonly value: FnRef;
  readonly pullback: FnRef;
}

/** A function by name. `fn` lowers it at the first call and gives the same afterwards. */
export interface LoweredRef extends FnRef {
  /** The function, or the `const` that one with a rule of its own is bound to. */
  readonly declaration: ts.FunctionLikeDeclaration | ts.VariableDeclaration;
  /** Whether it has other parameters than its declaration. */
  readonly special: boolean;
  /** Whether it is being lowered just now: a call to it is part of a recursion. */
  readonly running: boolean;
  /** What was found against it and against the functions that it calls. */
  readonly diagnostics: readonly Diagnostic[];
}
