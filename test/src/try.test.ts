import { test } from "vitest";
import { checkAny } from "../../src/check/check-grad.js";
import { numericalGrad } from "../../src/index.js";
const rows: [string, (...a: any[]) => number, (...a: any[]) => any, any[]][] = [
  ["poly", (x, y) => (2*x+3*y)**2+3, () => [44, 66], [1,3]],
  ["double", (x, y) => (2*x+3*y)**2+3, () => [44, 132], [1,3]],
  ["1e-5 off", (x, y) => (2*x+3*y)**2+3, () => [44, 66.0007], [1,3]],
  ["abs0", Math.abs, () => 0, [0]],
  ["abs0 wrong", Math.abs, () => 2, [0]],
  ["abs 1e-9", (x) => Math.abs(x), () => 1, [1e-9]],
  ["abs 1e-9+1", (x) => 1+Math.abs(x), () => 1, [1e-9]],
  ["abs 1e-13", (x) => 1+Math.abs(x), () => 1, [1e-13]],
  ["floor0", Math.floor, () => 0, [2]],
  ["floor0 wrong", Math.floor, () => 1, [2]],
  ["floor wrong", Math.floor, () => 1, [2.5]],
  ["floor big", Math.floor, () => 0, [1e6+.5]],
  ["floor big w", Math.floor, () => 1, [1e6+.5]],
  ["fround", Math.fround, () => 1, [1.1]],
  ["fround e", Math.fround, () => 1, [1]],
  ["1%y", (y) => 1 % y, () => -9, [0.1]],
  ["tanh20", Math.tanh, () => 1.7e-17, [20]],
  ["tanh20 w", Math.tanh, () => 1.7e-7, [20]],
  ["1e16", (x) => 1e16 + x, () => 1, [1]],
  ["1e16x3", (x) => 1e16 + 3*x, () => 3, [1]],
  ["1e16 w", (x) => 1e16 + x, () => 100, [1]],
  ["sum", (a) => a.reduce((s: number, x: number) => s + x, 0), () => [1,1,1], [[1e16, 1, -1e16]]],
  ["sum2", (a) => a.reduce((s: number, x: number) => s + x*x, 0), () => [2e16,2], [[1e16, 1]]],
  ["sqrt0", Math.sqrt, () => Infinity, [0]],
  ["sqrt0 fin", Math.sqrt, () => 3, [0]],
  ["cbrt0", Math.cbrt, () => Infinity, [0]],
  ["x^1.5", (x) => x ** 1.5, () => 0, [0]],
  ["cusp", (x) => Math.sqrt(Math.abs(x)), () => NaN, [0]],
  ["log 1e-10", Math.log, () => 1e10, [1e-10]],
  ["log 1e-200", Math.log, () => 1e200, [1e-200]],
  ["hypot 1e200", Math.hypot, () => [Math.SQRT1_2, Math.SQRT1_2], [1e200, 1e200]],
  ["atan2 tiny", Math.atan2, () => [.5e200, -.5e200], [1e-200, 1e-200]],
  ["sin1000", (x) => Math.sin(1000*x), () => 1000*Math.cos(1000*1.234), [1.234]],
  ["sin1e6", (x) => Math.sin(1e6*x), () => 1e6*Math.cos(1e6*1.234), [1.234]],
  ["bump", (x) => Math.exp(-(x*x)/1e-12), () => -2e6*Math.exp(-1), [1e-6]],
  ["bump2", (x) => Math.exp(-(x-1)*(x-1)/1e-12), (x) => -2*(x-1)/1e-12*Math.exp(-(x-1)*(x-1)/1e-12), [1+3e-6]],
  ["x2", (x) => x*x, () => 0, [0]],
  ["sin2cos2", (x) => Math.sin(x)**2+Math.cos(x)**2, () => 1e-17, [.7]],
  ["fact", function f(x: number): number { return x === 1 ? 1 : x*f(x-1) }, () => 26, [4]],
  ["jump w", (x) => x < 1 ? x : x + 5, () => 1, [1]],
  ["jump near", (x) => x < 1 ? x : x + 5, () => 1, [1+1e-7]],
  ["logneg", Math.log, (x) => 1/x, [-1]],
  ["newton", (a) => { let x = a; while (Math.abs(x*x-a) > 1e-12) x = (x+a/x)/2; return x }, () => 0.353553390593, [2]],
  ["newton6", (a) => { let x = a; while (Math.abs(x*x-a) > 1e-6) x = (x+a/x)/2; return x }, () => 0.353553390593, [2]],
  ["unused", (x, y) => x*x + 0*y, () => [4, 0], [2, 3]],
  ["max tie", Math.max, () => [.5,.5], [1,1]],
  ["hypot0", Math.hypot, () => [0,0], [0,0]],
  ["relu shift", (x) => 1+Math.max(0,x), () => 0, [-1e-9]],
  ["count", (a, n) => { let s=0; for (let i=0;i<n;i++) s+=a[i]; return s; }, () => [[1,1,1], 0], [[1,2,3], 3]],
  ["f32", (a) => a[0]*a[0]*a[1], () => [[2.4, 1.44]], [new Float32Array([1.2, 1])]],
  ["f32b", (a) => Math.exp(a[0])*a[1], (a) => [Math.exp(a[0])*a[1], Math.exp(a[0])], [new Float32Array([1.2, 1])]],
  ["noisyhash", (x) => x*x + 1e-8*Math.sin(1e15*x), () => 2.6, [1.3]],
  ["noisyhash w", (x) => x*x + 1e-8*Math.sin(1e15*x), () => 5.2, [1.3]],
  ["expm10", (x) => Math.exp(x)-1-x, (x) => Math.exp(x) - 1, [1e-7]],
  ["sigm", (x) => 1/(1+Math.exp(-x)), (x) => 1/(1+Math.exp(-x))/(1+Math.exp(x)), [40]],
  ["sigm-", (x) => 1/(1+Math.exp(-x)), (x) => 1/(1+Math.exp(-x))/(1+Math.exp(x)), [-40]],
];
test("try", () => {
  for (const [name, f, g, args] of rows) {
    const r = checkAny("checkGrad", f, g, args, {});
    console.log(name, r.ok, "\n" + String(r));
  }
  const lf = (x1: number, x2: number) => (2 * x1 + 3 * x2) ** 2 + 3;
  console.log(numericalGrad(lf, {h: 2e-2})(1,3), numericalGrad(lf, {h: 2e-2, method: "forward"})(1,3));
  const big = Float64Array.from({length: 1000}, (_, i) => Math.sin(i));
  const t = performance.now();
  const r = checkAny("c", (x: Float64Array) => x.reduce((s, v) => s + v*v*v, 0), (x: Float64Array) => x.map((v, i) => i === 567 ? 3.0001*v*v: 3*v*v), [big], {});
  console.log(String(r), performance.now() - t);
});
