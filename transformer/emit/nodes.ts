import type { Origin } from "../ir/model.js";
import type { Slot } from "./coalesce.js";
import { ownExprs, type Act, type Append, type Expr, type Invocation, type Run, type Sized, type Write } from "./tree.js";

/** Statements of TypeScript: variables are assigned to, and control jumps. */
export type Node =
  | Assign
  | Destructure
  | Declare
  | Leaf
  | Branch
  | ForLoop
  | WhileLoop
  | Jump
  | Return;

interface Sourced {
  readonly origin?: Origin | undefined;
}
/** `slot = value`, or with `declares` `let slot = value`. */
export interface Assign extends Sourced {
  readonly kind: "assign";
  readonly slot: Slot;
  readonly value: Expr;
  readonly declares?: "let" | "const";
}
export interface Destructure extends Sourced {
  readonly kind: "destructure";
  readonly slots: readonly (Slot | undefined)[];
  readonly value: Invocation;
}
/** `let slot: type;`, or with a neutral value where TypeScript could not see that it is assigned before it is read. */
export interface Declare extends Sourced {
  readonly kind: "declare";
  readonly slot: Slot;
  readonly certain: boolean;
}
export interface Leaf extends Sourced {
  readonly kind: "leaf";
  readonly statement: Run | Write | Append | Sized | Act;
}
export interface Branch extends Sourced {
  readonly kind: "branch";
  readonly test: Expr;
  readonly then: readonly Node[];
  readonly else: readonly Node[];
}
/** What a jump leaves. Identity counts. */
export interface LoopId {
  readonly label: string | undefined;
}
export interface ForLoop extends Sourced {
  readonly kind: "for";
  readonly id: LoopId;
  readonly slot: Slot;
  readonly start: Expr;
  readonly test: "<" | "<=" | ">" | ">=";
  readonly bound: Expr;
  readonly step: number;
  readonly body: readonly Node[];
}
/** `while (test) { … }`, with `last` `do { … } while (test);`. */
export interface WhileLoop extends Sourced {
  readonly kind: "while";
  readonly id: LoopId;
  readonly test?: Expr;
  readonly last?: boolean;
  readonly body: readonly Node[];
}
export interface Jump extends Sourced {
  readonly kind: "break" | "continue";
  readonly id: LoopId;
}
export interface Return extends Sourced {
  readonly kind: "return";
  readonly values: readonly Expr[];
}

export type Loop = ForLoop | WhileLoop;

export function listsOf(node: Node): readonly (readonly Node[])[] {
  if (node.kind === "branch") return [node.then, node.else];
  return node.kind === "for" || node.kind === "while" ? [node.body] : [];
}

/** The expressions that a node evaluates itself. */
export function exprsOf(node: Node): readonly Expr[] {
  switch (node.kind) {
    case "assign":
    case "destructure":
      return [node.value];
    case "leaf":
      return ownExprs(node.statement);
    case "branch":
      return [node.test];
    case "for":
      return [node.start, node.bound];
    case "while":
      return node.test === undefined ? [] : [node.test];
    case "return":
      return node.values;
    default:
      return [];
  }
}

export function* nodesOf(nodes: readonly Node[]): Generator<Node> {
  for (const node of nodes) {
    yield node;
    for (const list of listsOf(node)) yield* nodesOf(list);
  }
}

/** Whether control never comes out at the end of these nodes. */
export function leaves(nodes: readonly Node[]): boolean {
  const last = nodes.at(-1);
  if (last === undefined) return false;
  if (last.kind === "branch") return leaves(last.then) && leaves(last.else);
  return isJump(last);
}

export function isJump(node: Node): boolean {
  if (node.kind === "leaf") return node.statement.kind === "effect" && node.statement.throws;
  return node.kind === "break" || node.kind === "continue" || node.kind === "return";
}
