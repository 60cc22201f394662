import type { Atom } from "./model.js";

/** Whether two atoms are the same name or the same literal value. */
export function sameAtom(a: Atom, b: Atom): boolean {
  return a === b || (a.kind === "literal" && b.kind === "literal" && Object.is(a.value, b.value));
}
