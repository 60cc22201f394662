import { Builder, cotangent, lengthField, literal, region, variable } from "../ir/build.js";
import type { Atom, Fn, FnRef, Var } from "../ir/model.js";
import { arrayOf, carriesReal, isReference, real, sameType, tupleOf, type Type } from "../ir/types.js";
import { counted, linearSolve } from "./linear-solve.js";
import { gradientType, shadowType } from "./shadow-type.js";
import { pullbackOf } from "./vjp.js";

/**
 * The rule of a solution x of F(x, θ) = 0, by the implicit function theorem: with the adjoint g of x
 *
 *     Jᵀ λ = g, where J = ∂F/∂x;   dθ = −λᵀ ∂F/∂θ
 *
 * `residual` is F, and the rule takes g, x and θ.
 */
export function implicitRule(residual: Fn): Fn {
  const [x, ...others] = residual.params.map((p): Var => ({ ...p }));
  const [result] = residual.results;
  if (x === undefined || result === undefined) throw new Error(`${residual.name} has no solution`);
  const b = new Builder(residual.origin);
  const g = variable("g", shadowType(x.type), residual.origin);
  const asked = others.flatMap((p, i) => (carriesReal(p.type) ? [i + 1] : []));
  const byX = made(pullbackOf(residual, { wrt: [0], single: true, name: `${residual.name}BySolution` }));
  const byOthers = made(pullbackOf(residual, { wrt: asked, single: asked.length === 1, name: `${residual.name}Pullback` }));
  const weight = isReference(result) ? weights(byX, result, g, x, others, b) : weightOf(byX, g, x, others, b);
  const gradients = variable("partials", byOthers.fn().results[0] ?? x.type, residual.origin);
  b.call(byOthers, [weight, x, ...others], [gradients]);
  const partials = others.map((_, i): Atom => {
    const at = asked.indexOf(i + 1);
    if (at < 0) return literal(undefined);
    return asked.length === 1 ? gradients : b.load(gradients, literal(at));
  });
  const [only] = partials;
  const given = others.length === 1 && only !== undefined ? only : b.allocate(tupleOf(partials.map((p) => p.type)), { kind: "elements", elements: partials });
  return { ...residual, name: `${residual.name}Rule`, params: [g, x, ...others], body: b.block(region(residual.name), [given]), results: [given.type] };
}

function made(fn: Fn): FnRef {
  return { name: fn.name, fn: () => fn };
}

// λ = -g / F'(x)
function weightOf(byX: FnRef, g: Var, x: Var, others: readonly Var[], b: Builder): Atom {
  const slope = variable("slope", byX.fn().results[0] ?? x.type, b.origin);
  b.call(byX, [literal(1), x, ...others], [slope]);
  return b.let("neg", [b.let("/", [g, slope])]);
}

// for (i …) { unit[i] = -1; J[i] = the gradient of -F[i] by x; unit[i] = 0 }; λ = the solution of Jᵀ λ = g
function weights(byX: FnRef, result: Type, g: Var, x: Var, others: readonly Var[], b: Builder): Atom {
  const n = b.load(x, lengthField);
  const row = byX.fn().results[0] ?? x.type;
  const jacobian = b.allocate(arrayOf(row), { kind: "fill", length: n, value: literal(undefined) }, "jacobian");
  const type = gradientType(result);
  const unit = zeros(type, n, b, "unit");
  counted(n, b, (i, inner) => {
    inner.store(unit, i, literal(-1));
    const gradient = variable("row", row, b.origin);
    inner.call(byX, [unit, x, ...others], [gradient]);
    inner.store(jacobian, i, gradient);
    inner.store(unit, i, literal(0));
  });
  const vector = arrayOf(real);
  const solution = cotangent("solution", vector, b.origin);
  b.call(linearSolve(), [jacobian, g], [solution]);
  if (sameType(type, vector)) return solution;
  const weight = zeros(type, n, b, "weight");
  counted(n, b, (i, inner) => {
    inner.store(weight, i, inner.load(solution, i));
  });
  return weight;
}

function zeros(type: Type, n: Atom, b: Builder, name: string): Var {
  const isFixed = type.kind === "array" && type.length !== undefined;
  return b.allocateAs(cotangent(name, type, b.origin), isFixed ? { kind: "elements", elements: Array.from({ length: type.length }, () => literal(0)) } : { kind: "fill", length: n, value: literal(0) });
}
