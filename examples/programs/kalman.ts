// The likelihood of a linear state-space model by Kalman's filter, with small matrices as arrays of rows.
import { grad } from "tsgrad";

type Matrix = number[][];

const zeros = (n: number, m: number): Matrix => Array.from({ length: n }, () => new Array<number>(m).fill(0));
const transpose = (a: Matrix): Matrix => a[0].map((_, j) => a.map((row) => row[j]));

function product(a: Matrix, b: Matrix): Matrix {
  const c = zeros(a.length, b[0].length);
  for (let i = 0; i < a.length; i++) {
    for (let k = 0; k < b.length; k++) for (let j = 0; j < b[0].length; j++) c[i][j] += a[i][k] * b[k][j];
  }
  return c;
}
const combine = (a: Matrix, b: Matrix, k: number): Matrix => a.map((row, i) => row.map((v, j) => v + k * b[i][j]));

/** Gauss and Jordan's inverse with a row exchange for the pivot, and the logarithm of the determinant. */
function inverse(a: Matrix): { inverse: Matrix; logDet: number } {
  const n = a.length;
  const m = a.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))]);
  let logDet = 0;
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(m[i][k]) > Math.abs(m[pivot][k])) pivot = i;
    [m[k], m[pivot]] = [m[pivot], m[k]];
    const p = m[k][k];
    logDet += Math.log(Math.abs(p));
    for (let j = 0; j < 2 * n; j++) m[k][j] /= p;
    for (let i = 0; i < n; i++) {
      if (i === k) continue;
      const f = m[i][k];
      for (let j = 0; j < 2 * n; j++) m[i][j] -= f * m[k][j];
    }
  }
  return { inverse: m.map((row) => row.slice(n)), logDet };
}

export interface Model {
  damping: number;
  frequency: number;
  processNoise: number;
  sensorNoise: number;
}

/** Minus twice the log-likelihood of an oscillator seen through noise, without the constant. */
export function deviance(model: Model, seen: readonly number[], h: number): number {
  const f: Matrix = [
    [1, h],
    [-h * model.frequency ** 2, 1 - h * model.damping],
  ];
  const observe: Matrix = [[1, 0]];
  const noise: Matrix = [
    [0, 0],
    [0, model.processNoise ** 2 * h],
  ];
  let x: Matrix = [[seen[0]], [0]];
  let p: Matrix = [
    [1, 0],
    [0, 1],
  ];
  let sum = 0;
  for (const y of seen.slice(1)) {
    x = product(f, x);
    p = combine(product(product(f, p), transpose(f)), noise, 1);
    const error = y - product(observe, x)[0][0];
    const s = product(product(observe, p), transpose(observe));
    s[0][0] += model.sensorNoise ** 2;
    const { inverse: si, logDet } = inverse(s);
    const gain = product(product(p, transpose(observe)), si);
    x = combine(x, gain, error);
    p = combine(p, product(product(gain, observe), p), -1);
    sum += logDet + error * si[0][0] * error;
  }
  return sum;
}
export const devianceGrad = grad(deviance, { wrt: 0 });
