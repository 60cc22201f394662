import type ts from "typescript";
import { catalogue } from "../diagnostics.js";
import type { Atom } from "../ir/model.js";
import type { Written } from "./closures.js";
import { nestedFunction } from "./facts/assigned.js";
import type { Write } from "./facts/writes.js";
import { isTarget } from "./branch.js";
import { isCell } from "./cells.js";
import type { Lowering } from "./lowering.js";
import { reject } from "./rejected.js";
import { isWithin } from "./syntax.js";

/** The variables of functions around it that a function uses, by itself or through functions declared beside it. */
export function freeVariables(l: Lowering, callee: ts.FunctionLikeDeclaration): ReadonlyMap<ts.Symbol, ts.Identifier> {
  const found = new Map<ts.Symbol, ts.Identifier>();
  const seen = new Set<ts.Node>();
  const visit = (fn: ts.FunctionLikeDeclaration): void => {
    if (seen.has(fn)) return;
    seen.add(fn);
    const inside = (n: ts.Node): void => {
      if (l.ts.isIdentifier(n) && !(l.ts.isPropertyAccessExpression(n.parent) && n.parent.name === n)) use(n);
      l.ts.forEachChild(n, inside);
    };
    const use = (name: ts.Identifier): void => {
      const symbol = l.symbol(name);
      const declaration = symbol?.valueDeclaration;
      if (symbol === undefined || declaration === undefined || !l.isLocal(symbol) || [...seen].some((s) => isWithin(declaration, s))) return;
      const inner = nestedFunction(l, name);
      if (inner === undefined) found.set(symbol, name);
      else visit(inner);
    };
    inside(fn);
  };
  visit(callee);
  return found;
}

/**
 * Makes the variables of a function, and those that it sees from where it was made, what they are within it. What it
 * gives back makes them what they were.
 */
export function enterScope(l: Lowering, { declaration, values, calls }: Written): () => void {
  const before = new Map<ts.Symbol, Atom | undefined>();
  const set = (symbol: ts.Symbol, value: Atom | undefined): void => {
    if (l.values.has(symbol)) before.set(symbol, l.values.get(symbol));
    if (value === undefined) l.values.delete(symbol);
    else l.values.set(symbol, value);
  };
  const isOwn = (symbol: ts.Symbol): boolean => (symbol.declarations ?? []).some((d) => d !== declaration && isWithin(d, declaration));
  const targets = new Map(l.targets);
  const { standing } = l;
  // A function may come to itself again, and evaluates its own.
  l.standing = new Map();
  for (const key of [...l.values.keys()]) if (!isTarget(key) && isOwn(key)) set(key, undefined);
  const seen = new Set<ts.Symbol>();
  for (const [symbol, name] of freeVariables(l, declaration)) {
    if (isCell(l, symbol) || !isReassigned(l, symbol)) {
      const value = values.get(symbol);
      if (value === undefined || value === l.values.get(symbol)) continue;
      seen.add(symbol);
      set(symbol, value);
    } else if (!isAlive(l, symbol, calls)) reject(catalogue.capturedVariable, name, name.text);
  }
  return () => {
    l.standing = standing;
    for (const key of [...l.values.keys()]) if (!isTarget(key) && (isOwn(key) || seen.has(key))) l.values.delete(key);
    for (const [symbol, value] of before) l.values.set(symbol, value);
    l.targets.clear();
    for (const [node, target] of targets) l.targets.set(node, target);
  };
}

/** Whether a variable gets another value than its first: what a parameter gets by a call is its first. */
export function isReassigned(l: Lowering, symbol: ts.Symbol): boolean {
  return l.facts.writes.some((w) => w.to === symbol && isAssignment(l, w) && w.node !== symbol.valueDeclaration);
}

/** Whether a write is an assignment, and not a call or a `new` that gives a parameter its value. */
export function isAssignment(l: Lowering, { kind, node }: Write): boolean {
  return kind !== "memory" && !l.ts.isCallExpression(node) && !l.ts.isNewExpression(node);
}

/** Whether the call whose variable it is has not ended since, so that there is only one of it. */
export function isAlive(l: Lowering, symbol: ts.Symbol, calls: Written["calls"]): boolean {
  const declaration = symbol.valueDeclaration;
  if (declaration === undefined) return false;
  const owner = calls.findLast((call) => isWithin(declaration, call.callee));
  return owner === undefined ? isWithin(declaration, l.root) : l.activations.findLast((a) => a.callee === owner.callee) === owner;
}
