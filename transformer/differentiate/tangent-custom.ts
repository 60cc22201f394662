import { literal, variable, zero } from "../ir/build.js";
import type { Atom, Call, CustomRule, Statement, Var } from "../ir/model.js";
import { carriesReal, isReference, real, tupleOf } from "../ir/types.js";
import { AdjointBuilder } from "./algebra.js";
import { applied, mayBeSingular } from "./custom.js";
import { besideOf, type Direction } from "./direction.js";
import { gradientType, shadowType } from "./shadow-type.js";
import type { Forward } from "./tangent.js";
import { present } from "./tangent-let.js";
import { weighted } from "./weighted.js";

/** Why a function has no tangent. */
export class NoTangent extends Error {}

// out = h(x, a)   also   dout = tangent([dx, da], out, x, a)
// Without a rule for that a number changes by the partials that the other rule gives for g = 1, each times its tangent.
export function tangentCustom(s: Call, rule: CustomRule, f: Forward): Statement[] {
  const [out] = s.results;
  if (out === undefined) return [s];
  return [s, ...f.directions.flatMap((d) => (d.isActive(out) ? beside(s, out, rule, d, f) : []))];
}

function beside(s: Call, out: Var, rule: CustomRule, d: Direction, f: Forward): readonly Statement[] {
  const b = new AdjointBuilder(f.made);
  const origin = besideOf(s.origin);
  if (origin !== undefined) b.origin = origin;
  if (rule.tangent !== undefined) byRule(s, out, rule, d, b);
  else if (isReference(out.type)) throw new NoTangent(`'${s.callee.name}' returns arrays or objects by a rule of its own, which has no 'tangent'`);
  else byPartials(s, out, rule, d, b);
  return b.statements;
}

function byRule(s: Call, out: Var, { tangent }: CustomRule, d: Direction, b: AdjointBuilder): void {
  if (tangent === undefined) return;
  const tangents = s.args.map((a): Atom => {
    if (isReference(a.type) && carriesReal(a.type)) return d.isActive(a) ? d.shadowOf(a) : b.allocate(shadowType(a.type), { kind: "zerosLike", source: a });
    return a.type.kind === "real" || a.type.kind === "int" ? (d.tangentOf(a)?.atom ?? { ...zero, type: real }) : literal(undefined);
  });
  const [only] = tangents;
  const t = tangents.length === 1 && only !== undefined ? only : b.allocate(tupleOf(s.args.map((a) => gradientType(a.type.kind === "int" ? real : a.type))), { kind: "elements", elements: tangents });
  const given = [t, out, ...s.args].slice(0, tangent.fn().params.length);
  const result = isReference(out.type) ? d.bindShadow(out) : variable(d.naming.adjoint(out), real, b.origin);
  b.call(tangent, given, [result]);
  if (!isReference(out.type)) d.set(out, { atom: result, absent: true });
}

function byPartials(s: Call, out: Var, rule: CustomRule, d: Direction, b: AdjointBuilder): void {
  const fn = rule.pullback.fn();
  const partials = applied(fn, rule, [{ ...literal(1), type: real }, out, ...s.args], s.args.length, b);
  let sum: Atom | undefined;
  const add = (term: Atom): void => {
    sum = sum === undefined ? term : b.sum(sum, term);
  };
  s.args.forEach((a, i) => {
    const part = partials(i);
    const tangent = d.tangentOf(a);
    if (part === undefined) return;
    if (tangent !== undefined) add(present(tangent, mayBeSingular(fn), b, (inner) => inner.product(part, tangent.atom)));
    else if (d.isActiveReference(a)) add(weighted(d.shadowOf(a), part, shadowType(a.type), b));
  });
  if (sum !== undefined) d.set(out, { atom: sum, absent: true });
}
