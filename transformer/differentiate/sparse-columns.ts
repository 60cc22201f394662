import { Builder, field, literal, region, variable, zero } from "../ir/build.js";
import type { Fn, Var } from "../ir/model.js";
import { arrayOf, int, real } from "../ir/types.js";
import { sizeOf } from "../ir/walk.js";
import { countOf } from "./columns.js";
import { flat, plus } from "./each-number.js";
import { shadowType } from "./shadow-type.js";
import { passes, seeded, tangentMemory } from "./sparse-passes.js";
import { scatterFunction, seedFunction, sparseType } from "./sparse-text.js";

/** How many passes are made at once, by the size of the function: never more than there are columns. */
const widths: readonly (readonly [size: number, width: number])[] = [[120, 8], [240, 4], [Infinity, 1]];

// fFill(out, x) { …; for (c …) { for (j …) dx[j] = seedOf(out, j, c); scatter(out, c, [fTangents(x, dx)]); } }
/** The values of all places: passes in order of the colours. */
export function fillByColumns(fn: Fn, wrt: readonly number[], name: string): Fn {
  const own = fn.params.map((p) => ({ ...p }));
  const inputs = wrt.map((i) => own[i] as Var);
  const size = sizeOf(fn.body);
  const columns = inputs.reduce((n, p) => n + (p.type.kind === "real" ? 1 : countOf(p.type)), 0);
  const width = Math.min(columns, widths.find(([largest]) => size <= largest)?.[1] ?? 1);
  const kernel = passes(fn, wrt, `${fn.name}Tangent${width > 1 ? "s" : ""}`, width);
  const [seed, scatter] = [seedFunction(), scatterFunction()];
  const out = variable("out", sparseType, fn.origin);
  const b = new Builder(fn.origin);
  const memory = tangentMemory(inputs, width, b);
  const colours = b.load(out, field("colours"));
  const first = variable("c", int, fn.origin);
  const inner = new Builder(fn.origin);
  const { tangents } = seeded(memory, inputs, inner, (j, l, to) => {
    const value = variable("", real, fn.origin);
    to.call(seed, [out, j, plus(first, literal(l), to)], [value]);
    return value;
  });
  const type = shadowType(fn.results[0] ?? real);
  const changes = tangents.map(() => variable("change", type, fn.origin));
  inner.call({ name: kernel.name, fn: () => kernel }, [...own, ...tangents.flat()], changes);
  const flattened = changes.map((c) => flat(c, inner));
  const list = inner.allocate(arrayOf(flattened[0]?.type ?? real), { kind: "elements", elements: flattened });
  inner.call(scatter, [out, first, list], []);
  const counter = { var: first, start: zero, test: "<", bound: colours, step: width } as const;
  b.add({ kind: "loop", counter, carried: [], body: inner.block(region("passes"), [zero]) });
  return { ...fn, name, params: [out, ...own], body: b.block(region(name)), results: [] };
}
