import type ts from "typescript";
import { carriesReal } from "../ir/types.js";
import type { Fn } from "../ir/model.js";
import type { LowerContext } from "./context.js";
import { returnType } from "./function.js";
import { refTo } from "./functions.js";
import { ownParameters, parameterType } from "./parameters.js";
import { refusePrivate } from "./private-fields.js";
import { Rejected } from "./rejected.js";
import { Types } from "./types.js";

/**
 * TypeScript to the IR: a function and all that it calls. `asked` are the places of the parameters that it is
 * differentiated by; the others are constants, which may be used as one likes. Everything that cannot be lowered is
 * reported, each with its place; then it throws `Rejected`.
 */
export function lowerFunction(declaration: ts.FunctionLikeDeclaration, context: LowerContext, asked?: ReadonlySet<number>): Fn {
  const types = new Types(context);
  const own = ownParameters(context.ts, declaration);
  const params = own.map((p) => parameterType(types, context.checker, p));
  const isPart = asked !== undefined && params.some((type, i) => carriesReal(type) && !asked.has(i));
  const ref = refTo(context, declaration, isPart ? { params, returns: returnType(context, declaration), varied: asked } : undefined);
  const fn = ref.fn();
  const [error] = ref.diagnostics.filter((d) => d.severity === "error");
  if (error !== undefined) throw new Rejected(error);
  refusePrivate(fn, context);
  return fn;
}
