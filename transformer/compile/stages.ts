import type ts from "typescript";
import type { Diagnostic, Emitted } from "../compilation.js";
import type { Fn, FnRef, Var } from "../ir/model.js";
import type { Declared } from "../ir/types.js";
import type { LowerContext } from "../lower/context.js";
import type { Lifted } from "../lower/lifted.js";
import type { Checkpoint, Kind, Mode, Order } from "../requests/request.js";

/** Which derivative of a function is made. */
export interface GradientOptions {
  readonly kind: Kind;
  /** The positions of the parameters asked for. */
  readonly wrt: readonly number[];
  /** Whether one gradient is given as it is, or all of them as a tuple: `[0]` asks for a tuple of one. */
  readonly single: boolean;
  /** A name for the result; the emitter may give it another. */
  readonly name: string;
  /** The function by its name: a derivative may call it for its value. */
  readonly self: FnRef;
  /** Of a Jacobian: the way in which it is to be made. */
  readonly mode?: Mode;
  /** Of a Jacobian: whether only what can be other than 0 is made. */
  readonly sparse?: boolean;
}

/** How an emitted function is written. */
export interface EmitOptions {
  readonly name: string;
  /** A declaration, or an arrow function for a lambda in place. */
  readonly form: "declaration" | "arrow";
  /** Names that must not be given to anything new. */
  readonly reserved: ReadonlySet<string>;
  /** Whether a name means a type here that is declared elsewhere; without it none does. */
  isType?(name: string, declared: Declared): boolean;
  /** The name by which a function is called here. */
  callee(ref: FnRef): string;
  /** The name of a function that stands beside, where one of that text is wanted; without it none can. */
  readonly shared?: (wish: string, write: (name: string) => string) => string;
  /** The name by which a captured name is known here. */
  captured(v: Var): string;
}

/** The stages between a request and its text. They know nothing of requests, files or places. */
export interface Stages {
  /**
   * `asked`: the places of the parameters that are differentiated. `custom`: what gives the function a rule of its own. `lifted`:
   * what it takes of the function that it is declared in.
   */
  lower(declaration: ts.FunctionLikeDeclaration, context: LowerContext, asked?: ReadonlySet<number>, custom?: ts.CallExpression, lifted?: Lifted): Fn;
  differentiate(fn: Fn, options: GradientOptions): Fn;
  /** The gradient of ⟨g, f(…)⟩, of a function that may be run again. */
  pullback?(fn: Fn, options: GradientOptions): Fn;
  /** The rule of the solution at which a residual is 0. */
  implicit?(residual: Fn): Fn;
  /** The function with its long loops in checkpointed blocks; nothing where it has none. */
  withCheckpoints?(fn: Fn, how: Checkpoint, wrt: readonly number[]): Fn | undefined;
  /** `isLast`: it is not differentiated again. */
  optimise(fn: Fn, isCalled?: boolean, isLast?: boolean): Fn;
  emit(fn: Fn, options: EmitOptions): Emitted;
  /** Warnings of derivatives that are always 0. */
  zeros?(fn: Fn, order: Order, program: ts.Program): readonly Diagnostic[];
}

/** Sees the result of every stage: `lower`, `grad`, `optimise` and so on, and the text at last. */
export type Trace = (derivative: string, stage: string, result: Fn | Emitted) => void;

/** Collects diagnostics, each once. */
export interface Log {
  readonly diagnostics: readonly Diagnostic[];
  report(diagnostic: Diagnostic): void;
}

/** A log of the diagnostics that are accepted. */
export function createLog(accepts: (diagnostic: Diagnostic) => boolean = () => true): Log {
  const diagnostics: Diagnostic[] = [];
  const isSame = (a: Diagnostic, b: Diagnostic): boolean =>
    a.code === b.code && a.file === b.file && a.pos === b.pos && a.message === b.message;
  return {
    diagnostics,
    report(diagnostic) {
      if (accepts(diagnostic) && !diagnostics.some((other) => isSame(other, diagnostic))) diagnostics.push(diagnostic);
    },
  };
}
