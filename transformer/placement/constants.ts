import type ts from "typescript";
import type { Packages } from "../through.js";
import { resolved } from "../through/exports.js";
import type { Changes } from "./changes.js";

/** Constants private to a package, copied into the files that need them. */
export interface Constants {
  /** The name of the copy; nothing for what is no constant. */
  copyOf(symbol: ts.Symbol, by: ts.SourceFile): string | undefined;
}

// const COEFFICIENTS = [0.99, 57.1];   const g = 607 / 128;   behind the imports of the file.
export function createConstants(compiler: typeof ts, packages: Packages, changes: Changes, nameFor: (by: ts.SourceFile, wish: string) => string): Constants {
  const checker = packages.program.getTypeChecker();
  const copies = new Map<ts.SourceFile, Map<ts.Symbol, string>>();

  const symbolOf = (name: ts.Identifier): ts.Symbol | undefined => {
    const symbol = checker.getSymbolAtLocation(name);
    return symbol && resolved(compiler, checker, symbol);
  };

  function initialOf(symbol: ts.Symbol): ts.Expression | undefined {
    const declaration = symbol.valueDeclaration;
    if (declaration === undefined || !compiler.isVariableDeclaration(declaration) || !packages.isSource(declaration.getSourceFile().fileName)) return undefined;
    const isConst = (compiler.getCombinedNodeFlags(declaration) & compiler.NodeFlags.Const) !== 0;
    return isConst && compiler.isSourceFile(declaration.parent.parent.parent) ? declaration.initializer : undefined;
  }

  /** Whether an expression is made of literals, arithmetic, the functions of Math and constants of the same kind. */
  function isConstant(node: ts.Expression, seen: ReadonlySet<ts.Symbol>): boolean {
    const all = (parts: readonly ts.Expression[]): boolean => parts.every((part) => isConstant(part, seen));
    if (compiler.isLiteralExpression(node) || node.kind === compiler.SyntaxKind.TrueKeyword || node.kind === compiler.SyntaxKind.FalseKeyword) return true;
    if (compiler.isPrefixUnaryExpression(node)) return isConstant(node.operand, seen);
    if (compiler.isParenthesizedExpression(node)) return isConstant(node.expression, seen);
    if (compiler.isBinaryExpression(node)) return !isAssigning(node) && all([node.left, node.right]);
    if (compiler.isArrayLiteralExpression(node)) return all(node.elements);
    if (compiler.isCallExpression(node)) return isOfMath(node.expression) && !/random$/.test(node.expression.getText()) && all(node.arguments);
    if (compiler.isPropertyAccessExpression(node)) return isOfMath(node);
    const symbol = compiler.isIdentifier(node) ? symbolOf(node) : undefined;
    const initial = symbol && !seen.has(symbol) ? initialOf(symbol) : undefined;
    return symbol !== undefined && initial !== undefined && isConstant(initial, new Set(seen).add(symbol));
  }

  function isAssigning({ operatorToken: { kind } }: ts.BinaryExpression): boolean {
    return kind >= compiler.SyntaxKind.FirstAssignment && kind <= compiler.SyntaxKind.LastAssignment;
  }

  function isOfMath(node: ts.Expression): boolean {
    if (!compiler.isPropertyAccessExpression(node) || !compiler.isIdentifier(node.expression) || node.expression.text !== "Math") return false;
    return symbolOf(node.expression)?.declarations?.every((d) => packages.program.isSourceFileDefaultLibrary(d.getSourceFile())) ?? false;
  }

  /** Whether an array is only read, element by element: a copy would not see what is written to it. */
  function isOnlyRead(symbol: ts.Symbol, file: ts.SourceFile): boolean {
    const reads = (name: ts.Identifier): boolean => {
      const { parent } = name;
      if (compiler.isVariableDeclaration(parent)) return parent.name === name;
      if (compiler.isPropertyAccessExpression(parent)) return parent.name.text === "length";
      if (!compiler.isElementAccessExpression(parent) || parent.expression !== name) return false;
      const of = parent.parent;
      if (compiler.isBinaryExpression(of)) return of.left !== parent || !isAssigning(of);
      return !compiler.isPostfixUnaryExpression(of) && !compiler.isPrefixUnaryExpression(of) && !compiler.isDeleteExpression(of);
    };
    const visit = (node: ts.Node): boolean => {
      if (compiler.isIdentifier(node) && node.text === symbol.name && symbolOf(node) === symbol && !reads(node)) return false;
      return !(compiler.forEachChild(node, (child) => !visit(child) || undefined) ?? false);
    };
    return visit(file);
  }

  /** The text of an expression with the names that its constants have here. */
  function textOf(node: ts.Expression, by: ts.SourceFile): string {
    const file = node.getSourceFile();
    let text = "";
    let at = node.getStart(file);
    const visit = (inner: ts.Node): void => {
      const symbol = compiler.isIdentifier(inner) ? symbolOf(inner) : undefined;
      if (symbol !== undefined && initialOf(symbol) !== undefined) {
        text += file.text.slice(at, inner.getStart(file)) + (copyOf(symbol, by) ?? inner.getText(file));
        at = inner.getEnd();
      } else compiler.forEachChild(inner, visit);
    };
    visit(node);
    return text + file.text.slice(at, node.getEnd());
  }

  function copyOf(symbol: ts.Symbol, by: ts.SourceFile): string | undefined {
    const ofFile = copies.get(by) ?? new Map<ts.Symbol, string>();
    copies.set(by, ofFile);
    const known = ofFile.get(symbol);
    if (known !== undefined) return known;
    const initial = initialOf(symbol);
    const after = lastImport(by);
    if (initial === undefined || after === undefined || !isConstant(initial, new Set([symbol]))) return undefined;
    const isArray = (checker.getTypeAtLocation(initial).flags & compiler.TypeFlags.Object) !== 0;
    if (isArray && !isOnlyRead(symbol, initial.getSourceFile())) return undefined;
    const name = nameFor(by, symbol.name);
    ofFile.set(symbol, name);
    const text = `const ${name} = ${textOf(initial, by)};`;
    changes.of(by).additions.push({ container: by, after, emitted: { text, spans: [] } });
    return name;
  }

  /** One that stays: that of the markers goes where they are replaced. */
  function lastImport(by: ts.SourceFile): ts.Statement | undefined {
    return by.statements.findLast((s) => compiler.isImportDeclaration(s) && compiler.isStringLiteral(s.moduleSpecifier) && s.moduleSpecifier.text !== "tsgrad");
  }

  return { copyOf };
}
