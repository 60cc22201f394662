import type { Slot, Slots } from "./coalesce.js";
import { isCertain } from "./definite.js";
import { isNull } from "../ir/types.js";
import { negated } from "./logic.js";
import { exprsOf, listsOf, type Branch, type Node } from "./nodes.js";
import { eachVar, type Expr } from "./tree.js";

/**
 * Where variables are declared. `const` where the only assignment stands before all uses, in their block or around
 * it; else `let`, at the first assignment if that comes first, or before the statement with the first use.
 */
export function place(nodes: readonly Node[], slots: Slots): Node[] {
  const spots = new Spots(slots);
  spots.scan(nodes);
  return new Placer(slots, spots).list(nodes);
}

/** A list of statements and the statement around it. */
interface Home {
  readonly parent: { readonly home: Home; readonly index: number } | undefined;
  readonly depth: number;
  readonly nodes: readonly Node[];
}
interface Spot {
  home: Home;
  /** The first statement of the list with a use of the variable. */
  first: number;
  assignments: number;
}

/** For each variable the innermost list of statements around all its uses. */
class Spots {
  private readonly found = new Map<Slot, Spot>();
  private readonly homes = new Map<readonly Node[], Home>();

  constructor(private readonly slots: Slots) {}

  scan(nodes: readonly Node[], parent?: Home["parent"]): void {
    const home: Home = { parent, depth: parent === undefined ? 0 : parent.home.depth + 1, nodes };
    this.homes.set(nodes, home);
    nodes.forEach((node, index) => {
      const note = (slot: Slot, assigns: boolean): void => {
        if (slot.kind === "local") this.note(slot, home, index, assigns);
      };
      for (const slot of assignedBy(node)) note(slot, true);
      for (const e of exprsOf(node)) eachVar(e, (v) => {
        note(this.slots.of(v), false);
      });
      for (const inner of listsOf(node)) this.scan(inner, { home, index });
    });
  }

  /** The variables to be declared in a list before or with the statement at a place. */
  at(nodes: readonly Node[], index: number): readonly [Slot, Spot][] {
    return [...this.found].filter(([, spot]) => spot.home.nodes === nodes && spot.first === index);
  }

  private note(slot: Slot, home: Home, index: number, assigns: boolean): void {
    const spot = this.found.get(slot);
    if (spot === undefined) {
      this.found.set(slot, { home, first: index, assignments: assigns ? 1 : 0 });
      return;
    }
    if (assigns) spot.assignments++;
    let [a, b] = [
      { home: spot.home, index: spot.first },
      { home, index },
    ];
    while (a.home !== b.home) {
      if (a.home.depth >= b.home.depth) a = outer(a.home);
      else b = outer(b.home);
    }
    spot.home = a.home;
    spot.first = Math.min(a.index, b.index);
  }
}

function outer(home: Home): { home: Home; index: number } {
  if (home.parent === undefined) throw new Error("two statements without a block around both");
  return home.parent;
}

class Placer {
  constructor(
    private readonly slots: Slots,
    private readonly spots: Spots,
  ) {}

  list(nodes: readonly Node[]): Node[] {
    return nodes.flatMap((node, i) => {
      const kinds = new Map<Slot, "let" | "const">();
      const before: Slot[] = [];
      for (const [slot, { assignments }] of this.spots.at(nodes, i)) {
        if (isFirstAssignment(node, slot, this.slots)) kinds.set(slot, assignments === 1 ? "const" : "let");
        else before.push(slot);
      }
      const { rest, values } = node.kind === "branch" ? defaults(node, before, this.spots) : { rest: node, values: new Map<Slot, Expr>() };
      const absent = absentIn(rest, before);
      const declared = before.map((slot) => this.declared(slot, values.get(slot) ?? absent.get(slot), [rest, ...nodes.slice(i + 1)]));
      return [...declared, withoutAbsent(this.within(rest, kinds), absent)];
    });
  }

  private declared(slot: Slot, value: Expr | undefined, nodes: readonly Node[]): Node {
    if (value !== undefined && (!isAbsent(value) || isNull(slot.type))) return { kind: "assign", slot, value, declares: "let" };
    return { kind: "declare", slot, certain: value === undefined && isCertain(nodes, slot, this.slots) };
  }

  private within(node: Node, kinds: ReadonlyMap<Slot, "let" | "const">): Node {
    switch (node.kind) {
      case "assign": {
        const declares = kinds.get(node.slot);
        return declares === undefined ? node : { ...node, declares };
      }
      case "branch":
        return { ...node, then: this.list(node.then), else: this.list(node.else) };
      case "for":
      case "while":
        return { ...node, body: this.list(node.body) };
      default:
        return node;
    }
  }
}

/** The variables in front of a branch that a side leaves undefined, as they are without it. */
function absentIn(node: Node, slots: readonly Slot[]): ReadonlyMap<Slot, Expr> {
  const sides = node.kind === "branch" ? [node.then, node.else] : [];
  const isOnly = (slot: Slot): boolean => sides.every((side) => side.filter((n) => assigns(n, slot)).length <= 1);
  return new Map(sides.flat().flatMap((n): [Slot, Expr][] => (n.kind === "assign" && isAbsent(n.value) && n.slot.type.nullable === true && !isNull(n.slot.type) && slots.includes(n.slot) && isOnly(n.slot) ? [[n.slot, n.value]] : [])));
}

/** let x: T | undefined; if (c) { x = undefined; } else { x = f(); }   becomes   let x: T | undefined; if (!c) { x = f(); } */
function withoutAbsent(node: Node, absent: ReadonlyMap<Slot, Expr>): Node {
  if (node.kind !== "branch" || absent.size === 0) return node;
  const side = (nodes: readonly Node[]): readonly Node[] => nodes.filter((n) => !(n.kind === "assign" && isAbsent(n.value) && absent.has(n.slot)));
  const [then, other] = [side(node.then), side(node.else)];
  return then.length > 0 ? { ...node, then, else: other } : { ...node, test: negated(node.test, () => false), then: other, else: [] };
}

function isAbsent(value: Expr | undefined): boolean {
  return value?.kind === "literal" && value.value === undefined;
}

/**
 * let x: number; if (c) { x = f(); } else { x = 0; }   becomes   let x = 0; if (c) { x = f(); }
 * Only where the last side does nothing else.
 */
function defaults(node: Branch, slots: readonly Slot[], spots: Spots): { rest: Branch; values: ReadonlyMap<Slot, Expr> } {
  const [only, second] = node.else;
  if (only?.kind === "branch" && second === undefined) {
    if (spots.at(node.else, 0).length > 0) return { rest: node, values: new Map() };
    const { rest, values } = defaults(only, slots, spots);
    return { rest: values.size > 0 ? { ...node, else: [rest] } : node, values };
  }
  const values = new Map<Slot, Expr>();
  for (const n of node.else) if (n.kind === "assign" && n.value.kind === "literal" && slots.includes(n.slot)) values.set(n.slot, n.value);
  return values.size === node.else.length && values.size > 0 ? { rest: { ...node, else: [] }, values } : { rest: node, values: new Map() };
}

function assignedBy(node: Node): readonly Slot[] {
  if (node.kind === "assign") return [node.slot];
  return node.kind === "destructure" ? node.slots.filter((s) => s !== undefined) : [];
}

function assigns(node: Node, slot: Slot): boolean {
  return assignedBy(node).includes(slot) || listsOf(node).some((nodes) => nodes.some((n) => assigns(n, slot)));
}

function isFirstAssignment(node: Node, slot: Slot, slots: Slots): boolean {
  if (node.kind !== "assign") return node.kind === "destructure" && node.slots.includes(slot);
  return node.slot === slot && !reads(node.value, slot, slots);
}

export function reads(e: Expr, slot: Slot, slots: Slots): boolean {
  let found = false;
  eachVar(e, (v) => (found ||= slots.of(v) === slot));
  return found;
}
