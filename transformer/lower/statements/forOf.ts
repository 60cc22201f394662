import type ts from "typescript";
import { catalogue, excerpt } from "../../diagnostics.js";
import { literal } from "../../ir/build.js";
import type { Atom, Counter } from "../../ir/model.js";
import { bool, int } from "../../ir/types.js";
import { assign } from "../expressions/assignments.js";
import { expression } from "../expressions/index.js";
import { opaqueElements } from "../expressions/opaque.js";
import { mayResize } from "../facts/invariants.js";
import type { Item } from "../items.js";
import type { Flow, Target } from "../jumps.js";
import type { Lowering } from "../lowering.js";
import { reject } from "../rejected.js";
import { bind } from "./declarations.js";
import { bodyOf, enter, loop } from "./loops.js";

/**
 * for (const v of a) body   becomes   for (let i = 0; i < a.length; i++) { const v = a[i]; body }
 *
 * The length is read in each turn if the body may change it.
 */
export function lowerForOf(l: Lowering, node: ts.ForOfStatement): Flow {
  if (node.awaitModifier !== undefined) reject(catalogue.statement, node, "'for await' loop");
  const array = iterated(l, node.expression);
  const targets = enter(l, node);
  const declared = l.ts.isVariableDeclarationList(node.initializer) ? node.initializer.declarations[0]?.name : undefined;
  const hint = declared !== undefined && l.ts.isIdentifier(declared) ? declared.text : "";
  const take = (index: Atom): void => {
    const value = l.load(array, index, hint);
    if (declared !== undefined) bind(l, declared, value);
    else assign(l, node.initializer as ts.Expression, value);
  };
  if (!mayResize(l, node.expression, node.statement)) {
    const counter: Counter = { var: l.variable("i", int), start: literal(0), test: "<", bound: l.length(array), step: 1 };
    const start = (): void => l.from(node.initializer, () => take(counter.var));
    return loop(l, node, targets.break, [bodyOf(l, node, targets.continue)], { counter, start });
  }
  return overChangingArray(l, node, targets, array, take);
}

/** loop { if (i < a.length) { v = a[i]; body; i = i + 1 } else break } */
function overChangingArray(
  l: Lowering,
  node: ts.ForOfStatement,
  targets: { break: Target; continue: Target },
  array: Atom,
  take: (index: Atom) => void,
): Flow {
  const index: Target = { name: "i" };
  const current = (): Atom => l.values.get(index) ?? literal(0);
  l.values.set(index, literal(0));
  const items: readonly Item[] = [
    {
      item: "choice",
      node,
      test: () => l.let("<", [current(), l.length(array)], bool),
      then: [],
      else: [{ item: "jump", target: targets.break }],
    },
    { item: "step", node: node.initializer, run: () => take(current()) },
    bodyOf(l, node, targets.continue),
    { item: "step", node, run: () => void l.values.set(index, l.let("+", [current(), literal(1)], int, "i")) },
  ];
  const flow = loop(l, node, targets.break, items, { also: [index] });
  l.values.delete(index);
  return flow;
}

/** The array that is looped over. Constant sets, maps and strings are taken apart into an array first. */
function iterated(l: Lowering, node: ts.Expression): Atom {
  const value = l.types.at(node).kind === "opaque" ? opaqueElements(l, node) : expression(l, node);
  if (value.type.kind === "array" || value.type.kind === "typed") return value;
  return reject(catalogue.iterable, node, excerpt(node), l.checker.typeToString(l.checker.getTypeAtLocation(node)));
}
