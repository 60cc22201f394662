import type { Atom, Block, Fn, Statement, Var } from "../ir/model.js";
import type { Type } from "../ir/types.js";
import { blocksOf, blocksWithin, bound, boundWithin, operands, statementsOf } from "../ir/walk.js";

/** Memory that a branch or a loop hands on under another name: `s = c ? a : b`, `for (…) { const t = …; s = t; }`. */
export interface Join {
  readonly from: Atom;
  readonly to: Var;
}

export function joinsOf(fn: Fn): readonly Join[] {
  return statementsOf(fn.body).flatMap((s) => {
    if (s.kind === "if") return s.results.flatMap((to, i) => [s.then, s.else].flatMap(({ yields }) => join(yields[i], to)));
    if (s.kind !== "loop") return [];
    return s.carried.flatMap(({ init, param, result }, i) => [...join(init, param), ...join(s.body.yields[i + 1], param), ...join(param, result)]);
  });
}

function join(from: Atom | undefined, to: Var): Join[] {
  return from === undefined ? [] : [{ from, to }];
}

/** Whether two types have their elements or members at the same places. */
export function sameShape(a: Type, b: Type): boolean {
  if (a.kind === "record" && b.kind === "record") return a.fields.length === b.fields.length && a.fields.every((f, i) => f.name === b.fields[i]?.name);
  return a.kind === "array" && b.kind === "array";
}

/**
 * Of names that are joined, those that may not be taken for values of their own. Memory is as good as values where it is
 * not written any more once it has a second name, or where its first name is not used any more from then on.
 */
export function sharedNames(fn: Fn, joins: readonly Join[], isFound: (a: Atom) => boolean): ReadonlySet<Var> {
  const all = joins.filter(({ from, to }) => isFound(from) && isFound(to));
  const groups = groupsOf(all);
  const isJoined = (a: Atom): boolean => a.kind === "var" && groups.has(a);
  if (groups.size === 0) return new Set();
  const written = groupsOfNames(writtenLater(fn, new Set(all.map(({ to }) => to)), isJoined), groups);
  const used = groupsOfNames(usedLater(fn, isJoined), groups);
  return new Set([...groups].flatMap(([v, group]) => (written.has(group) && used.has(group) ? [v] : [])));
}

type Group = ReadonlySet<Var>;

function groupsOf(joins: readonly Join[]): ReadonlyMap<Var, Group> {
  const groups = new Map<Var, Set<Var>>();
  for (const { from, to } of joins) {
    if (from.kind !== "var") continue;
    const [a, b] = [from, to].map((v) => groups.get(v) ?? new Set([v]));
    const both = new Set([...(a ?? []), ...(b ?? [])]);
    for (const v of both) groups.set(v, both);
  }
  return groups;
}
function groupsOfNames(names: ReadonlySet<Var>, groups: ReadonlyMap<Var, Group>): ReadonlySet<Group> {
  return new Set([...names].flatMap((v) => groups.get(v) ?? []));
}

/** The names through which memory is written that has been handed on, or by which it has been. */
function writtenLater(fn: Fn, joined: ReadonlySet<Atom>, isJoined: (a: Atom) => boolean): ReadonlySet<Var> {
  const written = new Set<Var>();
  const shared = new Set<Atom>(joined);
  const hand = (a: Atom): void => void (isJoined(a) && shared.add(a));
  const visit = (block: Block): void => {
    for (const s of block.statements) {
      if ((s.kind === "store" || s.kind === "accumulate") && s.of.kind === "var" && shared.has(s.of)) written.add(s.of);
      if (s.kind === "loop") s.carried.forEach((c) => { hand(c.init); });
      // What a turn hands on the next may write.
      if (s.kind === "loop") visit(s.body);
      blocksOf(s).forEach(visit);
    }
    block.yields.forEach(hand);
  };
  visit(fn.body);
  return written;
}

/** The names that are used after the memory has been handed on, or handed on twice. */
function usedLater(fn: Fn, isJoined: (a: Atom) => boolean): ReadonlySet<Var> {
  const used = new Set<Var>();
  const use = (a: Atom, gone: ReadonlySet<Atom>): void => void (a.kind === "var" && gone.has(a) && used.add(a));
  const hand = (a: Atom, gone: Set<Atom>): void => {
    use(a, gone);
    if (isJoined(a)) gone.add(a);
  };
  const statement = (s: Statement, gone: Set<Atom>): void => {
    if (s.kind !== "loop") operands(s).forEach((a) => { use(a, gone); });
    if (s.kind === "if") {
      const sides = [s.then, s.else].map((side) => visit(side, new Set(gone)));
      for (const side of sides) side.forEach((a) => gone.add(a));
    } else if (s.kind === "loop") {
      s.carried.forEach((c) => { hand(c.init, gone); });
      const own = namesWithin(s);
      // The next turn would use what is of further out again.
      for (const a of visit(s.body, new Set(gone))) if (!gone.has(a) && a.kind === "var" && !own.has(a)) used.add(a);
    }
  };
  const visit = (block: Block, gone: Set<Atom>): Set<Atom> => {
    block.statements.forEach((s) => { statement(s, gone); });
    block.yields.forEach((y) => { hand(y, gone); });
    return gone;
  };
  visit(fn.body, new Set());
  return used;
}

function namesWithin(s: Statement): ReadonlySet<Atom> {
  const own = new Set<Atom>(boundWithin(s));
  for (const block of blocksOf(s)) for (const b of blocksWithin(block)) for (const inner of b.statements) [...bound(inner), ...boundWithin(inner)].forEach((v) => own.add(v));
  return own;
}
