import type ts from "typescript";
import { parametersThrough } from "../requests/parameters.js";
import type { FunctionNode, Kind, Order, Target } from "../requests/request.js";

/**
 * The name that a derivative wishes for: `lossGrad`, `lossValueAndGrad`, `lossGradInto`; by some parameters only
 * `lossGradOfWB`; of second order `lossGradGrad`.
 */
export function wishedName(compiler: typeof ts, target: Target): string {
  const base = target.home.kind === "beside" ? target.home.name : "lambda";
  let name = base;
  const parameters = parametersThrough(target.orders, parameterNames(compiler, target.declaration));
  target.orders.forEach((order, i) => {
    if (i >= target.named) name += orderSuffix(order, parameters[i] ?? []);
  });
  return name;
}

const suffixes: Readonly<Record<Kind, string>> = {
  grad: "Grad",
  valueAndGrad: "ValueAndGrad",
  gradInto: "GradInto",
  vjp: "Vjp",
  jvp: "Jvp",
  hvp: "Hvp",
  hvpInto: "HvpInto",
  hessian: "Hessian",
  hessianInto: "HessianInto",
  jacobian: "Jacobian",
  jacobianInto: "JacobianInto",
};

function orderSuffix({ kind, wrt, sparse }: Order, parameters: readonly string[]): string {
  const suffix = sparse === true ? `Sparse${suffixes[kind]}` : suffixes[kind];
  if (wrt === undefined) return suffix;
  return `${suffix}Of${wrt.parameters.map((i) => capitalised(parameters[i] ?? "")).join("")}`;
}

function parameterNames(compiler: typeof ts, declaration: FunctionNode): string[] {
  return declaration.parameters.map((parameter, i) =>
    compiler.isIdentifier(parameter.name) ? parameter.name.text : `Parameter${String(i)}`,
  );
}

function capitalised(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** The wish itself, or with the first number from 2 on that makes it free. */
export function freeName(wish: string, taken: (name: string) => boolean): string {
  if (!taken(wish)) return wish;
  for (let i = 2; ; i++) if (!taken(`${wish}${String(i)}`)) return `${wish}${String(i)}`;
}

/** The checker with a part that is not in TypeScript's public types. */
interface InnerChecker extends ts.TypeChecker {
  resolveName(name: string, place: ts.Node, meaning: ts.SymbolFlags, excludeGlobals: boolean): ts.Symbol | undefined;
}

/** What a name, of a value or of a type, means at a place. The public way lists all that is visible, thousands of globals. */
export function symbolVisibleAt(compiler: typeof ts, checker: ts.TypeChecker, place: ts.Node, name: string): ts.Symbol | undefined {
  const { Value, Type, Namespace, Alias } = compiler.SymbolFlags;
  return (checker as InnerChecker).resolveName(name, place, Value | Type | Namespace | Alias, false);
}

/** What a name means at a place where a value is wanted. */
export function valueVisibleAt(compiler: typeof ts, checker: ts.TypeChecker, place: ts.Node, name: string): ts.Symbol | undefined {
  const { Value, Alias } = compiler.SymbolFlags;
  return (checker as InnerChecker).resolveName(name, place, Value | Alias, false);
}

/** Adds every identifier in the text of a node, whatever it stands for. */
export function identifiersIn(compiler: typeof ts, node: ts.Node, into: Set<string>): void {
  const visit = (inner: ts.Node): void => {
    if (compiler.isIdentifier(inner)) into.add(inner.text);
    compiler.forEachChild(inner, visit);
  };
  visit(node);
}

/** Whether a text contains a name as a whole word, be it in a comment: cheaper than scopes, and never wrong. */
export function mentions(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const around = text.charAt(at - 1) + text.charAt(at + name.length);
    if (!/[\p{ID_Continue}$]/u.test(around)) return true;
  }
  return false;
}
