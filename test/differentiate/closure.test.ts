import { describe, expect, test } from "vitest";
import { gradient, isDifferentiable } from "../../transformer/differentiate/index.js";
import { literal, variable, zero } from "../../transformer/ir/build.js";
import { checkFn } from "../../transformer/ir/check.js";
import { reachable } from "../../transformer/ir/memory.js";
import type { Atom, Fn, Var } from "../../transformer/ir/model.js";
import { tupleOf } from "../../transformer/ir/types.js";
import { optimise } from "../../transformer/optimise/index.js";
import { agrees, derivative } from "../differences.js";
import { interpret } from "../ir/interpret.js";
import type { Writer} from "./construct.js";
import { fn as functionOf, ref } from "./construct.js";
import { numbersIn, withNumbers } from "./flatten.js";
import { programs } from "./programs.js";

/** The gradient by all parameters that have one, as a tuple. */
function gradientOf(fn: Fn): Fn {
  const root = gradient(fn, { kind: "grad", wrt: inputsOf(fn), single: false, name: `${fn.name}Grad` });
  for (const made of reachable(root)) checkFn(made, "differentiate");
  return checkFn(optimise(root), "optimise");
}

function inputsOf(fn: Fn): number[] {
  return fn.params.flatMap((_, i) => (isDifferentiable(fn, i) ? [i] : []));
}

/** A weighted sum of what `of` gives: a function of one number again. */
function weighted(of: Fn): Fn {
  const params = of.params.map((p) => ({ ...p }));
  const [type] = of.results;
  return functionOf(`${of.name}Weighted`, params, (w) => {
    const callee = ref(() => of);
    const results = of.results.map((t) => variable("g", t));
    w.call(callee, params, results);
    return type ? sum(w, results[0]!, zero) : zero;
  });
}

function sum(w: Writer, value: Var, total: Atom): Atom {
  const { type } = value;
  if (type.kind === "real") return w.num("+", w.num("*", 1.25, total), value);
  if (type.kind === "record") return type.fields.reduce((s, f) => sum(w, w.load(value, type.shape === "tuple" ? { kind: "field", name: f.name } : { kind: "field", name: f.name }), s), total);
  if (type.kind === "array" && type.length !== undefined) {
    return Array.from({ length: type.length }).reduce((s: Atom, _, i) => sum(w, w.at(value, literal(i)), s), total);
  }
  return w.count(w.size(value), [total.kind === "literal" ? 0 : total], (t, i, [s]) => [sum(t, t.at(value, i), s!)])[0]!;
}

function compare(fn: Fn, derivatives: Fn, point: readonly unknown[]): void {
  const inputs = inputsOf(fn);
  const type = tupleOf(inputs.map((i) => fn.params[i]!.type));
  const at = inputs.map((i) => point[i]);
  const numbers = numbersIn(at, type);
  const call = (f: Fn, values: readonly number[]): unknown => {
    const moved = withNumbers(at, type, [...values]) as unknown[];
    return interpret(f, fn.params.map((_, i) => (inputs.includes(i) ? moved[inputs.indexOf(i)] : point[i])));
  };
  const got = numbersIn(call(derivatives, numbers), type);
  expect(got).toHaveLength(numbers.length);
  numbers.forEach((n, k) => {
    const want = derivative((v) => call(fn, numbers.with(k, v)) as number, n);
    expect(agrees(got[k]!, want), `number ${k}: got ${got[k]}, the difference is ${want.value} ± ${want.error}`).toBe(true);
  });
}

describe.each(Object.entries(programs))("%s", (_name, make) => {
  test("is reversed", () => {
    const { fn, points } = make();
    checkFn(fn, "construction");
    const first = gradientOf(fn);
    for (const point of points) compare(fn, first, point);
  });

  test("is reversed twice", () => {
    const { fn, points } = make();
    const again = checkFn(optimise(weighted(gradientOf(fn))), "optimise");
    const second = gradientOf(again);
    for (const point of points) compare(again, second, point);
  });
});

