import { grad, gradInto, hessian, hessianInto, hvp, hvpInto, jacobian, jacobianInto, jvp, valueAndGrad, vjp } from "tsgrad";

declare const number: (x: number) => number;
declare const array: (x: readonly number[]) => number;
declare const tuple: (x: [number, number]) => number;
declare const typed: (x: Float64Array) => number;
declare const single: (x: Float32Array) => number;
declare const matrix: (m: number[][]) => number;
declare const record: (p: { at: [number, number]; mass?: number; name: string }) => number;
declare const records: (ps: { x: number }[]) => number;
declare const several: (w: number[], name: string, b: number) => number;
declare const many: (x: number[]) => number[];
declare const curve: (t: number) => Float64Array;
declare const polar: (p: { r: number; phi: number }) => { x: number; y: number };

// What an editor shows of each name.
export const shown = {
  gradNumber: grad(number),
  gradArray: grad(array),
  gradTuple: grad(tuple),
  gradTyped: grad(typed),
  gradSingle: grad(single),
  gradMatrix: grad(matrix),
  gradRecord: grad(record),
  gradRecords: grad(records),
  gradSeveral: grad(several),
  gradByTwo: grad(several, { wrt: [2, 0] }),
  valueAndGradSeveral: valueAndGrad(several),
  valueAndGradRecord: valueAndGrad(record),
  gradIntoSeveral: gradInto(several),
  gradIntoTyped: gradInto(typed),
  jvpNumber: jvp(number),
  jvpSingle: jvp(single),
  jvpRecord: jvp(record),
  jvpSeveral: jvp(several),
  jvpMany: jvp(many),
  jvpPolar: jvp(polar),
  vjpNumber: vjp(number),
  vjpArray: vjp(array),
  vjpSeveral: vjp(several),
  vjpMany: vjp(many),
  vjpPolar: vjp(polar),
  hvpNumber: hvp(number),
  hvpArray: hvp(array),
  hvpTyped: hvp(typed),
  hvpRecord: hvp(record),
  hvpSeveral: hvp(several),
  hvpIntoTyped: hvpInto(typed),
  hessianNumber: hessian(number),
  hessianArray: hessian(array),
  hessianTuple: hessian(tuple),
  hessianTyped: hessian(typed),
  hessianMatrix: hessian(matrix),
  hessianSeveral: hessian(several),
  hessianIntoTyped: hessianInto(typed),
  jacobianMany: jacobian(many),
  jacobianCurve: jacobian(curve),
  jacobianPolar: jacobian(polar),
  jacobianSparse: jacobian(many, { sparse: true }),
  jacobianIntoMany: jacobianInto(many),
};
