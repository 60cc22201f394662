import { gradient, isDifferentiable } from "../../transformer/differentiate/index.js";
import { literal, variable, zero } from "../../transformer/ir/build.js";
import type { Atom, Fn, Var } from "../../transformer/ir/model.js";
import { optimise } from "../../transformer/optimise/index.js";
import { fn as functionOf, ref, type Writer } from "../differentiate/construct.js";

/** The gradient by all parameters that have one, as a tuple. */
export function gradientOf(fn: Fn): Fn {
  const wrt = fn.params.flatMap((_, i) => (isDifferentiable(fn, i) ? [i] : []));
  return optimise(gradient(fn, { kind: "grad", wrt, single: false, name: `${fn.name}Grad` }));
}

/** A weighted sum of what `of` gives: a function of one number again, to be differentiated once more. */
export function weighted(of: Fn): Fn {
  const params = of.params.map((p) => ({ ...p }));
  const [type] = of.results;
  return optimise(
    functionOf(`${of.name}Weighted`, params, (w) => {
      const results = of.results.map((t) => variable("g", t));
      w.call(
        ref(() => of),
        params,
        results,
      );
      return type && results[0] ? sum(w, results[0], zero) : zero;
    }),
  );
}

function sum(w: Writer, value: Var, total: Atom): Atom {
  const { type } = value;
  if (type.kind === "real") return w.num("+", w.num("*", 1.25, total), value);
  if (type.kind === "record") {
    return type.fields.reduce((s: Atom, f) => sum(w, w.load(value, { kind: "field", name: f.name }), s), total);
  }
  if (type.kind === "array" && type.length !== undefined) {
    return Array.from({ length: type.length }).reduce((s: Atom, _, i) => sum(w, w.at(value, literal(i)), s), total);
  }
  const [result] = w.count(w.size(value), [total.kind === "literal" ? 0 : total], (t, i, [s]) => [sum(t, t.at(value, i), s ?? zero)]);
  return result ?? zero;
}
