import { call, valueAt, type Callable } from "../../../../src/check/evaluate.js";
import { numericalGrad } from "../../../../src/check/numerical-grad.js";
import type { GradientKind } from "../../../requests/request.js";

/** What a marker returns as a function that gives the gradient, the value that it gives beside it compared with the function's own. */
export function gradientFunction(kind: GradientKind, f: Callable, made: Callable, wrt: number | readonly number[] | undefined): Callable {
  switch (kind) {
    case "grad":
      return made;
    case "valueAndGrad":
      return (...args) => {
        const own = valueAt(f, args);
        const [value, gradient] = call(made, args) as [unknown, unknown];
        return compared(value, own, gradient);
      };
    case "gradInto":
      return (...args) => {
        const own = valueAt(f, args);
        // Differences have the shape of the gradient, and other numbers than zeros: those have to be written over.
        const out = call(numericalGrad(f as (...args: unknown[]) => number, wrt === undefined ? {} : { wrt: wrt as number }) as Callable, args);
        return compared(call(made, [out, ...args]), own, out);
      };
  }
}

function compared(value: unknown, own: number, gradient: unknown): unknown {
  if (Object.is(value, own)) return gradient;
  throw new Error(`the value beside the gradient is ${String(value)}, and the function's own is ${String(own)}`);
}
