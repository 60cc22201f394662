import { literal, region, variable } from "../ir/build.js";
import type { Atom, Let, Literal } from "../ir/model.js";
import { real } from "../ir/types.js";
import { powBase, powLiteral, ruleOf, type Rule } from "../rules/table.js";
import { namesNeeded } from "../rules/rule.js";
import { namesIn, type Expression } from "../rules/template.js";
import type { AdjointBuilder } from "./algebra.js";
import { isChosen, type Frame } from "./frame.js";
import type { Missing } from "./missing.js";
import type { Reversal } from "./reversal.js";

export type Names = ReadonlyMap<string, Atom>;

/**
 * `out = op(x, y)` with adjoint `g` of `out` adds each partial of the rule to the adjoint of its argument. What is
 * computed of an element that is not there is NaN: where nothing comes of it, 0 must not meet it either.
 */
export function reverseLet(s: Let, frame: Frame, r: Reversal): void {
  const adjoint = frame.take(s.result);
  if (adjoint === undefined) return;
  const active = s.args.map((a) => a.kind === "var" && r.isActive(a));
  if (!active.includes(true)) return;
  const row = ruleFor(s);
  const singular = row.partials.some((_, i) => active[i] && ((row.singular[i] && !constantDivisor(s, i)) || (isChosen(adjoint) && r.infinite.isFactor(s, i)) || meetsMissing(s, row, i, r.missing(adjoint))));
  frame.from(s.origin);
  frame.present(adjoint, singular, (inner) => {
    const names = new Map<string, Atom>([["g", adjoint.atom], ["out", s.result]]);
    row.params.forEach((p, i) => names.set(p, s.args[i] ?? literal(undefined)));
    addLocals(row, active, names, inner.builder);
    row.partials.forEach((partial, i) => {
      const arg = s.args[i];
      if (partial && active[i] && arg?.kind === "var") {
        const atom = instantiate(partial, names, inner.builder);
        // The other side of a choice gives nothing, so what comes out may be an absence.
        const isChoice = partial.kind === "ternary";
        inner.add(arg, atom, adjoint.absent || isChoice, adjoint.unused, isChosen(adjoint) || isChoice);
      }
    });
  });
}

/** Whether the partial by an argument is computed of numbers that may be missing. */
function meetsMissing(s: Let, row: Rule, i: number, missing: Missing): boolean {
  const isMissing = s.args.map((a) => missing.has(a));
  const names = isMissing.includes(true) ? namesNeeded(row, i) : undefined;
  return names !== undefined && (names.has("out") || row.params.some((p, k) => names.has(p) && isMissing[k] === true));
}

export function ruleFor(s: Let): Rule {
  const [x, y] = s.args;
  const power = s.op === "**" || s.op === "Math.pow";
  if (power && y?.kind === "literal" && typeof y.value === "number") return powLiteral(y.value);
  if (power && x?.kind === "literal" && typeof x.value === "number" && x.value !== 0) return powBase(x.value);
  const row = ruleOf(s.op, s.args.length);
  if (row === undefined) throw new Error(`no rule for ${s.op} with ${s.args.length} arguments`);
  return row;
}

/** A quotient by a number other than 0 has a finite derivative by its numerator. */
export function constantDivisor(s: Let, i: number): boolean {
  const divisor = s.args[1];
  return s.op === "/" && i === 0 && divisor?.kind === "literal" && divisor.value !== 0;
}

export function addLocals(row: Rule, active: readonly boolean[], names: Map<string, Atom>, builder: AdjointBuilder): void {
  const needed = new Set(row.partials.flatMap((p, i) => (p && active[i] ? namesIn(p) : [])));
  for (const local of [...row.locals].reverse()) {
    if (needed.has(local.name)) namesIn(local.expression).forEach((n) => needed.add(n));
  }
  for (const { name, expression } of row.locals) {
    if (needed.has(name)) names.set(name, instantiate(expression, names, builder));
  }
}

/** A template with its names filled in. */
export function instantiate(e: Expression, names: Names, builder: AdjointBuilder): Atom {
  switch (e.kind) {
    case "name": {
      const atom = names.get(e.name);
      if (atom === undefined) throw new Error(`the rule names ${e.name}, which is unknown`);
      return atom;
    }
    case "number":
      return numeral(e.value, e.text);
    case "operation":
      return builder.op(e.op, e.args.map((a) => instantiate(a, names, builder)));
    case "ternary":
      return choose(e, names, builder);
  }
}

function numeral(value: number, text: string | undefined): Literal {
  return text === undefined ? literal(value) : { ...literal(value), type: real, text };
}

// test ? a : b   becomes   if (test) { r = a } else { r = b }   unless both sides are at hand.
// A branch and not a select: its derivative must not meet the side not taken.
function choose(e: Extract<Expression, { kind: "ternary" }>, names: Names, builder: AdjointBuilder): Atom {
  const test = instantiate(e.test, names, builder);
  const sides = [e.then, e.otherwise].map((side) => {
    const inner = builder.sibling();
    return { inner, atom: instantiate(side, names, inner) };
  });
  const [then, otherwise] = sides;
  if (!then || !otherwise) throw new Error("a choice has two sides");
  if (then.inner.statements.length === 0 && otherwise.inner.statements.length === 0) {
    return builder.op("?:", [test, then.atom, otherwise.atom]);
  }
  const result = variable("", real, builder.origin);
  builder.if(test, then.inner.block(region("then"), [then.atom]), otherwise.inner.block(region("else"), [otherwise.atom]), [result]);
  return result;
}
