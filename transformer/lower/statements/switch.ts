import type ts from "typescript";
import { literal } from "../../ir/build.js";
import type { Atom } from "../../ir/model.js";
import { bool, int } from "../../ir/types.js";
import { branch } from "../branch.js";
import { lowerItems } from "../control.js";
import { compare } from "../expressions/comparisons.js";
import { expression } from "../expressions/index.js";
import { completes, type Choice, type Item } from "../items.js";
import { normal, reached, type Flow, type Tail, type Target } from "../jumps.js";
import type { Lowering } from "../lowering.js";

/** Clauses without statements of their own belong to the one that follows. */
interface Group {
  readonly node: ts.CaseOrDefaultClause;
  readonly cases: readonly ts.Expression[];
  readonly isDefault: boolean;
  readonly body: readonly ts.Statement[];
}

/**
 * switch (v) { case 1: A; break; default: B }   becomes   if (v === 1) { A } else { B }
 *
 * where no clause falls through. Otherwise the index of the clause that matches is found first:
 *
 *     k = v === 1 ? 0 : v === 2 ? 1 : 2;   if (k <= 0) A;   if (k <= 1) B;   …
 *
 * and a `break` is a jump behind the whole.
 */
export function lowerSwitch(l: Lowering, node: ts.SwitchStatement, tail: Tail): Flow {
  const subject = expression(l, node.expression);
  const groups = groupsOf(l, node);
  const target: Target = { name: "switch" };
  l.targets.set(node, { break: target });
  const fallsThrough = groups.slice(0, -1).some((g) => completes(l, g.body));
  const items = fallsThrough ? inOrder(l, node, subject, groups) : [chain(l, node, subject, groups)];
  return reached(lowerItems(l, items, new Set([...tail, target])), target);
}

function groupsOf(l: Lowering, node: ts.SwitchStatement): readonly Group[] {
  const groups: Group[] = [];
  let cases: ts.Expression[] = [];
  let isDefault = false;
  const { clauses } = node.caseBlock;
  clauses.forEach((clause, i) => {
    if (l.ts.isCaseClause(clause)) cases.push(clause.expression);
    else isDefault = true;
    if (clause.statements.length === 0 && i < clauses.length - 1) return;
    groups.push({ node: clause, cases, isDefault, body: clause.statements });
    cases = [];
    isDefault = false;
  });
  return groups;
}

/** The cases are compared in their order, each only if none before it matched; `default` is what is left. */
function chain(l: Lowering, node: ts.SwitchStatement, subject: Atom, groups: readonly Group[]): Item {
  const otherwise = groups.find((g) => g.isDefault)?.body ?? [];
  const tested = groups.filter((g) => !g.isDefault);
  return tested.reduceRight<Choice>(
    (rest, group) => ({
      item: "choice",
      node,
      test: () => l.from(group.node, () => matches(l, subject, group.cases)),
      then: group.body,
      else: [rest],
    }),
    { item: "choice", node, test: () => literal(true), then: otherwise, else: [] },
  );
}

function matches(l: Lowering, subject: Atom, cases: readonly ts.Expression[]): Atom {
  const [first, ...more] = cases;
  if (first === undefined) return literal(false);
  const test = compare(l, "===", subject, expression(l, first));
  if (more.length === 0) return test;
  const either = branch(
    l,
    test,
    () => ({ flow: normal, value: literal(true) }),
    () => ({ flow: normal, value: matches(l, subject, more) }),
  );
  return either.value ?? literal(false);
}

function inOrder(l: Lowering, node: ts.SwitchStatement, subject: Atom, groups: readonly Group[]): readonly Item[] {
  const fallback = groups.findIndex((g) => g.isDefault);
  const k = indexOfMatch(l, subject, groups, 0, fallback === -1 ? groups.length : fallback);
  return groups.map((group, i): Item => ({
    item: "choice",
    node,
    test: () => (i === groups.length - 1 && fallback !== -1 ? literal(true) : l.let("<=", [k, literal(i)], bool)),
    then: group.body,
    else: [],
  }));
}

function indexOfMatch(l: Lowering, subject: Atom, groups: readonly Group[], from: number, fallback: number): Atom {
  const group = groups[from];
  if (group === undefined) return literal(fallback);
  if (group.cases.length === 0) return indexOfMatch(l, subject, groups, from + 1, fallback);
  const found = branch(
    l,
    matches(l, subject, group.cases),
    () => ({ flow: normal, value: literal(from, int) }),
    () => ({ flow: normal, value: indexOfMatch(l, subject, groups, from + 1, fallback) }),
    "k",
  );
  return found.value ?? literal(fallback);
}
