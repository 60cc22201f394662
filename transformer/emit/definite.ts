import type { Slot, Slots } from "./coalesce.js";
import { exprsOf, type LoopId, type Node } from "./nodes.js";
import { eachVar, type Expr } from "./tree.js";

/** Whether a variable is assigned: for certain, not for certain; or control never gets here. */
type State = "yes" | "no" | "never";

/** Whether TypeScript sees that a variable is assigned before it is read, in statements before which it is not. */
export function isCertain(nodes: readonly Node[], slot: Slot, slots: Slots): boolean {
  const flow = new Flow(slot, slots);
  flow.list(nodes, "no");
  return flow.certain;
}

class Flow {
  certain = true;
  private readonly breaks = new Map<LoopId, State>();
  private readonly continues = new Map<LoopId, State>();

  constructor(
    private readonly slot: Slot,
    private readonly slots: Slots,
  ) {}

  list(nodes: readonly Node[], before: State): State {
    return nodes.reduce((state: State, node) => this.node(node, state), before);
  }

  private node(node: Node, before: State): State {
    // The test of do … while is only read behind the body.
    if (node.kind !== "while" || node.last !== true) for (const e of exprsOf(node)) this.read(e, before);
    switch (node.kind) {
      case "assign":
        return node.slot === this.slot && before !== "never" ? "yes" : before;
      case "destructure":
        return node.slots.includes(this.slot) && before !== "never" ? "yes" : before;
      case "leaf":
        return node.statement.kind === "effect" && node.statement.throws ? "never" : before;
      case "branch":
        return merge(this.list(node.then, before), this.list(node.else, before));
      case "for":
        this.list(node.body, before);
        return merge(before, this.breaks.get(node.id));
      case "while": {
        const end = this.list(node.body, before);
        const left = this.breaks.get(node.id);
        if (node.test === undefined) return left ?? "never";
        if (node.last !== true) return merge(before, left);
        const tested = merge(end, this.continues.get(node.id));
        this.read(node.test, tested);
        return merge(tested, left);
      }
      case "break":
        this.breaks.set(node.id, merge(before, this.breaks.get(node.id)));
        return "never";
      case "continue":
        this.continues.set(node.id, merge(before, this.continues.get(node.id)));
        return "never";
      case "return":
        return "never";
      default:
        return before;
    }
  }

  private read(e: Expr, state: State): void {
    if (state !== "no") return;
    eachVar(e, (v) => {
      if (this.slots.of(v) === this.slot) this.certain = false;
    });
  }
}

function merge(a: State, b: State = "never"): State {
  if (a === "never") return b;
  if (b === "never") return a;
  return a === "yes" && b === "yes" ? "yes" : "no";
}
