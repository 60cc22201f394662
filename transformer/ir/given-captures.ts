import { reachable } from "./memory.js";
import type { Fn, FnRef, Statement, Var } from "./model.js";
import { rewriteBlock } from "./rewrite.js";

/**
 * A function with names that it captures, or that those capture which it calls, as further parameters. Each call hands them on:
 *
 *     f() { h() }, h() { x }   becomes   f(x) { h(x) }, h(x) { x }
 */
export function withParameters(fn: Fn, captured: readonly Var[]): { readonly fn: Fn; readonly given: readonly Var[] } {
  const made = new Map<Fn, { readonly fn: Fn; readonly given: readonly Var[] }>();
  const needs = (one: Fn): readonly Var[] => {
    const used = new Set(reachable(one).flatMap((f) => f.captures));
    return captured.filter((v) => used.has(v));
  };
  const refs = new Map<FnRef, FnRef>();
  const given = (one: Fn): { readonly fn: Fn; readonly given: readonly Var[] } => {
    const known = made.get(one);
    if (known !== undefined) return known;
    const vars = needs(one);
    const names = new Map(vars.map((v): [Var, Var] => [v, { kind: "var", name: v.name, type: v.type, ...(v.origin && { origin: v.origin }) }]));
    const call = (s: Statement): Statement => {
      if (s.kind !== "call") return s;
      const further = needs(s.callee.fn());
      if (further.length === 0) return s;
      return { ...s, callee: refOf(s.callee), args: [...s.args, ...further.map((v) => names.get(v) ?? v)] };
    };
    const body = rewriteBlock(one.body, { atom: (a) => (a.kind === "var" ? (names.get(a) ?? a) : a), statement: (s) => [call(s)] });
    const result = { fn: { ...one, params: [...one.params, ...names.values()], captures: one.captures.filter((v) => !names.has(v)), body }, given: vars };
    made.set(one, result);
    return result;
  };
  const refOf = (ref: FnRef): FnRef => {
    const known = refs.get(ref);
    if (known !== undefined) return known;
    const other: FnRef = { name: ref.name, fn: () => given(ref.fn()).fn, ...(ref.isApart && { isApart: true }) };
    refs.set(ref, other);
    return other;
  };
  return given(fn);
}
