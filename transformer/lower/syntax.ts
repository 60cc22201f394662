import type ts from "typescript";

/** An expression without parentheses, `as`, `satisfies`, `!` and type assertions around it. */
export function bare(compiler: typeof ts, expression: ts.Expression): ts.Expression {
  let at = expression;
  while (
    compiler.isParenthesizedExpression(at) ||
    compiler.isAsExpression(at) ||
    compiler.isSatisfiesExpression(at) ||
    compiler.isNonNullExpression(at) ||
    compiler.isTypeAssertionExpression(at)
  ) {
    at = at.expression;
  }
  return at;
}

/** The function that an expression is, if it is one. */
export function functionIn(
  compiler: typeof ts,
  expression: ts.Expression | undefined,
): ts.ArrowFunction | ts.FunctionExpression | undefined {
  const node = expression && bare(compiler, expression);
  return node !== undefined && (compiler.isArrowFunction(node) || compiler.isFunctionExpression(node)) ? node : undefined;
}

/** Whether `node` stands within `outer`, or is it. */
export function isWithin(node: ts.Node, outer: ts.Node): boolean {
  return node.getSourceFile() === outer.getSourceFile() && node.pos >= outer.pos && node.end <= outer.end;
}

export function isConst(compiler: typeof ts, declaration: ts.VariableDeclaration): boolean {
  return (compiler.getCombinedNodeFlags(declaration) & compiler.NodeFlags.Const) !== 0;
}

/** The variable that a name stands for, also in `{ x }` and where a parameter of a constructor is a field as well. */
export function symbolAt(compiler: typeof ts, checker: ts.TypeChecker, name: ts.Node): ts.Symbol | undefined {
  const { parent } = name;
  if (compiler.isIdentifier(name) && compiler.isShorthandPropertyAssignment(parent) && parent.name === name) return checker.getShorthandAssignmentValueSymbol(parent);
  if (compiler.isIdentifier(name) && compiler.isParameter(parent) && parent.name === name && compiler.isParameterPropertyDeclaration(parent, parent.parent)) {
    return checker.getSymbolsOfParameterPropertyDeclaration(parent, name.text)[0];
  }
  return checker.getSymbolAtLocation(name);
}
