import type { Gradient, Gradients, Wrt } from "./gradient-type.js";
import type { GradOptions } from "./grad.js";
import { notCompiled } from "./not-compiled.js";

/**
 * The value of `f` and its pullback, `[value, pullback]`: `pullback(cotangent)` is the gradient of the sum of the cotangent times
 * the value, element by element, which is the transposed Jacobian times a vector, in reverse mode.
 *
 * `f` may return any shape that holds numbers, and the cotangent has the shape of its gradient. The pullback may be called any number
 * of times, at any time: it works on copies of the arguments as they were, at the cost of a gradient each time. What it gives
 * has the shape and the `wrt` of {@link grad}.
 *
 * The call is replaced while the program is compiled; `f` has to be known then.
 *
 * @example
 * const polar = (r: number, t: number) => [r * Math.cos(t), r * Math.sin(t)];
 * const [value, pullback] = vjp(polar)(2, 0); // [2, 0]
 * pullback([1, 0]);                           // [1, 0]
 * pullback([0, 1]);                           // [0, 2]
 *
 * @throws Error when the result is called in a program that was built without the tsgrad plugin.
 */
export function vjp<P extends unknown[], R, const W extends Wrt<P> | undefined = undefined>(
  f: (...args: P) => R,
  options?: GradOptions<W>,
): (...args: P) => [value: R, pullback: (cotangent: Gradient<R>) => Gradients<P, W>] {
  return notCompiled("vjp", f, options);
}
