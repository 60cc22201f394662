import { gradInto, type GradientBuffer } from "tsgrad";
import { same, type Equal } from "./equal.js";

declare const f: (x: Float64Array) => number;
declare const single: (x: Float32Array) => number;
declare const array: (x: readonly number[]) => number;
declare const two: (x: number, y: number) => number;
declare const mixed: (w: number[], name: string, b: number) => number;
declare const matrix: (m: number[][]) => number;
declare const record: (p: { x: number; name: string }, k: number[]) => number;

// `out` comes first and has the gradient's shape; the value comes back.
const into = gradInto(f);
type IntoParameters = Parameters<typeof into>;
same<Equal<IntoParameters["length"], 2>>(into);
same<Equal<IntoParameters[0], Float64Array>>();
same<Equal<IntoParameters[1], Float64Array>>();
same<Equal<ReturnType<typeof into>, number>>(into);
gradInto(f)(new Float64Array(2), new Float64Array(2));
gradInto(single)(new Float64Array(2), new Float32Array(2));
gradInto(array)([0, 0], [1, 2]);
gradInto(matrix)([[0]], [[1]]);
gradInto(record)([{ x: 0 }, [0]], { x: 1, name: "" }, [1]);
gradInto(mixed)([[0], undefined, 0], [1], "", 2);
gradInto(mixed, { wrt: 0 })([0], [1], "", 2);

// For a tuple of numbers any array of numbers serves.
gradInto(two)([0, 0], 1, 2);
gradInto(two)(new Float64Array(2), 1, 2);
gradInto(two)(new Float32Array(2), 1, 2);
const list: number[] = [0, 0];
gradInto(two)(list, 1, 2);
gradInto(mixed, { wrt: [2] })(new Float64Array(1), [1], "", 2);
gradInto((p: [number, number]) => p[0] * p[1])(new Float64Array(2), [1, 2]);

// @ts-expect-error the gradient of a Float32Array is written with double precision
gradInto(single)(new Float32Array(2), new Float32Array(2));
// @ts-expect-error an array is no typed array
gradInto(f)([0, 0], new Float64Array(2));
// @ts-expect-error there is nowhere to write
gradInto(f)(new Float64Array(2));
// @ts-expect-error the places hold an array, nothing and a number
gradInto(mixed)([0, 0, 0], [1], "", 2);
// @ts-expect-error it cannot be written to
gradInto(array)([0, 0] as readonly number[], [1, 2]);
// @ts-expect-error a text is no place for numbers
gradInto(two)("00", 1, 2);
// @ts-expect-error the rows are missing
gradInto(matrix)([0], [[1]]);
// @ts-expect-error a single number cannot be written into
gradInto((x: number) => x)(0, 1);
// @ts-expect-error a single number cannot be written into
gradInto(two, { wrt: 0 })([0], 1, 2);

same<Equal<GradientBuffer<number[]>, number[]>>();
same<Equal<GradientBuffer<{ x: number }>, { x: number }>>();
