import type { Fn, Var } from "../ir/model.js";
import { bound, boundWithin, statementsOf } from "../ir/walk.js";
import type { Naming } from "./frame.js";

/**
 * Adjoints are `dx`; where the source itself has a name `d` + another of its names (`dx` beside `x`), all adjoints of
 * the function are `gx`, so that `ddx` is never read as a second derivative. Tangents then are `tx`.
 */
export function namingFor(fn: Fn, otherwise: "g" | "t" = "g"): Naming {
  const names = new Set<string>();
  const add = (v: Var): void => void (v.name !== "" && names.add(v.name));
  [...fn.params, ...fn.captures].forEach(add);
  for (const s of statementsOf(fn.body)) [...bound(s), ...boundWithin(s)].forEach(add);
  const taken = [...names].some((n) => names.has(`d${n}`));
  const prefix = !taken ? "d" : otherwise;
  return {
    prefix,
    adjoint: (v) => (v.name === "" ? "" : prefix + v.name),
    wishes: new Map(),
  };
}
