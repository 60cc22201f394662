import { expect, test } from "vitest";
import { checkFn } from "../../transformer/ir/check.js";
import { printFn } from "../../transformer/ir/print.js";
import { optimise } from "../../transformer/optimise/index.js";
import { interpret } from "../ir/interpret.js";
import { makeProgram } from "../program.js";
import { emitted, evaluated } from "./emitted.js";
import { randomFn } from "./random.js";

const points = [
  [0.7, -1.3, [1, 2, 3, 4], [0.5, -0.5, 0.25, 9]],
  [-2, 3, [0, -0, NaN, 1], [1e9, -1, 2, 2]],
  [1, 1, [1, 1, 1, 1], [0, 0, 0, 0]],
] as const;

const texts: string[] = [];
for (let seed = 1; seed <= 150; seed++) {
  test(`program ${seed} is the same when printed`, () => {
    const raw = checkFn(randomFn(seed), "construction");
    for (const fn of [raw, optimise(raw)]) {
      const text = emitted(fn, { reserved: new Set(seed % 2 === 0 ? ["x", "y", "s"] : []) });
      texts.push(text);
      const run = evaluated(text, fn.name);
      for (const point of points) {
        const [given, other] = [structuredClone(point), structuredClone(point)];
        const [got, want] = [run(...given), interpret(fn, other)];
        expect({ got, given }, `${printFn(fn)}\n${text}`).toStrictEqual({ got: want, given: other });
      }
    }
  });
}

test("all of it is TypeScript", () => {
  const files = texts.map((text, i) => [`program${i}.ts`, `export ${text}`] as const);
  expect(makeProgram(Object.fromEntries(files)).errors()).toEqual([]);
});
