import { Builder, literal, region } from "../ir/build.js";
import type { Atom, Block, Fn, If, Let, Load, Statement, Var } from "../ir/model.js";
import { renew, replaceStatements } from "../ir/rewrite.js";
import { bool, real } from "../ir/types.js";
import { statementsOf } from "../ir/walk.js";

/**
 * A derivative that is differentiated again, as what it does where an adjoint is 0 by its value counts then:
 *
 *     if (dx !== 0) { t = dx / y; … }   becomes   if (dx !== 0 || Number.isFinite(1 / y)) { t = dx / y; … }
 *
 * Where something infinite is met, 0 is what has not arrived.
 */
export function smooth(fn: Fn): Fn {
  const presences = new Map<Atom, Let>();
  for (const s of statementsOf(fn.body)) if (s.kind === "let" && s.presence === true) presences.set(s.result, s);
  if (presences.size === 0) return fn;
  const instead = (s: Statement): readonly Statement[] => {
    const presence = s.kind === "if" ? presences.get(s.test) : undefined;
    return s.kind === "if" && presence !== undefined ? guarded(s, presence) : [s];
  };
  return { ...fn, body: replaceStatements(fn.body, instead) };
}

function guarded(s: If, { result: present, args: [adjoint] }: Let): readonly Statement[] {
  const made = s.then.statements.filter((t): t is Let | Load => t.kind === "let" || t.kind === "load");
  const numbers = made.flatMap((t) => (t.kind === "let" && t.result.type.kind === "real" ? [t.result] : []));
  const isPlain = s.then.statements.every((t) => t.kind !== "if" && t.kind !== "loop" && t.kind !== "call");
  if (adjoint?.kind !== "var" || !isPlain || numbers.length === 0) return [s];
  const names = new Map<Var, Atom>([[adjoint, literal(1, real)]]);
  const once: Block = renew({ region: region("once"), statements: made, yields: [] }, names);
  const b = new Builder(s.origin);
  b.statements.push(...once.statements);
  const [first, ...more] = numbers.map((v) => b.let("Number.isFinite", [names.get(v) ?? v], bool));
  const isFinite = more.reduce<Atom>((all, one) => b.let("?:", [all, one, literal(false)], bool), first ?? literal(true));
  const test: Var = { ...present };
  const asked: If = {
    kind: "if",
    test: present,
    then: { region: region("present"), statements: [], yields: [literal(true)] },
    else: b.block(region("smooth"), [isFinite]),
    results: [test],
    ...(s.origin && { origin: s.origin }),
  };
  return [asked, { ...s, test }];
}
