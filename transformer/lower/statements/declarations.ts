import type ts from "typescript";
import { catalogue, excerpt } from "../../diagnostics.js";
import { literal } from "../../ir/build.js";
import type { Atom } from "../../ir/model.js";
import { arrayOf, bool, carriesReal, elementType, isNull, nonNull, nullable, recordOf, tupleOf, type Type } from "../../ir/types.js";
import { declareVariable } from "../cells.js";
import { choose } from "../expressions/conditions.js";
import { expression } from "../expressions/index.js";
import { callPulledBack } from "../expressions/pullback-calls.js";
import { functionValue } from "../expressions/function-values.js";
import { libraryMember, libraryObject } from "../expressions/library.js";
import { libraryValue, literalKey, overRange } from "../expressions/arrays.js";
import { value } from "../expressions/values.js";
import type { Lowering } from "../lowering.js";
import { reject } from "../rejected.js";
import { bare, functionIn, isConst } from "../syntax.js";
import { join } from "../joined-types.js";

export function declareAll(l: Lowering, list: ts.VariableDeclarationList): void {
  for (const declaration of list.declarations) l.from(declaration, () => declare(l, declaration));
}

function declare(l: Lowering, node: ts.VariableDeclaration): void {
  // A nested function is lowered where it is called, and carried as text where it is used as a value.
  if ((isConst(l.ts, node) && functionIn(l.ts, node.initializer) !== undefined) || isDerivative(l, node.initializer)) return;
  if (!l.ts.isIdentifier(node.name)) {
    if (node.initializer !== undefined) declarePattern(l, node.name, node.initializer);
    return;
  }
  const symbol = l.symbol(node.name);
  if (symbol === undefined) return;
  refuseNull(l, node.name);
  const type = variableType(l, symbol, node);
  if (node.initializer === undefined) {
    // `let best: number | undefined` holds undefined; `let a: number` holds nothing that is ever read.
    declareVariable(l, symbol, type.nullable && !isNull(type) ? literal(undefined, type) : undefined);
    return;
  }
  const known = functionValue(l, node.initializer);
  const value = known ?? expression(l, node.initializer, { name: node.name.text, type: nonNull(type), optional: type.nullable === true });
  const isAbsent = value.kind === "literal" && value.value === undefined;
  declareVariable(l, symbol, isAbsent ? literal(undefined, nullable(type)) : value);
}

/** const slope = grad(f): the derivative is looked up where it is called. */
function isDerivative(l: Lowering, initializer: ts.Expression | undefined): boolean {
  const call = initializer && bare(l.ts, initializer);
  return call !== undefined && l.ts.isCallExpression(call) && l.context.derivative?.(call) !== undefined;
}

/** An array literal without a written type has elements of type `any` or `never` until it is pushed to. */
function variableType(l: Lowering, symbol: ts.Symbol, node: ts.VariableDeclaration): Type {
  const type = l.typeOf(symbol);
  const untyped = node.type === undefined && node.initializer && l.ts.isArrayLiteralExpression(bare(l.ts, node.initializer));
  if (untyped && type.kind === "array" && type.element.kind === "opaque" && !type.element.text) {
    const element = l.checker.getTypeArguments(l.checker.getTypeAtLocation(node.name) as ts.TypeReference)[0];
    const flags = l.ts.TypeFlags.Any | l.ts.TypeFlags.Never;
    if (element !== undefined && element.flags & flags) return evolved(l, symbol, node) ?? reject(catalogue.elementType, node.name, excerpt(node.name));
  }
  return type;
}

/** `const a = []`, and then a.push(x): the type that TypeScript has found wherever the name stands. */
function evolved(l: Lowering, symbol: ts.Symbol, node: ts.VariableDeclaration): Type | undefined {
  const { ts } = l;
  const scope = ts.findAncestor(node, (n) => ts.isFunctionLike(n) || ts.isSourceFile(n)) ?? node;
  const found: Type[] = [];
  const visit = (n: ts.Node): void => {
    if (ts.isIdentifier(n) && n !== node.name && n.text === symbol.name && l.symbol(n) === symbol) {
      const type = l.types.at(n);
      if (type.kind === "array" && (type.element.kind !== "opaque" || type.element.text !== undefined)) found.push(type);
    }
    ts.forEachChild(n, visit);
  };
  visit(scope);
  return found.length === 0 ? undefined : found.reduce(join);
}

function refuseNull(l: Lowering, name: ts.Identifier): void {
  const type = l.checker.getTypeAtLocation(name);
  if (l.types.admitsNull(type) && !isNull(l.types.from(type)) && carriesReal(l.types.from(l.checker.getNonNullableType(type)))) {
    reject(catalogue.nullValue, name, name.text);
  }
}

/** const [a, b] = …; the elements of a literal become the variables without an array. */
function declarePattern(l: Lowering, pattern: ts.BindingPattern, initializer: ts.Expression): void {
  if (l.ts.isObjectBindingPattern(pattern)) {
    return libraryObject(l, initializer) === undefined ? bindMembers(l, pattern, expression(l, initializer)) : bindLibrary(l, pattern);
  }
  const pulled = callPulledBack(l, initializer, nameIn(l, plainElements(l, pattern, true)[0]));
  if (pulled !== undefined) {
    plainElements(l, pattern).forEach((e, i) => e !== undefined && bind(l, e.name, pulled[i] ?? literal(undefined)));
    return;
  }
  const parts = literalElements(l, initializer);
  if (parts === undefined || pattern.elements.some((e) => isRest(l, e))) {
    bindElements(l, pattern, expression(l, initializer));
    return;
  }
  const elements = plainElements(l, pattern);
  const values = parts.map((part, i) => expression(l, part, { name: nameIn(l, elements[i]) }));
  elements.forEach((e, i) => {
    if (e !== undefined) bind(l, e.name, orDefault(l, values[i] ?? literal(undefined), e.initializer, nameIn(l, e)));
  });
}

export function nameIn(l: Lowering, element: ts.BindingElement | undefined): string {
  return element !== undefined && l.ts.isIdentifier(element.name) ? element.name.text : "";
}

/** The values of the elements of an array literal without spread. */
export function literalElements(l: Lowering, node: ts.Expression): readonly ts.Expression[] | undefined {
  const literal = bare(l.ts, node);
  if (!l.ts.isArrayLiteralExpression(literal)) return undefined;
  const plain = literal.elements.every((e) => !l.ts.isSpreadElement(e) && !l.ts.isOmittedExpression(e));
  return plain ? literal.elements : undefined;
}

/** Gives a name, or the names of a pattern, their values. */
export function bind(l: Lowering, name: ts.BindingName, value: Atom): void {
  if (!l.ts.isIdentifier(name)) return bindElements(l, name, value);
  const symbol = l.symbol(name);
  if (symbol !== undefined) declareVariable(l, symbol, value);
}

function bindElements(l: Lowering, pattern: ts.BindingPattern, of: Atom): void {
  if (l.ts.isObjectBindingPattern(pattern)) return bindMembers(l, pattern, of);
  const last = pattern.elements.at(-1);
  if (last !== undefined && isRest(l, last)) bind(l, last.name, otherElements(l, last, of, pattern.elements.length - 1, nameIn(l, last)));
  const elements = plainElements(l, pattern, true);
  if (of.type.kind !== "array" && of.type.kind !== "typed" && !(of.type.kind === "record" && of.type.shape === "tuple")) {
    reject(catalogue.pattern, pattern, excerpt(pattern));
  }
  elements.forEach((e, i) => {
    if (e === undefined) return;
    const { initializer } = e;
    const name = nameIn(l, e);
    bind(l, e.name, orDefault(l, elementAt(l, of, i, initializer === undefined ? name : "", initializer !== undefined), initializer, name));
  });
}

/** v === undefined ? e : v */
export function orDefault(l: Lowering, given: Atom, initializer: ts.Expression | undefined, name: string): Atom {
  // Null is no reason for a default.
  if (initializer === undefined || l.closures.isKnown(given) || isNull(given.type)) return given;
  if (given.kind === "literal") return given.value === undefined ? (functionValue(l, initializer) ?? expression(l, initializer, { name })) : given;
  const isAbsent = l.let("isUndefined", [given], bool);
  return choose(l, isAbsent, () => value(l, initializer, nonNull(given.type)), () => l.present(given), name);
}

/** const { x, y: { z }, w = 1 } = r */
function bindMembers(l: Lowering, pattern: ts.ObjectBindingPattern, given: Atom): void {
  const of = l.present(given);
  for (const e of pattern.elements) {
    if (e.dotDotDotToken !== undefined) {
      bind(l, e.name, otherMembers(l, e, of, pattern.elements.map((other) => keyOf(l, other))));
      continue;
    }
    const name = keyOf(l, e);
    const { initializer } = e;
    const hint = nameIn(l, e);
    const held = heldIn(l, e, of, name);
    if (held !== undefined) {
      bind(l, e.name, orDefault(l, held, initializer, hint));
      continue;
    }
    const member = memberAt(l, e, of, name, initializer === undefined ? hint : "", initializer !== undefined);
    bind(l, e.name, orDefault(l, member, initializer, hint));
  }
}

/** The member that a part of a pattern names. One with a default may be one that the object is known to lack. */
export function memberAt(l: Lowering, part: ts.Node, of: Atom, key: string | undefined, name: string, optional: boolean): Atom {
  if (key !== undefined && (of.type.kind === "array" || of.type.kind === "typed" || (of.type.kind === "record" && of.type.shape === "tuple"))) {
    if (key === "length") return of.type.kind === "record" ? literal(of.type.fields.length) : l.length(of);
    if (/^(?:0|[1-9]\d*)$/.test(key)) return elementAt(l, of, Number(key), name, optional);
  }
  if (key !== undefined && of.type.kind === "opaque" && l.ts.isBindingElement(part)) return constantMember(l, part, of, key, name);
  if (of.type.kind !== "record" || of.type.shape !== "object" || key === undefined) return reject(catalogue.pattern, part, excerpt(part));
  const field = of.type.fields.find((f) => f.name === key);
  if (field !== undefined) return l.loadField(of, field.name, name, optional);
  return optional ? literal(undefined) : reject(catalogue.pattern, part, excerpt(part));
}

// const { tags } = options   becomes   tags = options.tags   where nothing in the object is differentiated
function constantMember(l: Lowering, part: ts.BindingElement, of: Atom, key: string, name: string): Atom {
  const type = l.checker.getTypeAtLocation(part.parent);
  const property = type.getProperty(key);
  const isPlain = property !== undefined && (property.flags & l.ts.SymbolFlags.Accessor) === 0 && l.ts.isIdentifier(part.propertyName ?? part.name);
  if (!isPlain || part.initializer !== undefined) return reject(catalogue.pattern, part, excerpt(part));
  const result = l.variable(name, l.types.from(l.checker.getTypeOfSymbol(property)));
  l.add({ kind: "opaque", result, text: ["", `.${key}`], args: [of], pure: true, readsOnly: true });
  return result;
}

/** A function or what else an object holds besides its numbers. */
function heldIn(l: Lowering, e: ts.BindingElement, of: Atom, name: string | undefined): Atom | undefined {
  const holder = l.closures.holderOf(of);
  if (holder === undefined || name === undefined) return undefined;
  return holder.members.get(name) ?? (l.closures.isUnbound(of) || l.types.holdsFunctions(e) ? literal(undefined) : undefined);
}

function keyOf(l: Lowering, e: ts.BindingElement): string | undefined {
  return memberKey(l, e.propertyName ?? e.name);
}

/** The name of the member that a key of a pattern stands for: x, "x", [K] of a constant K. */
export function memberKey(l: Lowering, key: ts.PropertyName | ts.BindingName | undefined): string | undefined {
  if (key === undefined) return undefined;
  if (l.ts.isComputedPropertyName(key)) return literalKey(l, bare(l.ts, key.expression));
  return l.ts.isIdentifier(key) || l.ts.isStringLiteral(key) || l.ts.isNumericLiteral(key) ? key.text : undefined;
}

/** { a, ...r } = { a, b, c }   becomes   r = { b, c }. What may be missing would be there. */
export function otherMembers(l: Lowering, e: ts.Node, of: Atom, taken: readonly (string | undefined)[]): Atom {
  const fields = of.type.kind === "record" && of.type.shape === "object" ? of.type.fields.filter((f) => !taken.includes(f.name) && f.isTag !== true) : [];
  if (fields.length === 0 || fields.some((f) => f.type.nullable)) return reject(catalogue.pattern, e, excerpt(e));
  const elements = fields.map((f) => l.loadField(of, f.name));
  return l.allocate(recordOf(fields), { kind: "elements", elements });
}

/** const { sin, PI } = Math: calls find out by themselves what they call. */
function bindLibrary(l: Lowering, pattern: ts.ObjectBindingPattern): void {
  for (const e of pattern.elements) {
    const member = l.ts.isIdentifier(e.name) ? libraryMember(l, e.name) : undefined;
    if (member === undefined) return reject(catalogue.pattern, e, excerpt(e));
    bind(l, e.name, libraryValue(l, member));
  }
}

/** The element at a place known now, of an array or a tuple. */
export function elementAt(l: Lowering, of: Atom, index: number, name: string, optional = false): Atom {
  return of.type.kind === "record" ? l.loadField(of, String(index), name, optional) : l.load(of, literal(index), name, optional);
}

function isRest(l: Lowering, e: ts.ArrayBindingElement): e is ts.BindingElement {
  return !l.ts.isOmittedExpression(e) && e.dotDotDotToken !== undefined;
}

/** [x, ...r] = a   becomes   r = a.slice(1), of a typed array element by element, of a tuple a shorter one. */
export function otherElements(l: Lowering, e: ts.Node, of: Atom, from: number, name: string): Atom {
  if (of.type.kind === "record" && of.type.shape === "tuple") {
    const fields = of.type.fields.slice(from);
    if (fields.length === 0) return reject(catalogue.pattern, e, excerpt(e));
    return l.allocate(tupleOf(fields.map((f) => f.type)), { kind: "elements", elements: fields.map((f) => l.loadField(of, f.name)) }, name);
  }
  if (of.type.kind === "array") {
    const rest = l.variable(name, arrayOf(of.type.element));
    l.add({ kind: "copy", result: rest, of, depth: 1, from: literal(from) });
    return rest;
  }
  if (of.type.kind !== "typed") return reject(catalogue.pattern, e, excerpt(e));
  const rest = l.allocate(arrayOf(elementType(of.type)), { kind: "elements", elements: [] }, name);
  overRange(l, literal(from), l.length(of), (k) => {
    l.add({ kind: "push", of: rest, value: l.load(of, k) });
  });
  return rest;
}

/** The elements of a pattern without a rest, or those before it. */
export function plainElements(l: Lowering, pattern: ts.ArrayBindingPattern, allowsRest = false): readonly (ts.BindingElement | undefined)[] {
  return pattern.elements.map((e) => {
    if (l.ts.isOmittedExpression(e) || (allowsRest && isRest(l, e))) return undefined;
    if (e.dotDotDotToken !== undefined) reject(catalogue.pattern, e, excerpt(e));
    return e;
  });
}
