import { isNumeric } from "../ir/types.js";
import type { Slot, Slots } from "./coalesce.js";
import { exprsOf, nodesOf, type Node } from "./nodes.js";
import { eachVar, partsOf, type Expr } from "./tree.js";

/**
 * The variables that stand beside functions, `rows.some((row) => row.x > 1)` of the source or `rows.map((row) => 0)` of zeros and copies, and those that
 * give them their values: where one of them was of any type, TypeScript could not tell what the functions take.
 */
export function besideFunctions(nodes: readonly Node[], slots: Slots): ReadonlySet<Slot> {
  const found = new Set<Slot>();
  const add = (e: Expr): void => {
    if (!isNumeric(e.type)) eachVar(e, (v) => found.add(slots.of(v)));
  };
  const isFunctional = (text: readonly string[]): boolean => text.some((part) => /=>|\bfunction\b/.test(part));
  const visit = (e: Expr): void => {
    if ((e.kind === "source" && isFunctional(e.text)) || (e.kind === "fresh" && e.initial === "zerosLike")) e.args.forEach(add);
    if (e.kind === "duplicate") add(e.of);
    partsOf(e).forEach(visit);
  };
  const all = [...nodesOf(nodes)];
  for (const node of all) {
    exprsOf(node).forEach(visit);
    if (node.kind === "leaf" && node.statement.kind === "effect" && isFunctional(node.statement.text)) node.statement.args.forEach(add);
  }
  for (let size = 0; size < found.size; ) {
    size = found.size;
    for (const node of all) if (node.kind === "assign" && found.has(node.slot)) add(node.value);
  }
  return found;
}
