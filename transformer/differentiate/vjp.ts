import { Builder, cotangent, literal, region, variable } from "../ir/build.js";
import { effectsOf } from "../ir/effects.js";
import { Memory, reachable } from "../ir/memory.js";
import type { Atom, Fn, FnRef, Var } from "../ir/model.js";
import { renew } from "../ir/rewrite.js";
import { isReference, tupleOf, type Type } from "../ir/types.js";
import { depthOf } from "./places.js";
import { privateCopies, reverse } from "./gradient.js";
import { Pairs } from "./pairs.js";
import { recorded } from "./recorded.js";
import { gradientType } from "./shadow-type.js";
import { weighted } from "./weighted.js";

export interface VjpOptions {
  /** The places of the parameters asked for, and whether one gradient is given as it is. */
  readonly wrt: readonly number[];
  readonly single: boolean;
  readonly name: string;
  /** The function by its name, in whose place it is called for the value. */
  readonly self: FnRef;
}

/**
 * The value and the pullback of a function. The pullback runs the function again, on copies of what it was given, as the
 * gradient of ⟨g, f(…)⟩: so it may be called at any time and as often as one likes, and writes to nothing that is seen.
 *
 *     function fVjp(x, k) {
 *       const x2 = x.slice();
 *       return [f(x, k), (g) => fPullback(g, x2, k)];
 *     }
 */
export function vjp(fn: Fn, { wrt, single, name, self }: VjpOptions): Fn {
  const { forward, again, isRecorded } = recorded(fn, self);
  const params = fn.params.map((p): Var => ({ ...p }));
  // What lives outside is seen as it was, too.
  const outer = again.captures.filter((v) => isReference(v.type));
  const b = new Builder(fn.origin);
  const kept = [...params, ...outer].map((v): Atom => (isReference(v.type) ? b.copy(v, depthOf(v.type), v.name) : v));
  const record = isRecorded ? [b.allocate(recordType, { kind: "elements", elements: [] }, "drawn")] : [];
  const results = fn.results.map((type) => variable("value", type, fn.origin));
  const calling = (callee: FnRef): Fn => {
    const call = new Builder(fn.origin);
    call.call(callee, [...record, ...params], results);
    return { ...fn, params, captures: [], body: { region: region(name), statements: call.statements, yields: results } };
  };
  // Copies of objects have no methods, which the function of the source may call.
  const isCopied = params.some((p) => holdsRecords(p.type)) && privateCopies(calling(forward), new Builder()).params.some((p, i) => p !== params[i]);
  const own = privateCopies(calling(isCopied && !isRecorded ? { name: `${fn.name}Forward`, fn: () => fn } : forward), b);
  const shifted = isRecorded ? wrt.map((i) => i + 1) : wrt;
  const pullback = pullbackOf(withParameters(again, outer), { wrt: shifted, single, name: `${fn.name}Pullback`, arePrivate: true });
  const [g, ...rest] = pullback.params;
  const [gradient] = pullback.results;
  if (g === undefined || gradient === undefined) throw new Error(`${fn.name} gives nothing to pull back`);
  const open: Var = { ...g, name: freeName([...params, ...outer]) };
  const closure = variable("pullback", { kind: "opaque", signature: { params: [open], result: gradient } }, fn.origin);
  const given: Atom[] = [...record, ...kept];
  b.statements.push(...own.body.statements);
  b.add({ kind: "call", callee: { name: pullback.name, fn: () => pullback }, args: [literal(undefined, g.type), ...rest.map((_, i) => given[i] ?? literal(undefined))], results: [closure], later: [open] });
  const pair = b.allocate(tupleOf([...results.map((v) => v.type), closure.type]), { kind: "elements", elements: [...results, closure] });
  return { name, params, captures: fn.captures, body: b.block(region(name), [pair]), results: [pair.type], ...(fn.origin && { origin: fn.origin }) };
}

/** What was drawn in the forward sweep, of whatever type. */
export const recordType: Type = { kind: "array", element: { kind: "opaque", text: "any" } };

function holdsRecords(type: Type): boolean {
  return type.kind === "record" || (type.kind === "array" && holdsRecords(type.element));
}

/** The gradient of ⟨g, f(…)⟩, a function of g and of what f takes. */
export function pullbackOf(fn: Fn, { wrt, single, name, arePrivate = false }: Pick<VjpOptions, "wrt" | "single" | "name"> & { readonly arePrivate?: boolean }): Fn {
  const [result] = fn.results;
  if (result === undefined) throw new Error(`${fn.name} gives no value`);
  const params = fn.params.map((p): Var => ({ ...p }));
  const g = cotangent("g", gradientType(result), fn.origin);
  const { statements, yields } = renew(fn.body, new Map<Var, Atom>(fn.params.map((p, i) => [p, params[i] ?? p])));
  const b = new Builder(fn.origin);
  b.statements.push(...statements);
  const [value] = yields;
  const sum = value === undefined ? literal(0) : weighted(g, value, result, b, writtenLength(fn));
  const inner: Fn = { ...fn, params: [g, ...params], body: b.block(region(fn.name), [sum]), results: [{ kind: "real" }] };
  return reverse(inner, { kind: "grad", wrt: wrt.map((i) => i + 1), single, name, arePrivate }, new Pairs());
}

/** How many elements the result has, where it is a list that is written out, `[a, b]`, and stays as long. */
function writtenLength(fn: Fn): number | undefined {
  const [value] = fn.body.yields;
  const made = fn.body.statements.find((s) => s.kind === "allocate" && s.result === value);
  if (made?.kind !== "allocate" || made.initial.kind !== "elements" || made.result.type.kind !== "array") return undefined;
  const memory = new Memory(reachable(fn));
  const { writes } = effectsOf(fn.body.statements, memory);
  return writes.has(memory.classOf(made.result).cell("length")) ? undefined : made.initial.elements.length;
}

/** A function that is given what it sees of memory outside. */
function withParameters(fn: Fn, outer: readonly Var[]): Fn {
  const inside = outer.map((v): Var => ({ kind: "var", name: v.name, type: v.type, ...(v.origin && { origin: v.origin }) }));
  const body = renew(fn.body, new Map<Var, Atom>(outer.map((v, i) => [v, inside[i] ?? v])));
  return { ...fn, params: [...fn.params, ...inside], captures: fn.captures.filter((v) => !outer.includes(v)), body };
}

/** A name for what the pullback takes, beside those that it sees. */
function freeName(seen: readonly Var[]): string {
  const taken = new Set(seen.map((v) => v.name));
  return ["g", "cotangent"].find((name) => !taken.has(name)) ?? "cotangent_";
}
