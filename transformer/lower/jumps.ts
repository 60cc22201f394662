import type ts from "typescript";
import { literal } from "../ir/build.js";
import type { Atom } from "../ir/model.js";
import type { Type } from "../ir/types.js";

/** Where a jump leads: the end of a loop, of a turn, of a labelled statement, a switch or a function. */
export interface Target {
  readonly name: string;
  /** Of a function that returns a value: its type. The value is carried under the target itself. */
  readonly returns?: Type;
  /** Of a value that a loop made by the compiler carries: its type. The value is kept under the target itself. */
  readonly holds?: Type;
}

/**
 * How control leaves a list of statements. With `completes` it may go on behind the list; with `escapes` it may go
 * to these targets. `status` says which at run time: the code of a target, or 0 for going on. Where `other` is set,
 * everything that is not the code of an escape means going on.
 */
export interface Flow {
  readonly status: Atom;
  readonly completes: boolean;
  readonly escapes: readonly Target[];
  readonly other?: boolean;
}

export const normal: Flow = { status: literal(0), completes: true, escapes: [] };
/** Control gets nowhere: a throw. */
export const dead: Flow = { status: literal(0), completes: false, escapes: [] };

/** Targets to which control goes anyway where a list ends: a jump to them needs no code. */
export type Tail = ReadonlySet<Target>;
export const noTail: Tail = new Set();

export function isPlain(flow: Flow): boolean {
  return flow.completes && flow.escapes.length === 0;
}

/** The flow behind a statement that is the target of jumps within it. */
export function reached(flow: Flow, target: Target): Flow {
  if (!flow.escapes.includes(target)) return flow;
  const escapes = flow.escapes.filter((t) => t !== target);
  return escapes.length === 0 ? normal : { ...flow, escapes, completes: true, other: true };
}

/** The statement that a `break` or `continue` refers to. */
export function destination(
  compiler: typeof ts,
  jump: ts.BreakOrContinueStatement,
): ts.IterationStatement | ts.SwitchStatement | ts.LabeledStatement | undefined {
  const wanted = jump.label?.text;
  for (let at: ts.Node = jump.parent; !compiler.isFunctionLike(at) && !compiler.isSourceFile(at); at = at.parent) {
    if (compiler.isLabeledStatement(at)) {
      if (at.label.text === wanted) return loopOf(compiler, at) ?? at;
    } else if (wanted === undefined) {
      if (compiler.isIterationStatement(at, false)) return at;
      if (compiler.isSwitchStatement(at) && compiler.isBreakStatement(jump)) return at;
    }
  }
  return undefined;
}

/** A label in front of a loop names the loop. */
function loopOf(compiler: typeof ts, statement: ts.LabeledStatement): ts.IterationStatement | undefined {
  let inner: ts.Statement = statement.statement;
  while (compiler.isLabeledStatement(inner)) inner = inner.statement;
  return compiler.isIterationStatement(inner, false) ? inner : undefined;
}

/** The jumps of a statement that lead out of it or to it. Nested functions have their own. */
export function jumpsWithin(compiler: typeof ts, node: ts.Node): readonly (ts.BreakOrContinueStatement | ts.ReturnStatement)[] {
  const found: (ts.BreakOrContinueStatement | ts.ReturnStatement)[] = [];
  const visit = (n: ts.Node): void => {
    if (compiler.isReturnStatement(n) || compiler.isBreakOrContinueStatement(n)) found.push(n);
    else if (!compiler.isFunctionLike(n)) compiler.forEachChild(n, visit);
  };
  visit(node);
  return found;
}

/** Whether a statement holds a jump that leads out of it. */
export function jumpsOut(compiler: typeof ts, statement: ts.Node): boolean {
  return jumpsWithin(compiler, statement).some((jump) => {
    if (compiler.isReturnStatement(jump)) return true;
    const to = destination(compiler, jump);
    return to === undefined || to.pos < statement.pos || to.end > statement.end;
  });
}

/** Whether some `break` (or `continue`) refers to this statement. */
export function hasJumpTo(compiler: typeof ts, to: ts.Node, kind: ts.SyntaxKind): boolean {
  return jumpsWithin(compiler, to).some(
    (jump) => jump.kind === kind && !compiler.isReturnStatement(jump) && destination(compiler, jump) === to,
  );
}
