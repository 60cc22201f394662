import { sameAtom } from "../../ir/atoms.js";
import type { Key, Load, Region, Statement, Var } from "../../ir/model.js";
import { sameType } from "../../ir/types.js";
import type { Scopes } from "./scopes.js";

/**
 * n = a.length; if (c) { m = a.length; … }   What has been loaded of a place on the way to a load of the same turn, where
 * nothing has written there since: the earliest first, and whether it stands further out.
 */
export function sameBefore(load: Load, scopes: Scopes): readonly { readonly result: Var; readonly isOuter: boolean }[] {
  const cell = scopes.memory.cellOf(load.of, load.key);
  const home = scopes.regionOf.get(load.result);
  const at = scopes.position.get(load);
  if (cell === undefined || home === undefined || at === undefined) return [];
  const writes = scopes.writesTo(cell).filter((w) => !isOnOtherSide(w, home, scopes)).map((w) => scopes.position.get(w) ?? 0);
  const found: { readonly result: Var; readonly isOuter: boolean }[] = [];
  for (const region of scopes.around(home)) {
    for (const s of scopes.blocks.get(region)?.statements ?? []) {
      const p = scopes.position.get(s) ?? at;
      const isSame = s.kind === "load" && p < at && sameAtom(s.of, load.of) && sameKey(s.key, load.key) && sameType(s.result.type, load.result.type);
      if (isSame && !writes.some((w) => w > p && w < at)) found.push({ result: s.result, isOuter: region !== home });
    }
    if (scopes.owner.get(region)?.statement.kind !== "if") break;
  }
  return found;
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

function sameKey(a: Key, b: Key): boolean {
  if (a.kind === "field" || b.kind === "field") return a.kind === "field" && b.kind === "field" && a.name === b.name;
  return sameAtom(a, b);
}
