import type ts from "typescript";
import { catalogue, excerpt } from "../../diagnostics.js";
import { literal } from "../../ir/build.js";
import type { Atom, Counter } from "../../ir/model.js";
import { bool, int } from "../../ir/types.js";
import { assign } from "../expressions/patterns.js";
import { expression } from "../expressions/index.js";
import { opaqueElements } from "../expressions/opaque.js";
import { sequenceOf, type Sequence } from "../expressions/sequences.js";
import { mayResizeBelow } from "../facts/invariants.js";
import type { Item } from "../items.js";
import type { Flow, Target } from "../jumps.js";
import type { Lowering } from "../lowering.js";
import { reject } from "../rejected.js";
import { bind, nameIn, plainElements } from "./declarations.js";
import { bodyOf, enter, loop } from "./loops.js";

/**
 * for (const v of a) body   becomes   for (let i = 0; i < a.length; i++) { const v = a[i]; body }
 *
 * The length is read in each turn if the body may change it.
 */
export function lowerForOf(l: Lowering, node: ts.ForOfStatement): Flow {
  if (node.awaitModifier !== undefined) reject(catalogue.statement, node, "'for await' loop");
  const sequence = sequenceOf(l, node.expression) ?? constantElements(l, node.expression);
  const { array } = sequence;
  const targets = enter(l, node);
  const declared = l.ts.isVariableDeclarationList(node.initializer) ? node.initializer.declarations[0]?.name : undefined;
  const pattern = declared !== undefined && l.ts.isArrayBindingPattern(declared) ? plainElements(l, declared) : [];
  const [first, second] = pattern;
  const take = (index: Atom): void => {
    if (sequence.parts !== undefined && pattern.length > 0 && pattern.every((e) => e?.initializer === undefined)) {
      const [i, v] = sequence.parts(index, nameIn(l, second));
      if (first !== undefined) bind(l, first.name, i);
      if (second !== undefined) bind(l, second.name, v);
      return;
    }
    const value = sequence.at(index, declared && l.ts.isIdentifier(declared) ? declared.text : "");
    if (declared !== undefined) bind(l, declared, value);
    else assign(l, node.initializer as ts.Expression, value);
  };
  const name = sequence.parts === undefined ? "" : nameIn(l, first);
  const index = sequence.isIndex === true ? declared : sequence.parts && first?.name;
  if (sequence.node === undefined || !mayResizeBelow(l, sequence.node, node.statement, index && l.symbol(index))) {
    const counter: Counter = { var: l.variable(name || "i", int), start: literal(0), test: "<", bound: l.length(array), step: 1 };
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

/** Constant sets, maps and strings are taken apart into an array first. */
function constantElements(l: Lowering, node: ts.Expression): Sequence {
  const array = l.types.at(node).kind === "opaque" ? opaqueElements(l, node) : expression(l, node);
  if (array.type.kind === "array" || array.type.kind === "typed") return { array, node, at: (i, name) => l.load(array, i, name) };
  return reject(catalogue.iterable, node, excerpt(node), l.checker.typeToString(l.checker.getTypeAtLocation(node)));
}
