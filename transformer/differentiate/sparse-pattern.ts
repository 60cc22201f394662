import { Builder, literal, region, variable } from "../ir/build.js";
import type { Fn, Var } from "../ir/model.js";
import { real } from "../ir/types.js";
import { optimise } from "../optimise/index.js";
import { columnSets, setsType, unionFunction } from "./column-sets.js";
import { flat, plus } from "./each-number.js";
import { shadowType } from "./shadow-type.js";
import { keepingPattern } from "./sparse-key.js";
import { passes, seeded, tangentMemory } from "./sparse-passes.js";
import { patternFunction, sparseType } from "./sparse-text.js";

// fPattern(out, x) { …; for (j …) dx[j] = j + 1; renewPattern(out, sets, fColumns(x, dx, sets), x.length, false); }
/** Gives `out` the columns that each row depends on, coloured. A walk of forward mode in which tangents are names of sets of columns. */
export function patternOf(fn: Fn, wrt: readonly number[], name: string, byRows: boolean): Fn {
  const own = fn.params.map((p) => ({ ...p }));
  const inputs = wrt.map((i) => own[i] as Var);
  const b = new Builder(fn.origin);
  const union = unionFunction();
  const { tangents, count } = seeded(tangentMemory(inputs, 1, b), inputs, b, (j, _, inner) => plus(j, literal(1), inner));
  const sets = variable("sets", setsType, fn.origin);
  b.add({ kind: "opaque", result: sets, text: ["new Map<number, readonly number[]>()"], args: [], pure: true });
  const kernel = passes(fn, wrt, `${fn.name}Columns`, 1, () => columnSets(union));
  const type = shadowType(fn.results[0] ?? real);
  const change = variable("names", type, fn.origin);
  b.call({ name: kernel.name, fn: () => kernel }, [...own, ...(tangents[0] ?? []), sets], [change]);
  const out = variable("out", sparseType, fn.origin);
  b.call(patternFunction(), [out, sets, flat(change, b), count, literal(byRows)], []);
  return keepingPattern(optimise({ ...fn, name, params: [out, ...own], body: b.block(region(name)), results: [] }), inputs);
}
