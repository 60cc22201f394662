import { describe, expect, test } from "vitest";
import { interpret } from "../ir/interpret.js";
import { programs } from "../differentiate/programs.js";
import { makeProgram } from "../program.js";
import { emittedAll, evaluated } from "./emitted.js";
import { gradientOf, weighted } from "./gradients.js";

const types = "interface State { p: number; v: number }\ninterface Particle { at: number[]; s: State }\n";
const reserved = new Set(["State", "Particle"]);

const orders = Object.entries(programs).map(([name, make]) => {
  const { fn, points } = make();
  const first = gradientOf(fn);
  const again = weighted(first);
  return { name, points, functions: { value: fn, gradient: first, second: gradientOf(again) } };
});
const texts = Object.fromEntries(
  orders.flatMap(({ name, functions }) => Object.entries(functions).map(([order, fn]) => [`${name}-${order}.ts`, emittedAll(fn, "emitted", reserved)] as const)),
);

describe.each(orders)("$name", ({ name, points, functions }) => {
  test.each(Object.entries(functions))("its %s is the same when printed", (order, fn) => {
    const run = evaluated(texts[`${name}-${order}.ts`] ?? "", "emitted");
    for (const point of points) {
      const [given, other] = [structuredClone(point), structuredClone(point)];
      expect(run(...given)).toStrictEqual(interpret(fn, other));
      expect(given).toStrictEqual(other);
    }
  });
});

test("all of it is TypeScript", () => {
  const files = Object.entries(texts).map(([name, text]) => [name, `${types}${text}\nexport { emitted };\n`] as const);
  expect(makeProgram(Object.fromEntries(files)).errors()).toEqual([]);
});
