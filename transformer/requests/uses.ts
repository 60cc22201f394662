import type ts from "typescript";
import { containsAny, type Markers } from "./markers.js";

/** A place where a marker is named: the callee of a call, or something that is no call. */
export type Use =
  | { readonly name: ts.Identifier; readonly call: ts.CallExpression }
  | { readonly name: ts.Identifier; readonly call?: undefined };

/** Every use of a marker as a value in one file, in the order of the text. Imports, exports and types are no uses. */
export function usesIn(compiler: typeof ts, checker: ts.TypeChecker, markers: Markers, file: ts.SourceFile): Use[] {
  if (!containsAny(file.text, markers.words)) return [];
  const { direct, all } = importedNames(compiler, file, markers.words);
  if (all.size === 0) return [];
  const uses: Use[] = [];
  // Most statements name none, and are not gone through.
  const named = markers.words && new Set([...markers.words, ...direct]);
  for (const s of file.statements) if (named === undefined || containsAny(file.text.slice(s.pos, s.end), named)) visit(s);
  return uses;

  function visit(node: ts.Node): void {
    if (compiler.isImportDeclaration(node) || compiler.isExportDeclaration(node)) return;
    if (compiler.isImportEqualsDeclaration(node) || compiler.isTypeNode(node)) return;
    // export default grad;   export = grad;   hand the marker on; their importers are looked at too.
    if (compiler.isExportAssignment(node) && compiler.isIdentifier(node.expression)) return;
    if (compiler.isIdentifier(node) && couldName(node) && markers.kindOfSymbol(symbolOf(node)) !== undefined) {
      const call = callOf(compiler, node);
      uses.push(call === undefined ? { name: node } : { name: node, call });
    }
    compiler.forEachChild(node, visit);
  }

  /** Asking the checker is slow, so only names are asked for that an import brought in, or that stand behind one. */
  function couldName(name: ts.Identifier): boolean {
    const parent = name.parent;
    if (compiler.isPropertyAccessExpression(parent) && parent.name === name) {
      if (markers.words !== undefined && !markers.words.has(name.text)) return false;
      let object: ts.Expression = parent.expression;
      while (compiler.isPropertyAccessExpression(object)) object = object.expression;
      return compiler.isIdentifier(object) && all.has(object.text);
    }
    return direct.has(name.text);
  }
  function symbolOf(name: ts.Identifier): ts.Symbol | undefined {
    return compiler.isShorthandPropertyAssignment(name.parent) && name.parent.name === name
      ? checker.getShorthandAssignmentValueSymbol(name.parent)
      : checker.getSymbolAtLocation(name);
  }
}

/** The call whose callee the name is: `grad(f)`, `ns.grad(f)`, `(grad)(f)`. */
function callOf(compiler: typeof ts, name: ts.Identifier): ts.CallExpression | undefined {
  let callee: ts.Expression = name;
  if (compiler.isPropertyAccessExpression(callee.parent) && callee.parent.name === name) callee = callee.parent;
  while (
    compiler.isParenthesizedExpression(callee.parent) ||
    compiler.isNonNullExpression(callee.parent) ||
    compiler.isAsExpression(callee.parent) ||
    compiler.isSatisfiesExpression(callee.parent)
  )
    callee = callee.parent;
  return compiler.isCallExpression(callee.parent) && callee.parent.expression === callee ? callee.parent : undefined;
}

/** The local names of imports: `all`, and in `direct` those that may be a marker themselves. */
function importedNames(
  compiler: typeof ts,
  file: ts.SourceFile,
  words: ReadonlySet<string> | undefined,
): { direct: ReadonlySet<string>; all: ReadonlySet<string> } {
  const direct = new Set<string>();
  const all = new Set<string>();
  const add = (local: ts.Identifier, imported: string): void => {
    all.add(local.text);
    if (words === undefined || words.has(imported)) direct.add(local.text);
  };
  for (const statement of file.statements) {
    if (compiler.isImportEqualsDeclaration(statement)) {
      const reference = statement.moduleReference;
      add(statement.name, compiler.isQualifiedName(reference) ? reference.right.text : statement.name.text);
    }
    if (!compiler.isImportDeclaration(statement)) continue;
    const clause = statement.importClause;
    if (clause?.name !== undefined) add(clause.name, "default");
    const bindings = clause?.namedBindings;
    if (bindings === undefined) continue;
    if (compiler.isNamespaceImport(bindings)) all.add(bindings.name.text);
    else for (const { name, propertyName } of bindings.elements) add(name, (propertyName ?? name).text);
  }
  return { direct, all };
}
