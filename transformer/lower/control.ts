import type ts from "typescript";
import { literal } from "../ir/build.js";
import type { Atom } from "../ir/model.js";
import { bool } from "../ir/types.js";
import { branch, type Side } from "./branch.js";
import { completes, itemsJump, type Choice, type Item, type Scope } from "./items.js";
import { dead, isPlain, noTail, normal, reached, type Flow, type Tail, type Target } from "./jumps.js";
import type { Lowering } from "./lowering.js";
import { Rejected } from "./rejected.js";
import { lowerStatement } from "./statements/index.js";
import { condition } from "./expressions/conditions.js";

/**
 * Lowers statements in their order. Behind an `if` of which one side jumps, the rest of the list goes into the other
 * side:
 *
 *     if (c) break; rest      becomes      if (c) { yield break } else { rest; yield 0 }
 *
 * so that control is always structured, and a jump is a value. `tail` are the targets behind the end of the list.
 */
export function lowerItems(l: Lowering, items: readonly Item[], tail: Tail): Flow {
  for (const [i, item] of items.entries()) {
    const rest = items.slice(i + 1);
    try {
      if (isBlock(l, item)) return lowerItems(l, [...item.statements, ...rest], tail);
      const choice = asChoice(l, item);
      if (choice !== undefined) return l.fromStatement(choice.node, () => lowerChoice(l, choice, rest, tail));
      const flow = lowerOne(l, item as Exclude<Item, Choice>, rest.length === 0 ? tail : noTail);
      if (!isPlain(flow)) return goOn(l, flow, rest, tail);
    } catch (error) {
      if (!(error instanceof Rejected)) throw error;
      l.report(error);
    }
  }
  return normal;
}

function isBlock(l: Lowering, item: Item): item is ts.Block {
  return !("item" in item) && l.ts.isBlock(item);
}

function asChoice(l: Lowering, item: Item): Choice | undefined {
  if ("item" in item) return item.item === "choice" ? item : undefined;
  if (!l.ts.isIfStatement(item)) return undefined;
  return {
    item: "choice",
    node: item,
    test: () => condition(l, item.expression),
    then: [item.thenStatement],
    else: item.elseStatement === undefined ? [] : [item.elseStatement],
  };
}

function lowerOne(l: Lowering, item: Exclude<Item, Choice>, tail: Tail): Flow {
  if (!("item" in item)) return l.fromStatement(item, () => lowerStatement(l, item, tail));
  if (item.item === "jump") return jumpTo(l, item.target, tail);
  if (item.item === "scope") return lowerScope(l, item, tail);
  l.from(item.node, item.run);
  return normal;
}

function lowerChoice(l: Lowering, choice: Choice, rest: readonly Item[], tail: Tail): Flow {
  const test = choice.test();
  if (test.kind === "literal") return lowerItems(l, [...(test.value ? choice.then : choice.else), ...rest], tail);
  const thenEnds = !completes(l, choice.then);
  const elseEnds = !completes(l, choice.else);
  if (thenEnds === elseEnds) {
    const flow = sides(l, test, choice.then, choice.else, rest.length === 0 || thenEnds ? tail : noTail);
    if (thenEnds) return flow;
    return isPlain(flow) ? lowerItems(l, rest, tail) : goOn(l, flow, rest, tail);
  }
  const ending = thenEnds ? choice.then : choice.else;
  const other = [...(thenEnds ? choice.else : choice.then), ...rest];
  if (!itemsJump(l, ending)) {
    // A side that surely throws is a guard: if (c) { throw … } else {}, and the rest follows at the same level.
    if (thenEnds) sides(l, test, ending, [], noTail);
    else sides(l, test, [], ending, noTail);
    return lowerItems(l, other, tail);
  }
  return thenEnds ? sides(l, test, ending, other, tail) : sides(l, test, other, ending, tail);
}

function sides(l: Lowering, test: Atom, then: readonly Item[], otherwise: readonly Item[], tail: Tail): Flow {
  const side = (items: readonly Item[]) => (): Side => ({ flow: lowerItems(l, items, tail) });
  return branch(l, test, side(then), side(otherwise)).flow;
}

/** The items behind a statement that may have jumped: run only where it has not. */
function goOn(l: Lowering, flow: Flow, rest: readonly Item[], tail: Tail): Flow {
  if (flow.other) return goOnOtherwise(l, flow.status, flow.escapes, flow.completes, rest, tail);
  if (!flow.completes || rest.length === 0) return flow;
  // if (status === 0) { rest } else { yield status }
  const test = l.let("===", [flow.status, literal(0)], bool);
  const [only] = flow.escapes;
  const jumped: Flow = { ...flow, completes: false };
  const leave = (): Flow => (flow.escapes.length === 1 && only !== undefined ? jumpTo(l, only, tail) : jumped);
  return branch(
    l,
    test,
    () => {
      for (const escape of flow.escapes) forgetResults(l, escape);
      return { flow: lowerItems(l, rest, tail) };
    },
    () => ({ flow: leave() }),
  ).flow;
}

/** if (exit === 2) { yield 2 } else if (exit === 3) { yield 3 } else { rest }: what a loop can end with is compared. */
function goOnOtherwise(
  l: Lowering,
  exit: Atom,
  escapes: readonly Target[],
  goesOn: boolean,
  rest: readonly Item[],
  tail: Tail,
): Flow {
  const [first, ...more] = escapes;
  if (first === undefined) return goesOn ? lowerItems(l, rest, tail) : dead;
  if (!goesOn && more.length === 0) return jumpTo(l, first, tail);
  const test = l.let("===", [exit, l.code(first)], bool);
  return branch(
    l,
    test,
    () => ({ flow: jumpTo(l, first, tail) }),
    () => {
      // The result that the jump carries is of no meaning where it was not taken.
      forgetResults(l, first);
      return { flow: goOnOtherwise(l, exit, more, goesOn, rest, tail) };
    },
  ).flow;
}

function forgetResults(l: Lowering, target: Target): void {
  if (target.returns !== undefined) l.values.delete(target);
}

export function jumpTo(l: Lowering, target: Target, tail: Tail): Flow {
  if (tail.has(target)) return normal;
  return { status: l.code(target), completes: false, escapes: [target] };
}

/** Items, and what follows them where they jump to the scope's target. */
function lowerScope(l: Lowering, scope: Scope, tail: Tail): Flow {
  return reached(lowerItems(l, scope.items, new Set([...tail, scope.target])), scope.target);
}
