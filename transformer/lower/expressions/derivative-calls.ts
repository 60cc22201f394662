import type ts from "typescript";
import { catalogue } from "../../diagnostics.js";
import { withParameters } from "../../ir/given-captures.js";
import { reachable } from "../../ir/memory.js";
import type { Atom, FnRef, Var } from "../../ir/model.js";
import { assignedWithin } from "../facts/assigned.js";
import { liftedFor, type Lifted } from "../lifted.js";
import type { Lowering } from "../lowering.js";
import { reject } from "../rejected.js";
import { freeVariables } from "../scopes.js";
import { bare, isConst } from "../syntax.js";
import { argumentsOfTypes } from "./arguments.js";
import type { Want } from "./index.js";
import { writtenAt } from "./held.js";
import { local } from "./names.js";
import { nothing } from "./opaque.js";

/** grad(f)(x), and df(x) after const df = grad(f): the derivative is called like any function. */
export function callDerivative(l: Lowering, node: ts.CallExpression, want: Want): Atom | undefined {
  const request = requestOf(l, node.expression);
  const varied = new Set([...node.arguments.keys()].filter((i) => node.arguments.slice(i, i + 1).some((a) => l.facts.taint.carries(a))));
  const around = new Surroundings(l, node);
  const made = request && l.context.derivative?.(request, varied, around.of);
  if (made === undefined) return undefined;
  const { ref, locals } = around.withLocals(made);
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

/**
 * What the function of a derivative takes of the one that is lowered. A local of the outer function is a constant of the
 * derivative, and a variable of the outer: it is captured while the derivative is made, and a parameter of what is called.
 */
export class Surroundings {
  private readonly values = new Map<ts.Symbol, Atom>();

  constructor(
    private readonly l: Lowering,
    private readonly node: ts.Node,
  ) {}

  readonly of = (declaration: ts.FunctionLikeDeclaration): Lifted | undefined => {
    const { l, node } = this;
    if (!l.facts.bodies.isNested(declaration)) return undefined;
    // Constants are captured by their names.
    if (l.receiver === undefined && ![...freeVariables(l, declaration).keys()].some((symbol) => l.facts.taint.has(symbol))) return undefined;
    const { lifted, values } = liftedFor(l, node, writtenAt(l, declaration));
    const assigned = assignedWithin(l, declaration);
    lifted.captured.forEach(({ symbol }, i) => {
      if (assigned.has(symbol)) reject(catalogue.capturedVariable, node, symbol.name);
      this.values.set(symbol, values[i] ?? nothing);
    });
    return lifted.captured.length + lifted.functions.length > 0 ? lifted : undefined;
  };

  /** The derivative with parameters for what it captures. */
  withLocals(ref: FnRef): Made {
    const values = new Map<Var, Atom>();
    for (const v of new Set(reachable(ref.fn()).flatMap((fn) => fn.captures))) {
      const value = this.valueOf(v);
      if (value !== undefined) values.set(v, value);
    }
    if (values.size === 0) return { ref, locals: [] };
    const { fn, given } = withParameters(ref.fn(), [...values.keys()]);
    return { ref: { name: ref.name, fn: () => fn }, locals: given.map((v) => values.get(v) ?? nothing) };
  }

  /** The value of a captured name that is a local of the function that is lowered. */
  private valueOf(v: Var): Atom | undefined {
    const { l } = this;
    const lifted = l.context.lifted.get(v);
    if (lifted !== undefined) return this.values.get(lifted);
    const use = l.context.uses.get(v);
    const symbol = use && l.symbol(use);
    return use !== undefined && symbol !== undefined && l.isLocal(symbol) ? local(l, use, symbol) : undefined;
  }
}
