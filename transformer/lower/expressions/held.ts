import type ts from "typescript";
import { literal } from "../../ir/build.js";
import type { Atom } from "../../ir/model.js";
import { bool } from "../../ir/types.js";
import type { Closure, Holder, Written } from "../closures.js";
import { Draft } from "../draft.js";
import { isNeverWritten } from "../facts/constants.js";
import type { Lowering } from "../lowering.js";
import { bare, functionIn, isConst } from "../syntax.js";
import { assignsMember } from "./callee.js";
import { applyClosure, closureOf, functionValue } from "./function-values.js";
import { expression } from "./index.js";
import { nothing } from "./opaque.js";

type Access = ts.PropertyAccessExpression | ts.ElementAccessExpression;

/** What o.f or a[i] is, where it is known what o or a holds: `undefined` of an object that has no such function. */
export function heldBy(l: Lowering, node: Access): Atom | undefined {
  const { ts } = l;
  if (!l.types.holdsFunctions(node.expression) || (!isPathTo(l, node.expression) && l.types.at(node.expression).kind === "record" && !l.types.holdsFunctions(node))) return undefined;
  const pending = l.receiver instanceof Draft && node.expression.kind === ts.SyntaxKind.ThisKeyword && ts.isPropertyAccessExpression(node) ? l.receiver.get(node.name.text) : undefined;
  if (pending !== undefined) return pending;
  const found = holderAt(l, node.expression);

  if (found === undefined) return undefined;
  const getter = ts.isPropertyAccessExpression(node) ? accessorOf(found, `get ${node.name.text}`) : undefined;
  if (getter !== undefined) return applyClosure(l, node, getter, [], l.types.at(node));
  if (ts.isPropertyAccessExpression(node)) return node.name.text === "length" ? lengthOf(found.holder) : member(l, node, found, node.name.text);
  const key = expression(l, node.argumentExpression);
  if (key.kind === "literal") return member(l, node, found, String(key.value));
  return chosen(l, node, found, key);
}

/** o.x = v of an object literal with a setter: what is done with a value once there is one. */
export function heldSetter(l: Lowering, node: ts.PropertyAccessExpression): ((v: Atom) => void) | undefined {
  const found = isPathTo(l, node.expression) ? holderAt(l, node.expression) : undefined;
  const setter = found && accessorOf(found, `set ${node.name.text}`);
  return setter && ((v) => void applyClosure(l, node, setter, [v], undefined));
}

function accessorOf({ holder, atom }: Found, name: string): Written | undefined {
  const accessor = holder.accessors.get(name);
  return accessor && { ...accessor, ...(atom && { receiver: atom }) };
}

interface Found {
  readonly holder: Holder;
  /** The object itself; nothing where it is a constant from outside. */
  readonly atom?: Atom;
}

/** What an expression is known to hold. It is evaluated, unless it is no way to such an object. */
export function holderAt(l: Lowering, node: ts.Expression): Found | undefined {
  const { ts } = l;
  const inner = bare(ts, node);
  const symbol = ts.isIdentifier(inner) ? l.symbol(inner) : undefined;
  if (symbol !== undefined && !l.isLocal(symbol)) {
    const holder = constantHolder(l, symbol);
    return holder && { holder };
  }
  if (symbol !== undefined && l.closures.of(l.values.get(symbol)) !== undefined) return undefined;
  const isPath = isPathTo(l, inner);
  const isMade = ts.isCallExpression(inner) || ts.isNewExpression(inner) || ts.isArrayLiteralExpression(inner) || ts.isObjectLiteralExpression(inner);
  const isOwn = isPath ? l.facts.aliases.roots(inner).some((root) => l.isLocal(root) || (root.flags & ts.SymbolFlags.Prototype) !== 0) : isMade;
  if (!isOwn) return undefined;
  const atom = expression(l, inner);
  const holder = l.closures.holderOf(atom);
  return holder && { holder, atom };
}

/** A way to an object that does nothing. */
function isPathTo(l: Lowering, node: ts.Expression): boolean {
  const { ts } = l;
  const inner = bare(ts, node);
  if (ts.isPropertyAccessExpression(inner)) return isPathTo(l, inner.expression);
  if (ts.isElementAccessExpression(inner)) return isPathTo(l, inner.expression) && (ts.isNumericLiteral(inner.argumentExpression) || ts.isIdentifier(inner.argumentExpression) || ts.isStringLiteral(inner.argumentExpression));
  return ts.isIdentifier(inner) || inner.kind === ts.SyntaxKind.ThisKeyword;
}

function lengthOf({ length }: Holder): Atom | undefined {
  return length === undefined ? undefined : literal(length);
}

/** A member by its name. A method gets the object for its `this`. */
function member(l: Lowering, node: Access, { holder, atom }: Found, name: string): Atom | undefined {
  const held = holder.members.get(name);
  if (held === undefined) return l.types.holdsFunctions(node) && !holder.accessors.has(`get ${name}`) ? nothing : undefined;
  const closure = l.closures.of(held);
  if (closure?.kind !== "written" || atom === undefined || l.ts.isArrowFunction(closure.declaration)) return held;
  return l.closures.variable({ ...closure, receiver: atom });
}

/** a[i]   is   i === 0 ? a[0] : i === 1 ? a[1] : …   of functions; nothing for anything else that is held. */
function chosen(l: Lowering, node: Access, found: Found, key: Atom): Atom | undefined {
  const { holder } = found;
  const entries = [...holder.members].map(([name]) => ({ name, closure: l.closures.of(member(l, node, found, name)) }));
  const isNumber = key.type.kind === "int" || key.type.kind === "real";
  let rest: Closure = { kind: "none", text: node.getText() };
  for (const { name, closure } of entries.reverse()) {
    if (closure === undefined) return undefined;
    const test = l.let("===", [key, literal(isNumber ? Number(name) : name)], bool);
    rest = { kind: "choice", test, then: closure, otherwise: rest };
  }
  return entries.length === 0 ? undefined : l.closures.variable(rest);
}

/** What a `const` from outside holds whose text says so, as long as nothing in the program may write to it. */
export function constantHolder(l: Lowering, symbol: ts.Symbol): Holder | undefined {
  const declaration = symbol.valueDeclaration;
  if (declaration === undefined || !l.ts.isVariableDeclaration(declaration) || !isConst(l.ts, declaration) || declaration.initializer === undefined) return undefined;
  return constantIn(l, declaration.initializer, isNeverWritten(l, symbol));
}

/** What a literal holds. An array may be written through any of its names, a member only where the program assigns such a one. */
function constantIn(l: Lowering, node: ts.Expression, isFixed: boolean): Holder | undefined {
  const { ts } = l;
  const inner = bare(ts, node);
  const members = new Map<string, Atom>();
  const add = (name: string, value: ts.Expression): boolean => {
    const atom = constantAtom(l, value, isFixed);
    if (atom !== undefined) members.set(name, atom);
    return atom !== undefined;
  };
  if (ts.isArrayLiteralExpression(inner)) {
    const isPlain = isFixed && inner.elements.every((e, i) => !ts.isSpreadElement(e) && !ts.isOmittedExpression(e) && add(String(i), e));
    return isPlain ? { members, accessors: new Map(), length: inner.elements.length } : undefined;
  }
  if (!ts.isObjectLiteralExpression(inner)) return undefined;
  for (const p of inner.properties) {
    if (p.name === undefined || ts.isComputedPropertyName(p.name)) return undefined;
    const name = p.name.text;
    const value = ts.isPropertyAssignment(p) ? p.initializer : ts.isShorthandPropertyAssignment(p) ? p.name : undefined;
    const isKnown = value !== undefined && (isFixed || !assignsMember(l, name)) && add(name, value);
    // What holds no functions is read as text.
    if (!isKnown && l.types.holdsFunctions(value ?? p.name)) return undefined;
  }
  return { members, accessors: new Map() };
}

/** A function, or something that holds functions and constants. */
function constantAtom(l: Lowering, node: ts.Expression, isFixed: boolean): Atom | undefined {
  const { ts } = l;
  const inner = bare(ts, node);
  if (ts.isNumericLiteral(inner) || ts.isStringLiteral(inner)) return expression(l, inner);
  const closure = l.types.holdsFunctions(inner) && !ts.isCallExpression(inner) ? closureOf(l, inner) : undefined;
  if (closure !== undefined) return l.closures.variable(closure);
  const holder = constantIn(l, inner, isFixed);
  return holder && l.closures.object(holder);
}

/** What a member of a literal is to the object that holds it. */
export function heldValue(l: Lowering, node: ts.Expression): Atom {
  return functionValue(l, node) ?? expression(l, node);
}

export function writtenAt(l: Lowering, declaration: ts.FunctionLikeDeclaration): Written {
  const isArrow = functionIn(l.ts, declaration as ts.Expression) !== undefined && l.ts.isArrowFunction(declaration);
  return { kind: "written", declaration, values: new Map(l.values), calls: [...l.activations], ...(isArrow && l.receiver && { receiver: l.receiver }) };
}

/** The elements of an array that is known by them. */
export function heldList(l: Lowering, node: ts.Expression): readonly Atom[] | undefined {
  const found = l.types.holdsFunctions(node) ? holderAt(l, node) : undefined;
  if (found?.holder.length === undefined) return undefined;
  return [...found.holder.members.values()];
}

export function listOf(l: Lowering, elements: readonly Atom[]): Atom {
  return l.closures.object({ members: new Map(elements.map((e, i) => [String(i), e])), accessors: new Map(), length: elements.length });
}
