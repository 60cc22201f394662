import type ts from "typescript";
import { catalogue } from "../../diagnostics.js";
import type { Atom, Fn, FnRef, Var } from "../../ir/model.js";
import { rewriteBlock } from "../../ir/rewrite.js";
import { opaque as opaqueType } from "../../ir/types.js";
import type { Lowering } from "../lowering.js";
import { reject } from "../rejected.js";
import { bare, isConst } from "../syntax.js";
import { argumentsOfTypes } from "./arguments.js";
import type { Want } from "./index.js";
import { local } from "./names.js";
import { nothing } from "./opaque.js";

/** grad(f)(x), and df(x) after const df = grad(f): the derivative is called like any function. */
export function callDerivative(l: Lowering, node: ts.CallExpression, want: Want): Atom | undefined {
  const request = requestOf(l, node.expression);
  const varied = new Set([...node.arguments.keys()].filter((i) => node.arguments.slice(i, i + 1).some((a) => l.facts.taint.carries(a))));
  const made = request && l.context.derivative?.(request, varied);
  if (made === undefined) return undefined;
  const { ref, locals } = withLocals(l, made);
  const { params, results } = ref.fn();
  const args = argumentsOfTypes(l, node, params.slice(0, params.length - locals.length).map((p) => p.type));
  l.callees.add(ref);
  const bound = results.map((type) => l.variable(want.name ?? "", type));
  l.add({ kind: "call", callee: ref, args: [...args, ...locals], results: bound });
  return bound[0] ?? nothing;
}

/** The call of a marker that a callee is, or that a constant is bound to. */
export function requestOf(l: Lowering, callee: ts.Expression): ts.CallExpression | undefined {
  const node = bare(l.ts, callee);
  if (l.ts.isCallExpression(node)) return node;
  const declaration = l.ts.isIdentifier(node) ? l.symbol(node)?.valueDeclaration : undefined;
  if (declaration === undefined || !l.ts.isVariableDeclaration(declaration) || !isConst(l.ts, declaration)) return undefined;
  const initializer = declaration.initializer && bare(l.ts, declaration.initializer);
  return initializer !== undefined && l.ts.isCallExpression(initializer) ? initializer : undefined;
}

export interface Made {
  readonly ref: FnRef;
  /** The values of this function's variables that the derivative uses, given to it as further arguments. */
  readonly locals: readonly Atom[];
}

/** A local of the outer function is a constant of the inner one, and a variable of the outer: it becomes a parameter. */
export function withLocals(l: Lowering, ref: FnRef): Made {
  const fn = ref.fn();
  const captured = fn.captures.flatMap((v) => {
    const use = l.context.uses.get(v);
    const symbol = use && l.symbol(use);
    return use !== undefined && symbol !== undefined && l.isLocal(symbol) ? [{ v, use, symbol }] : [];
  });
  if (captured.length === 0) return { ref, locals: [] };
  const names = new Map<Var, Var>();
  for (const { v } of captured) names.set(v, { kind: "var", name: v.name, type: v.type, ...(v.origin && { origin: v.origin }) });
  const body = rewriteBlock(fn.body, { atom: (a) => (a.kind === "var" ? (names.get(a) ?? a) : a) });
  const made: Fn = {
    ...fn,
    body,
    params: [...fn.params, ...names.values()],
    captures: fn.captures.filter((v) => !names.has(v)),
  };
  const locals = captured.map(({ use, symbol }): Atom => {
    const atom = local(l, use, symbol);
    if (atom.type.kind === opaqueType.kind && l.facts.taint.has(symbol)) reject(catalogue.callback, use, use.text);
    return atom;
  });
  return { ref: { name: ref.name, fn: () => made }, locals };
}
