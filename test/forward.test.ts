import { describe, expect, it } from "vitest";
import { call, expectSame, type Callable } from "./fixtures/compare.js";
import { runEmitted } from "./fixtures/emitted.js";
import { directionOf, numbers } from "./fixtures/forward.js";
import { fixtures, requestedBy, type Fixture, type Requested } from "./fixtures/fixture.js";
import { at, clone, numbersIn, show } from "./fixtures/values.js";
import type { Claims } from "./fixtures/verify.js";

/** How far the tangent may be from the gradient's product with the direction, as a part of the sum of the sizes. */
const tolerance = 1e-12;

/** `2 * a * da` with an infinite `da` where `a` is 0: the gradient takes what it finds in memory for absent there. */
const isExcepted = (name: string): boolean => name === "arrays/root-in-an-array";

/** Functions that return arrays by a rule of their own without a tangent, which forward mode refuses. */
const withoutTangent: ReadonlySet<string> = new Set(["rules/custom-arrays", "rules/custom-records", "rules/implicit-system", "rules/implicit-minimum", "rules/members-left-out", "rules/records-in-loops"]);

describe.each(fixtures().filter(({ name }) => !withoutTangent.has(name)).map((fixture) => [fixture.name, fixture] as const))("%s", (_, fixture) => {
  it("has a tangent that is the gradient times the direction", () => {
    const requested = requestedBy(fixture);
    const harness = runEmitted(withJvp(fixture, requested), fixture.file);
    const { check, answers = [] } = harness as unknown as Claims;
    for (const args of [...check.at, ...(isExcepted(fixture.name) ? [] : answers.map((answer) => answer.at))]) {
      const gradient = call(harness.gradient as Callable, args, "the gradient");
      const value = (harness.harnessPrimal as Callable)(...(clone(args) as unknown[]));
      for (const seed of [1, 2]) {
        const direction = directionOf(gradient, numbers(seed));
        const got = call(harness.harnessJvp as Callable, [args, requested.tuple ? direction : single(direction, requested)], "jvp") as [unknown, number];
        expectSame(got[0], value, `the value beside the tangent at ${show(args)}`);
        expectProduct(got[1], gradient, direction, `at ${show(args)} along ${show(direction)}`);
      }
    }
  });
});

/** A fixture that asks for the tangent too. */
function withJvp(fixture: Fixture, { subject, options }: Requested): ReadonlyMap<string, string> {
  const lines = [
    `import { jvp as harnessForward } from "tsgrad";`,
    `export const harnessPrimal = ${subject};`,
    `export const harnessJvp = harnessForward(${subject}${options});`,
  ];
  const text = fixture.texts.get(fixture.file) ?? "";
  return new Map(fixture.texts).set(fixture.file, `${text}\n${lines.join("\n")}\n`);
}

/** The tangents of a function of one parameter are a tuple as well, unless `wrt` names it. */
function single(direction: unknown, { options }: Requested): unknown {
  return options === "" ? [direction] : direction;
}

function expectProduct(got: number, gradient: unknown, direction: unknown, where: string): void {
  let [want, size] = [0, 1];
  for (const { path, value } of numbersIn(gradient)) {
    const part = value * (at(direction, path) as number);
    want += part;
    size += Math.abs(part);
  }
  // What is infinite or not a number meets itself in other ways.
  if (!Number.isFinite(want)) return;
  expect(Math.abs(got - want), `${where}: tangent ${show(got)}, gradient times direction ${show(want)}`).toBeLessThanOrEqual(tolerance * size);
}
