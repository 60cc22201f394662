import { checkGrad, grad, numericalGrad } from "tsgrad";

export function f(x1: number, x2: number): number {
  return (2 * x1 + 3 * x2) ** 2 + 3;
}
const df = grad(f);

console.log(f(1, 3));
console.log(df(1, 3));
console.log(numericalGrad(f, { h: 2e-2 })(1, 3));
console.log(String(checkGrad(f, df, [1, 3])));
