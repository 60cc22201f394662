import type { Fn, FnRef } from "../ir/model.js";
import { isReference, carriesReal } from "../ir/types.js";
import { reverse } from "./gradient.js";
import { jvp } from "./jvp.js";
import { Pairs } from "./pairs.js";
import { vjp } from "./vjp.js";

/** What is asked for: which form of the gradient, by the places of which parameters. */
export interface GradientRequest {
  readonly kind: "grad" | "valueAndGrad" | "gradInto";
  readonly wrt: readonly number[];
  /** One gradient is given as it is; several as a tuple. */
  readonly single: boolean;
  readonly name: string;
}

/** The gradient of a function, in reverse mode. It calls pairs of functions in place of those that `fn` calls. */
export function gradient(fn: Fn, request: GradientRequest): Fn {
  return reverse(fn, request, new Pairs());
}

export type DerivativeRequest = Omit<GradientRequest, "kind"> & { readonly kind: GradientRequest["kind"] | "jvp" | "vjp"; readonly self: FnRef };

/** A derivative of a function, itself a function. */
export function derivative(fn: Fn, request: DerivativeRequest): Fn {
  const { kind } = request;
  if (kind === "jvp") return jvp(fn, request);
  return kind === "vjp" ? vjp(fn, request) : gradient(fn, { ...request, kind });
}

/** Whether a parameter has a gradient: it holds numbers, directly or deeper. */
export function isDifferentiable(fn: Fn, place: number): boolean {
  const type = fn.params[place]?.type;
  return type !== undefined && (type.kind === "real" || (isReference(type) && carriesReal(type)));
}
