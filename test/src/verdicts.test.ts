import { describe, expect, it } from "vitest";
import { checkGrad } from "../../src/index.js";
import type { CheckReport, Verdict } from "../../src/index.js";

type Row = readonly [what: string, f: (...x: number[]) => number, gradient: number[], at: number[], verdicts: Verdict | Verdict[]];

const line = (x: number, y: number): number => (2 * x + 3 * y) ** 2 + 3;
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const softplus = (x: number): number => Math.log(1 + Math.exp(x));
const stairs = (x: number): number => x + Math.floor(2359 / x);

const smooth: Row[] = [
  ["a right gradient", line, [44, 66], [1, 3], "ok"],
  ["twice the second partial", line, [44, 132], [1, 3], ["ok", "wrong"]],
  ["the partials in the wrong order", line, [66, 44], [1, 3], "wrong"],
  ["a partial off by 1e-5", line, [44, 66 * (1 + 1e-5)], [1, 3], ["ok", "wrong"]],
  ["a partial off by 1e-7, less than the tolerance", line, [44, 66 * (1 + 1e-7)], [1, 3], "ok"],
  ["zero where the derivative is zero", (x) => x * x, [0], [0], "ok"],
  ["a little where the derivative is zero", (x) => x * x, [1e-4], [0], "wrong"],
  ["an argument that is not used", (x, y) => x * x + 0 * y, [4, 0], [2, 3], "ok"],
  ["a fast wave", (x) => Math.sin(1000 * x), [1000 * Math.cos(1234)], [1.234], "ok"],
  ["a very fast wave", (x) => Math.sin(1e6 * x), [1e6 * Math.cos(1.234e6)], [1.234], "ok"],
  ["a fast wave with the derivative of its mean", (x) => Math.sin(1e6 * x), [0], [1.234], "wrong"],
  ["a peak that is a millionth wide", (x) => Math.exp(-x * x * 1e12), [-2e6 / Math.E], [1e-6], "ok"],
  ["a tiny argument", Math.log, [1e200], [1e-200], "ok"],
  ["a tiny argument, 0.1% off", Math.log, [1.001e200], [1e-200], "wrong"],
  ["huge arguments", Math.hypot, [Math.SQRT1_2, Math.SQRT1_2], [1e200, 1e200], "ok"],
  ["steep in tiny arguments", Math.atan2, [5e199, -5e199], [1e-200, 1e-200], "ok"],
  ["an iteration until a tolerance", (a) => newton(a, 1e-6), [0.353553390593], [2], "ok"],
  ["the same, 1% off", (a) => newton(a, 1e-6), [0.357], [2], "wrong"],
];

const kinks: Row[] = [
  ["a subgradient of least norm", Math.abs, [0], [0], "kink"],
  ["another subgradient", Math.abs, [-0.3], [0], "kink"],
  ["no subgradient", Math.abs, [2], [0], "wrong"],
  ["NaN", Math.abs, [NaN], [0], "wrong"],
  ["a tie with equal shares", Math.max, [0.5, 0.5], [1, 1], "kink"],
  ["the origin of a cone", Math.hypot, [0, 0], [0, 0], "kink"],
  ["near a kink, on its right", Math.abs, [1], [1e-9], "ok"],
  ["near a kink, with the other side's derivative", Math.abs, [-1], [1e-9], "wrong"],
  ["a kink between wide steps that see a smooth function", (x) => Math.abs(x * x - Math.tanh(x) / 100), [0], [0], "kink"],
  ["a cusp, where anything is between", (x) => Math.sqrt(Math.abs(x)), [NaN], [0], "kink"],
];

const jumps: Row[] = [
  ["on a step", Math.floor, [0], [2], "jump"],
  ["on a step, with a slope", Math.floor, [1], [2], "wrong"],
  ["between steps", Math.floor, [0], [2.5], "ok"],
  ["between steps, with a slope", Math.floor, [1], [2.5], "wrong"],
  ["between small steps", Math.floor, [0], [1e6 + 0.5], "ok"],
  ["between small steps, with the slope of the stairs", Math.floor, [1], [1e6 + 0.5], "wrong"],
  ["stairs on a slope", stairs, [1], [1.234], "ok"],
  ["a remainder, one rounding away from a jump", (y) => 1 % y, [-9], [0.1], "jump"],
  ["the side it stands on", (x) => (x < 1 ? x : 3 * x + 5), [3], [1], "jump"],
  ["the side it does not stand on", (x) => (x < 1 ? x : 3 * x + 5), [1], [1], "wrong"],
  ["near a jump", (x) => (x < 1 ? x : 3 * x + 5), [3], [1 + 1e-7], "ok"],
  ["values at single points", (x) => (Number.isInteger(x) ? 24 : Infinity), [26], [4], "unchecked"],
];

const infinite: Row[] = [
  ["the end of a domain", Math.sqrt, [Infinity], [0], "edge"],
  ["the end of a domain, finite", Math.sqrt, [3], [0], "wrong"],
  ["the end of a domain with a finite derivative", (x) => x ** 1.5, [0], [0], "edge"],
  ["the same at −0, where the formula gives the other sign", Math.sqrt, [-Infinity], [-0], "edge"],
  ["a vertical tangent", Math.cbrt, [Infinity], [0], "ok"],
  ["a vertical tangent, finite", Math.cbrt, [1e9], [0], "wrong"],
  ["infinite where it is not", (x) => x * x, [Infinity], [1], "wrong"],
  ["NaN where there is a derivative", (x) => x * x, [NaN], [1], "wrong"],
  ["an infinite argument", Math.atan, [0], [Infinity], "unchecked"],
  ["beside an infinite argument", (x, y) => x * x + Math.atan(y), [6, 0], [3, Infinity], ["ok", "unchecked"]],
  ["no value, no derivative", Math.log, [NaN], [-1], "unchecked"],
];

const rounded: Row[] = [
  ["saturation", Math.tanh, [1.7e-17], [20], "saturated"],
  ["saturation, with what would be seen", Math.tanh, [1.7e-7], [20], "wrong"],
  ["saturation at 1", sigmoid, [4.248354255291589e-18], [40], "saturated"],
  ["what is small itself", sigmoid, [4.24835425529159e-18], [-40], "ok"],
  ["saturation at 0, where numbers near 1 cancel", softplus, [4.248354255291589e-18], [-40], "saturated"],
  ["the same, with what would be seen", softplus, [1e-10], [-40], "wrong"],
  ["the same function a little earlier", softplus, [2.31952283e-16], [-36], "saturated"],
  ["a constant made of terms that cancel", (x) => (7 * x) / x, [1.8e-12], [-4.5e-4], "wrong"],
  ["a constant", () => 7, [1e-10], [1e-3], "wrong"],
  ["a large constant, at zero", () => 1e8, [3], [0], "wrong"],
  ["a wrong derivative beside a huge one", (x, y) => x + y, [1e30, 1e6], [1, 1], "wrong"],
  ["single precision", Math.fround, [1], [1.1], "ok"],
  ["single precision, twice as much", Math.fround, [2], [1.1], "wrong"],
  ["noise", (x) => x * x + 1e-8 * Math.sin(1e15 * x), [2.6], [1.3], "ok"],
  ["noise, twice as much", (x) => x * x + 1e-8 * Math.sin(1e15 * x), [5.2], [1.3], "wrong"],
  ["a term that is lost in another", (x) => 1e16 + x, [1], [1], "saturated"],
  ["terms that cancel", (x, y) => 1e16 * x + y - 1e16, [1e16, 1], [1, 1], ["ok", "saturated"]],
  ["terms that cancel to the last bit", (x) => Math.sin(x) ** 2 + Math.cos(x) ** 2 - 1, [1e-17], [2], "noise"],
  ["chaos", (x) => logistic(x, 200), [4.5786782201496784e38], [0.3], "jump"],
  ["a derivative beyond all measure of what is no chaos", Math.sin, [1e57], [1.234], "wrong"],
];

describe.each(Object.entries({ smooth, kinks, jumps, infinite, rounded }))("%s", (_, rows) => {
  it.each(rows)("%s", (_what, f, gradient, at, verdicts) => {
    const report = checkGrad(f, () => gradient, at, { directions: 0 });
    expect(verdictsOf(report), String(report)).toEqual(Array.isArray(verdicts) ? verdicts : at.map(() => verdicts));
    const compared = report.elements.some(({ error }) => error < Infinity);
    expect(report.ok).toBe(compared && !verdictsOf(report).includes("wrong"));
  });
});

it("does not let a finite gradient hide that the value is NaN or infinite", () => {
  const report = checkGrad(Math.log, (x) => 1 / x, [-1]);
  expect(report.ok).toBe(false);
  expect(report.problems).toEqual(["the value is NaN at these arguments, yet the whole gradient is finite"]);
});

it("is not ok where nothing could be compared", () => {
  const reports = [
    checkGrad((x: number[]) => x.length, (x) => x.map(() => 0), [[]]),
    checkGrad(Math.sin, Math.cos, [1], { elements: 0, directions: 0 }),
    checkGrad(Math.log, () => NaN, [-1]),
  ];
  for (const report of reports) {
    expect(report.ok).toBe(false);
    expect(report.problems).toEqual([]);
    expect(String(report)).toContain("\n  nothing was compared, so nothing is known of the gradient");
  }
  expect(checkGrad(Math.sin, Math.cos, [1], { elements: 0 }).ok).toBe(false);
  expect(checkGrad((x: number, y: number) => x * y, (x, y) => [y, x], [1, 2], { elements: 0 }).ok).toBe(true);
});

it("names the mistake that two numbers look like", () => {
  const noteFor = (factor: number): string | undefined => checkGrad(Math.exp, (x) => factor * Math.exp(x), [1]).elements[0]?.note;
  const notes = [-1, 2, 0.5, 0, NaN, Infinity, 1.1].map(noteFor);
  expect(notes.slice(0, 3)).toEqual(["the sign", "twice as much", "half as much"]);
  expect(notes[3]).toBe("zero: does the derivative get lost?");
  expect(notes.slice(4)).toEqual(["NaN where the function has a derivative", "infinite where the function has a finite derivative", undefined]);
});

function verdictsOf(report: CheckReport): Verdict[] {
  return report.elements.map(({ verdict }) => verdict);
}

function newton(a: number, tolerance: number): number {
  let x = a;
  while (Math.abs(x * x - a) > tolerance) x = (x + a / x) / 2;
  return x;
}

function logistic(start: number, turns: number): number {
  let x = start;
  for (let i = 0; i < turns; i++) x *= 3.9 * (1 - x);
  return x;
}
