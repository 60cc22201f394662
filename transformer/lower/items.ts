import type ts from "typescript";
import type { Atom } from "../ir/model.js";
import type { Lowering } from "./lowering.js";
import { hasJumpTo, jumpsOut, type Target } from "./jumps.js";

/**
 * What a list of statements is made of: statements of the source, and the parts that loops and switches are taken
 * apart into.
 */
export type Item = ts.Statement | Choice | Scope | Jump | Step;

/** Takes one of two lists. */
export interface Choice {
  readonly item: "choice";
  readonly node: ts.Node;
  readonly test: () => Atom;
  readonly then: readonly Item[];
  readonly else: readonly Item[];
}
/** Jumps to `target` from within lead behind the list. */
export interface Scope {
  readonly item: "scope";
  readonly target: Target;
  readonly items: readonly Item[];
}
export interface Jump {
  readonly item: "jump";
  readonly target: Target;
}
/** Something that always goes on: an incrementor, the binding of a loop's variable. */
export interface Step {
  readonly item: "step";
  readonly node: ts.Node;
  readonly run: () => void;
}

/** Whether control may go on behind the items. It may say yes too often, never no. */
export function completes(l: Lowering, items: readonly Item[]): boolean {
  return items.every((item) => itemCompletes(l, item));
}

function itemCompletes(l: Lowering, item: Item): boolean {
  if ("item" in item) {
    if (item.item === "choice") return completes(l, item.then) || completes(l, item.else);
    return item.item !== "jump";
  }
  const { ts } = l;
  const kinds = ts.SyntaxKind;
  if (ts.isReturnStatement(item) || ts.isThrowStatement(item) || ts.isBreakOrContinueStatement(item)) return false;
  if (ts.isBlock(item)) return completes(l, item.statements);
  if (ts.isIfStatement(item)) {
    return item.elseStatement === undefined || completes(l, [item.thenStatement]) || completes(l, [item.elseStatement]);
  }
  if (ts.isLabeledStatement(item)) {
    return completes(l, [item.statement]) || hasJumpTo(ts, item, kinds.BreakStatement);
  }
  if (isEndless(l, item)) return hasJumpTo(ts, item, kinds.BreakStatement);
  if (ts.isSwitchStatement(item)) {
    const last = item.caseBlock.clauses.at(-1);
    const all = item.caseBlock.clauses.some((c) => ts.isDefaultClause(c));
    return !all || last === undefined || completes(l, last.statements) || hasJumpTo(ts, item, kinds.BreakStatement);
  }
  return true;
}

/** `while (true)`, `for (;;)`. */
function isEndless(l: Lowering, item: ts.Statement): boolean {
  const { ts } = l;
  if (ts.isForStatement(item) && item.condition === undefined) return true;
  const test = ts.isForStatement(item) ? item.condition : ts.isWhileStatement(item) ? item.expression : undefined;
  return test?.kind === ts.SyntaxKind.TrueKeyword;
}

/** Whether the items hold a jump that leads out of them. It may say yes too often, never no. */
export function itemsJump(l: Lowering, items: readonly Item[]): boolean {
  return items.some((item) => {
    if (!("item" in item)) return jumpsOut(l.ts, item);
    if (item.item === "choice") return itemsJump(l, item.then) || itemsJump(l, item.else);
    return item.item === "jump" || (item.item === "scope" && itemsJump(l, item.items));
  });
}
