import { Builder, field, literal, region, variable, zero } from "../ir/build.js";
import type { Atom, Fn, Var } from "../ir/model.js";
import { arrayOf, int, real } from "../ir/types.js";
import { sizeOf } from "../ir/walk.js";
import { optimise } from "../optimise/index.js";
import { byColour } from "./by-colour.js";
import { areOnlyRead, hasPlaces } from "./by-place.js";
import { countOf, isMemory } from "./columns.js";
import { flat, plus } from "./each-number.js";
import { shadowType } from "./shadow-type.js";
import { passes, seeded, tangentMemory } from "./sparse-passes.js";
import { scatterFunction, seedFunction, sparseType } from "./sparse-text.js";

/** How many passes are made at once, by the size of the function: never more than there are columns. */
const widths: readonly (readonly [size: number, width: number])[] = [[120, 8], [240, 4], [Infinity, 1]];

// fFill(out, x) { …; for (c …) { for (j …) dx[j] = seedOf(out, j, c); scatter(out, c, [fTangents(x, dx)]); } }
/** The values of all places: passes in order of the colours. Tangents of one array that are only read are known by the colours. */
export function fillByColumns(fn: Fn, wrt: readonly number[], name: string): Fn {
  const own = fn.params.map((p) => ({ ...p }));
  const inputs = wrt.map((i) => own[i] as Var);
  const size = sizeOf(fn.body);
  const columns = inputs.reduce((n, p) => n + (p.type.kind === "real" ? 1 : countOf(p.type)), 0);
  const width = Math.min(columns, widths.find(([largest]) => size <= largest)?.[1] ?? 1);
  const made = optimise(passes(fn, wrt, `${fn.name}Tangent${width > 1 ? "s" : ""}`, width), true);
  const last = made.params.slice(fn.params.length);
  // Past the last number of the only input there is no other's colour.
  const isByColour = inputs.length === 1 && inputs.every((p) => isMemory(p.type) && hasPlaces(p.type)) && areOnlyRead(made, last);
  const kernel = isByColour ? byColour(made, last) : made;
  const out = variable("out", sparseType, fn.origin);
  const b = new Builder(fn.origin);
  const colours = b.load(out, field("colours"));
  const first = variable("c", int, fn.origin);
  const inner = new Builder(fn.origin);
  const tangents = isByColour ? [b.load(out, field("colourOf")), first] : seededByColours(inputs, width, out, first, [b, inner]);
  const type = shadowType(fn.results[0] ?? real);
  const changes = Array.from({ length: width }, () => variable("change", type, fn.origin));
  inner.call({ name: kernel.name, fn: () => kernel }, [...own, ...tangents], changes);
  const flattened = changes.map((c) => flat(c, inner));
  const list = inner.allocate(arrayOf(flattened[0]?.type ?? real), { kind: "elements", elements: flattened });
  inner.call(scatterFunction(), [out, first, list], []);
  const counter = { var: first, start: zero, test: "<", bound: colours, step: width } as const;
  b.add({ kind: "loop", counter, carried: [], body: inner.block(region("passes"), [zero]) });
  return { ...fn, name, params: [out, ...own], body: b.block(region(name)), results: [] };
}

/** Tangents of the inputs, each 1 in all that has the colour of its pass. */
function seededByColours(inputs: readonly Var[], width: number, out: Var, first: Var, [entry, inner]: readonly [Builder, Builder]): readonly Atom[] {
  const seed = seedFunction();
  const { tangents } = seeded(tangentMemory(inputs, width, entry), inputs, inner, (j, l, to) => {
    const value = variable("", real, out.origin);
    to.call(seed, [out, j, plus(first, literal(l), to)], [value]);
    return value;
  });
  return tangents.flat();
}
