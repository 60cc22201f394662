import { vjp } from "tsgrad";
import { same, type Equal } from "./equal.js";

declare const f: (x: number, name: string, a: readonly number[]) => number;
declare const polar: (r: number, t: number) => [x: number, y: number];
declare const predict: (w: Float64Array, p: { x: number }) => { mean: number; scores: Float32Array; label: string };

// The value as it is, the cotangent in the shape of its gradient, and what the pullback gives in that of the arguments.
const [value, pullback] = vjp(f)(1, "a", [2]);
same<Equal<typeof value, number>>(value);
same<Equal<typeof pullback, (cotangent: number) => [x: number, name: undefined, a: number[]]>>(pullback);
const [point, pullPoint] = vjp(polar)(1, 2);
same<Equal<typeof point, [x: number, y: number]>>(point);
same<Equal<typeof pullPoint, (cotangent: [x: number, y: number]) => [r: number, t: number]>>(pullPoint);
const [, byPlace] = vjp(predict, { wrt: 1 })(new Float64Array(1), { x: 1 });
same<Equal<typeof byPlace, (cotangent: { mean: number; scores: Float64Array }) => { x: number }>>(byPlace);
const [, byList] = vjp(predict, { wrt: [1, 0] })(new Float64Array(1), { x: 1 });
same<Equal<ReturnType<typeof byList>, [{ x: number }, Float64Array]>>(byList({ mean: 1, scores: new Float64Array(2) }));

// @ts-expect-error -- there is no parameter 2
vjp(polar, { wrt: 2 });
// @ts-expect-error -- a cotangent of the wrong shape
pullPoint(1);
// @ts-expect-error -- an argument too few
vjp(polar)(1);
