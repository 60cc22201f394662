import { sameAtom } from "../../ir/atoms.js";
import type { Load, Region, Statement, Var } from "../../ir/model.js";
import { sameType } from "../../ir/types.js";
import { placeOf, type Place } from "./put.js";
import { isElsewhere, type Scopes } from "./scopes.js";

/**
 * n = a.length; if (c) { m = a.length; … }   What has been loaded of a place, or put there, on the way to a load of the same
 * turn, where nothing has written there since: the earliest first, and whether it was loaded further out.
 */
export function sameBefore(load: Load, scopes: Scopes): readonly { readonly value: Var; readonly isOuter: boolean }[] {
  const cell = scopes.memory.cellOf(load.of, load.key);
  const home = scopes.regionOf.get(load.result);
  const at = scopes.position.get(load);
  if (cell === undefined || home === undefined || at === undefined) return [];
  const writes = scopes.writesTo(cell).filter((w) => !isElsewhere(w, load) && !isOnOtherSide(w, home, scopes)).map((w) => scopes.position.get(w) ?? 0);
  const found: { readonly value: Var; readonly isOuter: boolean }[] = [];
  for (const region of scopes.around(home)) {
    for (const s of scopes.blocks.get(region)?.statements ?? []) {
      const p = scopes.position.get(s) ?? at;
      const value = p < at ? valueAt(load, s, scopes) : undefined;
      if (value && sameType(value.type, load.result.type) && !writes.some((w) => w > p && w < at)) found.push({ value, isOuter: s.kind === "load" && region !== home });
    }
    if (scopes.owner.get(region)?.statement.kind !== "if") break;
  }
  return found;
}

/** What a statement loads of the place that another load reads, or puts there. */
function valueAt(load: Load, s: Statement, scopes: Scopes): Var | undefined {
  if (s.kind === "load") return isSamePlace(s, load) ? s.result : undefined;
  const put = s.kind === "store" ? [s.value] : s.kind === "allocate" && s.initial.kind === "elements" ? s.initial.elements : [];
  return put.filter((a) => a.kind === "var").find((v) => {
    const place = placeOf(v, s, scopes);
    return place !== undefined && isSamePlace(place, load);
  });
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

function isSamePlace(a: Place, b: Place): boolean {
  if (a.key.kind === "field" || b.key.kind === "field") return sameAtom(a.of, b.of) && a.key.kind === "field" && b.key.kind === "field" && a.key.name === b.key.name;
  return sameAtom(a.of, b.of) && sameAtom(a.key, b.key);
}
