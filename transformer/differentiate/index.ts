import type { Fn, FnRef } from "../ir/model.js";
import { isReference, carriesReal, real } from "../ir/types.js";
import { optimise } from "../optimise/index.js";
import { onCopies, reverse } from "./gradient.js";
import { countOf } from "./columns.js";
import { fixed } from "./fixed.js";
import { hessian, hessianOfNumbers } from "./hessian.js";
import { hvp, hvpInto } from "./hvp.js";
import { jacobianByColumns, jacobianOfNumbers, type JacobianOptions } from "./jacobian.js";
import { jacobianByRows } from "./jacobian-rows.js";
import { jvp } from "./jvp.js";
import { Pairs } from "./pairs.js";
import { sparseJacobian } from "./sparse-jacobian.js";
import { vjp } from "./vjp.js";

/** The way in which a Jacobian is made. */
export type Mode = "forward" | "reverse";

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

export interface DerivativeRequest extends Omit<GradientRequest, "kind"> {
  readonly kind: GradientRequest["kind"] | "jvp" | "vjp" | "hvp" | "hvpInto" | "hessian" | "hessianInto" | "jacobian" | "jacobianInto";
  /** Of a Jacobian: which way it is made, where that is asked for. */
  readonly mode?: Mode;
  /** Of a Jacobian: whether only what can be other than 0 is made. */
  readonly sparse?: boolean;
  /** The function by its name: a derivative may call it for its value. */
  readonly self: FnRef;
}

/** A derivative of a function, itself a function. */
export function derivative(fn: Fn, request: DerivativeRequest): Fn {
  const { kind } = request;
  const reversed = (form: "grad" | "gradInto"): Fn => optimise(reverse(fn, { ...request, kind: form, isFresh: true }, new Pairs()));
  switch (kind) {
    case "jvp":
      return jvp(fn, request);
    case "vjp":
      return vjp(fn, request);
    case "hvp":
      return hvp(reversed("grad"), request);
    case "hvpInto":
      return hvpInto(reversed("gradInto"), fn, request);
    case "hessian":
    case "hessianInto": {
      const options = kind === "hessian" ? request : { ...request, value: valueOf(fn, request.self) };
      const few = fixed(fn, request.wrt, request.single);
      return few ? hessianOfNumbers(few, fn, options) : hessian(reversed("gradInto"), options);
    }
    case "jacobian":
    case "jacobianInto":
      if (request.sparse === true) return sparseJacobian(fn, { ...request, into: kind === "jacobianInto", value: valueOf(fn, request.self) }, request.mode);
      return jacobian(fn, { ...request, into: kind === "jacobianInto", value: valueOf(fn, request.self) }, request.mode);
    default:
      return gradient(fn, { ...request, kind });
  }
}

/** Forward by columns or reverse by rows, whichever needs fewer sweeps as far as that is known. */
function jacobian(fn: Fn, options: JacobianOptions, asked?: Mode): Fn {
  const { wrt, single, into } = options;
  const result = fn.results[0] ?? real;
  const isNumber = result.kind === "real" || result.kind === "int";
  const mode = asked ?? cheaperMode(fn, wrt);
  if (mode === "reverse" && isNumber) return reverse(fn, { ...options, kind: into ? "gradInto" : "grad" }, new Pairs());
  if (mode === "reverse") return jacobianByRows(fn, options);
  const few = fixed(fn, wrt, single);
  return few ? jacobianOfNumbers(few, fn, options) : jacobianByColumns(fn, options);
}

function cheaperMode(fn: Fn, wrt: readonly number[]): Mode {
  const result = fn.results[0] ?? real;
  const outputs = result.kind === "int" ? 1 : countOf(result);
  const inputs = wrt.reduce((n, i) => n + countOf(fn.params[i]?.type ?? real), 0);
  return outputs < Infinity && inputs > 3 * outputs ? "reverse" : "forward";
}

/** The function itself, which must leave its arguments as they are. */
function valueOf(fn: Fn, ref: FnRef): FnRef {
  const made = onCopies(fn);
  return made === fn ? ref : { name: `${fn.name}Value`, fn: () => made };
}

/** Whether a parameter has a gradient: it holds numbers, directly or deeper. */
export function isDifferentiable(fn: Fn, place: number): boolean {
  const type = fn.params[place]?.type;
  return type !== undefined && (type.kind === "real" || (isReference(type) && carriesReal(type)));
}
