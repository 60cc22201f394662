import { sameKey } from "../ir/atoms.js";
import type { Atom, Block, Let, Load, Statement, Store } from "../ir/model.js";
import { blocksWithin, operands, statementsOf } from "../ir/walk.js";

/**
 * The arrays, of some, of which it can be told whether a place is not there or holds NaN: what is read of it is not only
 * computed with, or something is put there that is a number all the same, which a typed array without that place does not take.
 */
export function toldApart(body: Block, isAsked: (array: Atom) => boolean): ReadonlySet<Atom> {
  const told = new Set<Atom>();
  const read = new Map<Atom, Load>();
  const computed = new Map<Atom, Let>();
  const handOn = (a: Atom): void => {
    const load = read.get(a);
    if (load !== undefined) told.add(load.of);
  };
  for (const s of statementsOf(body)) {
    if (!isComputed(s)) operands(s).forEach(handOn);
    if (s.kind === "let") computed.set(s.result, s);
    else if (s.kind === "load" && s.key.kind !== "field" && isAsked(s.of)) read.set(s.result, s);
    else if (s.kind === "store" && s.of.type.kind === "typed" && s.key.kind === "literal" && isAsked(s.of) && !changes(s, computed.get(s.value), read)) told.add(s.of);
  }
  for (const { yields } of blocksWithin(body)) yields.forEach(handOn);
  return told;
}

/** The typed arrays, of some, that turns fill from another array, where NaN stands for what that has not got, and of which this can be told. */
export function filledFromMissing(body: Block, isAsked: (array: Atom) => boolean): ReadonlySet<Atom> {
  const loaded = new Set<Atom>();
  const filled = new Set<Atom>();
  for (const s of statementsOf(body)) {
    if (s.kind === "load" && s.key.kind !== "field") loaded.add(s.result);
    else if (s.kind === "store" && s.of.type.kind === "typed" && isAsked(s.of) && loaded.has(s.value)) filled.add(s.of);
  }
  return filled.size === 0 ? filled : toldApart(body, (a) => filled.has(a));
}

/** Whether what is missing does no more in a statement than NaN. */
function isComputed(s: Statement): boolean {
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
