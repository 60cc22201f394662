/**
 * `x` itself, held constant: what is computed from the result has no derivative by way of it.
 *
 * `x` may be a number, an array or an object; of memory the result is the very same, not a copy, and only read: writing
 * through it is an error of the build, and so is moving the arrays and objects that it holds. Without the plugin it is
 * the identity.
 *
 * @example
 * const f = (x: number) => x * stopGradient(x);
 * grad(f)(3); // 3: the second factor is a constant
 */
export function stopGradient<T>(x: T): T {
  return x;
}
