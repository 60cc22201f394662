import { describe, expect, it } from "vitest";
import { numericalGrad } from "../../src/index.js";

const line = (x1: number, x2: number): number => (2 * x1 + 3 * x2) ** 2 + 3;
const cube = (x: number): number => x ** 3;

describe("the formula", () => {
  it("is symmetric unless asked otherwise, with the step as given", () => {
    expect(line(1, 3)).toBe(124);
    expect(numericalGrad(line, { h: 2e-2 })(1, 3)).toEqual([43.99999999999906, 65.99999999999824]);
    expect(numericalGrad(line, { method: "symmetric", h: 2e-2 })(1, 3)).toEqual([43.99999999999906, 65.99999999999824]);
  });

  it("takes half the step to each side", () => {
    const points: number[] = [];
    const gradient = numericalGrad((x: number) => points.push(x), { h: 0.5 });
    gradient(8);
    expect(points.sort()).toEqual([7.75, 8.25]);
  });

  it("goes forward by the whole step", () => {
    expect(numericalGrad(line, { method: "forward", h: 2e-2 })(1, 3)).toEqual([44.079999999998876, 66.18000000000066]);
    expect(numericalGrad(line, { method: "forward", h: 2e-2, wrt: 0 })(1, 3)).toBeCloseTo(44.08, 11);
    expect(numericalGrad(cube, { method: "forward", h: 1 })(2)).toBe(19);
  });

  it.each([0, 0.5, -1, 3, 1e4, -1e4])("has a step of 1e-5 · max(1, |x|) at %d unless given", (x) => {
    const h = 1e-5 * Math.max(1, Math.abs(x));
    expect(numericalGrad(cube)(x)).toBe((cube(x + h / 2) - cube(x - h / 2)) / h);
    expect(numericalGrad(cube, { method: "forward" })(x)).toBe((cube(x + h) - cube(x)) / h);
  });

  it("takes options that are given as undefined for options that are not given", () => {
    const loose: { h?: number } = { h: undefined } as object;
    expect(numericalGrad(cube, loose)(2)).toBe(numericalGrad(cube)(2));
  });

  it("divides by the step that an element of a Float32Array could make", () => {
    const square = (x: Float32Array): number => x[0]! * x[0]!;
    expect(numericalGrad(square, { h: 1e-6 })(new Float32Array([1]))[0]).toBeCloseTo(2, 6);
  });

  it("is NaN where the function is", () => {
    expect(numericalGrad((x: number) => Math.log(x))(-1)).toBeNaN();
    expect(numericalGrad((x: number) => Math.sqrt(x))(0)).toBeNaN();
  });
});

describe("the parameters", () => {
  const three = (x: number, y: number, z: number): number => x + 10 * y + 100 * z;
  const sum = (...xs: number[]): number => xs.reduce((total, x, i) => total + (i + 1) * x, 0);
  const options = { h: 1 };

  it("has the gradient itself for one of them, a tuple for several", () => {
    expect(numericalGrad((x: number) => 4 * x, options)(1)).toBe(4);
    expect(numericalGrad(three, options)(1, 1, 1)).toEqual([1, 10, 100]);
  });

  it("has what wrt asks for, in its order", () => {
    expect(numericalGrad(three, { ...options, wrt: 1 })(1, 1, 1)).toBe(10);
    expect(numericalGrad(three, { ...options, wrt: [2, 0] })(1, 1, 1)).toEqual([100, 1]);
    expect(numericalGrad(three, { ...options, wrt: [1] })(1, 1, 1)).toEqual([10]);
    expect(numericalGrad(three, { ...options, wrt: [] })(1, 1, 1)).toEqual([]);
  });

  it("has a tuple for rest parameters, be it of one", () => {
    expect(numericalGrad(sum, options)(1, 1, 1)).toEqual([1, 2, 3]);
    expect(numericalGrad(sum, options)(1)).toEqual([1]);
    expect(numericalGrad(sum, options)()).toEqual([]);
    expect(numericalGrad((x: number, ...xs: number[]) => x * sum(...xs), options)(2, 1, 1)).toEqual([3, 2, 4]);
  });

  it("has a number for a single parameter with a default", () => {
    const twice = (x = 3): number => 2 * x;
    expect(numericalGrad(twice, options)(1)).toBe(2);
  });

  it("calls the function on copies, so that neither changes the arguments", () => {
    const overwriting = (x: number[], o: { y: number }): number => {
      x[0]! *= o.y++;
      return x[0]!;
    };
    const x = [2];
    const o = { y: 3 };
    expect(numericalGrad(overwriting, options)(x, o)).toEqual([[3], { y: 2 }]);
    expect([x, o]).toEqual([[2], { y: 3 }]);
  });

  it("passes on what the function throws", () => {
    const failing = (x: number): number => {
      throw new RangeError(`no value at ${x}`);
    };
    expect(() => numericalGrad(failing, options)(2)).toThrow(new RangeError("no value at 2.5"));
  });
});
