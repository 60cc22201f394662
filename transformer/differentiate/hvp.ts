import { Builder, region, variable } from "../ir/build.js";
import type { Atom, Fn, Var } from "../ir/model.js";
import { ForwardPass, tangentOfResult } from "./forward-pass.js";
import { outType, refuseRead, zeroed, type GradientOptions } from "./gradient.js";
import type { Direction } from "./direction.js";
import { tangentsGiven } from "./jvp.js";

export type HvpOptions = Omit<GradientOptions, "kind">;

// fHvp(x, v) { …; return dgradient; }
/** The product of the Hessian with a vector: how the gradient, a function that reverse mode has made, changes along `v`. */
export function hvp(gradient: Fn, { wrt, single, name }: HvpOptions): Fn {
  const inputs = wrt.map((i) => gradient.params[i] as Var);
  const pass = new ForwardPass(gradient, inputs, gradient.body.yields);
  const [d] = pass.directions as [Direction];
  const entry = new Builder(gradient.origin);
  const { given } = tangentsGiven(inputs, inputs, { name: "v", single }, d, entry);
  const statements = pass.run();
  const exit = new Builder(gradient.origin);
  const [value] = gradient.body.yields as [Atom];
  const result = tangentOfResult(value, d, exit);
  return pass.named({
    ...gradient,
    name,
    params: [...gradient.params, given],
    body: { region: region(name), statements: [...entry.statements, ...statements, ...exit.statements], yields: [result] },
    results: [result.type],
  });
}

// fHvpInto(out, x, v) { …; return value; }
/** The same written into `out`, by a gradient that writes into its own: that one becomes memory of this function. */
export function hvpInto(gradient: Fn, of: Fn, { wrt, single, name }: HvpOptions): Fn {
  const [own, ...params] = gradient.params as [Var, ...Var[]];
  const inputs = wrt.map((i) => params[i] as Var);
  const pass = new ForwardPass(gradient, inputs, [own]);
  const [d] = pass.directions as [Direction];
  const entry = new Builder(gradient.origin);
  const out = variable("out", outType(inputs, single), gradient.origin);
  const { given, parts } = tangentsGiven(inputs, inputs, { name: "v", single }, d, entry);
  refuseRead(out, of.name, [...params, ...parts], entry, (p) => (parts.includes(p) ? "v" : p.name));
  zeroed(out, inputs, { single }, of.name, entry);
  entry.add({ kind: "allocate", result: own, initial: { kind: "zerosLike", source: out } });
  // What is written into the gradient has its tangent in `out`.
  d.shadows.set(own, out);
  const statements = pass.run();
  return pass.named({
    ...gradient,
    name,
    params: [out, ...params, given],
    body: { region: region(name), statements: [...entry.statements, ...statements], yields: gradient.body.yields },
  });
}
