import type ts from "typescript";
import { catalogue } from "../../diagnostics.js";
import { literal } from "../../ir/build.js";
import type { Atom, Literal, Var } from "../../ir/model.js";
import { int, isNull, nullable, opaque as opaqueType, real } from "../../ir/types.js";
import { nestedFunction } from "../facts/assigned.js";
import { filler } from "../branch.js";
import { isCell, readCell } from "../cells.js";
import type { Lowering } from "../lowering.js";
import { reject, Rejected } from "../rejected.js";
import { bare, isConst, isWithin } from "../syntax.js";
import type { Want } from "./index.js";
import { functionText } from "./function-values.js";
import { constantHolder } from "./held.js";
import { isGlobal, libraryMember } from "./library.js";
import { opaque } from "./opaque.js";

/** A number as it is written, unless it is written the way that it prints. */
export function lowerNumber(_: Lowering, node: ts.NumericLiteral): Literal {
  return number(Number(node.text), node.getText());
}

/** `null` where a number, an array or an object may be missing; elsewhere it is text. */
export function lowerNull(l: Lowering, node: ts.Expression, want: Want): Atom {
  const expected = l.checker.getContextualType(node);
  const found = expected && l.types.from(expected);
  const type = found !== undefined && isNull(found) ? found : want.type;
  return type !== undefined && isNull(type) ? { ...literal(undefined), type } : opaque(l, node, want);
}

export function number(value: number, text: string): Literal {
  const type = Number.isSafeInteger(value) && !Object.is(value, -0) ? int : real;
  return text === String(value) ? { kind: "literal", value, type } : { kind: "literal", value, type, text };
}

const globals: Readonly<Record<string, Literal>> = {
  undefined: { kind: "literal", value: undefined, type: nullable(opaqueType) },
  NaN: { kind: "literal", value: NaN, type: real },
  Infinity: { kind: "literal", value: Infinity, type: real },
};

export function lowerName(l: Lowering, node: ts.Identifier, want: Want): Atom {
  const known = globals[node.text];
  if (known !== undefined && isGlobal(l, node)) return known;
  const symbol = l.symbol(node);
  if (symbol === undefined) return opaque(l, node, want);
  if (l.isLocal(symbol)) return local(l, node, symbol);
  const constant = constantValue(l, symbol);
  if (constant !== undefined) return isOfModule(l, node) ? { ...number(constant.value, node.text), written: constant.written } : number(constant.value, constant.written);
  if (isAssigned(l, symbol)) return opaque(l, node, want);
  const value = captured(l, node, symbol);
  const holder = l.types.holdsFunctions(node) ? constantHolder(l, symbol) : undefined;
  if (holder !== undefined) l.closures.hold(value, holder);
  return value;
}

export function local(l: Lowering, node: ts.Identifier, symbol: ts.Symbol): Atom {
  const value = l.values.get(symbol);
  const closure = l.closures.of(value);
  if (closure !== undefined) return functionText(l, node, closure);
  if (value !== undefined) return isCell(l, symbol) ? readCell(l, symbol, value) : value;
  const callee = nestedFunction(l, node);
  if (callee !== undefined) return opaque(l, callee);
  // It is declared and not assigned; or the statement that assigns it has been rejected.
  if (l.values.has(symbol)) return filler(l.typeOf(symbol));
  throw new Rejected();
}

/** A name from outside: printed as it is written here. A symbol has one variable in all functions. */
export function captured(l: Lowering, node: ts.Identifier, symbol: ts.Symbol): Var {
  if (node.text === "arguments" && symbol.declarations === undefined) reject(catalogue.thisValue, node, node.text);
  if (isBeside(l, symbol)) reject(catalogue.recursiveClosure, node, node.text);
  const home = node.getSourceFile();
  const isPackage = l.context.packages.isSource(home.fileName);
  if (home !== l.root.getSourceFile() && !isPackage) reject(catalogue.otherModule, node, node.text, l.root.getSourceFile().fileName.replace(/^.*[/\\]/, ""));
  let capture = l.context.captured.get(symbol);
  if (capture === undefined) {
    const reach = isPackage ? { imported: true } : isOfModule(l, node) ? {} : { local: true };
    capture = { kind: "var", name: node.text, type: l.types.at(node), captured: true, ...reach, origin: l.origin };
    l.context.captured.set(symbol, capture);
    l.context.uses.set(capture, node);
  }
  l.captures.set(symbol, capture);
  return capture;
}

/** A class of the program, which is imported where code uses it that stands in another module. */
export function capturedClass(l: Lowering, name: ts.Identifier, key: ts.Symbol): Var {
  let capture = l.context.captured.get(key);
  if (capture === undefined) {
    const reach = isOfModule(l, name) ? { imported: true } : { local: true };
    capture = { kind: "var", name: name.text, type: { ...opaqueType, text: "Function" }, captured: true, isClass: true, ...reach, origin: l.origin };
    l.context.captured.set(key, capture);
    l.context.uses.set(capture, name);
  }
  l.captures.set(key, capture);
  return capture;
}

/** Whether a name is of the function that a lifted one is declared in, and not given to that. */
function isBeside({ lifted, root }: Lowering, symbol: ts.Symbol): boolean {
  return lifted !== undefined && (symbol.declarations ?? []).some((d) => isWithin(d, lifted.within) && (d === root || !isWithin(d, root)));
}

/** Whether a name is declared by a statement of its module, or imported. */
function isOfModule(l: Lowering, node: ts.Identifier): boolean {
  const { ts } = l;
  return (l.checker.getSymbolAtLocation(node)?.declarations ?? []).every((declaration) => {
    let at: ts.Node = declaration.parent;
    while (ts.isVariableDeclarationList(at) || ts.isVariableStatement(at) || ts.isImportClause(at) || ts.isNamedImports(at) || ts.isImportDeclaration(at)) at = at.parent;
    return ts.isSourceFile(at);
  });
}

/** The number that a `const` from outside is bound to, where its text is a number. */
function constantValue(l: Lowering, symbol: ts.Symbol): { readonly value: number; readonly written: string } | undefined {
  const declaration = symbol.valueDeclaration;
  if (declaration === undefined || !l.ts.isVariableDeclaration(declaration) || !isConst(l.ts, declaration)) return undefined;
  const text = declaration.initializer && bare(l.ts, declaration.initializer);
  if (text === undefined) return undefined;
  if (l.ts.isNumericLiteral(text)) return { value: Number(text.text), written: text.getText() };
  const isNegative = l.ts.isPrefixUnaryExpression(text) && text.operator === l.ts.SyntaxKind.MinusToken;
  if (!isNegative || !l.ts.isNumericLiteral(text.operand)) return undefined;
  return { value: -Number(text.operand.text), written: `-${text.operand.getText()}` };
}

/** Whether a variable from outside may be assigned somewhere: then it is read where it stands, each time. */
export function isAssigned(l: Lowering, symbol: ts.Symbol): boolean {
  const { ts } = l;
  const declaration = symbol.valueDeclaration;
  if (declaration === undefined || !(ts.isVariableDeclaration(declaration) || ts.isParameter(declaration) || ts.isBindingElement(declaration))) {
    return false;
  }
  if ((ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0) return false;
  const visit = (node: ts.Node): boolean => {
    if (ts.isIdentifier(node) && isTarget(l, node) && l.symbol(node) === symbol) return true;
    return ts.forEachChild(node, (child) => visit(child) || undefined) ?? false;
  };
  return visit(declaration.getSourceFile());
}

function isTarget(l: Lowering, node: ts.Identifier): boolean {
  const { ts } = l;
  const { parent } = node;
  if (ts.isPostfixUnaryExpression(parent)) return true;
  if (ts.isPrefixUnaryExpression(parent)) return parent.operator === ts.SyntaxKind.PlusPlusToken || parent.operator === ts.SyntaxKind.MinusMinusToken;
  if (ts.isForOfStatement(parent) || ts.isForInStatement(parent)) return parent.initializer === node;
  if (ts.isArrayLiteralExpression(parent) || ts.isShorthandPropertyAssignment(parent) || ts.isPropertyAssignment(parent) || ts.isSpreadElement(parent)) return isInPattern(l, node);
  const isLeft = ts.isBinaryExpression(parent) && parent.left === node;
  return isLeft && parent.operatorToken.kind >= ts.SyntaxKind.FirstAssignment && parent.operatorToken.kind <= ts.SyntaxKind.LastAssignment;
}

/** Whether a literal around a name is what is assigned to: `[a, { b: [c] }] = …`. */
function isInPattern(l: Lowering, node: ts.Node): boolean {
  const { ts } = l;
  let at = node;
  while (ts.isArrayLiteralExpression(at.parent) || ts.isObjectLiteralExpression(at.parent) || ts.isObjectLiteralElement(at.parent) || ts.isSpreadElement(at.parent) || ts.isParenthesizedExpression(at.parent)) at = at.parent;
  const { parent } = at;
  if (ts.isForOfStatement(parent) || ts.isForInStatement(parent)) return parent.initializer === at;
  return ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken && parent.left === at;
}

/** Whether an expression is a constant in the text: a number, a constant expression of numbers, a `const` bound to one. */
export function isConstantText(l: Lowering, expression: ts.Expression, depth = 0): boolean {
  const { ts } = l;
  const node = bare(ts, expression);
  if (ts.isNumericLiteral(node)) return true;
  if (ts.isPrefixUnaryExpression(node)) {
    const sign = node.operator === ts.SyntaxKind.MinusToken || node.operator === ts.SyntaxKind.PlusToken;
    return sign && isConstantText(l, node.operand, depth);
  }
  if (ts.isBinaryExpression(node)) {
    const arithmetic = "+ - * / % **".split(" ").includes(node.operatorToken.getText());
    return arithmetic && isConstantText(l, node.left, depth) && isConstantText(l, node.right, depth);
  }
  if (ts.isPropertyAccessExpression(node)) return ["Math", "Number"].includes(libraryMember(l, node)?.owner ?? "");
  if (!ts.isIdentifier(node)) return false;
  if (node.text in globals && isGlobal(l, node)) return node.text !== "undefined";
  const declaration = l.symbol(node)?.valueDeclaration;
  if (declaration === undefined || depth > 8 || !ts.isVariableDeclaration(declaration) || !isConst(ts, declaration)) return false;
  return declaration.initializer !== undefined && isConstantText(l, declaration.initializer, depth + 1);
}

/** `undefined` as a value of the IR. */
export const absent: Literal = literal(undefined);
