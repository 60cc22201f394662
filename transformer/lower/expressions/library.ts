import type ts from "typescript";
import type { Lowering } from "../lowering.js";
import { bare, isConst } from "../syntax.js";

/** A function or constant of a global object of the library: `Math.sin` is `sin` of `Math`, `isNaN` is of "". */
export interface Member {
  readonly owner: string;
  readonly name: string;
}

/**
 * What a call, a name or an access refers to, if it is of the library; also through `const sin = Math.sin`,
 * `const m = Math`, `Math["sin"]` and `globalThis.Math`.
 */
export function libraryMember(l: Lowering, node: ts.Expression): Member | undefined {
  return member(l, l.ts.isCallExpression(node) ? node.expression : node, 0);
}

function member(l: Lowering, expression: ts.Expression, depth: number): Member | undefined {
  const { ts } = l;
  const node = bare(ts, expression);
  if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) {
    const name = accessedName(l, node);
    const owner = libraryObject(l, node.expression, depth);
    return name === undefined || owner === undefined ? undefined : { owner, name };
  }
  if (!ts.isIdentifier(node)) return undefined;
  if (isGlobal(l, node)) return { owner: "", name: node.text };
  const declaration = l.symbol(node)?.valueDeclaration;
  if (declaration === undefined || depth > 4) return undefined;
  if (ts.isVariableDeclaration(declaration) && declaration.initializer !== undefined) {
    return isConst(ts, declaration) ? member(l, declaration.initializer, depth + 1) : undefined;
  }
  return ts.isBindingElement(declaration) ? fromPattern(l, declaration) : undefined;
}

function accessedName(l: Lowering, node: ts.PropertyAccessExpression | ts.ElementAccessExpression): string | undefined {
  if (l.ts.isPropertyAccessExpression(node)) return node.name.text;
  const key = bare(l.ts, node.argumentExpression);
  return l.ts.isStringLiteralLike(key) ? key.text : undefined;
}

/** The global object that an expression is: Math, globalThis.Math, or a constant bound to it. `globalThis` is "". */
export function libraryObject(l: Lowering, expression: ts.Expression, depth = 0): string | undefined {
  const { ts } = l;
  const node = bare(ts, expression);
  if (depth > 4) return undefined;
  if (ts.isPropertyAccessExpression(node)) return libraryObject(l, node.expression, depth + 1) === "" ? node.name.text : undefined;
  if (!ts.isIdentifier(node)) return undefined;
  if (isGlobal(l, node)) return node.text === "globalThis" ? "" : node.text;
  const declaration = l.symbol(node)?.valueDeclaration;
  const isBound = declaration !== undefined && ts.isVariableDeclaration(declaration) && isConst(ts, declaration);
  return isBound && declaration.initializer !== undefined ? libraryObject(l, declaration.initializer, depth + 1) : undefined;
}

/** const { sin, cos: c } = Math */
function fromPattern(l: Lowering, element: ts.BindingElement): Member | undefined {
  const { ts } = l;
  const variable = element.parent.parent;
  if (!ts.isVariableDeclaration(variable) || !isConst(ts, variable) || variable.initializer === undefined) return undefined;
  const owner = libraryObject(l, variable.initializer);
  const name = element.propertyName ?? element.name;
  return owner === undefined || !ts.isIdentifier(name) || element.dotDotDotToken ? undefined : { owner, name: name.text };
}

/** Whether a name is one of the library, and not one that the program declares. */
export function isGlobal(l: Lowering, name: ts.Identifier): boolean {
  const symbol = l.checker.getSymbolAtLocation(name);
  const declarations = symbol?.declarations ?? [];
  if (symbol !== undefined && declarations.length === 0) return name.text === "undefined" || name.text === "globalThis";
  return declarations.length > 0 && declarations.every((d) => isLibraryFile(l, d.getSourceFile()));
}

function isLibraryFile(l: Lowering, file: ts.SourceFile): boolean {
  // Global declarations of packages like those of Node declare `console` and `Buffer`.
  return l.context.program.isSourceFileDefaultLibrary(file) || (file.isDeclarationFile && file.fileName.includes("/@types/"));
}
