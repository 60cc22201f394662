import type { Slot, Slots } from "./coalesce.js";
import { exprsOf, type Node } from "./nodes.js";
import { eachVar } from "./tree.js";

/** Where a name of a variable means that variable, in places counted through the text. */
export interface Scope {
  readonly start: number;
  end: number;
}

/** The blocks in which variables are declared, and the places where they occur. */
export class Scopes {
  /** The variables in the order in which they are declared. */
  readonly scopes = new Map<Slot, Scope>();
  private readonly places = new Map<Slot, number[]>();
  private place = 0;

  constructor(
    nodes: readonly Node[],
    params: readonly Slot[],
    private readonly slots: Slots,
  ) {
    this.list(nodes, params);
  }

  /** Whether two variables may have one name: in neither's scope does the other occur where it would be hidden. */
  mayShareName(a: Slot, b: Slot): boolean {
    const [x, y] = [this.scopes.get(a), this.scopes.get(b)];
    if (x === undefined || y === undefined) return false;
    if (x.end < y.start || y.end < x.start) return true;
    if (x === y) return false;
    const [hidden, inner] = x.start <= y.start && y.end <= x.end ? [a, y] : [b, x];
    return !(this.places.get(hidden) ?? []).some((p) => inner.start <= p && p <= inner.end);
  }

  areApart(a: Slot, b: Slot): boolean {
    const [x, y] = [this.scopes.get(a), this.scopes.get(b)];
    return x === undefined || y === undefined || x.end < y.start || y.end < x.start;
  }

  private list(nodes: readonly Node[], declared: readonly Slot[]): void {
    const scope: Scope = { start: ++this.place, end: 0 };
    for (const slot of declared) this.scopes.set(slot, scope);
    for (const node of nodes) {
      if (node.kind === "declare" || (node.kind === "assign" && node.declares !== undefined)) this.scopes.set(node.slot, scope);
      if (node.kind === "destructure") for (const slot of node.slots) if (slot !== undefined) this.scopes.set(slot, scope);
      this.node(node);
    }
    scope.end = ++this.place;
  }

  private node(node: Node): void {
    const scope: Scope = { start: ++this.place, end: 0 };
    if (node.kind === "assign" || node.kind === "for") this.note(node.slot);
    for (const e of exprsOf(node)) eachVar(e, (v) => {
      this.note(this.slots.of(v));
    });
    if (node.kind === "for") this.scopes.set(node.slot, scope);
    if (node.kind === "branch") {
      this.list(node.then, []);
      this.list(node.else, []);
    } else if (node.kind === "for" || node.kind === "while") this.list(node.body, []);
    scope.end = ++this.place;
  }

  private note(slot: Slot): void {
    const places = this.places.get(slot) ?? [];
    this.places.set(slot, places);
    places.push(++this.place);
  }
}
