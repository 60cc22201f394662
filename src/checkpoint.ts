/**
 * `f` itself, whose calls keep for the gradient only what they were given: in reverse mode the call is made again when its
 * derivative is wanted, in place of saving what it computed. Memory for time: a loop over `checkpoint(step)(state)` keeps a
 * state for each turn, whatever `step` computes on the way, and runs `step` twice.
 *
 * `f` gives its result from its arguments, as a number or as new arrays and objects, and may write numbers into the arrays
 * and objects that it is given, of which copies are kept then. What it prints is printed once. Without the plugin, and in
 * forward mode, it is `f` itself.
 *
 * @example
 * const step = checkpoint((x: number) => {
 *   for (let i = 0; i < 100; i++) x = Math.sin(x) + 0.1;
 *   return x;
 * });
 * grad((x: number) => step(step(x)))(0.5); // saves 100 values at a time, not 200
 */
export function checkpoint<F extends (...args: never[]) => unknown>(f: F): F {
  return f;
}
