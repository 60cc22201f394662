import type ts from "typescript";

/**
 * The local name of what a file imports itself, where emitted code can use it: the import is there at run time, because
 * the file uses it as a value, and the name means nothing else in any part of the file.
 */
export function ownImport(compiler: typeof ts, checker: ts.TypeChecker, file: ts.SourceFile, specifier: string, name: string): string | undefined {
  for (const statement of file.statements) {
    if (!compiler.isImportDeclaration(statement) || !compiler.isStringLiteral(statement.moduleSpecifier) || statement.moduleSpecifier.text !== specifier) continue;
    const bindings = statement.importClause?.namedBindings;
    if (bindings === undefined || !compiler.isNamedImports(bindings)) continue;
    const found = bindings.elements.find((e) => (e.propertyName ?? e.name).text === name);
    if (found !== undefined && isValue(compiler, checker, file, found.name)) return found.name.text;
  }
  return undefined;
}

function isValue(compiler: typeof ts, checker: ts.TypeChecker, file: ts.SourceFile, local: ts.Identifier): boolean {
  const symbol = checker.getSymbolAtLocation(local);
  let used = false;
  const visit = (node: ts.Node): boolean => {
    if (compiler.isIdentifier(node) && node.text === local.text && node !== local && !isMember(compiler, node)) {
      const isShort = compiler.isShorthandPropertyAssignment(node.parent);
      if ((isShort ? checker.getShorthandAssignmentValueSymbol(node.parent) : checker.getSymbolAtLocation(node)) !== symbol) return false;
      used ||= !isOfType(compiler, node);
    }
    return !(compiler.forEachChild(node, (child) => !visit(child) || undefined) ?? false);
  };
  return visit(file) && used;
}

/** The `b` of `a.b`, of `{ b: 1 }` and of `import { b as c }`. */
function isMember(compiler: typeof ts, name: ts.Identifier): boolean {
  const { parent } = name;
  if (compiler.isPropertyAccessExpression(parent) || compiler.isPropertyAssignment(parent)) return parent.name === name;
  return compiler.isImportSpecifier(parent) || compiler.isExportSpecifier(parent);
}

function isOfType(compiler: typeof ts, name: ts.Node): boolean {
  for (let node = name; !compiler.isStatement(node); node = node.parent) if (compiler.isTypeNode(node)) return true;
  return false;
}
