import { sameAtom, shiftOf } from "../../ir/atoms.js";
import type { Atom, Load } from "../../ir/model.js";
import type { Scopes } from "./scopes.js";

/**
 * Whether an element is surely there when it is loaded, of an array that never becomes shorter: what is pushed later lies
 * behind it. `a[i]` where `i < a.length`, by the counter of a loop or a test around it.
 */
export function isThere({ of, key, result }: Load, scopes: Scopes): boolean {
  if (key.kind !== "var") return false;
  /** Whether what is less than an atom, or no more than one less by `less`, is less than the length of the array. */
  const isWithin = (end: Atom, less: number): boolean => {
    const s = end.kind === "var" ? scopes.definition.get(end) : undefined;
    const shift = s?.kind === "let" ? shiftOf(s) : undefined;
    if (shift !== undefined) return isWithin(shift.from, less - shift.by);
    return less >= 0 && s?.kind === "load" && s.key.kind === "field" && s.key.name === "length" && s.of.type.kind !== "record" && sameAtom(s.of, of) && scopes.onlyGrows(s);
  };
  const loop = scopes.definition.get(key);
  if (loop?.kind === "loop" && loop.counter?.var === key) {
    const { start, bound, test, step } = loop.counter;
    if (step < 0 ? isWithin(start, -1) : isWithin(bound, test === "<" ? 0 : -1)) return true;
  }
  const home = scopes.regionOf.get(result);
  for (const region of home ? scopes.around(home) : []) {
    const owner = scopes.owner.get(region)?.statement;
    const test = owner?.kind === "if" && owner.then.region === region && owner.test.kind === "var" ? scopes.definition.get(owner.test) : undefined;
    if (test?.kind !== "let" || test.op !== "<") continue;
    const [left, right] = test.args;
    if (left === key && right !== undefined && isWithin(right, 0)) return true;
  }
  return false;
}
