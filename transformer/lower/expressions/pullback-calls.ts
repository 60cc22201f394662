import type ts from "typescript";
import { depthOf } from "../../differentiate/places.js";
import { allCells, effectsOf } from "../../ir/effects.js";
import { Memory, reachable } from "../../ir/memory.js";
import type { Atom, Fn } from "../../ir/model.js";
import { isReference } from "../../ir/types.js";
import type { Pullback } from "../closures.js";
import type { Lowering } from "../lowering.js";
import { bare } from "../syntax.js";
import { requestOf, Surroundings } from "./derivative-calls.js";
import { argumentsOfTypes } from "./arguments.js";
import type { Want } from "./index.js";
import { nothing } from "./opaque.js";

// const [v, pull] = vjp(f)(x)   becomes   v = call f(x);   pull(g)   becomes   call fPullback(g, x)
/** The value and the pullback, where a pattern takes them apart: nothing where the expression is no such call. */
export function callPulledBack(l: Lowering, initializer: ts.Expression, name: string): readonly [Atom, Atom] | undefined {
  const node = bare(l.ts, initializer);
  const request = l.ts.isCallExpression(node) ? requestOf(l, node.expression) : undefined;
  const around = new Surroundings(l, node);
  const made = request && l.context.pulledBack?.(request, around.of);
  if (made === undefined || !l.ts.isCallExpression(node)) return undefined;
  const [own, pulled] = [around.withLocals(made.value), around.withLocals(made.pullback)];
  const fn = own.ref.fn();
  const { params, results } = fn;
  const args = argumentsOfTypes(l, node, params.slice(0, params.length - own.locals.length).map((p) => p.type));
  const kept = [...args, ...pulled.locals].map((a) => copied(l, a));
  l.callees.add(own.ref);
  l.callees.add(pulled.ref);
  const bound = results.map((type) => l.variable(name, type));
  l.add({ kind: "call", callee: own.ref, args: [...args.map((a, i) => (isWritten(fn, i) ? copied(l, a) : a)), ...own.locals], results: bound });
  return [bound[0] ?? nothing, l.closures.variable({ kind: "pullback", ref: pulled.ref, args: kept })];
}

/** The arguments stay as they were. */
function isWritten(fn: Fn, i: number): boolean {
  const p = fn.params[i];
  const memory = new Memory(reachable(fn));
  const { writes } = effectsOf(fn.body.statements, memory);
  return p !== undefined && allCells(p, memory).some((cell) => writes.has(cell));
}

/** Memory may have changed when the pullback is called. */
function copied(l: Lowering, a: Atom): Atom {
  if (a.kind === "literal" || !isReference(a.type)) return a;
  const copy = l.variable(a.name, a.type);
  l.add({ kind: "copy", result: copy, of: a, depth: depthOf(a.type) });
  return copy;
}

export function pullBack(l: Lowering, { ref, args }: Pullback, g: Atom, want: Want): Atom {
  const results = ref.fn().results.map((type) => l.variable(want.name ?? "", type));
  l.add({ kind: "call", callee: ref, args: [g, ...args], results });
  return results[0] ?? nothing;
}
