import type { Var } from "../ir/model.js";
import type { Slot } from "./coalesce.js";
import { isReference } from "../ir/types.js";
import { nodesOf, type Node } from "./nodes.js";
import type { Scopes } from "./scopes.js";
import { isField, type Expr } from "./tree.js";
import { isIdentifier } from "./types.js";

export interface Taken {
  /** What a variable without a wish holds, in a word. */
  readonly hints: ReadonlyMap<Slot, string>;
  /** Words that no variable may have: they mean something else in the function. */
  readonly words: ReadonlySet<string>;
  /** Names that only a variable of the source may have. */
  readonly reserved: ReadonlySet<string>;
  slotOf(v: Var): Slot;
}

/**
 * Gives every variable a name. The source's own names come first, then wishes, then `t`; a name already in use gets
 * a number. Two variables share a name where neither hides the other from a use.
 */
export function namesFor(slots: readonly Slot[], scopes: Scopes, { words, reserved, hints, slotOf }: Taken): Map<Slot, string> {
  const names = new Map<Slot, string>();
  const users = new Map<string, Slot[]>();
  const rank = (s: Slot): number => {
    if (s.kind === "param" || s.kind === "counter") return s.kind === "param" ? 0 : 1;
    if (s.wish !== "") return s.own ? 2 : 3;
    // Shadows come after what they are of, and those of what has no variable last.
    return s.shadows === undefined ? 4 : slots.includes(slotOf(s.shadows.of)) ? 5 : 6;
  };
  // drow   beside   row
  const wishFor = (s: Slot): string => {
    if (s.shadows === undefined) return wishOf(s, hints);
    return s.shadows.prefix + (names.get(slotOf(s.shadows.of)) ?? wishOf(s, hints));
  };
  for (const slot of [...slots].sort((a, b) => rank(a) - rank(b))) {
    const isFree = (name: string): boolean => {
      if (words.has(name) || (reserved.has(name) && !(slot.own && name === slot.wish))) return false;
      return (users.get(name) ?? []).every((other) =>
        slot.wish === "" ? scopes.areApart(slot, other) : scopes.mayShareName(slot, other),
      );
    };
    const wish = wishFor(slot);
    let name = wish;
    const separator = /\d$/.test(wish) ? "_" : "";
    for (let i = 2; !isFree(name); i++) name = wish + separator + String(i);
    names.set(slot, name);
    users.set(name, [...(users.get(name) ?? []), slot]);
  }
  return names;
}

function wishOf(slot: Slot, hints: ReadonlyMap<Slot, string>): string {
  const { wish, type } = slot;
  if (wish !== "") return wish.replace(/[^\p{ID_Continue}$]/gu, "_").replace(/^(?![\p{ID_Start}$_])/u, "_");
  const hint = hints.get(slot);
  if (hint !== undefined) return hint;
  switch (type.kind) {
    case "bool":
      return "test";
    case "array":
    case "typed":
      return "values";
    case "record":
      return "record";
    case "opaque":
      return "value";
    default:
      return "t";
  }
}

/** Words for what variables without a wish hold: `n` for a length, and for what is left of one, a field's name, `last` for a count less one. */
export function hintsIn(nodes: readonly Node[]): Map<Slot, string> {
  const hints = new Map<Slot, string>();
  for (const node of nodesOf(nodes)) {
    if (node.kind !== "assign" || node.slot.wish !== "" || node.declares !== "const") continue;
    const hint = hintOf(node.value);
    if (hint !== undefined) hints.set(node.slot, hint);
  }
  return hints;
}

function hintOf(value: Expr): string | undefined {
  if (value.kind === "read" && isField(value.key)) {
    if (value.key.name === "length") return "n";
    return isIdentifier(value.key.name) ? value.key.name : undefined;
  }
  if (value.kind === "read" && isReference(value.type)) return value.type.kind === "record" ? "item" : "row";
  if (value.kind !== "operation") return undefined;
  const [count, by] = value.args;
  if (value.op === "Math.max" && count?.kind === "operation" && count.op === "-" && by?.kind === "literal" && by.value === 0) return "n";
  if (value.op !== "-") return undefined;
  const isCount = count?.kind === "read" ? count.key.kind === "field" && count.key.name === "length" : count?.kind === "var" && count.type.kind === "int";
  return isCount && by?.kind === "literal" && by.value === 1 ? "last" : undefined;
}
