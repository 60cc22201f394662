import { sameKey } from "../ir/atoms.js";
import { Bounds } from "../ir/bounds.js";
import { Memory, reachable } from "../ir/memory.js";
import type { Atom, Block, Fn, Let, Load, Statement, Store, Var } from "../ir/model.js";
import { blocksWithin, bound, boundWithin, operands, statementsOf } from "../ir/walk.js";

/**
 * The arrays, of some, of which it can be told whether a place is not there or holds NaN: what is read of it is not only
 * computed with, or something is put there that is a number all the same, which a typed array without that place does not take.
 */
export function toldApart(body: Block, isAsked: (array: Atom) => boolean): ReadonlySet<Atom> {
  const told = handedOn(body, isAsked);
  const read = new Map<Atom, Load>();
  const computed = new Map<Atom, Let>();
  for (const s of statementsOf(body)) {
    if (s.kind === "let") computed.set(s.result, s);
    else if (s.kind === "load" && isAsked(s.of)) read.set(s.result, s);
    else if (s.kind === "store" && s.of.type.kind === "typed" && s.key.kind === "literal" && isAsked(s.of) && !changes(s, computed.get(s.value), read)) told.add(s.of);
  }
  return told;
}

/** The arrays, of some, of which an element is not only computed with. */
function handedOn(body: Block, isAsked: (array: Atom) => boolean): Set<Atom> {
  const told = new Set<Atom>();
  const read = new Map<Atom, Load>();
  const handOn = (a: Atom): void => {
    const load = read.get(a);
    if (load !== undefined) told.add(load.of);
  };
  for (const s of statementsOf(body)) {
    if (!isComputed(s)) operands(s).forEach(handOn);
    if (s.kind === "load" && s.key.kind !== "field" && isAsked(s.of)) read.set(s.result, s);
  }
  for (const { yields } of blocksWithin(body)) yields.forEach(handOn);
  return told;
}

/** What is put into typed arrays, of some, which may be undefined where they have NaN, and of which this can be told. */
export function missingIn(fn: Fn, arrays: Iterable<Var>): (of: Var, value: Atom) => boolean {
  const typed = new Set<Atom>([...arrays].filter((v) => v.type.kind === "typed"));
  const told = typed.size === 0 ? typed : handedOn(fn.body, (a) => typed.has(a));
  if (told.size === 0) return () => false;
  const bounds = new Bounds(fn, new Memory(reachable(fn), [...fn.params, ...fn.captures]));
  const definitions = new Map<Atom, Statement>(statementsOf(fn.body).flatMap((s) => [...bound(s), ...boundWithin(s)].map((v) => [v, s] as const)));
  const seen = new Set<Atom>();
  const mayLack = (a: Atom | undefined): boolean => {
    const s = a && definitions.get(a);
    if (a === undefined || s === undefined || seen.has(a)) return false;
    if (s.kind === "load") return s.key.kind !== "field" && !bounds.hold(s);
    if (s.kind === "let") return (s.op === "??" ? s.args.slice(1) : /^(identity|\?:)$/.test(s.op) ? s.args : []).some(mayLack);
    seen.add(a);
    if (s.kind === "if") return [s.then, s.else].some(({ yields }) => mayLack(yields[s.results.indexOf(a as Var)]));
    const i = s.kind === "loop" ? s.carried.findIndex((c) => c.param === a || c.result === a) : -1;
    return s.kind === "loop" && [s.carried[i]?.init, s.body.yields[i + 1]].some(mayLack);
  };
  return (of, value) => {
    seen.clear();
    return told.has(of) && mayLack(value);
  };
}

/** Whether what is missing does no more in a statement than NaN. */
function isComputed(s: Statement): boolean {
  if (s.kind === "accumulate" || (s.kind === "store" && s.of.type.kind === "typed")) return true;
  return s.kind === "let" && (isStrict(s) || /^([%<>]|[<>]=|\*\*|sigmoid|Math\.\w+)$/.test(s.op));
}

/** Whether the result is NaN where one of what it is made of is NaN, or missing. */
export function isStrict({ op }: Let): boolean {
  return /^([-+*/]|neg)$/.test(op);
}

/** a[0] *= x: of what is missing comes NaN. */
function changes(s: Store, value: Let | undefined, read: ReadonlyMap<Atom, Load>): boolean {
  return value !== undefined && isStrict(value) && value.args.some((a) => {
    const load = read.get(a);
    return load !== undefined && load.of === s.of && sameKey(load.key, s.key);
  });
}
