import type { Slots } from "./coalesce.js";
import { isField, type Expr } from "./tree.js";

/** Whether two expressions are the same variable, or the same place in memory reached in the same way. */
export function samePlace(a: Expr, b: Expr, slots: Slots): boolean {
  if (a.kind === "var" && b.kind === "var") return slots.of(a) === slots.of(b);
  if (a.kind === "literal" && b.kind === "literal") return Object.is(a.value, b.value);
  if (a.kind === "operation" && b.kind === "operation") {
    return /^[-+]$/.test(a.op) && a.op === b.op && a.args.every((x, i) => samePlace(x, b.args[i] ?? a, slots));
  }
  if (a.kind !== "read" || b.kind !== "read" || !samePlace(a.of, b.of, slots)) return false;
  if (isField(a.key) || isField(b.key)) return isField(a.key) && isField(b.key) && a.key.name === b.key.name;
  return samePlace(a.key, b.key, slots);
}
