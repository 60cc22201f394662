import { Builder, field, region, variable } from "../ir/build.js";
import type { Fn, FnRef } from "../ir/model.js";
import { real } from "../ir/types.js";
import { privateCopies, refuseRead } from "./gradient.js";
import type { Mode } from "./index.js";
import type { JacobianOptions } from "./jacobian.js";
import { recorded } from "./recorded.js";
import { fillByColumns } from "./sparse-columns.js";
import { patternOf } from "./sparse-pattern.js";
import { fillByRows } from "./sparse-rows.js";
import { emptyFunction, sparseType } from "./sparse-text.js";
import { recordType } from "./vjp.js";

// fSparseJacobian(x) { const out = emptyJacobian(); fPattern(out, x); fFill(out, x); return out; }
// fSparseJacobianInto(out, x) { …; fPattern(out, x); fFill(out, x); return value; }
/**
 * The Jacobian in compressed sparse rows. Which columns a row has is found by dependence, along the way that the function
 * takes at the arguments; then columns that share no row are made in one pass.
 */
export function sparseJacobian(fn: Fn, options: JacobianOptions, mode: Mode = "forward"): Fn {
  const { wrt, name, into, value } = options;
  // What is drawn or looked up decides about the way that is taken, and is the same in all that follows.
  const { forward, again, isRecorded } = recorded(fn, value);
  const [run, places] = isRecorded ? [again, wrt.map((i) => i + 1)] : [fn, wrt];
  const own = fn.params.map((p) => ({ ...p }));
  const stem = name.replace(/(Sparse)?Jacobian(Into)?$/, "");
  const pattern = apart(patternOf(run, places, `${stem}Pattern`, mode === "reverse"));
  const fill = apart((mode === "reverse" ? fillByRows : fillByColumns)(run, places, `${stem}Fill`));
  const b = new Builder(fn.origin);
  const out = variable("out", sparseType, fn.origin);
  if (into) refuseRead(b.load(out, field("values"), "out"), fn.name, own, b);
  const drawn = isRecorded ? [b.allocate(recordType, { kind: "elements", elements: [] }, "drawn")] : [];
  const args = [...drawn, ...own];
  const result = fn.results[0] ?? real;
  const given = variable("value", result, fn.origin);
  if (into || isRecorded) {
    const call = new Builder(fn.origin);
    call.call(forward, args, [given]);
    const calling: Fn = { ...fn, params: own, captures: [], body: call.block(region(name), [given]) };
    b.statements.push(...(isRecorded ? privateCopies(calling, b).body : calling.body).statements);
  }
  if (!into) b.call(emptyFunction(), [], [out]);
  b.call(pattern, [out, ...args], []);
  b.call(fill, [out, ...args], []);
  return { ...fn, name, params: into ? [out, ...own] : own, body: b.block(region(name), [into ? given : out]), results: [into ? result : sparseType] };
}

/** The forms of a Jacobian have these in common. */
function apart(fn: Fn): FnRef {
  return { name: fn.name, fn: () => fn, isApart: true };
}
