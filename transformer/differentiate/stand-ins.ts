import { Builder, region, variable } from "../ir/build.js";
import type { Atom, Fn, FnRef, Var } from "../ir/model.js";
import { isReference, real, type Type } from "../ir/types.js";
import type { Pair } from "./reversal.js";
import { shadowType } from "./shadow-type.js";

/**
 * What stands for a pair while it is built, when a recursion asks what its calls do to memory: the forward function
 * does to the shadows what the function itself does to its arguments, and the pullback may do anything to what the
 * record leads to.
 */
export function standInsFor(callee: FnRef, pair: Pair, record: Type): { forward: Fn; pullback: Fn } {
  const fn = callee.fn();
  const params = fn.params.map((p): Var => ({ ...p }));
  const shadowed = params.map((p, i) => (pair.active[i] && isReference(p.type) ? variable(p.name, shadowType(p.type)) : p));
  const shadows = shadowed.filter((p, i) => p !== params[i]);
  const b = new Builder(fn.origin);
  const call = (args: readonly Var[]): Var[] => {
    const results = fn.body.yields.map((y) => variable("", y.type));
    b.call(callee, args, results);
    return results;
  };
  const values = call(params);
  const shared = call(shadowed).filter((_, i) => pair.shares[i]);
  const led: Atom[] = [...params, ...shadows, ...values, ...shared].filter((v) => isReference(v.type));
  const saved = b.allocate(record, { kind: "elements", elements: led }, "saved");
  const results = [...values, ...shared, saved];
  const forward: Fn = {
    ...fn,
    name: pair.forward.name,
    params: [...params, ...shadows],
    body: b.block(region(pair.forward.name), results),
    results: results.map((v) => v.type),
  };
  const taken = variable("saved", record);
  return { forward, pullback: pullbackOf(fn, pair, [taken], [taken]) };
}

/** The same where no record is saved: the pullback writes to shadows alone. */
export function standInForPullback(fn: Fn, pair: Pair): Fn {
  const params = fn.params.map((p): Var => ({ ...p }));
  const shadows = params.filter((p, i) => pair.active[i] && isReference(p.type)).map((p) => variable(p.name, shadowType(p.type)));
  return pullbackOf(fn, pair, [...params, ...shadows], shadows);
}

function pullbackOf(fn: Fn, pair: Pair, taken: readonly Var[], written: readonly Var[]): Fn {
  const adjoints = pair.gives.filter((gives) => gives).map(() => variable("g", real));
  const partials = fn.params.filter((p, i) => pair.active[i] && p.type.kind === "real").map((p) => variable(p.name, real));
  const anything = new Builder(fn.origin);
  anything.add({ kind: "opaque", text: ["", ...written.map(() => "")], args: written });
  for (const result of partials) anything.add({ kind: "opaque", result, text: [""], args: [], pure: true });
  return {
    ...fn,
    name: pair.pullback.name,
    params: [...taken, ...adjoints],
    body: anything.block(region(pair.pullback.name), partials),
    results: partials.map(() => real),
  };
}
