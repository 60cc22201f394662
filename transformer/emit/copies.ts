import type { Var } from "../ir/model.js";
import type { Slot, Slots } from "./coalesce.js";
import type { Assign } from "./nodes.js";
import { eachVar, substitute, type Expr } from "./tree.js";
import { takesUndefined } from "./types.js";

interface Copy {
  readonly target: Var;
  readonly slot: Slot;
  value: Expr;
}

/**
 * Assignments that give all targets their values as if at once: `[a, b] = [b, a]` becomes
 * `const t = a; a = b; b = t;`. What is in its place already needs none.
 */
export function copies(slots: Slots, targets: readonly Var[], values: readonly Expr[]): Assign[] {
  const out: Assign[] = [];
  let todo: Copy[] = targets.flatMap((target, i) => {
    const value = values[i];
    const slot = slots.of(target);
    if (value === undefined || !slots.isRead(target)) return [];
    // undefined in the place of a value that is not undefined is never looked at.
    const isNothing = value.kind === "literal" && value.value === undefined && !takesUndefined(slot.type);
    return isNothing || (value.kind === "var" && slots.of(value) === slot) ? [] : [{ target, slot, value }];
  });
  const reads = (value: Expr, slot: Slot): boolean => {
    let found = false;
    eachVar(value, (v) => (found ||= slots.of(v) === slot));
    return found;
  };
  while (todo.length > 0) {
    const free = todo.find((c) => !todo.some((other) => other !== c && reads(other.value, c.slot)));
    if (free !== undefined) {
      out.push({ kind: "assign", slot: free.slot, value: free.value });
      todo = todo.filter((c) => c !== free);
      continue;
    }
    // Every target is still read by another copy: the value of one is kept aside.
    const [first] = todo;
    if (first === undefined) break;
    const kept: Var = { kind: "var", name: "", type: first.slot.type };
    out.push({ kind: "assign", slot: slots.of(kept), value: first.target });
    for (const other of todo) {
      if (other !== first) other.value = substitute(other.value, (v) => (slots.of(v) === first.slot ? kept : undefined));
    }
  }
  return out;
}
