import { expect, it } from "vitest";
import { assertGrad, checkGrad, grad, gradInto, hessian, hessianInto, hvp, hvpInto, jacobian, jacobianInto, jvp, valueAndGrad, vjp } from "../../src/index.js";

const square = (x: number): number => x * x;
const area = (x: number, y: number): number => x * y;
const pair = (x: number): [number, number] => [x, 2 * x];
const looseGrad = grad as unknown as (f: unknown) => () => unknown;

const advice =
  ' was not compiled: add { "transform": "tsgrad/transformer" } to compilerOptions.plugins in tsconfig.json and build with tspc instead of tsc.';

it.each<readonly [call: string, use: () => unknown]>([
  ["grad(square)", () => grad(square)(3)],
  ["grad(square, …)", () => grad(square, { wrt: 0 })(3)],
  ["grad(…)", () => grad((x: number) => x)(3)],
  ["grad(…)", () => looseGrad(undefined)()],
  ["valueAndGrad(area)", () => valueAndGrad(area)(1, 2)],
  ["valueAndGrad(area, …)", () => valueAndGrad(area, { wrt: [0] })(1, 2)],
  ["hvp(square)", () => hvp(square)(3, 1)],
  ["hvpInto(area)", () => hvpInto(area)([0, 0], 1, 2, [1, 0])],
  ["hessian(area)", () => hessian(area)(1, 2)],
  ["hessianInto(area)", () => hessianInto(area)([[0, 0], [0, 0]], 1, 2)],
  ["jacobian(area)", () => jacobian(area)(1, 2)],
  ["jacobianInto(pair, …)", () => jacobianInto(pair, { mode: "forward" })([0, 0], 1)],
  ["jvp(area)", () => jvp(area)([1, 2], [1, 0])],
  ["vjp(area)", () => vjp(area)(1, 2)],
  ["gradInto(area)", () => gradInto(area)([0, 0], 1, 2)],
])("says when it is called that %s was not compiled", (call, use) => {
  expect(use).toThrow(expect.objectContaining({ name: "NotCompiledError", message: call + advice }));
});

it("says nothing before, since a module may make a gradient that it never calls", () => {
  expect(typeof grad(square)).toBe("function");
});

it("is not taken for a gradient that throws", () => {
  expect(() => checkGrad(square, grad(square), [3])).toThrow(`grad(square)${advice}`);
  expect(() => assertGrad(square, grad(square), [3])).toThrow(`grad(square)${advice}`);
});
