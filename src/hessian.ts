import type { GradOptions } from "./grad.js";
import type { Gradients, Jacobian, JacobianBuffer, Wrt } from "./gradient-type.js";
import { notCompiled } from "./not-compiled.js";

/**
 * All second derivatives of `f`: the shape of its gradient with a gradient in the place of each number. Of a function of one
 * array it is an array of rows, of one number a number, of several parameters a tuple of tuples of blocks. It is forward
 * mode over reverse mode, a few parameters at a time.
 *
 * @example
 * const f = (x: number[]) => x[0] * x[0] * x[1];
 * hessian(f)([3, 5]); // [[10, 6], [6, 0]]
 *
 * @throws Error when the result is called in a program that was built without the tsgrad plugin.
 */
export function hessian<P extends unknown[], const W extends Wrt<P> | undefined = undefined>(
  f: (...args: P) => number,
  options?: GradOptions<W>,
): (...args: P) => Jacobian<Gradients<P, W>, Gradients<P, W>> {
  return notCompiled("hessian", f, options);
}

/**
 * Writes the second derivatives of `f` into `out`, which has the shape that {@link hessian} returns, and returns the value.
 *
 * @example
 * const f = (x: number[]) => x[0] * x[0] * x[1];
 * const out = [[0, 0], [0, 0]];
 * hessianInto(f)(out, [3, 5]); // 45; out is [[10, 6], [6, 0]]
 *
 * @throws Error when a part of `out` is one of the arguments, or the program was built without the tsgrad plugin.
 */
export function hessianInto<P extends unknown[], const W extends Wrt<P> | undefined = undefined>(
  f: (...args: P) => number,
  options?: GradOptions<W>,
): (out: JacobianBuffer<Jacobian<Gradients<P, W>, Gradients<P, W>>>, ...args: P) => number {
  return notCompiled("hessianInto", f, options);
}
