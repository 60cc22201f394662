import type ts from "typescript";
import type { Diagnostic } from "../compilation.js";
import type { FnRef, Var } from "../ir/model.js";
import type { Classes } from "./facts/classes.js";
import type { Override } from "../requests/markers.js";
import type { Signature } from "./functions.js";

/** What lowering needs to know of the program around a function. One serves a whole compilation. */
export interface LowerContext {
  readonly ts: typeof ts;
  readonly checker: ts.TypeChecker;
  readonly program: ts.Program;
  report(diagnostic: Diagnostic): void;
  /** Every function asked for so far. A function that calls itself finds itself here. */
  readonly functions: Map<ts.FunctionLikeDeclaration, LoweredRef>;
  /** Those of them that were read with other types than their own: generics, and arrays of several kinds. */
  readonly instances: Map<ts.FunctionLikeDeclaration, readonly { readonly signature: Signature; readonly ref: LoweredRef }[]>;
  /** The variable that stands for a name of the surroundings in all functions that use it. */
  readonly captured: Map<ts.Symbol, Var>;
  readonly classes: Classes;
  /** Where captured names were found in the source. */
  readonly uses: Map<Var, ts.Identifier>;
  /**
   * The derivative that a call like `grad(g)(…)` within a differentiated function calls. `varied` are the places of the
   * arguments that are differentiated; without it all may be.
   */
  readonly derivative?: (call: ts.CallExpression, varied?: ReadonlySet<number>) => FnRef | undefined;
  /** The function of the package that an expression names, of those that say how a derivative goes through their call. */
  overrideOf?(expression: ts.Expression): Override | undefined;
}

/** A function by name. `fn` lowers it at the first call and gives the same afterwards. */
export interface LoweredRef extends FnRef {
  readonly declaration: ts.FunctionLikeDeclaration;
  /** Whether it has other parameters than its declaration. */
  readonly special: boolean;
  /** Whether it is being lowered just now: a call to it is part of a recursion. */
  readonly running: boolean;
  /** What was found against it and against the functions that it calls. */
  readonly diagnostics: readonly Diagnostic[];
}
