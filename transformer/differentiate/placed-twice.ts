import { allCells, effectsOf } from "../ir/effects.js";
import { Memory, reachable } from "../ir/memory.js";
import type { Atom, Block, Fn, Statement, Var } from "../ir/model.js";
import { carriesReal, holdsReferences, isReference } from "../ir/types.js";
import { blocksOf, bound, boundWithin, statementsOf } from "../ir/walk.js";
import { joinsOf } from "../optimise/joins.js";

/**
 * Whether a function may give one array or object in two places, as `{ p: v, q: v }` or `[v, v]`: what is written by the one
 * name is found by the other, but shadows that follow the shape alone are apart.
 */
export function mayGiveTwice(fn: Fn): boolean {
  const functions = reachable(fn);
  const memory = new Memory(functions);
  effectsOf(fn.body.statements, memory);
  const cells = new Set(fn.body.yields.flatMap((y) => allCells(y, memory)));
  const isGiven = (a: Atom): a is Var => a.kind === "var" && isReference(a.type) && carriesReal(a.type) && cells.has(memory.classOf(a));
  return functions.some((one) => placesTwice(one, isGiven));
}

function placesTwice(fn: Fn, isGiven: (a: Atom) => a is Var): boolean {
  const places = new Map<Var, number>();
  const headOf = heads(fn, isGiven);
  const count = (a: Atom, times: number): void => {
    if (isGiven(a)) places.set(headOf(a), (places.get(headOf(a)) ?? 0) + times);
  };
  // Where a loop puts what it has not made in the turn, it may put it there in each.
  const block = (b: Block, own: ReadonlySet<Atom> | undefined): void => {
    const times = (a: Atom): number => (own === undefined || own.has(a) ? 1 : 2);
    for (const s of b.statements) {
      for (const a of placedBy(s)) count(a, times(a));
      if (s.kind === "allocate" && s.initial.kind === "fill") count(s.initial.value, 2);
      if (s.kind === "load" || s.kind === "pop") count(s.result, 1);
      if (s.kind === "copy" && holdsReferences(s.of.type)) count(s.result, 2);
      for (const inner of blocksOf(s)) block(inner, s.kind === "loop" ? new Set(statementsOf(s.body).flatMap((t) => [...bound(t), ...boundWithin(t)])) : own);
    }
  };
  block(fn.body, undefined);
  for (const y of fn.body.yields) count(y, 1);
  return [...places.values()].some((times) => times > 1);
}

/** What is put somewhere, or handed to what may put it somewhere. */
function placedBy(s: Statement): readonly Atom[] {
  if (s.kind === "store" || s.kind === "push") return [s.value];
  if (s.kind === "allocate") return s.initial.kind === "elements" ? s.initial.elements : [];
  if (s.kind !== "call") return [];
  return s.results.some((r) => isReference(r.type)) || s.args.some((a) => holdsReferences(a.type)) ? s.args : [];
}

/** One name of those that branches, loops and renamings hand on to one another. */
function heads(fn: Fn, isGiven: (a: Atom) => a is Var): (v: Var) => Var {
  const parents = new Map<Var, Var>();
  const headOf = (v: Var): Var => {
    const parent = parents.get(v);
    return parent === undefined ? v : headOf(parent);
  };
  const renamings = statementsOf(fn.body).flatMap((s) => (s.kind === "let" ? s.args.map((from) => ({ from, to: s.result })) : []));
  for (const { from, to } of [...joinsOf(fn), ...renamings]) {
    if (isGiven(from) && isGiven(to) && headOf(from) !== headOf(to)) parents.set(headOf(from), headOf(to));
  }
  return headOf;
}
