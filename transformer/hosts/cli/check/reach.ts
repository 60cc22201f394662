import type ts from "typescript";

/** The names in an expression that mean something else, or nothing, at the end of its file. */
export function namesOutOfReach(compiler: typeof ts, checker: ts.TypeChecker, expression: ts.Expression): string[] {
  const { SymbolFlags } = compiler;
  const file = expression.getSourceFile();
  const meanings = SymbolFlags.Value | SymbolFlags.Type | SymbolFlags.Namespace | SymbolFlags.Alias;
  const atEnd = new Map<string, ts.Symbol[]>();
  for (const symbol of checker.getSymbolsInScope(file.endOfFileToken, meanings)) {
    atEnd.set(symbol.name, [...(atEnd.get(symbol.name) ?? []), symbol]);
  }
  const hidden = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (node.kind === compiler.SyntaxKind.ThisKeyword || node.kind === compiler.SyntaxKind.SuperKeyword) hidden.add(node.getText(file));
    if (compiler.isIdentifier(node) && isReference(node) && !isReached(node)) hidden.add(node.text);
    compiler.forEachChild(node, visit);
  };
  visit(expression);
  return [...hidden];

  function isReached(name: ts.Identifier): boolean {
    const symbol = compiler.isShorthandPropertyAssignment(name.parent) && name.parent.name === name
      ? checker.getShorthandAssignmentValueSymbol(name.parent)
      : checker.getSymbolAtLocation(name);
    const declarations = symbol?.declarations ?? [];
    const [first] = declarations;
    // Globals like `undefined` are declared nowhere.
    if (first === undefined) return true;
    if (declarations.some((declaration) => isWithin(declaration, expression))) return true;
    return (atEnd.get(name.text) ?? []).some((other) => (other.declarations ?? []).includes(first));
  }

  /** Whether an identifier stands for something by itself, unlike `b` in `a.b` and in `{ b: 1 }`. */
  function isReference(name: ts.Identifier): boolean {
    const { parent } = name;
    if (compiler.isPropertyAccessExpression(parent) || compiler.isPropertyAssignment(parent)) return parent.name !== name;
    if (compiler.isBindingElement(parent)) return parent.propertyName !== name;
    if (compiler.isQualifiedName(parent)) return parent.right !== name;
    return true;
  }
}

function isWithin(node: ts.Node, outer: ts.Node): boolean {
  return node.getSourceFile() === outer.getSourceFile() && node.pos >= outer.pos && node.end <= outer.end;
}
