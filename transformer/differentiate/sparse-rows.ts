import { Builder, cotangent, field, region, variable, zero } from "../ir/build.js";
import type { Atom, Fn, Var } from "../ir/model.js";
import { int, isReference, real } from "../ir/types.js";
import { optimise, straighten } from "../optimise/index.js";
import { byColour } from "./by-colour.js";
import { areOnlyRead } from "./by-place.js";
import { eachNumber, flat, isFlat } from "./each-number.js";
import { onCopies } from "./gradient.js";
import { gradientType } from "./shadow-type.js";
import { gatherFunction, seedFunction, sparseType } from "./sparse-text.js";
import { pullbackOf } from "./vjp.js";

// fFill(out, x) { …; for (c …) { for (k …) dy[k] = seedOf(out, k, c); gather(out, c, fPullback(dy, x)); } }
/** The values of all places by rows: the gradient of all rows of a colour at once. What is only read of one array that each row counts by is known by the colours. */
export function fillByRows(fn: Fn, wrt: readonly number[], name: string): Fn {
  const own = fn.params.map((p): Var => ({ ...p }));
  const out = variable("out", sparseType, fn.origin);
  const b = new Builder(fn.origin);
  const pullback = straighten(optimise(pullbackOf(fn, { wrt, single: wrt.length === 1, name: `${fn.name}Pullback` }), true));
  const colours = b.load(out, field("colours"));
  const colour = variable("c", int, fn.origin);
  const inner = new Builder(fn.origin);
  const gradient = variable("gradient", pullback.results[0] ?? real, fn.origin);
  const [g] = pullback.params;
  const isByColour = g !== undefined && isFlat(g.type) && areOnlyRead(pullback, [g]);
  const read = isByColour ? byColour(pullback, [g]) : pullback;
  const args = isByColour ? [...own, b.load(out, field("colourOf")), colour] : [seededByColour(memoryLike(fn, own, out, b), out, colour, inner), ...own];
  inner.call({ name: pullback.name, fn: () => read }, args, [gradient]);
  inner.call(gatherFunction(), [out, colour, flat(gradient, inner)], []);
  const counter = { var: colour, start: zero, test: "<", bound: colours, step: 1 } as const;
  b.add({ kind: "loop", counter, carried: [], body: inner.block(region("passes"), [zero]) });
  return { ...fn, name, params: [out, ...own], body: b.block(region(name)), results: [] };
}

/** What each number of the result counts, 1 in the rows of a colour. */
function seededByColour(rows: Atom, out: Var, colour: Var, b: Builder): Atom {
  const seed = seedFunction();
  eachNumber([rows], rows.type, zero, b, (to, [of], key, k) => {
    const value = variable("", real, out.origin);
    to.call(seed, [out, k, colour], [value]);
    if (of !== undefined) to.store(of, key, value);
  });
  return rows;
}

/** Memory for what each number of the result counts. Its shape is that of the result, which is made where it is not known. */
function memoryLike(fn: Fn, own: readonly Var[], out: Var, b: Builder): Atom {
  const result = fn.results[0] ?? real;
  const type = gradientType(result);
  const dy = cotangent("dy", type, fn.origin);
  if (isFlat(type)) return b.allocateAs(dy, { kind: "fill", length: b.load(out, field("rows")), value: zero });
  const value = variable("value", result, fn.origin);
  const made = onCopies(fn);
  b.call({ name: `${fn.name}Value`, fn: () => made }, own, [value]);
  return isReference(type) ? b.allocateAs(dy, { kind: "zerosLike", source: value }) : zero;
}
