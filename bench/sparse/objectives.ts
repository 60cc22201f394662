import { reprojection } from "../../examples/objectives/ba.js";

/**
 * The residuals of bundle adjustment by all parameters: cameras of 11 numbers, points of 3, a weight for each observation.
 * Observation k is that of the point `seen[2 * k + 1]` by the camera `seen[2 * k]`, and gives two residuals.
 */
export function bundle(cameras: Float64Array, points: Float64Array, weights: Float64Array, seen: Int32Array, features: Float64Array): Float64Array {
  const residuals = new Float64Array(2 * weights.length);
  for (let k = 0; k < weights.length; k++) {
    const camera = 11 * seen[2 * k];
    const point = 3 * seen[2 * k + 1];
    reprojection(
      cameras.subarray(camera, camera + 11),
      points.subarray(point, point + 3),
      weights[k],
      features[2 * k],
      features[2 * k + 1],
      residuals.subarray(2 * k, 2 * k + 2),
    );
  }
  return residuals;
}

/** A discretised boundary value problem: three diagonals. */
export function bratu(u: Float64Array): Float64Array {
  const n = u.length;
  const h = 1 / (n + 1);
  const r = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const left = i > 0 ? u[i - 1] : 0;
    const right = i + 1 < n ? u[i + 1] : 0;
    r[i] = (left - 2 * u[i] + right) / (h * h) + Math.exp(u[i]);
  }
  return r;
}

/** A fit of many curves with one parameter in common: a diagonal and one column. */
export function arrow(p: Float64Array): Float64Array {
  const r = new Float64Array(p.length - 1);
  for (let i = 0; i < r.length; i++) r[i] = Math.exp(-p[0] * i * 1e-3) * p[i + 1] - 1;
  return r;
}
