import { expect, it } from "vitest";
import { namesIn, parse } from "../../transformer/rules/template.js";
import { evaluate } from "./evaluate.js";

const scope = new Map([["x", 2], ["y", 3], ["g", 5]]);

it.each([
  ["g * x + y", 13],
  ["g - x - y", 0],
  ["-g * (x / y) / y", (-5 * (2 / 3)) / 3],
  ["x ** y ** x", 512],
  ["2 * x ** -1", 1],
  ["x > y ? 1 : x === 2 ? 7 : 9", 7],
  ["x > 0 ? (y > 4 ? 0 : NaN) : 1", NaN],
  ["Math.hypot(x * 3, y + 5)", 10],
  ["1e-3 * Math.LN10", 1e-3 * Math.LN10],
])("reads %s", (text, value) => {
  expect(evaluate(parse(text), scope)).toBe(value);
});

it("keeps a negative number one literal", () => {
  expect(parse("x ** -3")).toMatchObject({ op: "**", args: [{ name: "x" }, { value: -3 }] });
});

it("lists names once and no functions", () => {
  expect(namesIn(parse("x > 0 ? Math.sin(y * x) : Infinity"))).toEqual(["x", "y"]);
});

it.each(["g *", "g x", "(g", "Math.sin(x", "g # x", "a ? b"])("refuses %s", (text) => {
  expect(() => parse(text)).toThrow(text);
});
