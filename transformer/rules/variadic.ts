import { rule, type Rule } from "./rule.js";

/** `Math.hypot` of any number of arguments. At the origin the subgradient of least norm is 0. */
export function hypot(arity: number): Rule | undefined {
  if (arity === 0) return undefined;
  const names = parameters(arity);
  return rule(
    names.join(", "),
    names.map((name) => `out === 0 ? 0 : g * (${name} / out)`),
    [0.3, 3],
    [
      [names.map(() => 0), names.map(() => 0)],
      [names.map(() => 1e200), names.map(() => 1e200 / Math.hypot(...names.map(() => 1e200)))],
    ],
  );
}

/**
 * `Math.max` or `Math.min` of any number of arguments. A constant that ties with the result leaves 0 to the others;
 * else those that tie share equally. A tie is `===`.
 */
export function extremum(name: "Math.max" | "Math.min", constant: readonly boolean[]): Rule | undefined {
  if (constant.length === 0) return undefined;
  const beats = name === "Math.max" ? ">" : "<";
  const names = parameters(constant.length);
  const fixed = names.filter((_, i) => constant[i]);
  const varied = names.filter((_, i) => !constant[i]);
  const locals: Record<string, string> = {};
  const limit = fixed.length > 1 ? "limit" : fixed[0];
  if (fixed.length > 1) locals.limit = `${name}(${fixed.join(", ")})`;

  const [x, y] = varied;
  const formulas = new Map<string, string>();
  if (varied.length === 1 && x !== undefined) {
    formulas.set(x, limit === undefined ? "g" : `${x} ${beats} ${limit} ? g : 0`);
  } else if (varied.length === 2 && fixed.length === 0 && x !== undefined && y !== undefined) {
    formulas.set(x, `${x} ${beats} ${y} ? g : ${x} === ${y} ? g / 2 : 0`);
    formulas.set(y, `${y} ${beats} ${x} ? g : ${x} === ${y} ? g / 2 : 0`);
  } else if (varied.length > 0) {
    locals.ties = varied.map((v) => `(${v} === out ? 1 : 0)`).join(" + ");
    for (const v of varied) {
      const share = `${v} === out ? g / ties : 0`;
      formulas.set(v, limit === undefined ? share : `${v} ${beats} ${limit} ? (${share}) : 0`);
    }
  }
  return rule(
    names.join(", "),
    names.map((n) => formulas.get(n)),
    [-3, 3],
    [tie(constant)],
    locals,
  );
}

/** All arguments equal: the known answer of the policy. */
function tie(constant: readonly boolean[]): readonly [number[], (number | undefined)[]] {
  const share = constant.includes(true) ? 0 : 1 / constant.length;
  return [constant.map(() => 0), constant.map((fixed) => (fixed ? undefined : share))];
}

/** `x`, then `x, y`, then `x1, x2, x3`. */
function parameters(arity: number): string[] {
  if (arity <= 2) return ["x", "y"].slice(0, arity);
  return Array.from({ length: arity }, (_, i) => `x${i + 1}`);
}
