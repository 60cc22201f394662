import { extremum, hypot } from "./variadic.js";
import { rule, singular, type Rule } from "./rule.js";

export type { Rule } from "./rule.js";

/**
 * The derivatives, a row for each operation: parameters, the pullback of each, the range where the test samples it,
 * and its known values at the edges. `g` is the adjoint of the result and `out` the result. The text is what is
 * emitted, so it is chosen for its behaviour at the ends of the number range too.
 */
// prettier-ignore
const operators: Readonly<Record<string, Rule>> = {
  "+":        rule("x, y", ["g", "g"],                                        [-3, 3]),
  "-":        rule("x, y", ["g", "-g"],                                       [-3, 3]),
  "*":        rule("x, y", ["g * y", "g * x"],                                [-3, 3]),
  // Dividing twice: y * y would overflow at 1e200 and underflow at 1e-200.
  "/":        singular("x, y", ["g / y", "-g * out / y"],                     [0.3, 3], [
    [[1e200, 1e200], [1e-200, -1e-200]], [[1e-200, 1e-200], [1e200, -1e200]], [[0, 1], [1, -0]],
  ]),
  // Rounded because the quotient of the whole part is a hair off: 1 % 0.1 has 9 whole parts. Subtracted from 0 so
  // that no negative zero comes out.
  "%":        singular("x, y", ["g", "g * (0 - Math.round((x - out) / y))"],  [[5, 5.4], [1.15, 1.24]], [
    [[1, 0.1], [1, -9]], [[-19, 3], [1, 6]], [[1, 3], [1, 0]],
  ]),
  // y * out / x would over- and underflow. At base 0 the derivative by an exponent that is not positive is NaN.
  "**":       singular("x, y", [
    "y === 0 ? 0 : g * y * x ** (y - 1)",
    "x === 0 ? (y > 0 ? 0 : NaN) : g * out * Math.log(x)",
  ], [0.2, 3], [
    [[0, 1], [1, 0]], [[0, 2], [0, 0]], [[0, 0.5], [Infinity, 0]], [[0, 0], [0, NaN]], [[0, -1], [-Infinity, NaN]],
    [[-2, 3], [12, NaN]], [[1e-200, 2], [2e-200, -0]], [[1e200, 2], [2e200, Infinity]],
  ]),
  neg:        rule("x", ["-g"],                                               [-3, 3]),
  identity:   rule("x", ["g"],                                                [-3, 3]),
  toNumber:   rule("x", [undefined],                                          [0, 1]),
  // A value or what stands for it where it is left out: both receive what the value does.
  "??":       rule("x, y", ["g", "isUndefined(x) ? g : 0"],                   [-3, 3], [[[5, 6], [1, 0]]]),
  "?:":       rule("test, x, y", [undefined, "test ? g : 0", "test ? 0 : g"], [-3, 3], [
    [[1, 5, 6], [undefined, 1, 0]], [[0, 5, 6], [undefined, 0, 1]],
  ]),
  // 1 / (1 + exp(-x)) as one function. Both forms come from the value at hand; out * (1 - out) is 0 from x = 37 on,
  // and the other form is NaN below -710.
  sigmoid:    rule("x", ["e > 1 ? g * (out * (1 - out)) : g * (out * (out * e))"], [-4, 4], [
    [[0], [0.25]], [[-800], [0]], [[800], [0]], [[40], [4.248354255291589e-18]],
  ], { e: "Math.exp(-x)" }),
};

// prettier-ignore
const functions: Readonly<Record<string, Rule>> = {
  // The subgradient of least norm at 0 is 0; at negative zero it is a negative zero.
  abs:        rule("x", ["g * Math.sign(x)"],                                 [0.5, 3], [[[0], [0]], [[-0], [-0]], [[-2], [-1]]]),
  acos:       singular("x", ["-g / Math.sqrt((1 - x) * (1 + x))"],            [-0.9, 0.9], [[[1], [-Infinity]], [[2], [NaN]]]),
  acosh:      singular("x", ["g / (Math.sqrt(x - 1) * Math.sqrt(x + 1))"],    [1.1, 4], [[[1], [Infinity]], [[0.5], [NaN]], [[1e200], [1e-200]]]),
  asin:       singular("x", ["g / Math.sqrt((1 - x) * (1 + x))"],             [-0.9, 0.9], [[[1], [Infinity]], [[2], [NaN]]]),
  asinh:      rule("x", ["g / Math.hypot(x, 1)"],                             [-3, 3], [[[0], [1]], [[1e160], [1e-160]]]),
  atan:       rule("x", ["g / (1 + x * x)"],                                  [-3, 3], [[[0], [1]], [[1e200], [0]]]),
  // The origin has no derivative from any direction.
  atan2:      singular("y, x", ["g * (x / h) / h", "-g * (y / h) / h"],       [0.2, 3], [
    [[0, 0], [NaN, NaN]], [[3e200, 4e200], [1.6e-201, -1.2e-201]], [[0, 2], [0.5, -0]],
  ], { h: "Math.hypot(x, y)" }),
  atanh:      singular("x", ["g / ((1 - x) * (1 + x))"],                      [-0.9, 0.9], [[[1], [Infinity]], [[-1], [Infinity]]]),
  cbrt:       singular("x", ["g / (3 * out * out)"],                          [0.1, 5], [[[0], [Infinity]], [[-0], [Infinity]]]),
  cos:        rule("x", ["-g * Math.sin(x)"],                                 [-3, 3], [[[0], [-0]]]),
  cosh:       singular("x", ["g * Math.sinh(x)"],                             [-3, 3], [[[0], [0]]]),
  exp:        singular("x", ["g * out"],                                      [-3, 3], [[[0], [1]]]),
  // Not out + 1, which is 0 for large negative arguments.
  expm1:      singular("x", ["g * Math.exp(x)"],                              [-3, 3], [[[-40], [Math.exp(-40)]]]),
  f16round:   rule("x", ["g"],                                                [1, 1]),
  fround:     rule("x", ["g"],                                                [1, 1], [[[0.1], [1]]]),
  log:        singular("x", ["g / x"],                                        [0.1, 5], [[[0], [Infinity]]]),
  log10:      singular("x", ["g / (x * Math.LN10)"],                          [0.1, 5], [[[0], [Infinity]]]),
  log1p:      singular("x", ["g / (1 + x)"],                                  [-0.9, 5], [[[-1], [Infinity]], [[0], [1]]]),
  log2:       singular("x", ["g / (x * Math.LN2)"],                           [0.1, 5], [[[0], [Infinity]]]),
  sin:        rule("x", ["g * Math.cos(x)"],                                  [-3, 3], [[[0], [1]]]),
  sinh:       singular("x", ["g * Math.cosh(x)"],                             [-3, 3], [[[0], [1]]]),
  // At negative zero the plain formula gives the other infinity.
  sqrt:       singular("x", ["g / (2 * out)"],                                [0.1, 5], [[[0], [Infinity]], [[-0], [-Infinity]], [[-1], [NaN]]]),
  tan:        rule("x", ["g * (1 + out * out)"],                              [-1.2, 1.2], [[[0], [1]]]),
  // Not 1 - out * out, which is 0 from x = 20 on, and not 1 / (c * c), which is 0 from 355 on.
  tanh:       rule("x", ["g / c / c"],                                        [-3, 3], [[[0], [1]], [[20], [1.6993417021166355e-17]], [[360], [8.13e-313]], [[800], [0]]], { c: "Math.cosh(x)" }),
};

/** The fixed rows by the operation's name in the IR. */
export const rows: Readonly<Record<string, Rule>> = {
  ...operators,
  ...Object.fromEntries(Object.entries(functions).map(([name, row]) => [`Math.${name}`, row])),
  "Math.pow": operators["**"] as Rule,
};

/**
 * The row of an operation with this many arguments, if it has one.
 *
 * `Math.max:01` is `Math.max` with a flag for each argument: 1 says that it is a constant in the source text. A
 * constant wins a tie, else those that tie share equally.
 */
export function ruleOf(op: string, arity: number): Rule | undefined {
  const [name = op, flags = ""] = op.split(":", 2);
  if (name === "Math.max" || name === "Math.min") return extremum(name, constantFlags(flags, arity));
  if (op === "Math.hypot") return hypot(arity);
  if (op === "surrogate" && arity === 2) return surrogate;
  const row = Object.hasOwn(rows, op) ? rows[op] : undefined;
  return row?.params.length === arity ? row : undefined;
}

/** The value of the one with the derivative of the other. */
const surrogate = rule("value, x", [undefined, "g"], [0, 1]);

/**
 * `x ** exponent` with a literal exponent: no guard and no logarithm. Small powers are products in the derivative,
 * which cost a fortieth of `**`; the result itself is computed as it was written.
 */
export function powLiteral(exponent: number): Rule {
  const formula = powFormula(exponent);
  const safe = Number.isInteger(exponent) && exponent >= 0 && exponent < 50;
  return (safe ? rule : singular)("x, y", [formula, undefined], [[0.2, 3], [exponent, exponent]]);
}
function powFormula(exponent: number): string | undefined {
  switch (exponent) {
    case 0:
      return undefined;
    case 1:
      return "g";
    case 2:
      return "2 * x * g";
    case 3:
      return "3 * x * x * g";
    case 4:
      return "4 * x * x * x * g";
    case 0.5:
      return "g / (2 * out)";
    case -1:
      return "-g / x / x";
    default:
      return Number.isInteger(exponent) ? `y * g * x ** ${exponent - 1}` : "y * g * x ** (y - 1)";
  }
}

/** `base ** y` with a literal base other than 0: no guard. */
export function powBase(base: number): Rule {
  const safe = [1000, -1000].every((y) => Number.isFinite(base ** y * Math.log(base)));
  return (safe ? rule : singular)("x, y", [undefined, "g * out * Math.log(x)"], [[base, base], [-2, 2]]);
}

function constantFlags(flags: string, arity: number): readonly boolean[] {
  return Array.from({ length: arity }, (_, i) => flags[i] === "1");
}
