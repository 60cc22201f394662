import type ts from "typescript";
import { literal } from "../../ir/build.js";
import { effectText } from "../expressions/opaque.js";
import { functionValue } from "../expressions/function-values.js";
import { value } from "../expressions/values.js";
import { discard } from "../expressions/discard.js";
import { jumpTo, lowerItems } from "../control.js";
import { dead, destination, reached, type Flow, type Tail, type Target } from "../jumps.js";
import type { Lowering } from "../lowering.js";

export function lowerJump(l: Lowering, node: ts.BreakOrContinueStatement, tail: Tail): Flow {
  const to = destination(l.ts, node);
  const targets = to && l.targets.get(to);
  const target = l.ts.isBreakStatement(node) ? targets?.break : targets?.continue;
  if (target === undefined) throw new Error("a jump leads nowhere");
  return jumpTo(l, target, tail);
}

/** The value is kept under the function's target until the end of the function, or of the part that it was put in. */
export function lowerReturn(l: Lowering, node: ts.ReturnStatement, tail: Tail): Flow {
  return returnValue(l, node.expression, tail);
}

export function returnValue(l: Lowering, expression: ts.Expression | undefined, tail: Tail): Flow {
  const target = l.returns.at(-1)?.target;
  if (target === undefined) throw new Error("a return outside a function");
  if (target.returns === undefined) {
    if (expression !== undefined) discard(l, expression);
  } else {
    l.values.set(target, expression === undefined ? literal(undefined, target.returns) : functionValue(l, expression) ?? value(l, expression, target.returns));
  }
  return jumpTo(l, target, tail);
}

/** throw e: an effect behind which nothing is run. */
export function lowerThrow(l: Lowering, node: ts.ThrowStatement): Flow {
  const { text, args } = effectText(l, node.expression);
  l.add({ kind: "effect", text: [`throw ${text[0] ?? ""}`, ...text.slice(1)], args, throws: true });
  return dead;
}

/** A label in front of a loop names the loop; in front of anything else it is the end of that statement. */
export function lowerLabeled(l: Lowering, node: ts.LabeledStatement, tail: Tail): Flow {
  const target: Target = { name: node.label.text };
  l.targets.set(node, { break: target });
  return reached(lowerItems(l, [node.statement], new Set([...tail, target])), target);
}
