import type { Slot, Slots } from "./coalesce.js";
import { exprsOf, nodesOf, type Node } from "./nodes.js";
import { eachVar, isImpure } from "./tree.js";

/** Without assignments to variables that nothing reads: what was known of a status has taken the place of its uses. */
export function withoutUnread(nodes: readonly Node[], slots: Slots): readonly Node[] {
  const read = new Set<Slot>();
  let found = false;
  for (const node of nodesOf(nodes)) for (const e of exprsOf(node)) eachVar(e, (v) => read.add(slots.of(v)));
  const isUnread = (slot: Slot): boolean => slot.kind === "local" && !read.has(slot);
  const list = (all: readonly Node[]): Node[] =>
    all.flatMap((node): Node[] => {
      switch (node.kind) {
        case "assign":
          if (!isUnread(node.slot)) return [node];
          found = true;
          return isImpure(node.value) ? [{ kind: "leaf", statement: { kind: "run", value: node.value, origin: node.origin }, origin: node.origin }] : [];
        case "branch":
          return [{ ...node, then: list(node.then), else: list(node.else) }];
        case "for":
        case "while":
          return [{ ...node, body: list(node.body) }];
        default:
          return [node];
      }
    });
  const kept = list(nodes);
  // What only they read is not read either.
  return found ? withoutUnread(kept, slots) : kept;
}
