import { describe, expect, it } from "vitest";
import { namesIn } from "../../transformer/rules/template.js";
import { powBase, powLiteral, rows, ruleOf, type Rule } from "../../transformer/rules/table.js";
import { cutting, constant } from "../../transformer/rules/activity.js";
import { agrees, derivative } from "../differences.js";
import { operate, partialsOf } from "./evaluate.js";

const variadic = ["Math.max", "Math.min", "Math.hypot"];
const flagged = ["01", "10", "11", "001", "011", "101"].flatMap((flags) => [`Math.max:${flags}`, `Math.min:${flags}`]);
const literal = [0, 1, 2, 3, 4, 7, 0.5, 1.5, -0.5, -1, -2];

const all: readonly (readonly [string, string, Rule])[] = [
  ...Object.entries(rows).map(([op, row]) => [op, op, row] as const),
  ...variadic.flatMap((op) => [1, 2, 3, 5].map((n) => [`${op} of ${n}`, op, known(op, n)] as const)),
  ...flagged.map((op) => [op, op, known(op, op.length - "Math.max:".length)] as const),
  ...literal.map((n) => [`x ** ${n}`, "**", powLiteral(n)] as const),
  ["2 ** y", "**", powBase(2)],
];

describe.each(all)("%s", (_, op, row) => {
  const inMath = op.startsWith("Math.") ? Reflect.has(Math, op.slice(5).split(":")[0] as string) : true;

  it("uses names that are in scope", () => {
    const scope = new Set([...row.params, "g", "out"]);
    for (const local of row.locals) {
      expect(namesIn(local.expression).filter((name) => !scope.has(name))).toEqual([]);
      scope.add(local.name);
    }
    for (const partial of row.partials) expect(namesIn(partial ?? zero).filter((name) => !scope.has(name))).toEqual([]);
    expect(row.partials).toHaveLength(row.params.length);
  });

  it.runIf(inMath && !rounding.has(op))("agrees with differences at 50 points", () => {
    const random = randomNumbers();
    for (let sample = 0; sample < 50; sample++) {
      const args = row.samples.map(([low, high]) => low + (high - low) * random());
      partialsOf(op, row, args).forEach((partial, i) => {
        if (partial === undefined) return;
        const along = (x: number): number => operate(op, args.map((a, j) => (j === i ? x : a)));
        const want = derivative(along, args[i] as number);
        expect(agrees(partial, want), `by ${row.params[i]} at ${args}: ${partial}, differences ${want.value}`).toBe(true);
      });
    }
  });

  it.runIf(inMath)("is linear in the adjoint", () => {
    const args = row.samples.map(([low, high]) => low + (high - low) * 0.37);
    const twice = partialsOf(op, row, args, -2);
    partialsOf(op, row, args).forEach((partial, i) => {
      if (partial !== undefined) expect(twice[i]).toBeCloseTo(-2 * partial, 10);
    });
  });

  it.runIf(inMath && row.edges.length > 0)("has its known values", () => {
    for (const [args, want] of row.edges) {
      const got = partialsOf(op, row, args);
      const same = want.every((value, i) => Object.is(got[i], value) || nearly(got[i], value));
      expect(same, `at ${args.map(print)}: ${got.map(print)}, known ${want.map(print)}`).toBe(true);
    }
  });

  it.runIf(inMath)("says where it is singular", () => {
    const found = row.params.map(() => false);
    for (const args of grid(row)) {
      partialsOf(op, row, args).forEach((partial, i) => {
        if (partial !== undefined && !Number.isFinite(partial)) found[i] = true;
      });
    }
    expect(found).toEqual(row.singular);
  });
});

it("covers every member of Math", () => {
  const functions = Object.getOwnPropertyNames(Math).filter((name) => typeof Reflect.get(Math, name) === "function");
  expect(functions.length).toBeGreaterThanOrEqual(35);
  for (const name of functions) {
    const op = `Math.${name}`;
    const homes = [ruleOf(op, 1) ?? ruleOf(op, 2), Object.hasOwn(cutting, op) || undefined, constant[op]];
    expect(homes.filter((home) => home !== undefined), op).toHaveLength(1);
  }
});

it("finds a row only for the number of arguments that it has", () => {
  expect(ruleOf("Math.sin", 2)).toBeUndefined();
  expect(ruleOf("toString", 1)).toBeUndefined();
  expect(ruleOf("Math.hypot", 0)).toBeUndefined();
});

const zero = { kind: "number", value: 0 } as const;
/** Their results are rounded, so differences of them say nothing. */
const rounding = new Set(["Math.fround", "Math.f16round"]);

function known(op: string, arity: number): Rule {
  const row = ruleOf(op, arity);
  if (row === undefined) throw new Error(`no row for ${op} of ${arity}`);
  return row;
}

/** Arguments of moderate size at which formulas break: zeros, ones, and what overflows an exponential. */
function* grid(row: Rule): Generator<number[]> {
  const values = [0, -0, 1, -1, 0.5, 2, -3, 1000, -1000];
  const fixed = row.samples.map(([low, high]) => (low === high ? low : undefined));
  const count = values.length ** row.params.length;
  for (let n = 0; n < Math.min(count, 10_000); n++) {
    yield row.params.map((_, i) => fixed[i] ?? (values[Math.floor(n / values.length ** i) % values.length] as number));
  }
}

/** A known value that is no short number may be off by a few units in its last place; zeros, infinities and NaN may not. */
function nearly(got: number | undefined, want: number | undefined): boolean {
  if (got === undefined || want === undefined || !Number.isFinite(want) || want === 0) return false;
  return Math.abs(got - want) <= 4 * Number.EPSILON * Math.abs(want) || (Math.abs(want) < 1e-300 && Math.abs(got / want - 1) < 0.01);
}

function print(value: number | undefined): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

function randomNumbers(): () => number {
  let state = 12345;
  return () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state / 2147483648;
  };
}
