import type ts from "typescript";
import type { Fn } from "../ir/model.js";
import type { LowerContext } from "./context.js";
import { refTo } from "./functions.js";
import { Rejected } from "./rejected.js";

/**
 * TypeScript to the IR: a function and all that it calls. Everything that cannot be lowered is reported, each with its
 * place; then it throws `Rejected`.
 */
export function lowerFunction(declaration: ts.FunctionLikeDeclaration, context: LowerContext): Fn {
  const ref = refTo(context, declaration);
  const fn = ref.fn();
  if (ref.diagnostics.some((d) => d.severity === "error")) throw new Rejected();
  return fn;
}
