import type { GradOptions } from "./grad.js";
import type { GradientBuffer, Gradients, Wrt } from "./gradient-type.js";
import { notCompiled } from "./not-compiled.js";

/**
 * The Hessian of `f` times the vector `v`: how the gradient changes as the parameters change by `v`. It is forward mode over
 * reverse mode, at the cost of about two gradients whatever the number of parameters.
 *
 * `v` comes after the arguments of `f` and has the shape of the gradient, as the result does: that of {@link grad}, `wrt`
 * included.
 *
 * @example
 * const f = (x: number[]) => x[0] * x[0] * x[1];
 * hvp(f)([3, 5], [1, 0]); // [10, 6]
 *
 * @throws Error when the result is called in a program that was built without the tsgrad plugin.
 */
export function hvp<P extends unknown[], const W extends Wrt<P> | undefined = undefined>(
  f: (...args: P) => number,
  options?: GradOptions<W>,
): (...args: [...P, v: Gradients<P, W>]) => Gradients<P, W> {
  return notCompiled("hvp", f, options);
}

/**
 * Writes the Hessian of `f` times `v` into `out` and returns the value of `f`: {@link hvp} without allocation, for
 * solvers that call it in a loop. `out` is as for {@link gradInto}, and must not be `v` either.
 *
 * @example
 * const f = (x: Float64Array) => x[0] * x[0] * x[1];
 * const out = new Float64Array(2);
 * hvpInto(f)(out, new Float64Array([3, 5]), new Float64Array([1, 0])); // 45; out is [10, 6]
 *
 * @throws Error when `out` is one of the arguments, has arrays of another length than theirs, or the program was built without
 * the tsgrad plugin.
 */
export function hvpInto<P extends unknown[], const W extends Wrt<P> | undefined = undefined>(
  f: (...args: P) => number,
  options?: GradOptions<W>,
): (out: GradientBuffer<Gradients<P, W>>, ...args: [...P, v: Gradients<P, W>]) => number {
  return notCompiled("hvpInto", f, options);
}
