import type ts from "typescript";
import { literal } from "../../ir/build.js";
import type { Atom, Carried, Counter, Var } from "../../ir/model.js";
import { int, type Type } from "../../ir/types.js";
import { filler, isTarget, nameOf } from "../branch.js";
import { isCell } from "../cells.js";
import { lowerItems } from "../control.js";
import { condition } from "../expressions/conditions.js";
import { discard } from "../expressions/discard.js";
import { assignedWithin } from "../facts/assigned.js";
import type { Choice, Item } from "../items.js";
import { dead, hasJumpTo, jumpsWithin, normal, noTail, type Flow, type Target } from "../jumps.js";
import type { Key, Lowering, Values } from "../lowering.js";
import { NotInteger } from "../rejected.js";
import { counterOf } from "./counters.js";
import { declareAll } from "./declarations.js";

/** while (c) body   becomes   loop { if (c) { body; yield 0 } else { yield 1 } } */
export function lowerWhile(l: Lowering, node: ts.WhileStatement): Flow {
  const targets = enter(l, node);
  return loop(l, node, targets.break, [exitUnless(l, node, node.expression, targets.break), bodyOf(l, node, targets.continue)]);
}

/** do body while (c)   becomes   loop { body; if (c) { yield 0 } else { yield 1 } } */
export function lowerDo(l: Lowering, node: ts.DoStatement): Flow {
  const targets = enter(l, node);
  return loop(l, node, targets.break, [bodyOf(l, node, targets.continue), exitUnless(l, node, node.expression, targets.break)]);
}

/** A loop that counts is one with a counter; any other carries its variables like `while`. */
export function lowerFor(l: Lowering, node: ts.ForStatement): Flow {
  const { initializer, incrementor } = node;
  if (initializer !== undefined) {
    if (l.ts.isVariableDeclarationList(initializer)) declareAll(l, initializer);
    else discard(l, initializer);
  }
  const targets = enter(l, node);
  const counted = counterOf(l, node);
  if (counted !== undefined) {
    // It is not carried: each turn sees the counter.
    const before = l.values.get(counted.symbol);
    l.values.delete(counted.symbol);
    const start = (): void => void l.values.set(counted.symbol, counted.counter.var);
    const flow = loop(l, node, targets.break, [bodyOf(l, node, targets.continue)], { counter: counted.counter, start });
    l.values.set(counted.symbol, before);
    return flow;
  }
  const step: Item[] = incrementor ? [{ item: "step", node: incrementor, run: () => discard(l, incrementor) }] : [];
  const test = node.condition === undefined ? [] : [exitUnless(l, node, node.condition, targets.break)];
  return loop(l, node, targets.break, [...test, bodyOf(l, node, targets.continue), ...step]);
}

export interface LoopTargets {
  readonly break: Target;
  readonly continue: Target;
}

export function enter(l: Lowering, node: ts.IterationStatement): LoopTargets {
  const targets = { break: { name: "break" }, continue: { name: "continue" } };
  l.targets.set(node, targets);
  return targets;
}

function exitUnless(l: Lowering, node: ts.Node, test: ts.Expression, target: Target): Choice {
  return { item: "choice", node, test: () => condition(l, test), then: [], else: [{ item: "jump", target }] };
}

/** The body as it stands; where a `continue` leads to its end, as a part of its own. */
export function bodyOf(l: Lowering, node: ts.IterationStatement, target: Target): Item {
  if (!hasJumpTo(l.ts, node, l.ts.SyntaxKind.ContinueStatement)) return node.statement;
  return { item: "scope", target, items: [node.statement] };
}

export interface LoopOptions {
  readonly counter?: Counter;
  /** Run at the start of each turn. */
  readonly start?: () => void;
  /** Carried besides what the source assigns. */
  readonly also?: readonly Key[];
}

/**
 * Every variable that the loop assigns and that is declared outside is carried. The turn ends with the status of its
 * jumps: 0 for the next turn.
 */
export function loop(l: Lowering, node: ts.Node, ending: Target, items: readonly Item[], options: LoopOptions = {}): Flow {
  const all = carriedKeys(l, node, options.also ?? []);
  // Which function a variable stands for in a later turn is not known.
  const functions = all.filter((key) => { const v = l.values.get(key); return v !== undefined && l.closures.isUnbound(v); });
  const lose = (): void => {
    for (const key of functions) l.values.set(key, l.closures.variable({ kind: "lost" }));
  };
  const slots = all.filter((key) => !functions.includes(key)).map((key): Slot => {
    const type = typeOf(l, key);
    const init = l.values.get(key);
    checkInteger(key, type, init);
    return { key, init: init ?? filler(type), param: l.variable(nameOf(key), type) };
  });
  const turn = l.inBlock(() => {
    for (const { key, param } of slots) {
      // What a `return` carries out is of no meaning in the next turn.
      if (isTarget(key) && key.returns !== undefined) l.values.delete(key);
      else l.values.set(key, param);
    }
    lose();
    options.start?.();
    return lowerItems(l, items, noTail);
  });
  // What a function assigns that was not seen to be called here is carried as well.
  const unforeseen = [...turn.values].flatMap(([key, value]) => (!isTarget(key) && !all.includes(key) && l.values.has(key) && l.values.get(key) !== value ? [key] : []));
  if (unforeseen.length > 0) return loop(l, node, ending, items, { ...options, also: [...(options.also ?? []), ...unforeseen] });
  const flow = turn.result;
  const escapes = flow.escapes.filter((t) => t !== ending);
  const ends = !flow.completes && flow.escapes.length === 0;
  const exit = escapes.length > 0 ? l.variable("exit", int) : undefined;
  const carried = slots.map(({ init, param }): Carried => ({ param, init, result: l.variable(param.name, param.type) }));
  const next = slots.map(({ key, param }) => lastValue(turn.values, key, param.type));
  const status = ends ? l.code(ending) : flow.completes && flow.escapes.length === 0 ? literal(0) : flow.status;
  l.add({
    kind: "loop",
    ...(options.counter && { counter: options.counter }),
    carried,
    body: l.block("turn", turn.statements, [status, ...next]),
    ...(exit && { exit }),
    ...labelOf(l, node),
  });
  slots.forEach(({ key }, i) => l.values.set(key, carried[i]?.result));
  lose();
  const completes = options.counter !== undefined || flow.escapes.includes(ending);
  if (exit === undefined) return completes ? normal : dead;
  return { status: exit, completes, escapes, other: true };
}

/** A variable that a loop carries. */
interface Slot {
  readonly key: Key;
  readonly init: Atom;
  readonly param: Var;
}

function carriedKeys(l: Lowering, node: ts.Node, also: readonly Key[]): readonly Key[] {
  const assigned = assignedWithin(l, node);
  const keys: Key[] = [...l.values.keys()].filter((key) => !isTarget(key) && assigned.has(key) && !isCell(l, key));
  const returned = l.returns.at(-1)?.target;
  const returns = returned?.returns !== undefined && jumpsWithin(l.ts, node).some((j) => l.ts.isReturnStatement(j));
  return [...keys, ...also, ...(returns ? [returned] : [])];
}

function typeOf(l: Lowering, key: Key): Type {
  return isTarget(key) ? (key.returns ?? key.holds ?? int) : l.typeOf(key);
}

function lastValue(values: Values, key: Key, type: Type): Atom {
  const value = values.get(key) ?? filler(type);
  checkInteger(key, type, value);
  return value;
}

function checkInteger(key: Key, type: Type, value: Atom | undefined): void {
  const isOther = value !== undefined && value.type.kind !== "int" && !(value.kind === "literal" && value.value === undefined);
  if (type.kind === "int" && isOther && !isTarget(key)) throw new NotInteger(key);
}

function labelOf(l: Lowering, node: ts.Node): { label?: string } {
  return l.ts.isLabeledStatement(node.parent) ? { label: node.parent.label.text } : {};
}
