import type ts from "typescript";
import { catalogue } from "../../diagnostics.js";
import { literal } from "../../ir/build.js";
import type { Atom } from "../../ir/model.js";
import { customRef } from "../custom.js";
import type { Lowering } from "../lowering.js";
import { reject } from "../rejected.js";
import { isWithin } from "../syntax.js";
import { argumentsOfTypes } from "./arguments.js";
import type { Want } from "./index.js";
import { nothing } from "./opaque.js";

// sigmoid(x)   becomes   call sigmoid(x), which nothing looks into
export function callCustom(l: Lowering, node: ts.CallExpression, call: ts.CallExpression, want: Want): Atom {
  const args = argumentsOfTypes(l, node, customRef(l.context, call).fn().params.map((p) => p.type));
  return applyCustom(l, node, call, args, want);
}

export function applyCustom(l: Lowering, node: ts.Node, call: ts.CallExpression, given: readonly Atom[], want: Want): Atom {
  const ref = customRef(l.context, call);
  if (isWithin(ref.declaration, l.root)) reject(catalogue.customRule, node, l.context.overrideOf?.(call.expression) ?? "customGrad", `'${ref.name}' is declared within the differentiated function`);
  if (ref.custom.source !== undefined) l.callees.add(ref.custom.source);
  const fn = ref.fn();
  const args = fn.params.map((p, i) => given[i] ?? literal(undefined, { ...p.type, nullable: true }));
  const results = fn.results.map((type) => l.variable(want.name ?? "", type));
  l.add({ kind: "call", callee: ref, args, results });
  return results[0] ?? nothing;
}
