import { grad, hessian, hessianInto, hvp, hvpInto, jacobian, jacobianInto, type SparseJacobian } from "tsgrad";
import { same, type Equal } from "./equal.js";

interface Lens {
  at: [number, number];
  name: string;
}
declare const scalar: (x: number) => number;
declare const vector: (x: Float64Array) => number;
declare const matrix: (m: number[][]) => number;
declare const several: (w: number[], name: string, b: number) => number;
declare const lens: (l: Lens) => number;
declare const polar: (r: number, angle: number) => [number, number];
declare const residuals: (b: number[], t: Float64Array) => Float64Array;

// The vector comes behind the arguments and has the gradient's shape, as the product has.
const ofVector = hvp(vector);
same<Equal<typeof ofVector, (x: Float64Array, v: Float64Array) => Float64Array>>(ofVector);
const ofSeveral = hvp(several);
ofSeveral([1], "a", 2, [[1], undefined, 1]);
const byB = hvp(several, { wrt: 2 });
const product: number = byB([1], "a", 2, 1);
const into = hvpInto(vector);
const value: number = into(new Float64Array(1), new Float64Array(1), new Float64Array(1));

// A gradient in the place of each number of the gradient.
const second = hessian(scalar);
same<Equal<typeof second, (x: number) => number>>(second);
const rows = hessian(vector);
same<Equal<typeof rows, (x: Float64Array) => Float64Array[]>>(rows);
const blocks: number[][][][] = hessian(matrix)([[1]]);
const ofLens: { at: [{ at: [number, number] }, { at: [number, number] }] } = hessian(lens)({ at: [1, 2], name: "a" });
const byTwo: [[number[], number][], [number[], number]] = hessian(several, { wrt: [0, 2] })([1], "a", 2);
hessianInto(vector)([new Float64Array(1)], new Float64Array(1));

// A gradient in the place of each number of the result.
const ofPolar: [[number, number], [number, number]] = jacobian(polar)(1, 2);
const byAngle: [number, number] = jacobian(polar, { wrt: 1 })(1, 2);
const ofResiduals: number[][] = jacobian(residuals, { wrt: 0, mode: "forward" })([1], new Float64Array(1));
const curve: Float64Array = jacobian((t: number) => new Float64Array([t]))(1);
const gradient: Float64Array = jacobian(vector)(new Float64Array(1));
const reached: Float64Array = jacobianInto(residuals, { wrt: 0 })([[0]], [1], new Float64Array(1));

// Compressed sparse rows, whatever the shapes are.
const ofMany = jacobian(residuals, { wrt: 0, sparse: true });
same<Equal<typeof ofMany, (b: number[], t: Float64Array) => SparseJacobian>>(ofMany);
const sparse: SparseJacobian = jacobian(grad(vector), { sparse: true })(new Float64Array(1));
const both: Float64Array = jacobianInto(residuals, { sparse: true })(sparse, [1], new Float64Array(1));
const notSparse: number[][] = jacobian(residuals, { wrt: 0, sparse: false })([1], new Float64Array(1));

// @ts-expect-error a single number has no rows
jacobian(scalar, { sparse: true });
// @ts-expect-error rows are no place for a sparse Jacobian
jacobianInto(residuals, { sparse: true, wrt: 0 })([[0]], [1], new Float64Array(1));
// @ts-expect-error there is no parameter 2
jacobian(residuals, { sparse: true, wrt: 2 });
// @ts-expect-error the vector is missing
ofVector(new Float64Array(1));
// @ts-expect-error the vector has the gradient's shape
ofVector(new Float64Array(1), [1]);
// @ts-expect-error the function returns no number
hessian(polar);
// @ts-expect-error a number cannot be written into
hessianInto(scalar)(0, 1);
// @ts-expect-error there is no such mode
jacobian(polar, { mode: "backward" });
// @ts-expect-error there is no parameter 2
jacobian(polar, { wrt: 2 });

export { both, notSparse, blocks, byAngle, byTwo, curve, gradient, ofLens, ofPolar, ofResiduals, product, reached, value };
