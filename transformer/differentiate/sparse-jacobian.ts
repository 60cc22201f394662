import { Builder, carry, field, literal, region, variable, zero } from "../ir/build.js";
import type { Atom, Fn, FnRef, Var } from "../ir/model.js";
import { arrayOf, bool, int, real, type Type } from "../ir/types.js";
import { sizeOf } from "../ir/walk.js";
import { columnSets, setsType, unionFunction } from "./column-sets.js";
import { isMemory } from "./columns.js";
import { eachNumber, flat, plus } from "./each-number.js";
import { ForwardPass, tangentOfResult } from "./forward-pass.js";
import { privateCopies, refuseRead } from "./gradient.js";
import type { Mode } from "./index.js";
import type { JacobianOptions } from "./jacobian.js";
import { depthOf } from "./places.js";
import { recorded } from "./recorded.js";
import { shadowType } from "./shadow-type.js";
import { fillByRows } from "./sparse-rows.js";
import { patternFunction, scatterFunction, seedFunction, sparseType } from "./sparse-text.js";
import type { TangentKind } from "./tangent.js";
import { recordType } from "./vjp.js";

/** How many passes are made at once, by the size of the function. */
const widths: readonly (readonly [size: number, width: number])[] = [[120, 8], [240, 4], [Infinity, 1]];

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
  const fill: FnRef = { ...ref((mode === "reverse" ? fillByRows : fillOf)(run, places, `${stem}Fill`, into)), isApart: into };
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

/** Memory for what goes along with each parameter asked for; a number has a place of its own. */
interface Along {
  /** What the passes are given, for each direction and parameter that holds numbers. */
  readonly tangents: readonly (readonly Atom[])[];
  /** How many numbers there are. */
  readonly count: Atom;
}

// for (let j = 0; j < n; j++) dx[j] = …
/** Goes through the columns, and gives each a tangent in every direction. */
function seeded(memory: readonly (readonly (Var | undefined)[])[], inputs: readonly Var[], b: Builder, seedOf: (j: Atom, l: number, b: Builder) => Atom): Along {
  const tangents = memory.map((): Atom[] => []);
  let count: Atom = zero;
  inputs.forEach((p, k) => {
    if (p.type.kind === "real") {
      const at = count;
      tangents.forEach((of, l) => of.push(seedOf(at, l, b)));
      count = plus(count, literal(1), b);
    } else if (isMemory(p.type)) {
      const of = memory.map((lane) => lane[k] as Var);
      of.forEach((t, l) => tangents[l]?.push(t));
      count = eachNumber([p, ...of], p.type, count, b, (inner, [, ...holders], key, j) => {
        holders.forEach((holder, l) => { inner.store(holder, key, seedOf(j, l, inner)); });
      });
    }
  });
  return { tangents, count };
}

function tangentMemory(inputs: readonly Var[], width: number, b: Builder): (Var | undefined)[][] {
  return Array.from({ length: width }, () =>
    inputs.map((p) => (isMemory(p.type) ? b.allocate(shadowType(p.type), { kind: "zerosLike", source: p }, `d${p.name}`) : undefined)),
  );
}

// fPattern(x) { …; for (j …) dx[j] = j + 1; return sparsePattern(sets, fColumns(x, dx, sets), x.length, false); }
function patternOf(fn: Fn, wrt: readonly number[], name: string, byRows: boolean): Fn {
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
  b.call(ref(kernel), [...own, ...(tangents[0] ?? []), sets], [change]);
  const out = variable("out", sparseType, fn.origin);
  b.call(patternFunction(), [sets, flat(change, b), count, literal(byRows)], [out]);
  return { ...fn, name, params: own, body: b.block(region(name), [out]), results: [sparseType] };
}

// fFill(out, x) { …; for (c …) { for (j …) dx[j] = seedOf(out, j, c); scatter(out, c, [fTangents(x, dx)]); } }
/** The values of all places: passes in order of the colours, and one more for the check where that is asked for. */
function fillOf(fn: Fn, wrt: readonly number[], name: string, isChecked: boolean): Fn {
  const own = fn.params.map((p) => ({ ...p }));
  const inputs = wrt.map((i) => own[i] as Var);
  const size = sizeOf(fn.body);
  const width = widths.find(([largest]) => size <= largest)?.[1] ?? 1;
  const kernel = passes(fn, wrt, `${fn.name}Tangent${width > 1 ? "s" : ""}`, width);
  const [seed, scatter] = [seedFunction(), scatterFunction()];
  const out = variable("out", sparseType, fn.origin);
  const b = new Builder(fn.origin);
  const memory = tangentMemory(inputs, width, b);
  const colours = b.load(out, field("colours"));
  const first = variable("c", int, fn.origin);
  const isWhole = carry(variable("isWhole", bool, fn.origin), literal(true));
  const inner = new Builder(fn.origin);
  const { tangents } = seeded(memory, inputs, inner, (j, l, to) => {
    const value = variable("", real, fn.origin);
    to.call(seed, [out, j, plus(first, literal(l), to)], [value]);
    return value;
  });
  const type = shadowType(fn.results[0] ?? real);
  const changes = tangents.map(() => variable("change", type, fn.origin));
  inner.call(ref(kernel), [...own, ...tangents.flat()], changes);
  const flattened = changes.map((c) => flat(c, inner));
  const list = inner.allocate(arrayOf(flattened[0]?.type ?? real), { kind: "elements", elements: flattened });
  const next = variable("isWhole", bool, fn.origin);
  inner.call(scatter, [out, first, list], [next]);
  const counter = { var: first, start: zero, test: isChecked ? "<=" : "<", bound: colours, step: width } as const;
  b.add({ kind: "loop", counter, carried: [isWhole], body: inner.block(region("passes"), [zero, next]) });
  return { ...fn, name, params: [out, ...own], body: b.block(region(name), [isWhole.result]), results: [bool] };
}

// fTangents(x, dx, dx2) { …; return [dy, dy2]; }
/** How the result changes along tangents that are given, of numbers too. */
function passes(fn: Fn, wrt: readonly number[], name: string, width: number, kindOf?: () => TangentKind): Fn {
  const entry = new Builder(fn.origin);
  const own = privateCopies(fn, entry);
  const inputs = wrt.map((i) => own.params[i] as Var);
  const pass = new ForwardPass(own, inputs, own.body.yields, { width, seeded: true, ...(kindOf && { kindOf }) });
  const tangents = pass.directions.flatMap((d) =>
    inputs.flatMap((p, k): Var[] => {
      if (p.type.kind === "real") {
        const tangent = d.variable(p);
        d.set(p, { atom: tangent, absent: true });
        return [tangent];
      }
      if (!isMemory(p.type)) return [];
      const tangent = d.newShadow(p);
      // What the function writes to is a copy, and so is its tangent.
      d.shadows.set(p, p === fn.params[wrt[k] ?? 0] ? tangent : entry.copy(tangent, depthOf(p.type), tangent.name));
      return [tangent];
    }),
  );
  const statements = pass.run();
  const exit = new Builder(fn.origin);
  const changes = pass.directions.map((d) => tangentOfResult(own.body.yields[0] ?? zero, d, exit));
  return pass.named({
    ...fn,
    name,
    params: [...fn.params, ...tangents, ...pass.kind.context],
    body: { region: region(name), statements: [...entry.statements, ...statements, ...exit.statements], yields: changes },
    results: changes.map((a): Type => a.type),
  });
}
