import type { GradientBuffer, Gradients, Wrt } from "./gradient-type.js";
import { notCompiled } from "./not-compiled.js";

/** Which parameters a gradient is asked for; without `wrt` it is all of them. */
export interface GradOptions<W> {
  /** The position of a parameter (its gradient comes back), or a list of positions (a tuple of gradients). */
  readonly wrt?: W;
}

/** How a gradient is made: of which parameters, and how much of long loops is kept. */
export interface GradientOptions<W> extends GradOptions<W> {
  /**
   * Memory for time in long loops: as many states are kept as the square root of the turns (`"sqrt"`, one more run), as
   * their logarithm (`"revolve"`, half a run for each doubling), or so many; between them the turns are run again.
   */
  readonly checkpoint?: "sqrt" | "revolve" | number;
}

/**
 * The gradient of `f`: a function of the same parameters that returns the set of all partial derivatives.
 *
 * For one parameter the result is its gradient, in the parameter's own shape; for several it is a tuple with one each.
 * `{ wrt: 0 }` asks for one parameter only, `{ wrt: [0, 2] }` for a tuple of these; nothing is computed for the others.
 * `{ checkpoint: "sqrt" }` keeps less of long loops and runs their turns again. `f` itself is not changed, and the arguments
 * are left as they were.
 *
 * The call is replaced while the program is compiled; `f` has to be known then.
 *
 * @example
 * const f = (x: number, y: number) => (2 * x + 3 * y) ** 2 + 3;
 * grad(f)(1, 3);             // [44, 66]
 * grad(f, { wrt: 1 })(1, 3); // 66
 *
 * @throws Error when the result is called in a program that was built without the tsgrad plugin.
 */
export function grad<P extends unknown[], const W extends Wrt<P> | undefined = undefined>(
  f: (...args: P) => number,
  options?: GradientOptions<W>,
): (...args: P) => Gradients<P, W> {
  return notCompiled("grad", f, options);
}

/**
 * The value of `f` and its gradient, `[value, gradient]`, from one forward pass. The value is bit for bit that of `f`.
 * Shapes and `wrt` are those of {@link grad}.
 *
 * @example
 * const f = (x: number[]) => x[0] * x[0] + 3 * x[1];
 * const [value, gradient] = valueAndGrad(f)([2, 5]); // 19, [4, 3]
 *
 * @throws Error when the result is called in a program that was built without the tsgrad plugin.
 */
export function valueAndGrad<P extends unknown[], const W extends Wrt<P> | undefined = undefined>(
  f: (...args: P) => number,
  options?: GradientOptions<W>,
): (...args: P) => [value: number, gradient: Gradients<P, W>] {
  return notCompiled("valueAndGrad", f, options);
}

/**
 * Writes the gradient of `f` into `out` and returns the value: the form without allocation, for optimisers and simulations.
 *
 * `out` has the shape of the gradient that {@link grad} returns and is set to zero first; a tuple of numbers takes any array
 * or typed array of that length. It must not be one of the arguments, since it would be overwritten while it is read.
 *
 * @example
 * const f = (x: Float64Array) => x[0] * x[0] + 3 * x[1];
 * const out = new Float64Array(2);
 * gradInto(f)(out, new Float64Array([2, 5])); // 19; out is [4, 3]
 *
 * @throws Error when `out` is one of the arguments, has arrays of another length than theirs, or the program was built without
 * the tsgrad plugin.
 */
export function gradInto<P extends unknown[], const W extends Wrt<P> | undefined = undefined>(
  f: (...args: P) => number,
  options?: GradientOptions<W>,
): (out: GradientBuffer<Gradients<P, W>>, ...args: P) => number {
  return notCompiled("gradInto", f, options);
}
