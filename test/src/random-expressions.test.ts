import { expect, it } from "vitest";
import { randomNumbers } from "../../src/check/random.js";
import { checkGrad } from "../../src/index.js";
import { evaluate, randomExpression, written } from "./expressions.js";
import type { Dual, Expression } from "./expressions.js";

interface Sample {
  readonly expression: Expression;
  readonly x: readonly number[];
  readonly dual: Dual;
}

const variables = 3;
const samples = randomSamples(3000);

it("does not call a right gradient wrong", () => {
  const cases = samples.filter(isDetermined);
  expect(cases.length).toBeGreaterThan(1000);
  for (const sample of cases) {
    const report = check(sample, 1);
    expect(report.ok, message(sample, report)).toBe(true);
  }
});

it("calls a gradient wrong that is off by a thousandth", () => {
  const cases = samples.filter((sample) => isDetermined(sample) && isVisible(sample)).slice(0, 500);
  expect(cases).toHaveLength(500);
  for (const sample of cases) {
    const report = check(sample, 1.001);
    expect(report.ok, message(sample, report)).toBe(false);
  }
});

/** Expressions of every depth from 2 to 6, at arguments of moderate, small and large size, some of them whole numbers. */
function randomSamples(count: number): Sample[] {
  const random = randomNumbers(1);
  return Array.from({ length: count }, (_, k) => {
    const expression = randomExpression(random, 2 + (k % 5), variables);
    const size = [1, 1, 1e-3, 1e2][k % 4]!;
    const x = Array.from({ length: variables }, () => (random() < 0.15 ? Math.round(random() * 4 - 2) : (random() * 4 - 2) * size));
    return { expression, x, dual: evaluate(expression, x) };
  });
}

/** Whether there is a derivative, and the value is not made of its rounding. */
function isDetermined({ dual }: Sample): boolean {
  const { value, derivatives, smooth, rounding } = dual;
  const finite = [value, ...derivatives].every(Number.isFinite);
  return finite && smooth && derivatives.some((d) => d !== 0) && rounding <= 1e-12 * Math.abs(value);
}

/** Whether the value changes with an argument so much that it can be seen. */
function isVisible({ dual, x }: Sample): boolean {
  return dual.derivatives.some((d, i) => Math.abs(d * x[i]!) > 1e-6 * Math.abs(dual.value));
}

function check({ expression, x }: Sample, factor: number): ReturnType<typeof checkGrad> {
  const f = (y: readonly number[]): number => evaluate(expression, y).value;
  return checkGrad(f, (y) => evaluate(expression, y).derivatives.map((d) => d * factor), [x], { directions: factor === 1 ? 3 : 0 });
}

function message({ expression, x }: Sample, report: ReturnType<typeof checkGrad>): string {
  return `${written(expression)} at ${x.join(", ")}\n${String(report)}`;
}
