import { describe, expect, it } from "vitest";
import { assertGrad, checkGrad, numericalGrad } from "../../src/index.js";

// What the types refuse is tried all the same: JavaScript has no types.
const loose = { numericalGrad, checkGrad, assertGrad } as unknown as Record<
  "numericalGrad" | "checkGrad" | "assertGrad",
  (...args: unknown[]) => (...args: unknown[]) => unknown
>;

const square = (x: number): number => x * x;
const twice = (x: number): number => 2 * x;
const area = (x: number, y: number): number => x * y;
const swap = (x: number, y: number): [number, number] => [y, x];
const text = (): string => "4";
const later = async (x: number): Promise<number> => Promise.resolve(x);
const failing = (): number => {
  throw new Error("no value");
};

/** The kind of error is a TypeError unless given. */
type Misuse = readonly [what: string, use: () => unknown, message: string, kind?: typeof Error];

const numerical: Misuse[] = [
  ["no function", () => loose.numericalGrad(), "the first argument must be the function, not undefined."],
  ["a number for options", () => loose.numericalGrad(square, 1e-3), "the options must be an object with any of method, h, wrt, not 0.001."],
  ["null for options", () => loose.numericalGrad(square, null), "the options must be an object with any of method, h, wrt, not null."],
  ["an unknown option", () => loose.numericalGrad(square, { step: 1 }), 'there is no option "step"; the options are method, h, wrt.'],
  ["an unknown method", () => loose.numericalGrad(square, { method: "up" }), 'method must be "symmetric" or "forward", not "up".'],
  ["no step", () => numericalGrad(square, { h: 0 }), "h must be a positive number, not 0."],
  ["a negative step", () => numericalGrad(square, { h: -1 }), "h must be a positive number, not -1."],
  ["an infinite step", () => numericalGrad(square, { h: Infinity }), "h must be a positive number, not Infinity."],
  ["a step that is NaN", () => numericalGrad(square, { h: NaN }), "h must be a positive number, not NaN."],
  ["a step that is text", () => loose.numericalGrad(square, { h: "1" }), "h must be a positive number, not 1."],
  [
    "a step that is lost",
    () => numericalGrad(square, { h: 1e-30 })(4),
    "the step 1e-30 is lost in the rounding of args[0], 4; make h larger.",
    RangeError,
  ],
  ["NaN", () => numericalGrad(area)(1, NaN), "args[1] is NaN; no step leads away from it.", RangeError],
  ["infinity", () => numericalGrad(area)(Infinity, 1), "args[0] is Infinity; no step leads away from it.", RangeError],
  [
    "wrt of what is not there",
    () => loose.numericalGrad(area, { wrt: 2 })(1, 2),
    "wrt names argument 2, but there are 2 (counted from 0).",
    RangeError,
  ],
  ["a function that returns text", () => loose.numericalGrad(text)(1), "text returns a string, not a number."],
  ["a function that returns a promise", () => loose.numericalGrad(later)(1), "later returns a promise, not a number."],
];

const names = "wrt, tolerance, directions, elements, seed";

const checked: Misuse[] = [
  ["no function", () => loose.checkGrad(), "the first argument must be the function, not undefined."],
  ["no gradient", () => loose.checkGrad(square), "the second argument must be the gradient function, grad(f), not undefined."],
  ["a gradient that is called already", () => loose.checkGrad(square, 2, [1]), "the second argument must be the gradient function, grad(f), not 2."],
  ["no arguments", () => loose.checkGrad(square, twice), "the third argument must be an array of the arguments, not undefined."],
  ["an argument without an array", () => loose.checkGrad(square, twice, 1), "the third argument must be an array of the arguments, not 1."],
  ["null for options", () => loose.checkGrad(square, twice, [1], null), `the options must be an object with any of ${names}, not null.`],
  ["an unknown option", () => loose.checkGrad(square, twice, [1], { tol: 1 }), `there is no option "tol"; the options are ${names}.`],
  ["a negative tolerance", () => checkGrad(square, twice, [1], { tolerance: -1 }), "tolerance must be a number that is not negative, not -1."],
  [
    "an infinite tolerance",
    () => checkGrad(square, twice, [1], { tolerance: Infinity }),
    "tolerance must be a number that is not negative, not Infinity.",
  ],
  ["a tolerance that is NaN", () => checkGrad(square, twice, [1], { tolerance: NaN }), "tolerance must be a number that is not negative, not NaN."],
  [
    "endless directions",
    () => checkGrad(square, twice, [1], { directions: Infinity }),
    "directions must be a number that is not negative, not Infinity.",
  ],
  ["half a direction", () => checkGrad(square, twice, [1], { directions: 0.5 }), "directions must be a whole number, not 0.5."],
  ["half an element", () => checkGrad(square, twice, [1], { elements: 1.5 }), "elements must be a whole number, not 1.5."],
  ["a seed that is text", () => loose.checkGrad(square, twice, [1], { seed: "a" }), "seed must be a number that is not negative, not a."],
  ["NaN", () => checkGrad(square, twice, [NaN]), "args[0] is NaN; there is nothing to compare at.", RangeError],
  [
    "wrt of what is not there",
    () => loose.checkGrad(area, swap, [1, 2], { wrt: -1 }),
    "wrt names argument -1, but there are 2 (counted from 0).",
    RangeError,
  ],
  ["wrt by name", () => loose.checkGrad(area, swap, [1, 2], { wrt: ["y"] }), "wrt names argument y, but there are 2 (counted from 0).", RangeError],
  ["wrt twice", () => checkGrad(area, swap, [1, 2], { wrt: [0, 0] }), "wrt names argument 0 twice.", RangeError],
  ["a function that returns text", () => loose.checkGrad(text, twice, [1]), "text returns a string, not a number."],
  ["a function that returns a promise", () => loose.checkGrad(later, twice, [1]), "later returns a promise, not a number."],
  ["a function that throws", () => checkGrad(failing, () => [], []), "failing throws at these arguments: no value", Error],
];

describe.each(Object.entries({ numericalGrad: numerical, checkGrad: checked }))("%s", (caller, misuses) => {
  for (const [what, use, message, kind = TypeError] of misuses) {
    it(`says what to do about ${what}`, () => {
      expect(use).toThrow(expect.objectContaining({ name: kind.name, message: `${caller}: ${message}` }));
    });
  }
});

it("names assertGrad where that was called", () => {
  const message = "assertGrad: the second argument must be the gradient function, grad(f), not undefined.";
  expect(() => loose.assertGrad(square, undefined, [1])).toThrow(new TypeError(message));
});
