import type ts from "typescript";
import { catalogue, excerpt } from "../diagnostics.js";
import type { Atom } from "../ir/model.js";
import type { Type } from "../ir/types.js";
import { sameAtom } from "./branch.js";
import { isCell } from "./cells.js";
import type { Written } from "./closures.js";
import { Draft } from "./draft.js";
import { calleeOf } from "./expressions/callee.js";
import { isRecursive } from "./expressions/specialised.js";
import { nestedFunction } from "./facts/assigned.js";
import { instanceSymbol } from "./facts/facts.js";
import type { Lowering } from "./lowering.js";
import { reject } from "./rejected.js";
import { freeVariables, isAlive, isAssignment, isReassigned } from "./scopes.js";
import { functionIn, isWithin } from "./syntax.js";

/**
 * A function that is declared within another, uses its variables and calls itself, by its name or through functions beside
 * it. It is a function of its own, and what it uses are further parameters, which each call hands on:
 *
 *     const walk = (n) => (n === 0 ? x : x * walk(n - 1))   becomes   walk(n, x), which calls walk(n - 1, x)
 *
 * What one of these functions assigns is a cell, which all of them share.
 */
export interface Lifted {
  /** The function that it is declared in, with all that is beside it. */
  readonly within: ts.Node;
  readonly captured: readonly Captured[];
  /** The functions among what it uses, which are no parameters; what these use is captured too. */
  readonly functions: readonly Known[];
  /** What is captured as `this`. */
  readonly receiver?: ts.Symbol;
  /** Whether something differentiated gets into a variable, anywhere in the function around. */
  readonly isVaried: (symbol: ts.Symbol) => boolean;
}
/** A variable of which it is known that it is a function. */
export interface Known {
  readonly symbol: ts.Symbol;
  readonly fn: ts.FunctionLikeDeclaration | ts.PropertyAccessExpression | ts.Identifier;
}
export interface Captured {
  readonly symbol: ts.Symbol;
  readonly type: Type;
  readonly isCell: boolean;
  readonly isVaried: boolean;
}

/** Whether calls of a function are calls of one that takes what it uses as parameters. */
export function isLifted(l: Lowering, callee: ts.FunctionLikeDeclaration): boolean {
  if (l.lifted !== undefined && isWithin(callee, l.lifted.within) && !l.facts.bodies.isNested(callee)) return true;
  return l.facts.bodies.isNested(callee) && mentioned(l, callee).has(callee) && (freeVariables(l, callee).size > 0 || receiverOf(l, callee) !== undefined);
}

/** Whether a part of the source names a function that is lifted, which text cannot do. */
export function namesLifted(l: Lowering, node: ts.Node): boolean {
  const declaration = l.ts.isIdentifier(node) ? l.symbol(node)?.valueDeclaration : undefined;
  const fn = declaration !== undefined && l.ts.isVariableDeclaration(declaration) ? functionIn(l.ts, declaration.initializer) : declaration;
  if (fn !== undefined && l.ts.isFunctionLike(fn) && isLifted(l, fn as ts.FunctionLikeDeclaration)) return true;
  return l.ts.forEachChild(node, (child) => namesLifted(l, child) || undefined) ?? false;
}

/** What stands for `this` in an arrow function of a class that uses it. */
function receiverOf(l: Lowering, fn: ts.FunctionLikeDeclaration): ts.Symbol | undefined {
  const owner = l.ts.isArrowFunction(fn) && usesThis(l, fn) ? l.context.classes.around(fn) : undefined;
  return owner && instanceSymbol(l.checker, owner);
}

/** Whether a variable is assigned by functions that are lifted, or handed to functions that call themselves: these share one cell. */
export function isShared(l: Lowering, symbol: ts.Symbol): boolean {
  const { valueDeclaration } = symbol;
  if (valueDeclaration === undefined || !isReassigned(l, symbol)) return false;
  const isOuter = (fn: ts.Node): boolean => !isWithin(valueDeclaration, fn);
  return l.facts.writes.some((w) => w.to === symbol && isAssignment(l, w) && [...recursiveFunctions(l)].some((fn) => isOuter(fn) && isWithin(w.node, fn)));
}

/** The functions declared in the lowered one that are lifted or handed to functions that call themselves, and those that they call. */
function recursiveFunctions(l: Lowering): ReadonlySet<ts.FunctionLikeDeclaration> {
  if (l.recursive !== undefined) return l.recursive;
  const found = new Set<ts.FunctionLikeDeclaration>();
  const add = (fn: ts.FunctionLikeDeclaration): void => {
    if (!found.has(fn)) for (const other of [fn, ...mentioned(l, fn)]) found.add(other);
  };
  const visit = (node: ts.Node): void => {
    if (l.ts.isIdentifier(node)) {
      const fn = nestedFunction(l, node);
      if (fn !== undefined && isLifted(l, fn)) add(fn);
    } else if (l.ts.isCallExpression(node)) handedOn(l, node).forEach(add);
    l.ts.forEachChild(node, visit);
  };
  l.facts.bodies.roots.forEach(visit);
  l.recursive = found;
  return found;
}

/** The functions declared in the lowered one that a call hands to a function that calls itself. */
function handedOn(l: Lowering, node: ts.CallExpression): readonly ts.FunctionLikeDeclaration[] {
  const { bodies } = l.facts;
  const given = node.arguments.flatMap((a) => [...bodies.of(a)]).filter((fn) => bodies.isNested(fn));
  const callee = given.length > 0 ? calleeOf(l, node) : undefined;
  return callee !== undefined && !bodies.isNested(callee) && isRecursive(l, callee) ? given : [];
}

/** The functions declared in the lowered one that a function names, by itself or through these. */
function mentioned(l: Lowering, callee: ts.FunctionLikeDeclaration): ReadonlySet<ts.FunctionLikeDeclaration> {
  const found = new Set<ts.FunctionLikeDeclaration>();
  const visit = (node: ts.Node): void => {
    const fn = l.ts.isIdentifier(node) && !(l.ts.isPropertyAccessExpression(node.parent) && node.parent.name === node) ? nestedFunction(l, node) : undefined;
    if (fn !== undefined && fn.name !== node && !found.has(fn)) {
      found.add(fn);
      visit(fn);
    }
    l.ts.forEachChild(node, visit);
  };
  l.ts.forEachChild(callee, visit);
  return found;
}

/** What a lifted function takes besides its parameters, and the values of it here. */
export function liftedFor(l: Lowering, node: ts.Node, closure: Written): { readonly lifted: Lifted; readonly values: readonly Atom[] } {
  const { declaration } = closure;
  const refuse = (): never => reject(catalogue.recursiveClosure, node, excerpt(l.ts.isCallExpression(node) ? node.expression : node));
  const functions: Known[] = [];
  const seen = new Map<ts.Symbol, Atom>();
  const captured = new Map<ts.Symbol, { readonly value: Atom; readonly isCell: boolean }>();
  const capture = (symbol: ts.Symbol, { values, calls }: Pick<Written, "values" | "calls">): void => {
    if (!isFixed(l, symbol) && !isAlive(l, symbol, calls)) reject(catalogue.capturedVariable, node, symbol.name);
    const value = (isFixed(l, symbol) ? values.get(symbol) : undefined) ?? l.values.get(symbol);
    if (value === undefined) return refuse();
    seen.set(symbol, value);
    const known = l.closures.of(value);
    if (known === undefined) return l.closures.isKnown(value) ? refuse() : void captured.set(symbol, { value, isCell: isCell(l, symbol) });
    if (known.kind === "library") return void functions.push({ symbol, fn: known.node });
    if (known.kind !== "written" || known.checkpoint === true || (known.receiver !== undefined && usesThis(l, known.declaration))) return refuse();
    functions.push({ symbol, fn: known.declaration });
    for (const inner of freeVariables(l, known.declaration).keys()) captureOnce(inner, known);
  };
  const captureOnce = (symbol: ts.Symbol, from: Written): void => {
    const other = seen.get(symbol);
    if (other === undefined) capture(symbol, from);
    // Two functions of one kind, which were made with different values: times(2) and times(x).
    else if (isFixed(l, symbol) && !isSameValue(l, from.values.get(symbol), other)) refuse();
  };
  const isOuter = (symbol: ts.Symbol): boolean => !(symbol.declarations ?? []).some((d) => isWithin(d, declaration));
  // What is declared beside this function may need whatever this one was given.
  const given = [...(l.lifted?.captured ?? []), ...(l.lifted?.functions ?? [])].map((c) => c.symbol).filter((symbol) => symbol !== l.lifted?.receiver && isOuter(symbol));
  const own = l.facts.bodies.isNested(declaration) ? [...freeVariables(l, declaration).keys()] : [];
  for (const symbol of new Set([...given, ...own])) captureOnce(symbol, closure);
  const receiver = l.lifted?.receiver ?? receiverOf(l, declaration);
  if (receiver !== undefined) captured.set(receiver, { value: closure.receiver instanceof Draft ? closure.receiver.object() : (closure.receiver ?? refuse()), isCell: false });
  else if (closure.receiver !== undefined && usesThis(l, declaration)) refuse();
  const isVaried = l.lifted?.isVaried ?? ((symbol: ts.Symbol) => l.facts.taint.has(symbol));
  const around = l.facts.bodies.roots.find((root) => root !== declaration && isWithin(declaration, root)) ?? l.root;
  return { lifted: { within: l.lifted?.within ?? around, captured: [...captured].map(([symbol, { value, isCell: isShare }]) => ({ symbol, type: general(value.type), isCell: isShare, isVaried: isVaried(symbol) })), functions, isVaried, ...(receiver && { receiver }) }, values: [...captured.values()].map((c) => c.value) };
}

/** Whether a function sees the value that a variable had when it was made, or what all share. */
function isFixed(l: Lowering, symbol: ts.Symbol): boolean {
  return isCell(l, symbol) || !isReassigned(l, symbol);
}

/** Whether two values are the same, or functions that see the same. */
function isSameValue(l: Lowering, x: Atom | undefined, y: Atom | undefined): boolean {
  if (x === undefined || y === undefined || sameAtom(x, y)) return true;
  const [a, b] = [l.closures.of(x), l.closures.of(y)];
  if (a === undefined || b === undefined || a === b) return a !== undefined && a === b;
  if (a.kind === "library" && b.kind === "library") return l.symbol(memberOf(l, a.node)) === l.symbol(memberOf(l, b.node));
  if (a.kind !== "written" || b.kind !== "written" || a.declaration !== b.declaration || a.receiver !== b.receiver) return false;
  return [...freeVariables(l, a.declaration).keys()].every((symbol) => isSameValue(l, a.values.get(symbol), b.values.get(symbol)));
}

function memberOf(l: Lowering, node: ts.PropertyAccessExpression | ts.Identifier): ts.Node {
  return l.ts.isIdentifier(node) ? node : node.name;
}

/** An integer is a number to whoever is given it. */
function general(type: Type): Type {
  return type.kind === "int" ? { ...type, kind: "real" } : type;
}

/** The parameters of a lifted function that something differentiated gets into. */
export function variedOf(l: Lowering, fn: ts.FunctionLikeDeclaration, { isVaried }: Lifted): ReadonlySet<number> {
  const holds = (name: ts.BindingName): boolean => {
    if (!l.ts.isIdentifier(name)) return name.elements.some((e) => !l.ts.isOmittedExpression(e) && holds(e.name));
    const symbol = l.symbol(name);
    return symbol === undefined || isVaried(symbol);
  };
  return new Set([...fn.parameters.keys()].filter((i) => fn.parameters.slice(i, i + 1).some((p) => holds(p.name))));
}

function usesThis(l: Lowering, node: ts.Node): boolean {
  return node.kind === l.ts.SyntaxKind.ThisKeyword || (l.ts.forEachChild(node, (child) => usesThis(l, child) || undefined) ?? false);
}
