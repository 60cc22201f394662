import { jvp } from "tsgrad";
import { same, type Equal } from "./equal.js";

interface Sample {
  at: number[];
  weight?: number;
  name: string;
}
declare const scalar: (x: number) => number;
declare const polar: (r: number, angle: number) => [number, number];
declare const mixed: (w: readonly number[], name: string, b: number) => Float32Array;
declare const optional: (x: number, y?: number) => number;
declare const record: (s: Sample) => { sum: number; label: string };

// The arguments are a tuple, and so are the tangents: one for each, in the shape of its gradient.
const ofScalar = jvp(scalar);
same<Equal<typeof ofScalar, (args: [x: number], tangents: [x: number]) => [value: number, tangent: number]>>(ofScalar);
const ofPolar = jvp(polar);
same<Equal<ReturnType<typeof ofPolar>, [value: [number, number], tangent: [number, number]]>>(ofPolar);
const ofMixed = jvp(mixed);
same<Equal<Parameters<typeof ofMixed>[1], [w: number[], name: undefined, b: number]>>([[1], undefined, 2]);
same<Equal<ReturnType<typeof ofMixed>, [value: Float32Array, tangent: Float64Array]>>(ofMixed);
const ofRecord = jvp(record);
same<Equal<Parameters<typeof ofRecord>[1], [s: { at: number[]; weight?: number }]>>([{ at: [1] }]);
same<Equal<ReturnType<typeof ofRecord>[1], { sum: number }>>({ sum: 1 });

// What may be left out of the arguments may be left out of the tangents.
const ofOptional = jvp(optional);
ofOptional([1], [1]);
ofOptional([1, 2], [1, 0]);

// One position takes one tangent, a list of them a tuple.
const byAngle = jvp(polar, { wrt: 1 });
same<Equal<Parameters<typeof byAngle>, [args: [r: number, angle: number], tangents: number]>>([[1, 2], 3]);
const both = jvp(polar, { wrt: [1, 0] });
same<Equal<Parameters<typeof both>[1], [number, number]>>([1, 2]);

// A derivative is a function like any other.
const twice = jvp(jvp(scalar));
const [[value, first], [, second]] = twice([[1], [1]], [[1], [0]]);
same<Equal<typeof second, number>>(value + first);

// @ts-expect-error there is no parameter 2
jvp(polar, { wrt: 2 });
// @ts-expect-error the arguments are a tuple
ofScalar(1, 1);
// @ts-expect-error a tangent is missing
ofPolar([1, 2], [1]);

export { both, byAngle, ofRecord, second };
