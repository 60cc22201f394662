import { expect, it } from "vitest";
import { assertGrad, checkGrad, formatReport } from "../../src/index.js";
import type { CheckReport } from "../../src/index.js";

const line = (x1: number, x2: number): number => (2 * x1 + 3 * x2) ** 2 + 3;
const right = (x1: number, x2: number): [number, number] => [4 * (2 * x1 + 3 * x2), 6 * (2 * x1 + 3 * x2)];
const wrong = (x1: number, x2: number): [number, number] => [4 * (2 * x1 + 3 * x2), 12 * (2 * x1 + 3 * x2)];
const overwriting = (x: number[]): number[] => x.map((_, i) => (x[i] = 1));

const rightTable = `\
gradient of line, value 124: 2 ok
  element         generated     numerical  difference  verdict
  args[0]                44            44     7.7e-13  ok
  args[1]                66            66     7.4e-13  ok
  direction 1  -131.5199551  -131.5199551     5.9e-12  ok
  direction 2    108.835808    108.835808     5.4e-13  ok
  direction 3   79.70780927   79.70780927     3.4e-13  ok`;

const wrongTable = `\
gradient of line, value 124: 1 ok, 1 wrong
  element         generated     numerical  difference  verdict
  args[0]                44            44     7.7e-13  ok
  args[1]               132            66          66  wrong: twice as much
  direction 1  -238.3827533  -131.5199551         110  wrong
  direction 2   240.1869683    108.835808         130  wrong
  direction 3   201.9465185   79.70780927         120  wrong`;

it("prints as a table", () => {
  const report = checkGrad(line, right, [1, 3]);
  expect(report.ok).toBe(true);
  expect(String(report)).toBe(rightTable);
  expect(formatReport(report)).toBe(rightTable);
  expect(String(checkGrad(line, wrong, [1, 3]))).toBe(wrongTable);
});

it("is data", () => {
  const report = checkGrad(line, wrong, [1, 3], { directions: 1 });
  const data = JSON.parse(JSON.stringify(report)) as CheckReport;
  expect(data).toMatchObject({ ok: false, name: "line", value: 124, size: 2, problems: [] });
  expect(data.elements[1]).toMatchObject({ path: "args[1]", generated: 132, verdict: "wrong", note: "twice as much" });
  expect(data.elements[1]!.numerical).toBeCloseTo(66, 9);
  expect(data.elements[1]!.error).toBeLessThan(1e-10);
  expect(data.directions).toHaveLength(1);
  expect(formatReport(data)).toBe(String(report));
});

it("is thrown by assertGrad as a table, unless nothing is wrong", () => {
  expect(() => assertGrad(line, right, [1, 3])).not.toThrow();
  expect(() => assertGrad(line, wrong, [1, 3])).toThrow(new Error(wrongTable));
  expect(() => assertGrad((x: number, y: number) => x * y, (_x, y) => y, [2, 5], { wrt: 0 })).not.toThrow();
  expect(() => assertGrad(Math.abs, () => 0, [0])).not.toThrow();
});

it("tells problems before the table", () => {
  const report = checkGrad((x: number[]) => x[0]!, overwriting, [[5]]);
  expect(String(report).split("\n").slice(0, 2)).toEqual([
    "gradient of the function, value 5: 1 ok",
    "  the gradient changes its arguments: args[0][0] was 5 and is 1",
  ]);
});

it("says what a kink looks like from both sides", () => {
  expect(String(checkGrad(Math.abs, () => 0, [0]))).toBe(`\
gradient of abs, value 0: 1 kink
  element  generated  numerical  difference  verdict
  args[0]          0          0           0  kink: from the left -1.00000, from the right 1.00000`);
});

it("shows what is not ok first where there are many rows, and counts the rest", () => {
  const x = Array.from({ length: 100 }, (_, i) => i + 1);
  const squares = (y: number[]): number => y.reduce((sum, yi) => sum + yi * yi, 0);
  const lastWrong = (y: number[]): number[] => y.map((yi, i) => (i === 99 ? yi : 2 * yi));
  const report = checkGrad(squares, lastWrong, [x], { directions: 0 });
  const lines = String(report).split("\n");
  expect(lines).toHaveLength(43);
  expect(lines[0]).toBe("gradient of squares, value 338350: 99 ok, 1 wrong");
  expect(lines[41]).toMatch(/^ {2}args\[0\]\[99\] +100 +200 +100 {2}wrong: half as much$/);
  expect(lines[42]).toBe("  … and 60 more");
});

it("says how many elements were compared where it is a sample", () => {
  const report = checkGrad((x: number[]) => x[0]!, (x) => x.map((_, i) => (i === 0 ? 1 : 0)), [[1, 2, 3]], { elements: 2, directions: 0 });
  expect(String(report).split("\n")[0]).toBe("gradient of the function, value 1, 2 of 3 elements compared: 2 ok");
});
