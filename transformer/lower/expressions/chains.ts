import type ts from "typescript";
import { literal } from "../../ir/build.js";
import type { Atom } from "../../ir/model.js";
import { bool, isReference } from "../../ir/types.js";
import { branch, type Side } from "../branch.js";
import { dead, normal } from "../jumps.js";
import type { Lowering } from "../lowering.js";
import { bare } from "../syntax.js";
import { expression, type Want } from "./index.js";
import { nothing } from "./opaque.js";
import { returnedBy } from "./user-calls.js";

/** Whether `o` of o?.x may be missing here: it is not once it was asked. */
export function mayBeMissing(l: Lowering, node: ts.PropertyAccessExpression): boolean {
  return node.questionDotToken !== undefined && !l.standing.has(node.expression);
}

/**
 * Calls a method of what may be missing, or stands behind what may be, as in o?.p.m(x):
 *
 *     o?.m(x)   becomes   o === undefined ? undefined : o.m(x)
 */
export function callIfThere(l: Lowering, node: ts.CallExpression, want: Want, call: () => Atom): Atom | undefined {
  const callee = bare(l.ts, node.expression);
  if (!l.ts.isCallChain(node) || !l.ts.isPropertyAccessExpression(callee) || l.standing.has(callee.expression)) return undefined;
  if (!isReference(l.types.at(callee.expression))) return undefined;
  const of = expression(l, callee.expression, { optional: true });
  if (of.kind === "literal") return of;
  if (!of.type.nullable) return whereStands(l, callee.expression, of, call);
  const isVoid = returnedBy(l, node) === undefined;
  const there = (): Side => {
    const value = whereStands(l, callee.expression, l.present(of), call);
    if (value !== nothing) return { flow: normal, value };
    return { flow: isVoid ? normal : dead };
  };
  const missing = (): Side => (isVoid ? { flow: normal } : { flow: normal, value: literal(undefined) });
  return branch(l, l.let("isUndefined", [of], bool), missing, there, want.name).value ?? nothing;
}

/** Runs `run` where the value of an expression is there already. */
export function whereStands<T>(l: Lowering, node: ts.Expression, value: Atom, run: () => T): T {
  const outer = l.standing;
  l.standing = new Map(outer).set(node, value);
  try {
    return run();
  } finally {
    l.standing = outer;
  }
}
