import { sameAtom } from "../../ir/atoms.js";
import type { Atom, Load } from "../../ir/model.js";
import { grownBy } from "./grown.js";
import { Order } from "./order.js";
import type { Scopes } from "./scopes.js";

/**
 * Whether an element is surely there when it is loaded, of an array that never becomes shorter: what is pushed later lies
 * behind it. `a[i]` where `i < a.length`, by the counter of a loop or a test around it, and `a[i - 1]` in turn `i` of the
 * loop that adds an element in each.
 */
export function isThere(load: Load, scopes: Scopes): boolean {
  const { of, key, result } = load;
  const home = scopes.regionOf.get(result);
  if (key.kind !== "var" || home === undefined) return false;
  const isLength = (end: Atom): boolean => {
    const s = end.kind === "var" ? scopes.definition.get(end) : undefined;
    return s?.kind === "load" && s.key.kind === "field" && s.key.name === "length" && s.of.type.kind !== "record" && sameAtom(s.of, of) && scopes.onlyGrows(s);
  };
  const bounds = new Order(scopes, home).bounds(key, true);
  return isFromBefore(load, scopes) || bounds.some(({ of: end, plus }) => plus < 0 && isLength(end));
}

/** Whether an element is loaded that an earlier turn has added to its list. */
export function isFromBefore(load: Load, scopes: Scopes): boolean {
  const grown = grownBy(load.of, scopes);
  const home = scopes.regionOf.get(load.result);
  if (grown === undefined || home === undefined || load.key.kind !== "var" || !scopes.contains(grown.loop.body.region, home)) return false;
  return new Order(scopes, home).bounds(load.key, true).some(({ of, plus }) => of === grown.counter && plus < 0);
}
