export function rosenbrock(x: Float64Array): number {
  let sum = 0;
  for (let i = 0; i + 1 < x.length; i++) sum += 100 * (x[i + 1] - x[i] ** 2) ** 2 + (1 - x[i]) ** 2;
  return sum;
}

/** What is left of a sum of exponentials at some times: as many numbers as there are times, by pairs of a weight and a rate. */
export function residuals(b: Float64Array, t: Float64Array, y: Float64Array): Float64Array {
  const r = new Float64Array(t.length);
  for (let i = 0; i < t.length; i++) {
    let s = -y[i];
    for (let k = 0; k + 1 < b.length; k += 2) s += b[k] * Math.exp(-b[k + 1] * t[i]);
    r[i] = s;
  }
  return r;
}

/** The same of a polynomial, which takes next to nothing to evaluate. */
export function polynomialResiduals(b: Float64Array, t: Float64Array, y: Float64Array): Float64Array {
  const r = new Float64Array(t.length);
  for (let i = 0; i < t.length; i++) {
    let s = 0;
    for (let k = b.length - 1; k >= 0; k--) s = s * t[i] + b[k];
    r[i] = s - y[i];
  }
  return r;
}
