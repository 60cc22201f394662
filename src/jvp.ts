import type { GradOptions } from "./grad.js";
import type { Gradient, Tangents, Wrt } from "./gradient-type.js";
import { notCompiled } from "./not-compiled.js";

/**
 * The value of `f` and its directional derivative, `[value, tangent]`: how the value changes as the arguments change by
 * `tangents`. It is the Jacobian times a vector, in forward mode, at the cost of about one more value of `f`.
 *
 * `args` is the tuple of the arguments and `tangents` a tuple with one tangent for each, in the shape of its gradient; what is
 * no number has `undefined` in its place. With `{ wrt: 0 }` it is the tangent of that parameter alone, with
 * `{ wrt: [0, 2] }` a tuple with one for each of these; the other parameters do not change. `f` may return any
 * shape that holds numbers, and the tangent has the shape of its gradient.
 *
 * @example
 * const polar = (r: number, t: number) => [r * Math.cos(t), r * Math.sin(t)];
 * jvp(polar)([2, 0], [1, 0]);           // [[2, 0], [1, 0]]
 * jvp(polar, { wrt: 1 })([2, 0], 1);    // [[2, 0], [0, 2]]
 *
 * @throws Error when the result is called in a program that was built without the tsgrad plugin.
 */
export function jvp<P extends unknown[], R, const W extends Wrt<P> | undefined = undefined>(
  f: (...args: P) => R,
  options?: GradOptions<W>,
): (args: P, tangents: Tangents<P, W>) => [value: R, tangent: Gradient<R>] {
  return notCompiled("jvp", f, options);
}
