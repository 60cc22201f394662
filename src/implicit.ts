/** What a solution may be: one number, or several. */
export type Solution = number | readonly number[] | Float64Array;

/** A residual has as many numbers as the solution. */
export type Residual<X> = X extends number ? number : readonly number[] | Float64Array;

/**
 * `solve` with the derivative of what it solves: `solve(...args)` finds the `x` at which `residual(x, ...args)` is 0, and its derivative
 * follows from that by the implicit function theorem, whatever the way is by which `x` was found. Without the plugin it is `solve` itself.
 *
 * `x` is a number, or an array with as many numbers as the residual. The derivative costs a gradient of the residual for each
 * number in `x`, and the solution of one linear system, by elimination with partial pivoting: it is for small dense systems. It is
 * as exact as the solution is, of any order, and infinite or NaN where the residual does not determine `x` there. Nothing looks into
 * `solve`, which may iterate, look up or call what it likes; `residual` is written in the language of differentiated functions.
 *
 * The minimum of a function is where its gradient is 0: the residual is then `(x, a) => grad(f, { wrt: 0 })(x, a)`. Like
 * {@link customGrad} the result has to be bound to a `const` of the module.
 *
 * @example
 * const root = implicit(
 *   (a: number) => {
 *     let x = a;
 *     while (Math.abs(x * x - a) > 1e-12) x = (x + a / x) / 2;
 *     return x;
 *   },
 *   (x, a) => x * x - a,
 * );
 * grad(root)(4); // 0.25
 */
export function implicit<S extends (...args: never[]) => Solution>(
  solve: S,
  residual: (x: ReturnType<S>, ...args: Parameters<S>) => Residual<ReturnType<S>>,
): S {
  void residual;
  return solve;
}
