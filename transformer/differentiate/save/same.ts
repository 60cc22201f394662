import { sameAtom, sameKey, shiftOf } from "../../ir/atoms.js";
import type { Atom, Load, Region, Statement, Var } from "../../ir/model.js";
import { sameType } from "../../ir/types.js";
import { placeOf, type Place } from "./put.js";
import { isElsewhere, type Scopes } from "./scopes.js";

/** What has been loaded before another load, what is to be added to it, and whether it was loaded further out. */
interface Before {
  readonly value: Var;
  readonly plus: number;
  readonly isOuter: boolean;
}

/**
 * n = a.length; if (c) { m = a.length; … }   What has been loaded of a place, or put there, on the way to a load of the same
 * turn, where nothing has written there since: the earliest first. Then, of n = a.length; a.pop(); m = a.length, what is n - 1.
 */
export function sameBefore(load: Load, scopes: Scopes): readonly Before[] {
  const cell = scopes.memory.cellOf(load.of, load.key);
  const home = scopes.regionOf.get(load.result);
  const at = scopes.position.get(load);
  if (cell === undefined || home === undefined || at === undefined) return [];
  const positionOf = (s: Statement): number => scopes.position.get(s) ?? 0;
  const writes = scopes.writesTo(cell).filter((w) => !isElsewhere(w, load) && !isBeside(w, load, scopes) && !isOnOtherSide(w, home, scopes) && positionOf(w) < at);
  const found: Before[] = [];
  for (const region of scopes.around(home)) {
    for (const s of scopes.blocks.get(region)?.statements ?? []) {
      const p = scopes.position.get(s) ?? at;
      const value = p < at ? valueAt(load, s, scopes) : undefined;
      const plus = value && addedBy(writes.filter((w) => positionOf(w) > p), load, home, scopes);
      if (value && plus !== undefined && sameType(value.type, load.result.type)) found.push({ value, plus, isOuter: s.kind === "load" && region !== home });
    }
    if (scopes.owner.get(region)?.statement.kind !== "if") break;
  }
  return [...found.filter(({ plus }) => plus === 0), ...found.filter(({ plus }) => plus !== 0)];
}

/** How much longer statements on the way to the load of a length make the array, where each runs once; of other places nothing may be written. */
function addedBy(writes: readonly Statement[], { of, key }: Load, home: Region, scopes: Scopes): number | undefined {
  const isLength = key.kind === "field" && key.name === "length" && of.type.kind === "array";
  const added = writes.map((w): number | undefined => {
    const place = scopes.homeOf.get(w);
    const isOnWay = isLength && (w.kind === "push" || w.kind === "pop") && sameAtom(itself(w.of, scopes), itself(of, scopes)) && place !== undefined && scopes.contains(place, home);
    return isOnWay ? (w.kind === "push" ? 1 : -1) : undefined;
  });
  return added.reduce<number | undefined>((sum, by) => (sum === undefined || by === undefined ? undefined : sum + by), 0);
}

/** What a statement loads of the place that another load reads, or puts there. */
function valueAt(load: Load, s: Statement, scopes: Scopes): Var | undefined {
  if (s.kind === "load") return isSamePlace(s, load, scopes) ? s.result : undefined;
  const put = s.kind === "store" ? [s.value] : s.kind === "allocate" && s.initial.kind === "elements" ? s.initial.elements : [];
  return put.filter((a) => a.kind === "var").find((v) => {
    const place = placeOf(v, s, scopes);
    return place !== undefined && isSamePlace(place, load, scopes);
  });
}

/** Whether a statement of the same turn writes to `a[i + 1]` where a[i] is loaded. */
function isBeside(w: Statement, { of, key }: Load, scopes: Scopes): boolean {
  if (w.kind !== "store" || w.key.kind === "field" || key.kind === "field" || !sameAtom(itself(w.of, scopes), itself(of, scopes))) return false;
  const [written, loaded] = [placed(w.key, scopes), placed(key, scopes)];
  return written.from === loaded.from && written.from.type.kind === "int" && written.by !== loaded.by;
}
/** What an index is further than. */
export function placed(key: Atom, scopes: Scopes): { readonly from: Atom; readonly by: number } {
  const s = key.kind === "var" ? scopes.definition.get(key) : undefined;
  const shift = s?.kind === "let" && key.type.kind === "int" ? shiftOf(s) : undefined;
  if (shift === undefined) return { from: key, by: 0 };
  const { from, by } = placed(shift.from, scopes);
  return { from, by: by + shift.by };
}

/** Whether a statement stands on the side of a branch that is not taken where the other is. */
function isOnOtherSide(s: Statement, home: Region, scopes: Scopes): boolean {
  for (const region of scopes.around(home)) {
    const owner = scopes.owner.get(region)?.statement;
    if (owner?.kind !== "if") return false;
    if (scopes.isWithin(s, owner)) return !scopes.contains(region, scopes.homeOf.get(s) ?? region);
  }
  return false;
}

function isSamePlace(a: Place, b: Place, scopes: Scopes): boolean {
  return sameAtom(itself(a.of, scopes), itself(b.of, scopes)) && sameKey(a.key, b.key);
}

/** What a name stands for that only says that it is there: `last` of `last!`. */
function itself(a: Atom, scopes: Scopes): Atom {
  const s = a.kind === "var" ? scopes.definition.get(a) : undefined;
  return s?.kind === "let" && s.op === "identity" && s.args[0] ? itself(s.args[0], scopes) : a;
}
