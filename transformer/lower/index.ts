import type ts from "typescript";
import { carriesReal } from "../ir/types.js";
import type { Fn } from "../ir/model.js";
import type { LoweredRef, LowerContext } from "./context.js";
import { returnType } from "./function.js";
import { refTo } from "./functions.js";
import type { Lifted } from "./lifted.js";
import { ownParameters, parameterType } from "./parameters.js";
import { refusePrivate } from "./private-fields.js";
import { Rejected } from "./rejected.js";
import { Types } from "./types.js";

/** A function as it is read where it is differentiated by the parameters in the places `asked`, all of them unless told, and takes `lifted` of the one around it. */
export function loweredRef(declaration: ts.FunctionLikeDeclaration, context: LowerContext, asked?: ReadonlySet<number>, lifted?: Lifted): LoweredRef {
  const types = new Types(context);
  const params = ownParameters(context.ts, declaration).map((p) => parameterType(types, context.checker, p));
  const isPart = asked !== undefined && params.some((type, i) => carriesReal(type) && !asked.has(i));
  if (!isPart && lifted === undefined) return refTo(context, declaration);
  return refTo(context, declaration, { params, returns: returnType(context, declaration), varied: asked ?? new Set(params.keys()), ...(lifted && { lifted }) });
}

/**
 * TypeScript to the IR: a function and all that it calls. `asked` are the places of the parameters that it is
 * differentiated by; the others are constants, which may be used as one likes. Everything that cannot be lowered is
 * reported, each with its place; then it throws `Rejected`. What a function takes of the one that it is declared in, `lifted`,
 * is among the names that it captures.
 */
export function lowerFunction(declaration: ts.FunctionLikeDeclaration, context: LowerContext, asked?: ReadonlySet<number>, lifted?: Lifted): Fn {
  const ref = loweredRef(declaration, context, asked, lifted);
  const fn = ref.fn();
  const [error] = ref.diagnostics.filter((d) => d.severity === "error");
  if (error !== undefined) throw new Rejected(error);
  refusePrivate(fn, context);
  return lifted === undefined ? fn : capturing(fn, lifted, context);
}

/** The function with what it takes of the one around it among its captured names. */
function capturing(fn: Fn, { captured }: Lifted, context: LowerContext): Fn {
  const own = fn.params.length - captured.length;
  const further = fn.params.slice(own);
  further.forEach((v, i) => {
    const symbol = captured[i]?.symbol;
    if (symbol !== undefined) context.lifted.set(v, symbol);
  });
  return { ...fn, params: fn.params.slice(0, own), captures: [...fn.captures, ...further] };
}
