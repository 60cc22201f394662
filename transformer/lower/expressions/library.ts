import type ts from "typescript";
import type { Lowering } from "../lowering.js";
import { bare } from "../syntax.js";

/** A function or constant of a global object of the library: `Math.sin` is `sin` of `Math`, `isNaN` is of "". */
export interface Member {
  readonly owner: string;
  readonly name: string;
}

/** What a call or a property access refers to, if it is of the library; also through `const sin = Math.sin`. */
export function libraryMember(l: Lowering, node: ts.CallExpression | ts.PropertyAccessExpression | ts.Identifier): Member | undefined {
  return member(l, l.ts.isCallExpression(node) ? node.expression : node, 0);
}

function member(l: Lowering, expression: ts.Expression, depth: number): Member | undefined {
  const { ts } = l;
  const node = bare(ts, expression);
  if (ts.isPropertyAccessExpression(node)) {
    const owner = bare(ts, node.expression);
    return ts.isIdentifier(owner) && isGlobal(l, owner) ? { owner: owner.text, name: node.name.text } : undefined;
  }
  if (!ts.isIdentifier(node)) return undefined;
  if (isGlobal(l, node)) return { owner: "", name: node.text };
  const declaration = l.symbol(node)?.valueDeclaration;
  if (declaration === undefined || depth > 4) return undefined;
  if (ts.isVariableDeclaration(declaration) && declaration.initializer !== undefined) {
    return isConstant(l, declaration) ? member(l, declaration.initializer, depth + 1) : undefined;
  }
  return ts.isBindingElement(declaration) ? fromPattern(l, declaration) : undefined;
}

/** const { sin, cos: c } = Math */
function fromPattern(l: Lowering, element: ts.BindingElement): Member | undefined {
  const { ts } = l;
  const variable = element.parent.parent;
  if (!ts.isVariableDeclaration(variable) || !isConstant(l, variable) || variable.initializer === undefined) return undefined;
  const owner = bare(ts, variable.initializer);
  const name = element.propertyName ?? element.name;
  if (!ts.isIdentifier(owner) || !ts.isIdentifier(name) || !isGlobal(l, owner) || element.dotDotDotToken) return undefined;
  return { owner: owner.text, name: name.text };
}

function isConstant(l: Lowering, declaration: ts.VariableDeclaration): boolean {
  return (l.ts.getCombinedNodeFlags(declaration) & l.ts.NodeFlags.Const) !== 0;
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
