import type ts from "typescript";
import { catalogue, excerpt } from "../../diagnostics.js";
import type { Atom } from "../../ir/model.js";
import { isReference } from "../../ir/types.js";
import type { Lowering } from "../lowering.js";
import { reject } from "../rejected.js";
import { functionValue } from "./function-values.js";
import { expression, type Want } from "./index.js";
import { refuseSpread } from "./refused.js";

export function isStop(l: Lowering, callee: ts.Expression): boolean {
  return l.context.overrideOf?.(callee) === "stopGradient";
}

/** A call of `stopGradient`. A function has no derivative to hold back. */
export function callStopped(l: Lowering, node: ts.CallExpression, want: Want): Atom {
  const [argument] = node.arguments;
  if (argument === undefined || l.ts.isSpreadElement(argument)) return refuseSpread(node);
  if (functionValue(l, argument) !== undefined) return reject(catalogue.callback, argument, excerpt(argument));
  return stopped(l, expression(l, argument, want.type === undefined ? {} : { type: want.type }), want);
}

// stopGradient(x)   becomes   let y = stopGradient(x)
// A number that no derivative goes through, or the same memory with a shadow that nobody asks for.
export function stopped(l: Lowering, value: Atom, want: Want): Atom {
  if (value.kind === "literal" || (value.type.kind !== "real" && !isReference(value.type))) return value;
  const result = l.let("stopGradient", [value], value.type, want.name);
  const made = l.made.get(value);
  if (made !== undefined) l.made.set(result, made);
  return result;
}
