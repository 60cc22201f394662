import type ts from "typescript";
import { catalogue, excerpt } from "../../diagnostics.js";
import { literal } from "../../ir/build.js";
import type { Atom, Counter } from "../../ir/model.js";
import { bool, int } from "../../ir/types.js";
import { assign } from "../expressions/patterns.js";
import { expression } from "../expressions/index.js";
import { opaqueElements } from "../expressions/opaque.js";
import { namesOf, sequenceOf, type Sequence } from "../expressions/sequences.js";
import { heldList } from "../expressions/held.js";
import { lowerItems } from "../control.js";
import { mayResizeBelow } from "../facts/invariants.js";
import type { Item } from "../items.js";
import { reached, type Flow, type Target } from "../jumps.js";
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
  const listed = heldList(l, node.expression);
  if (listed !== undefined) return overList(l, node, listed);
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

/** for (const k in r) body   becomes   for (const k of Object.keys(r)) body   of objects that hold numbers */
export function lowerForIn(l: Lowering, node: ts.ForInStatement): Flow {
  const keys = namesOf(l, node.expression);
  const declared = l.ts.isVariableDeclarationList(node.initializer) ? node.initializer.declarations[0]?.name : undefined;
  if (keys === undefined || declared === undefined) return reject(catalogue.forIn, node, excerpt(node.expression));
  const targets = enter(l, node);
  const counter: Counter = { var: l.variable("i", int), start: literal(0), test: "<", bound: l.length(keys), step: 1 };
  const start = (): void => {
    bind(l, declared, l.load(keys, counter.var, declared.getText()));
  };
  return loop(l, node, targets.break, [bodyOf(l, node, targets.continue)], { counter, start });
}

/** { const g = a; body }; { const g = b; body }; … of an array that is known by its elements */
function overList(l: Lowering, node: ts.ForOfStatement, elements: readonly Atom[]): Flow {
  const declared = l.ts.isVariableDeclarationList(node.initializer) ? node.initializer.declarations[0]?.name : undefined;
  if (declared === undefined) return reject(catalogue.unknownFunction, node.initializer, excerpt(node.initializer));
  const targets = enter(l, node);
  const turn = (element: Atom): readonly Item[] => {
    // Each turn has a target of its own: a jump to it leads to the next one.
    const next: Target = { name: "continue" };
    const begin = (): void => {
      l.targets.set(node, { ...targets, continue: next });
      bind(l, declared, element);
    };
    const end = (): void => {
      for (const name of namesIn(l, declared)) l.values.delete(name);
    };
    return [{ item: "step", node: node.initializer, run: begin }, { item: "scope", target: next, items: [node.statement] }, { item: "step", node: node.initializer, run: end }];
  };
  return reached(lowerItems(l, elements.flatMap(turn), new Set([targets.break])), targets.break);
}

/** The variables of a name or a pattern. */
function namesIn(l: Lowering, name: ts.BindingName): readonly ts.Symbol[] {
  if (l.ts.isIdentifier(name)) return [l.symbol(name)].filter((s) => s !== undefined);
  return name.elements.flatMap((e) => (l.ts.isOmittedExpression(e) ? [] : namesIn(l, e.name)));
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
