import type ts from "typescript";
import { catalogue, excerpt } from "../diagnostics.js";
import type { Fn, Var } from "../ir/model.js";
import { rewriteBlock } from "../ir/rewrite.js";
import { reject } from "../lower/rejected.js";
import { isGradient, type Target } from "../requests/request.js";

/** The rest parameter of a function that is differentiated, if it has one. */
function restOf({ declaration }: Target): ts.ParameterDeclaration | undefined {
  return declaration.parameters.find((p) => p.dotDotDotToken !== undefined);
}

/**
 * Refuses a rest parameter but for the gradient of a function that takes nothing else: it is by each argument, and so an
 * array like the one that the function gets.
 */
export function refuseRest(compiler: typeof ts, target: Target, isCalled: boolean): void {
  const rest = restOf(target);
  const { declaration, orders } = target;
  const [order, ...more] = orders;
  const isPlain = order !== undefined && more.length === 0 && isGradient(order.kind) && order.wrt === undefined;
  if (rest === undefined || (declaration.parameters.length === 1 && isPlain && !isCalled)) return;
  reject(catalogue.spread, rest, excerpt(rest), `Differentiate a function that takes the array: ${asArray(compiler, declaration)}`);
}

// (first: number, rest: number[]) => f(first, ...rest)
function asArray(compiler: typeof ts, declaration: Target["declaration"]): string {
  const { parameters, name } = declaration;
  if (!parameters.every((p) => compiler.isIdentifier(p.name))) return "(a: number[]) => f(...a)";
  const heads = parameters.map((p) => `${p.name.getText()}${p.questionToken === undefined ? "" : "?"}${p.type === undefined ? "" : `: ${p.type.getText()}`}`);
  const args = parameters.map((p) => `${p.dotDotDotToken === undefined ? "" : "..."}${p.name.getText()}`);
  return `(${heads.join(", ")}) => ${name?.text ?? "f"}(${args.join(", ")})`;
}

/** The derivative of a function with a rest parameter has one too. */
export function withRest(fn: Fn, target: Target): Fn {
  const last = fn.params.at(-1);
  if (restOf(target) === undefined || last === undefined) return fn;
  const rest: Var = { ...last, isRest: true };
  const body = rewriteBlock(fn.body, { atom: (a) => (a === last ? rest : a) });
  return { ...fn, params: [...fn.params.slice(0, -1), rest], body };
}
