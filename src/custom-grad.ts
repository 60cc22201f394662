import type { Gradient, Gradients, Handwritten } from "./gradient-type.js";

/** A rule for forward mode, beside the one for reverse mode. */
export interface CustomGradOptions<P extends unknown[], R> {
  /** The tangent of the result, from those of the parameters: `tangent(t, out, ...args)`. */
  readonly tangent?: (t: Gradients<P>, out: R, ...args: P) => Handwritten<Gradient<R>>;
}

/**
 * `f` with a derivative of your own: wherever the result is differentiated, `rule(g, out, ...args)` gives the partial
 * derivatives and nothing looks into `f`. Without the plugin it is `f` itself.
 *
 * `g` is the adjoint of the result, in the shape of its gradient, and `out` the result that `f` gave for `args`. The rule returns
 * what {@link grad} would for `g` in the place of 1: for one parameter its adjoint, in the parameter's own shape, for several a
 * tuple with one each. It is differentiated itself for derivatives of higher order, so it is written in the language of
 * differentiated functions; `f` may be anything, from a package or without a body in the program. `f` gives its result
 * from its arguments alone and as new memory, and neither function writes to what it is given.
 *
 * The result has to be bound to a `const` of the module, under whose name it is called. `checkGrad(g, grad(g), args)` compares the
 * rule with differences of `f`.
 *
 * @example
 * const softplus = customGrad(
 *   (x: number) => Math.log1p(Math.exp(x)),
 *   (g, out, x) => g / (1 + Math.exp(-x)),
 * );
 * grad(softplus)(800); // 1, where the derivative of the text would be NaN
 */
export function customGrad<F extends (...args: never[]) => unknown>(
  f: F,
  rule: (g: Gradient<ReturnType<F>>, out: ReturnType<F>, ...args: Parameters<F>) => Handwritten<Gradients<Parameters<F>>>,
  options?: CustomGradOptions<Parameters<F>, ReturnType<F>>,
): F {
  void rule;
  void options;
  return f;
}
