import { Builder, field, literal, region, variable, zero } from "../ir/build.js";
import type { Atom, Fn, FnRef, Var } from "../ir/model.js";
import { bool, real } from "../ir/types.js";
import { isMemory } from "./columns.js";
import { eachNumber, plus } from "./each-number.js";
import { privateCopies, refuseRead } from "./gradient.js";
import type { Mode } from "./index.js";
import type { JacobianOptions } from "./jacobian.js";
import { recorded } from "./recorded.js";
import { shadowType } from "./shadow-type.js";
import { fillByColumns } from "./sparse-columns.js";
import { patternOf } from "./sparse-pattern.js";
import { fillByRows } from "./sparse-rows.js";
import { sparseType } from "./sparse-text.js";
import { recordType } from "./vjp.js";

// fSparseJacobian(x) { const out = fPattern(x); fFill(out, x); return out; }
// fSparseJacobianInto(out, x) { …; if (out.rows !== … || !fFill(out, x)) { …the pattern of fPattern(x); fFill(out, x); } return value; }
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
  const pattern: FnRef = { ...ref(patternOf(run, places, `${stem}Pattern`, mode === "reverse")), isApart: into };
  const fill: FnRef = { ...ref((mode === "reverse" ? fillByRows : fillByColumns)(run, places, `${stem}Fill`, into)), isApart: into };
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
  if (!into) {
    b.call(pattern, args, [out]);
    b.call(fill, [out, ...args], [variable("", bool, fn.origin)]);
    return { ...fn, name, params: own, body: b.block(region(name), [out]), results: [sparseType] };
  }
  const isRight = isAsBefore(out, given, args, places, fill, b);
  const otherwise = new Builder(fn.origin);
  const found = variable("found", sparseType, fn.origin);
  otherwise.call(pattern, args, [found]);
  for (const f of sparseType.fields) otherwise.store(out, field(f.name), otherwise.load(found, field(f.name)));
  otherwise.call(fill, [out, ...args], [variable("", bool, fn.origin)]);
  b.if(isRight, { region: region("right"), statements: [], yields: [] }, otherwise.block(region("again")));
  return { ...fn, name, params: [out, ...own], body: b.block(region(name), [given]), results: [result] };
}

function ref(fn: Fn): FnRef {
  return { name: fn.name, fn: () => fn };
}

// out.rows === y.length && out.columns === x.length && fFill(out, x)
/** Whether what `out` holds is the pattern here too; then its values are made. */
function isAsBefore(out: Var, value: Var, own: readonly Var[], wrt: readonly number[], fill: FnRef, b: Builder): Atom {
  const rows = countNumbers(value, b);
  const columns = wrt.reduce((n: Atom, i) => {
    const p = own[i];
    if (p === undefined) return n;
    return p.type.kind === "real" ? plus(n, literal(1), b) : countNumbers(p, b, n);
  }, zero);
  const both = (first: Atom, write: (inner: Builder) => Atom): Atom => {
    const then = new Builder(b.origin);
    const result = variable("", bool, b.origin);
    const yields = [write(then)];
    b.if(first, then.block(region("both"), yields), { region: region("not"), statements: [], yields: [literal(false)] }, [result]);
    return result;
  };
  const isLikeRows = b.let("===", [b.load(out, field("rows")), rows], bool);
  const isLike = both(isLikeRows, (inner) => inner.let("===", [inner.load(out, field("columns")), columns], bool));
  return both(isLike, (inner) => {
    const isWhole = variable("", bool, b.origin);
    inner.call(fill, [out, ...own], [isWhole]);
    return isWhole;
  });
}

/** How many numbers a value holds. */
function countNumbers(value: Atom, b: Builder, start: Atom = zero): Atom {
  return isMemory(value.type) ? eachNumber([value], shadowType(value.type), start, b, () => undefined) : start;
}
