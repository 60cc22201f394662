import type {
  Allocate,
  Atom,
  Counter,
  Field,
  FnRef,
  Literal,
  Origin,
  Var,
} from "../ir/model.js";
import type { Type } from "../ir/types.js";
import type { Reading, Writing } from "./memory.js";

/**
 * The tree between the IR and the text: the IR's statements, with expressions where the IR has atoms.
 * What was folded into the place of its use is no longer a statement. Names are still bound once.
 */
export type Expr = Atom | Operation | Read | Choice | Fresh | Duplicate | Invocation | Source | Popped;

/** `op(args)`, an operator or a function of the library. */
export interface Operation {
  readonly kind: "operation";
  readonly op: string;
  readonly args: readonly Expr[];
  readonly type: Type;
  readonly origin?: Origin | undefined;
}
/** `of[key]` or `of.field`. */
export interface Read {
  readonly kind: "read";
  readonly reads: Reading;
  readonly of: Expr;
  readonly key: Expr | Field;
  readonly type: Type;
  readonly origin?: Origin | undefined;
}
/** `test ? then : else`, of which only one side is evaluated. */
export interface Choice {
  readonly kind: "choice";
  readonly test: Expr;
  readonly then: Expr;
  readonly else: Expr;
  readonly type: Type;
  readonly origin?: Origin | undefined;
}
/** New memory. */
export interface Fresh {
  readonly kind: "fresh";
  readonly initial: Allocate["initial"]["kind"];
  /** The length of a fill, the elements, or the source whose shape is taken. */
  readonly args: readonly Expr[];
  /** What a fill is filled with. */
  readonly value?: Expr;
  readonly type: Type;
  readonly origin?: Origin | undefined;
}
export interface Duplicate {
  readonly kind: "duplicate";
  readonly reads: Reading;
  readonly of: Expr;
  readonly from?: Expr | undefined;
  readonly to?: Expr | undefined;
  readonly depth: number;
  readonly type: Type;
  readonly origin?: Origin | undefined;
}
export interface Invocation {
  readonly kind: "invocation";
  readonly callee: FnRef;
  readonly args: readonly Expr[];
  /** What is given when the call is made. */
  readonly later?: readonly Var[] | undefined;
  readonly type: Type;
  readonly origin?: Origin | undefined;
}
/** Source text between expressions. `pure` text may be evaluated where its value is used. */
export interface Source {
  readonly kind: "source";
  readonly pure: boolean;
  readonly text: readonly string[];
  readonly args: readonly Expr[];
  readonly type: Type;
  readonly origin?: Origin | undefined;
}
export interface Popped {
  readonly kind: "popped";
  readonly writes: Writing;
  readonly of: Expr;
  readonly type: Type;
  readonly origin?: Origin | undefined;
}

export type TreeStatement = Bind | BindAll | Run | Write | Append | Sized | Act | TreeIf | TreeLoop;

interface Sourced {
  readonly origin?: Origin | undefined;
}
export interface Bind extends Sourced {
  readonly kind: "bind";
  readonly result: Var;
  readonly value: Expr;
}
/** `[a, b] = h(x)`. A result that is not used has no name. */
export interface BindAll extends Sourced {
  readonly kind: "bindAll";
  readonly results: readonly (Var | undefined)[];
  readonly value: Invocation;
}
/** An expression whose value is not used. */
export interface Run extends Sourced {
  readonly kind: "run";
  readonly value: Expr;
}
export interface Write extends Sourced {
  readonly kind: "store" | "accumulate";
  readonly of: Expr;
  readonly key: Expr | Field;
  readonly value: Expr;
}
export interface Append extends Sourced {
  readonly kind: "push";
  readonly of: Expr;
  readonly value: Expr;
}
export interface Sized extends Sourced {
  readonly kind: "resize";
  readonly holes: boolean;
  readonly of: Expr;
  readonly length: Expr;
  readonly atLeast: boolean;
  readonly atMost: boolean;
}
export interface Act extends Sourced {
  readonly kind: "effect";
  readonly text: readonly string[];
  readonly args: readonly Expr[];
  readonly throws: boolean;
}
export interface TreeIf extends Sourced {
  readonly kind: "if";
  readonly test: Expr;
  readonly then: TreeBlock;
  readonly else: TreeBlock;
  readonly results: readonly Var[];
  /** Its results are what the function returns, and nothing else follows: both sides return. */
  readonly returns: boolean;
}
export interface TreeLoop extends Sourced {
  readonly kind: "loop";
  readonly counter?: TreeCounter | undefined;
  readonly carried: readonly TreeCarried[];
  readonly body: TreeBlock;
  readonly exit?: Var | undefined;
  readonly label?: string | undefined;
}
export interface TreeCounter extends Omit<Counter, "start" | "bound"> {
  readonly start: Expr;
  readonly bound: Expr;
}
export interface TreeCarried {
  readonly param: Var;
  readonly init: Expr;
  readonly result: Var;
}
export interface TreeBlock {
  readonly statements: readonly TreeStatement[];
  readonly yields: readonly Expr[];
  /** It ends in a throw: the yields are never reached. */
  readonly throws: boolean;
}

/** The parts of an expression that are expressions, in the order in which they are evaluated. */
export function partsOf(e: Expr): readonly Expr[] {
  switch (e.kind) {
    case "var":
    case "literal":
      return [];
    case "read":
      return isField(e.key) ? [e.of] : [e.of, e.key];
    case "choice":
      return [e.test, e.then, e.else];
    case "duplicate":
      return [e.of, ...(e.from === undefined ? [] : [e.from]), ...(e.to === undefined ? [] : [e.to])];
    case "popped":
      return [e.of];
    case "fresh":
      return e.value === undefined ? e.args : [...e.args, e.value];
    default:
      return e.args;
  }
}

/** The same expression with other parts, given in the order of `partsOf`. */
export function withParts(e: Expr, parts: readonly Expr[]): Expr {
  const at = (i: number): Expr => {
    const part = parts[i];
    if (part === undefined) throw new Error(`an expression ${e.kind} lacks its part ${i}`);
    return part;
  };
  switch (e.kind) {
    case "var":
    case "literal":
      return e;
    case "read":
      return { ...e, of: at(0), key: isField(e.key) ? e.key : at(1) };
    case "choice":
      return { ...e, test: at(0), then: at(1), else: at(2) };
    case "duplicate":
      return {
        ...e,
        of: at(0),
        from: e.from === undefined ? undefined : at(1),
        to: e.to === undefined ? undefined : at(e.from === undefined ? 1 : 2),
      };
    case "popped":
      return { ...e, of: at(0) };
    case "fresh":
      return e.value === undefined
        ? { ...e, args: parts }
        : { ...e, args: parts.slice(0, -1), value: at(parts.length - 1) };
    default:
      return { ...e, args: parts };
  }
}

/** Calls `visit` for every name in an expression. */
export function eachVar(e: Expr, visit: (v: Var) => void): void {
  if (e.kind === "var") visit(e);
  else for (const part of partsOf(e)) eachVar(part, visit);
}

/** Replaces names by expressions, where `replace` gives one. */
export function substitute(e: Expr, replace: (v: Var) => Expr | undefined): Expr {
  if (e.kind === "var") return replace(e) ?? e;
  if (e.kind === "literal") return e;
  const parts = partsOf(e);
  const next = parts.map((p) => substitute(p, replace));
  return next.every((p, i) => p === parts[i]) ? e : withParts(e, next);
}

/** Whether evaluating the expression does something beside giving its value. */
export function isImpure(e: Expr): boolean {
  if (e.kind === "invocation" || e.kind === "popped" || (e.kind === "source" && !e.pure)) return true;
  return partsOf(e).some(isImpure);
}

export function isField(key: Expr | Field): key is Field {
  return key.kind === "field";
}

export function literal(value: Literal["value"], type: Type): Literal {
  return { kind: "literal", value, type };
}

/** The expressions that a statement itself evaluates, without those of its blocks. */
export function ownExprs(s: TreeStatement): readonly Expr[] {
  switch (s.kind) {
    case "bind":
    case "bindAll":
    case "run":
      return [s.value];
    case "store":
    case "accumulate":
      return isField(s.key) ? [s.of, s.value] : [s.of, s.key, s.value];
    case "push":
      return [s.of, s.value];
    case "resize":
      return [s.of, s.length];
    case "effect":
      return s.args;
    case "if":
      return [s.test];
    case "loop":
      return [
        ...s.carried.map((c) => c.init),
        ...(s.counter === undefined ? [] : [s.counter.start, s.counter.bound]),
      ];
  }
}

/** The same statement with other expressions of its own. */
export function mapped<S extends Run | Write | Append | Sized | Act>(s: S, f: (e: Expr) => Expr): S;
export function mapped(s: Run | Write | Append | Sized | Act, f: (e: Expr) => Expr): TreeStatement {
  switch (s.kind) {
    case "run":
      return { ...s, value: f(s.value) };
    case "store":
    case "accumulate":
      return { ...s, of: f(s.of), key: isField(s.key) ? s.key : f(s.key), value: f(s.value) };
    case "push":
      return { ...s, of: f(s.of), value: f(s.value) };
    case "resize":
      return { ...s, of: f(s.of), length: f(s.length) };
    case "effect":
      return { ...s, args: s.args.map(f) };
  }
}
