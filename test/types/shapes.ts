import type { Gradient, GradientError } from "tsgrad";
import { same, type Equal } from "./equal.js";

// Numbers, with all that is one.
enum Level {
  Low,
  High = 10,
}
type Metres = number & { readonly unit: "m" };
same<Equal<Gradient<number>, number>>();
same<Equal<Gradient<3>, number>>();
same<Equal<Gradient<1 | 2>, number>>();
same<Equal<Gradient<Level>, number>>();
same<Equal<Gradient<Level.High>, number>>();
same<Equal<Gradient<Metres>, number>>();
same<Equal<Gradient<number | undefined>, number>>();
same<Equal<Gradient<number | null>, number>>();
same<Equal<Gradient<Metres | undefined>, number>>();

// Arrays and tuples keep their places and lose `readonly`.
same<Equal<Gradient<number[]>, number[]>>();
same<Equal<Gradient<readonly number[]>, number[]>>();
same<Equal<Gradient<number[][]>, number[][]>>();
same<Equal<Gradient<readonly (readonly number[])[]>, number[][]>>();
same<Equal<Gradient<(number | null)[]>, number[]>>();
same<Equal<Gradient<(number | undefined)[]>, number[]>>();
same<Equal<Gradient<[number, number]>, [number, number]>>();
same<Equal<Gradient<readonly [number, number]>, [number, number]>>();
same<Equal<Gradient<[x: number, y: number]>, [x: number, y: number]>>();
same<Equal<Gradient<[number, string, number]>, [number, undefined, number]>>();
same<Equal<Gradient<[number, boolean, Date]>, [number, undefined, undefined]>>();
same<Equal<Gradient<[number, number?]>, [number, number?]>>();
same<Equal<Gradient<[number, ...number[]]>, [number, ...number[]]>>();
same<Equal<Gradient<[number[], { x: number }]>, [number[], { x: number }]>>();
same<Equal<Gradient<string[]>, undefined>>();

// Typed arrays of floating point; those of integers are constants.
same<Equal<Gradient<Float64Array>, Float64Array>>();
same<Equal<Gradient<Float32Array>, Float64Array>>();
same<Equal<Gradient<Float64Array[]>, Float64Array[]>>();
same<Equal<Gradient<Int32Array>, undefined>>();
same<Equal<Gradient<Uint8Array>, undefined>>();
same<Equal<Gradient<BigInt64Array>, undefined>>();

// Objects: the keys that hold numbers.
interface Body {
  readonly name: string;
  readonly mass: number;
  position: [number, number];
  velocity?: number[];
  fixed: boolean;
  readonly colours: readonly string[];
  onHit(): void;
}
same<Equal<Gradient<Body>, { mass: number; position: [number, number]; velocity?: number[] }>>();
same<Equal<Gradient<{ x: number; y?: number }>, { x: number; y?: number }>>();
same<Equal<Gradient<{ x: number; when: Date; by: Map<string, number> }>, { x: number }>>();
same<Equal<Gradient<{ inner: { x: number; name: string } }>, { inner: { x: number } }>>();
same<Equal<Gradient<Record<string, number>>, Record<string, number>>>();
same<Equal<Gradient<{ bodies: { x: number; id: string }[] }>, { bodies: { x: number }[] }>>();
same<Equal<Gradient<{ index: Int32Array; w: Float32Array }>, { w: Float64Array }>>();

interface Tree {
  readonly value: number;
  readonly children: readonly Tree[];
}
same<Equal<Gradient<Tree>["value"], number>>();
same<Equal<Gradient<Tree>["children"][number]["value"], number>>();

// Classes: their data, without methods and without what is private. Accessors look like data to types.
export class Vector {
  private readonly cache = 0;
  readonly #secret = 0;
  static readonly zero = new Vector(0, 0);
  constructor(
    readonly x: number,
    public y: number,
  ) {}
  get length(): number {
    return Math.hypot(this.x, this.y, this.cache, this.#secret);
  }
  plus(other: Vector): Vector {
    return new Vector(this.x + other.x, this.y + other.y);
  }
}
same<Equal<Gradient<Vector>, { x: number; y: number; length: number }>>();

// Unions: the gradient of each member, the tags left out.
type Shape = { readonly kind: "circle"; readonly radius: number } | { readonly kind: "square"; readonly side: number };
same<Equal<Gradient<Shape>, { radius: number } | { side: number }>>();
same<Equal<Gradient<number | number[]>, number | number[]>>();
same<Equal<Gradient<{ x: number } | undefined>, { x: number } | undefined>>();

// What holds no number is undefined in its place.
same<Equal<Gradient<string>, undefined>>();
same<Equal<Gradient<boolean>, undefined>>();
same<Equal<Gradient<"a" | "b">, undefined>>();
same<Equal<Gradient<bigint>, undefined>>();
same<Equal<Gradient<symbol>, undefined>>();
same<Equal<Gradient<Date>, undefined>>();
same<Equal<Gradient<() => number>, undefined>>();
same<Equal<Gradient<null>, undefined>>();
same<Equal<Gradient<undefined>, undefined>>();

// Containers whose numbers are out of reach have no gradient at all.
same<Equal<Gradient<Map<string, number>>, never>>();
same<Equal<Gradient<ReadonlyMap<string, number>>, never>>();
same<Equal<Gradient<Set<number>>, never>>();
same<Equal<Gradient<Promise<number>>, never>>();
same<Equal<Gradient<RegExp>, never>>();

// `any` and `unknown` have an error for a gradient, wherever they stand.
type NoAny = GradientError<"A parameter of type any has no gradient: give it a type.">;
type NoUnknown = GradientError<"A parameter of type unknown has no gradient: give it a type.">;
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- what is refused
type Anything = any;
same<Equal<Gradient<Anything>, NoAny>>();
same<Equal<Gradient<unknown>, NoUnknown>>();
same<Equal<Gradient<Anything[]>, NoAny[]>>();
same<Equal<Gradient<Anything[][]>, NoAny[][]>>();
same<Equal<Gradient<[number, Anything]>, [number, NoAny]>>();
same<Equal<Gradient<{ x: number; data: Anything }>, { x: number; data: NoAny }>>();
same<Equal<Gradient<{ x: number; rows: Anything[] }>, { x: number; rows: NoAny[] }>>();
same<Equal<Gradient<{ x: number; data: unknown }>, { x: number; data: NoUnknown }>>();
