import type ts from "typescript";
import type { Container, Diagnostic } from "../compilation.js";

/** The markers that give the gradient of a function of one number. */
export type GradientKind = "grad" | "valueAndGrad" | "gradInto";
/** What may be asked of a function: the names of the markers. */
export type Kind = GradientKind | "jvp" | "vjp" | "hvp" | "hvpInto" | "hessian" | "hessianInto" | "jacobian" | "jacobianInto";
export const kinds: readonly Kind[] = ["grad", "valueAndGrad", "gradInto", "jvp", "vjp", "hvp", "hvpInto", "hessian", "hessianInto", "jacobian", "jacobianInto"];

export function isGradient(kind: Kind): kind is GradientKind {
  return kind === "grad" || kind === "valueAndGrad" || kind === "gradInto";
}
/** Whether the function may give anything that holds numbers, and not one number only. */
export function isOfAny(kind: Kind): boolean {
  return kind === "jvp" || kind === "vjp" || kind === "jacobian" || kind === "jacobianInto";
}
/** Whether it is a derivative of the gradient. */
export function isSecond(kind: Kind): boolean {
  return !isGradient(kind) && !isOfAny(kind);
}

/** One derivative of a function. Without `wrt` it is by all parameters. */
export interface Order {
  readonly kind: Kind;
  /** The call that asks for it. */
  readonly call: ts.CallExpression;
  readonly wrt?: Wrt;
  /** Of a Jacobian: the way in which it is to be made. */
  readonly mode?: Mode;
  /** How many states of long loops are kept. */
  readonly checkpoint?: Checkpoint;
  /** Of a Jacobian: whether only what can be other than 0 is made. */
  readonly sparse?: boolean;
}
export type Checkpoint = "sqrt" | "revolve" | number;
export type Mode = "forward" | "reverse";
export interface Wrt {
  readonly parameters: readonly number[];
  /** Written as one number: the result is one gradient, not a tuple. */
  readonly single: boolean;
}

/** A function that has a body, and so can be differentiated. */
export type FunctionNode = ts.FunctionDeclaration | ts.FunctionExpression | ts.ArrowFunction;

/** Where the derivatives of a function stand. */
export type Home =
  /** As hoisted functions at the end of `container`, where `name` stands in the source. */
  | { readonly kind: "beside"; readonly container: Container; readonly name: string; readonly declaration: ts.Node }
  /** A lambda written inside `grad(…)`: its derivative takes the place of the call. */
  | { readonly kind: "inPlace" };

/** What the argument of a marker names: a function and the derivatives already taken of it, the innermost first. */
export interface Target {
  readonly declaration: FunctionNode;
  /** The call that gives the function a rule of its own: `customGrad(f, rule)`. */
  readonly custom?: ts.CallExpression;
  readonly orders: readonly Order[];
  readonly home: Home;
  /** How many of `orders` the home's name stands for: 1 for `const df = grad((x) => …)`, whose name is `df`. */
  readonly named: number;
}

/** A call of a marker. The target's last order is the call's own. */
export interface Request {
  readonly call: ts.CallExpression;
  readonly target: Target;
  /** The files whose text was read to find the target. */
  readonly files: ReadonlySet<ts.SourceFile>;
}

/** A call of a marker that cannot be answered. */
export interface Refusal {
  readonly call: ts.CallExpression;
  readonly diagnostic: Diagnostic;
  readonly files: ReadonlySet<ts.SourceFile>;
}

export type Outcome<T> = { readonly ok: T } | { readonly refused: Diagnostic };

/** The same derivative of the same function has the same key within one home. */
export function orderKey(orders: readonly Order[]): string {
  return orders
    .map(({ kind, wrt, mode, sparse, checkpoint }) => {
      const asked = [sparse === true ? "sparse" : undefined, kind, mode, checkpoint].filter((part) => part !== undefined).join(" ");
      if (wrt === undefined) return asked;
      return `${asked}:${wrt.single ? "" : "["}${wrt.parameters.join(",")}`;
    })
    .join("|");
}
