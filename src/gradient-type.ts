/**
 * Stands where a gradient type would be if the parameter's type could be differentiated. It has no values, so that every
 * use of it is a type error which shows the message.
 */
export interface GradientError<Message extends string> {
  readonly __tsgradError: Message & never;
}

type Nullish = null | undefined;

/** Values that hold no number which could be differentiated: constants of the function. */
type Constant =
  | string
  | boolean
  | bigint
  | symbol
  // eslint-disable-next-line @typescript-eslint/no-unsafe-function-type -- whatever can be called is a constant
  | Function
  | Date
  | ArrayBuffer
  | DataView
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;

/** Objects whose numbers are out of reach of differentiation. A mapped type would give `{ size: number }` for a `Map`. */
type Closed =
  | ReadonlyMap<unknown, unknown>
  | ReadonlySet<unknown>
  | WeakMap<WeakKey, unknown>
  | WeakSet<WeakKey>
  | Promise<unknown>
  | RegExp;

/**
 * What an object's gradient has no key for. Arrays of constants are named two levels deep instead of by recursion,
 * because a recursive test of `Tree` would ask for itself through `children: Tree[]`.
 */
type LeftOut = Constant | Closed | readonly Constant[] | readonly (readonly Constant[])[];

type IsAny<T> = 0 extends 1 & T ? true : false;

/** Whether a type is `any`, or arrays of it as deep as `LeftOut` names them: it is assignable to everything there. */
type HasAny<T> = true extends IsAny<T> | (T extends readonly (infer E)[] ? IsAny<E> | (E extends readonly (infer D)[] ? IsAny<D> : false) : false)
  ? true
  : false;

/** Whether a type holds no number; `any` is not left out, so that its error type is seen. */
type IsLeftOut<T> = [T] extends [LeftOut] ? (HasAny<T> extends true ? false : true) : false;

/** The keys of an object that its gradient has. */
type KeptKey<K, V> = IsLeftOut<NonNullable<V>> extends true ? never : K;

/**
 * The type of the gradient by something of type `T`: the shape of `T` with a number for each number.
 *
 * - `number`, its literals, brands and enums, also with `null` or `undefined`: `number`
 * - arrays and tuples: the same places, `readonly` dropped; what is no number is `undefined` in its place
 * - `Float64Array` and `Float32Array`: `Float64Array`
 * - objects, interfaces, classes: the same keys without those that hold no number; optional keys stay optional
 * - unions: the gradient of each member
 * - `any` and `unknown`: {@link GradientError}; `Map`, `Set`, `Promise`, `RegExp`: `never`
 *
 * Accessors of classes are listed like fields, since types do not tell them apart; the value has 0 there.
 */
export type Gradient<T> =
  IsAny<T> extends true
    ? GradientError<"A parameter of type any has no gradient: give it a type.">
    : unknown extends T
      ? GradientError<"A parameter of type unknown has no gradient: give it a type.">
      : [T] extends [Nullish]
        ? undefined
        : [NonNullable<T>] extends [number]
          ? number
          : MemberGradient<T>;

/** The gradient of each member of a union. It stands apart from `Gradient`, which has to see the whole union first. */
type MemberGradient<T> = T extends number
  ? number
  : T extends Nullish | Constant
    ? undefined
    : T extends Closed
      ? never
      : T extends Float64Array | Float32Array
        ? Float64Array
        : T extends readonly unknown[]
          ? IsLeftOut<T> extends true
            ? undefined
            : { -readonly [K in keyof T]: Gradient<T[K]> }
          : T extends ArrayLike<infer E>
            ? number extends keyof T
              ? ArrayLike<Gradient<E>>
              : { -readonly [K in keyof T as KeptKey<K, T[K]>]: Gradient<T[K]> }
            : { -readonly [K in keyof T as KeptKey<K, T[K]>]: Gradient<T[K]> };

/** The gradient of each parameter, as many as there are at most: of what may be left out it is undefined where that is. */
type Each<P, Whole> = { -readonly [K in keyof Whole]: K extends keyof P ? Gradient<P[K]> : never };

type Position<K> = K extends `${infer N extends number}` ? N : never;

/** The positions of the parameters `P`: `0 | 1 | 2` for three of them. */
export type Index<P extends readonly unknown[]> = number extends P["length"] ? number : Position<keyof Required<P>>;

/** What `wrt` may be for a function with the parameters `P`: one position, or a list of them. */
export type Wrt<P extends readonly unknown[]> = Index<P> | readonly Index<P>[];

type At<P extends readonly unknown[], I> = I extends number ? Gradient<P[I]> : never;

/**
 * The gradient of a function with the parameters `P`: for one parameter its gradient, for several a tuple with one each.
 * With a position for `W` the gradient by that parameter, with a list of positions a tuple with one for each of them.
 */
export type Gradients<P extends readonly unknown[], W = undefined> = W extends number
  ? At<P, W>
  : W extends readonly unknown[]
    ? { -readonly [K in keyof W]: At<P, W[K]> }
    : Required<P> extends readonly [unknown]
      ? Gradient<P[0]>
      : Each<P, Required<P>>;

/**
 * The directions in which the parameters `P` may change: one tangent for each, in the shape of its gradient. With a
 * position for `W` the tangent of that parameter, with a list of positions a tuple with one for each of them.
 */
export type Tangents<P extends readonly unknown[], W = undefined> = W extends number
  ? At<P, W>
  : W extends readonly unknown[]
    ? { -readonly [K in keyof W]: At<P, W[K]> }
    : { -readonly [K in keyof P]: Gradient<P[K]> };

/** The shape of a gradient `D` with a row `G` in the place of each number. */
export type Jacobian<D, G> = D extends number
  ? G
  : D extends Float64Array
    ? [G] extends [number]
      ? Float64Array
      : G[]
    : D extends undefined
      ? undefined
      : { -readonly [K in keyof D]: Jacobian<D[K], G> };

/** Where a Jacobian can be written: something of its shape. */
export type JacobianBuffer<J> = [J] extends [number] ? GradientError<"A single number cannot be written into."> : J;

/**
 * What a gradient function written by hand returns. Nothing is a `[never]`; it stands there so that TypeScript takes
 * `(x, y) => [y, x]` for a function that returns a tuple.
 */
export type Handwritten<G> = G | [never];

/** An array or typed array of numbers that can be written to. */
export interface NumberBuffer {
  readonly length: number;
  [index: number]: number;
}

/** Where a gradient of type `G` can be written: something of its shape, and any array for a tuple of numbers. */
export type GradientBuffer<G> = [G] extends [number]
  ? GradientError<"A single number cannot be written into: use grad or valueAndGrad.">
  : G extends readonly number[]
    ? number extends G["length"]
      ? G
      : NumberBuffer
    : G;
