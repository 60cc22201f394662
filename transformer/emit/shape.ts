import { bool } from "../ir/types.js";
import type { Slot, Slots } from "./coalesce.js";
import { asTest, negated } from "./logic.js";
import { exprsOf, leaves, nodesOf, type Assign, type Branch, type LoopId, type Node, type WhileLoop } from "./nodes.js";
import { widthOf } from "./pending.js";
import { reads } from "./place.js";
import { samePlace } from "./places.js";
import { eachVar, isImpure, literal, type Expr } from "./tree.js";

/** The widest test that two become. */
const WIDEST_TEST = 70;

/** Gives statements the form in which one writes them: loops with their tests, no jump where control goes anyway. */
export class Shape {
  private everywhere: ReadonlyMap<Slot, number> = new Map();

  constructor(
    private readonly slots: Slots,
    private readonly isInteger: (e: Expr) => boolean,
  ) {}

  run(nodes: readonly Node[]): Node[] {
    this.everywhere = this.occurrences(nodes);
    return withoutLast(this.list(nodes), (n) => n.kind === "return" && n.values.length === 0);
  }

  private list(nodes: readonly Node[]): Node[] {
    const out: Node[] = [];
    for (const node of nodes) {
      out.push(...this.node(node));
      // Nothing comes behind a jump.
      if (leaves(out) || isEndless(out.at(-1))) break;
    }
    return this.factored(this.direct(out));
  }

  // const t = a + b; x = t;   becomes   x = a + b;   and   const t = a + b; return t;   becomes   return a + b;
  private direct(nodes: readonly Node[]): readonly Node[] {
    const out: Node[] = [];
    for (const node of nodes) {
      const last = out.at(-1);
      if (last?.kind === "assign" && node.kind === "assign" && this.handsOn(last, node.value)) out[out.length - 1] = { ...last, slot: node.slot };
      else if (last?.kind === "assign" && node.kind === "return" && node.values.length === 1 && this.isUnnamed(last, node.values[0])) {
        out[out.length - 1] = { ...node, values: [last.value], origin: last.origin };
      } else out.push(node);
    }
    return out;
  }

  private handsOn(a: Assign, b: Expr): boolean {
    return this.isUnnamed(a, b) && this.everywhere.get(a.slot) === 2;
  }

  private isUnnamed(a: Assign, b: Expr | undefined): boolean {
    if (a.slot.own || a.slot.kind !== "local") return false;
    return b?.kind === "var" && this.slots.of(b) === a.slot;
  }

  // if (c) { x = a; break; } x = a; …   becomes   x = a; if (c) break; …
  private factored(nodes: readonly Node[]): Node[] {
    const at = nodes.findIndex((n) => n.kind === "branch" && n.else.length === 0 && leaves(n.then));
    const branch = nodes[at];
    if (branch?.kind !== "branch") return [...nodes];
    const rest = this.factored(nodes.slice(at + 1));
    let same = 0;
    while (this.isSame(branch.then[same], rest[same]) && !this.changes(branch.then[same], branch.test)) same++;
    const then = branch.then.slice(same);
    return [...nodes.slice(0, at), ...rest.slice(0, same), { ...branch, then }, ...rest.slice(same)];
  }

  private isSame(a: Node | undefined, b: Node | undefined): boolean {
    return a?.kind === "assign" && b?.kind === "assign" && a.slot === b.slot && samePlace(a.value, b.value, this.slots);
  }

  private changes(node: Node | undefined, test: Expr): boolean {
    return node?.kind !== "assign" || isImpure(test) || reads(test, node.slot, this.slots);
  }

  private node(node: Node): readonly Node[] {
    switch (node.kind) {
      case "branch":
        return this.branch({ ...node, then: this.list(node.then), else: this.list(node.else) });
      case "for":
        return [{ ...node, body: this.withoutTail(this.turned(this.list(node.body), node.id), "continue", node.id) }];
      case "while":
        return this.loop({ ...node, body: this.withoutTail(this.turned(this.list(node.body), node.id), "continue", node.id) });
      case "assign":
        return [this.unlessKept(node)];
      default:
        return [node];
    }
  }

  // x = c ? y : x   becomes   if (c) x = y;
  private unlessKept(node: Assign): Node {
    const { slot, value, origin } = node;
    if (value.kind !== "choice") return node;
    const isKept = (e: Expr): boolean => e.kind === "var" && this.slots.of(e) === slot;
    const { test, then, else: other } = value;
    if (!isKept(then) && !isKept(other)) return node;
    return { kind: "branch", test: asTest(isKept(other) ? test : this.not(test)), then: [{ ...node, value: isKept(other) ? then : other }], else: [], origin };
  }

  private branch(node: Branch): readonly Node[] {
    const { then, else: other, origin } = node;
    const test = asTest(node.test);
    if (then.length === 0 && other.length === 0) {
      return isImpure(test) ? [{ kind: "leaf", statement: { kind: "run", value: test, origin }, origin }] : [];
    }
    if (then.length === 0) return this.branch({ ...node, test: this.not(test), then: other, else: [] });
    // if (c) { …; return; } else { rest }   becomes   if (c) { …; return; } rest
    if (other.length > 0 && leaves(then)) return [{ ...node, else: [] }, ...other];
    if (other.length > 0 && leaves(other)) return [{ ...node, test: this.not(test), then: other, else: [] }, ...then];
    // if (a) { if (b) { … } }   becomes   if (a && b) { … }
    const [only, second] = then;
    if (only?.kind === "branch" && second === undefined && other.length === 0 && only.else.length === 0 && !hasComments(only)) {
      const both: Expr = { kind: "choice", test, then: only.test, else: literal(false, bool), type: bool };
      if (test.type.kind === "bool" && only.test.type.kind === "bool" && widthOf(both) <= WIDEST_TEST) {
        return [{ ...node, test: both, then: only.then }];
      }
    }
    return [{ ...node, test }];
  }

  private loop(node: WhileLoop): readonly Node[] {
    if (node.test !== undefined) return [node];
    return this.once(node) ?? this.headTest(node) ?? this.tailTest(node) ?? [node];
  }

  // if (c) { …; continue; } last; break;   becomes   if (!c) { last; break; } …; continue;
  private turned(body: readonly Node[], id: LoopId): Node[] {
    const at = body.findIndex((n) => n.kind === "branch" && n.else.length === 0 && isContinue(n.then.at(-1), id));
    const branch = body[at];
    const rest = body.slice(at + 1);
    if (branch?.kind !== "branch" || !leaves(rest) || jumps(rest, "continue", id)) return [...body];
    return [...body.slice(0, at), { ...branch, test: this.not(branch.test), then: rest }, ...this.turned(branch.then, id)];
  }

  // while (true) { …; break; }   is no loop
  private once({ id, body }: WhileLoop): readonly Node[] | undefined {
    if (!leaves(body) || jumps(body, "continue", id)) return undefined;
    const straight = this.withoutTail(nested(body, id), "break", id);
    return jumps(straight, "break", id) ? undefined : straight;
  }

  // while (true) { if (!c) { last; break; } rest }   becomes   while (c) { rest } last
  private headTest(node: WhileLoop): readonly Node[] | undefined {
    const [first, ...rest] = node.body;
    const { id } = node;
    if (first?.kind !== "branch" || first.else.length > 0 || !isBreak(first.then.at(-1), id)) return undefined;
    const last = first.then.slice(0, -1);
    if (last.length > 0 && (jumps(rest, "break", id) || jumps(last, "break", id))) return undefined;
    if (jumps(last, "continue", id)) return undefined;
    return [{ ...node, test: this.not(first.test), body: rest }, ...last];
  }

  // while (true) { …; if (!c) break; }   becomes   do { … } while (c);
  private tailTest(node: WhileLoop): readonly Node[] | undefined {
    const { id, body } = node;
    const last = body.at(-1);
    const rest = body.slice(0, -1);
    if (last?.kind !== "branch" || last.else.length > 0 || last.then.length !== 1) return undefined;
    if (!isBreak(last.then[0], id) || jumps(rest, "continue", id)) return undefined;
    if (!this.isKnownOutside(last.test, rest)) return undefined;
    return [{ ...node, test: this.not(last.test), last: true, body: rest }];
  }

  // The test of do … while stands outside the braces: a variable that lives within them is not taken out for it.
  private isKnownOutside(test: Expr, body: readonly Node[]): boolean {
    const inside = this.occurrences(body);
    const within = new Map<Slot, number>();
    eachVar(test, (v) => within.set(this.slots.of(v), (within.get(this.slots.of(v)) ?? 0) + 1));
    return [...within].every(([slot, tested]) => {
      const count = inside.get(slot) ?? 0;
      return count === 0 || slot.kind === "param" || (this.everywhere.get(slot) ?? 0) > count + tested;
    });
  }

  private occurrences(nodes: readonly Node[]): Map<Slot, number> {
    const counts = new Map<Slot, number>();
    const add = (slot: Slot): void => void counts.set(slot, (counts.get(slot) ?? 0) + 1);
    for (const n of nodesOf(nodes)) {
      if (n.kind === "assign") add(n.slot);
      if (n.kind === "destructure") for (const slot of n.slots) if (slot !== undefined) add(slot);
      for (const e of exprsOf(n)) eachVar(e, (v) => add(this.slots.of(v)));
    }
    return counts;
  }

  /** Drops jumps to where control goes next by itself. */
  private withoutTail(body: readonly Node[], kind: "break" | "continue", id: LoopId): Node[] {
    const last = body.at(-1);
    if (last === undefined) return [];
    const rest = body.slice(0, -1);
    if (last.kind === kind && last.id === id) return this.withoutTail(rest, kind, id);
    if (last.kind !== "branch" || !jumps([last], kind, id)) return [...body];
    const then = this.withoutTail(last.then, kind, id);
    const other = this.withoutTail(last.else, kind, id);
    return [...rest, ...this.branch({ ...last, then, else: other })];
  }

  private not(test: Expr): Expr {
    return negated(asTest(test), this.isInteger);
  }
}

function isBreak(node: Node | undefined, id: LoopId): boolean {
  return node?.kind === "break" && node.id === id;
}

function isContinue(node: Node | undefined, id: LoopId): boolean {
  return node?.kind === "continue" && node.id === id;
}

function jumps(nodes: readonly Node[], kind: "break" | "continue", id: LoopId): boolean {
  for (const n of nodesOf(nodes)) if (n.kind === kind && n.id === id) return true;
  return false;
}

/** while (true) without a break: nothing behind it is reached. */
function isEndless(node: Node | undefined): boolean {
  return node?.kind === "while" && node.test === undefined && !jumps(node.body, "break", node.id);
}

function withoutLast(nodes: readonly Node[], isNeedless: (n: Node) => boolean): Node[] {
  const last = nodes.at(-1);
  return last !== undefined && isNeedless(last) ? nodes.slice(0, -1) : [...nodes];
}

// if (c) { …; break; } rest   becomes   if (c) { …; break; } else { rest }
function nested(body: readonly Node[], id: LoopId): readonly Node[] {
  const at = body.findIndex((n) => n.kind === "branch" && n.else.length === 0 && isBreak(n.then.at(-1), id));
  const branch = body[at];
  const rest = body.slice(at + 1);
  if (branch?.kind !== "branch" || rest.length === 0) return body;
  return [...body.slice(0, at), { ...branch, then: nested(branch.then, id), else: nested(rest, id) }];
}

function hasComments({ origin }: Node): boolean {
  return origin?.comments !== undefined && origin.reverse !== true;
}
