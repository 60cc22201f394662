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

/** The first hundred, and those that have shown a mistake once. */
const seeds = [...Array.from({ length: 100 }, (_, i) => i + 1), 1600, 1824, 2089];
const texts: string[] = [];
for (const seed of seeds) {
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
  // A variable that is a literal is compared with another literal: nobody writes that, and it is decided all the same.
  const errors = makeProgram(Object.fromEntries(files)).errors().filter((e) => !e.includes("have no overlap"));
  expect(errors).toEqual([]);
});
