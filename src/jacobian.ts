import type { GradOptions } from "./grad.js";
import type { Gradient, Gradients, Jacobian, JacobianBuffer, Wrt } from "./gradient-type.js";
import { notCompiled } from "./not-compiled.js";

/** Which parameters a Jacobian is by, and in which way it is made. */
export interface JacobianOptions<W> extends GradOptions<W> {
  /**
   * `"forward"`: by columns, a sweep for a few parameters at a time. `"reverse"`: by rows, a sweep for each number of the result,
   * which has to be an array of numbers or to hold a number of them that is known. Without it the way that is known to be cheaper.
   */
  readonly mode?: "forward" | "reverse";
}

/**
 * All partial derivatives of a function that returns several numbers: the shape of the result's gradient with a gradient in
 * the place of each number. Of a function from one array to another it is an array of rows.
 *
 * @example
 * const polar = (r: number, t: number) => [r * Math.cos(t), r * Math.sin(t)];
 * jacobian(polar)(2, 0); // [[1, -0], [0, 2]]
 *
 * @throws Error when the result is called in a program that was built without the tsgrad plugin.
 */
export function jacobian<P extends unknown[], R, const W extends Wrt<P> | undefined = undefined>(
  f: (...args: P) => R,
  options?: JacobianOptions<W>,
): (...args: P) => Jacobian<Gradient<R>, Gradients<P, W>> {
  return notCompiled("jacobian", f, options);
}

/**
 * Writes the Jacobian of `f` into `out`, which has the shape that {@link jacobian} returns, and returns the value of `f`.
 *
 * @example
 * const f = (x: number[]) => x.map((v) => v * x[0]);
 * const out = [[0, 0], [0, 0]];
 * jacobianInto(f)(out, [3, 5]); // [9, 15]; out is [[6, 0], [5, 3]]
 *
 * @throws Error when a part of `out` is one of the arguments, or the program was built without the tsgrad plugin.
 */
export function jacobianInto<P extends unknown[], R, const W extends Wrt<P> | undefined = undefined>(
  f: (...args: P) => R,
  options?: JacobianOptions<W>,
): (out: JacobianBuffer<Jacobian<Gradient<R>, Gradients<P, W>>>, ...args: P) => R {
  return notCompiled("jacobianInto", f, options);
}
