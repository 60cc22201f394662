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
  /** Whether only the places that can be other than 0 are made: {@link SparseJacobian}. */
  readonly sparse?: false;
}

/** Which parameters a sparse Jacobian is by, and in which way its values are made. */
export interface SparseOptions<W> extends GradOptions<W> {
  readonly sparse: true;
  /**
   * `"forward"`, as without it: columns that share no row are made in one pass. `"reverse"`: rows that share no column are, which
   * is better where a row has many columns and no column has many rows.
   */
  readonly mode?: "forward" | "reverse";
}

/**
 * A Jacobian in compressed sparse rows: row k has the values `values[p]` in the columns `indices[p]`, in ascending order, for
 * p from `starts[k]` up to `starts[k + 1]`, and 0 elsewhere.
 *
 * Rows are the numbers of the result and columns those of the parameters, both in the order in which they stand: of
 * several parameters one after the other, of arrays within arrays row by row, of objects field by field.
 */
export interface SparseJacobian {
  rows: number;
  columns: number;
  /** Where each row starts, and behind the last where it ends: `rows + 1` numbers. */
  starts: Int32Array;
  indices: Int32Array;
  values: Float64Array;
  /** How many colours there are: as many passes make all values. */
  colours: number;
  /** The colour of each column: no row has two columns of one colour. In reverse mode that of each row. */
  colourOf: Int32Array;
  /** What the pattern was found for, where nothing but lengths and numbers decides about it; else empty. */
  key: number[];
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
): (...args: P) => Jacobian<Gradient<R>, Gradients<P, W>>;
/**
 * The same in compressed sparse rows, for functions each of whose numbers depends on few of the parameters' numbers. The
 * pattern is that of the way which `f` takes at the arguments, found anew in every call; columns that share no row are made
 * in one pass.
 *
 * @example
 * const f = (x: number[]) => x.map((v, i) => v * x[Math.max(0, i - 1)]);
 * const { starts, indices, values } = jacobian(f, { sparse: true })([2, 3, 5]);
 * // starts [0, 1, 3, 5]; indices [0, 0, 1, 1, 2]; values [4, 3, 2, 5, 3]
 *
 * @throws Error when the result is called in a program that was built without the tsgrad plugin.
 */
export function jacobian<P extends unknown[], R extends object, const W extends Wrt<P> | undefined = undefined>(
  f: (...args: P) => R,
  options: SparseOptions<W>,
): (...args: P) => SparseJacobian;
export function jacobian(f: unknown, options?: unknown): unknown {
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
): (out: JacobianBuffer<Jacobian<Gradient<R>, Gradients<P, W>>>, ...args: P) => R;
/**
 * Writes a sparse Jacobian into `out`, which the other form has given before, and returns the value of `f`. Where the pattern is
 * still that of `out`, its arrays and colours are kept; else `out` gets new arrays.
 *
 * @example
 * const f = (x: number[]) => x.map((v, i) => v * x[Math.max(0, i - 1)]);
 * const out = jacobian(f, { sparse: true })([2, 3, 5]);
 * jacobianInto(f, { sparse: true })(out, [1, 1, 1]); // [1, 1, 1]; out.values is [2, 1, 1, 1, 1]
 *
 * @throws Error when `out.values` is one of the arguments, or the program was built without the tsgrad plugin.
 */
export function jacobianInto<P extends unknown[], R extends object, const W extends Wrt<P> | undefined = undefined>(
  f: (...args: P) => R,
  options: SparseOptions<W>,
): (out: SparseJacobian, ...args: P) => R;
export function jacobianInto(f: unknown, options?: unknown): unknown {
  return notCompiled("jacobianInto", f, options);
}
