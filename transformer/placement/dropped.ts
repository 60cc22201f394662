import type ts from "typescript";
import type { Dropped, Replacement } from "../compilation.js";
import { moduleName, type Markers } from "../requests/markers.js";

/**
 * The imports of markers that nothing needs any more. Only those from the package itself: a module of the user's that
 * hands a marker on may do other things when it is loaded. Whether a name is still in use is read off the identifiers
 * alone: one that only looks like the marker keeps an import that does no harm.
 */
export function droppedImports(
  compiler: typeof ts,
  file: ts.SourceFile,
  replacements: readonly Replacement[],
  markers: Markers,
): Dropped[] {
  const replaced = new Set<ts.Node>(replacements.map(({ node }) => node));
  const unused = (name: ts.Identifier): boolean => !isUsed(compiler, file, replaced, name.text);
  const isOurs = (specifier: ts.Expression): boolean =>
    compiler.isStringLiteralLike(specifier) && specifier.text === moduleName;
  const dropped: Dropped[] = [];
  for (const statement of file.statements) {
    // import tsgrad = require("tsgrad");
    if (compiler.isImportEqualsDeclaration(statement)) {
      const reference = statement.moduleReference;
      if (compiler.isExternalModuleReference(reference) && isOurs(reference.expression) && unused(statement.name))
        dropped.push(statement);
    }
    if (!compiler.isImportDeclaration(statement) || !isOurs(statement.moduleSpecifier)) continue;
    const bindings = statement.importClause?.namedBindings;
    if (bindings === undefined || statement.importClause?.name !== undefined) continue;
    // import * as tsgrad from "tsgrad";
    if (compiler.isNamespaceImport(bindings)) {
      if (unused(bindings.name)) dropped.push(statement);
      continue;
    }
    const specifiers = bindings.elements.filter(
      (element) => unused(element.name) && markers.kindOf(element.name) !== undefined,
    );
    if (specifiers.length === 0) continue;
    if (specifiers.length === bindings.elements.length) dropped.push(statement);
    else dropped.push(...specifiers);
  }
  return dropped;
}

/** Whether a file has an identifier but for those in its imports and in what is replaced. */
function isUsed(compiler: typeof ts, file: ts.SourceFile, replaced: ReadonlySet<ts.Node>, name: string): boolean {
  const visit = (node: ts.Node): boolean => {
    if (replaced.has(node) || compiler.isImportDeclaration(node)) return false;
    if (compiler.isImportEqualsDeclaration(node) && compiler.isExternalModuleReference(node.moduleReference)) return false;
    if (compiler.isIdentifier(node) && node.text === name) return true;
    return compiler.forEachChild(node, (child) => visit(child) || undefined) === true;
  };
  // Most statements do not hold the letters, and need not be gone through.
  const mayHold = ({ pos, end }: ts.Statement): boolean => {
    const text = file.text.slice(pos, end);
    return text.includes(name) || text.includes("\\u");
  };
  return file.statements.some((statement) => mayHold(statement) && visit(statement));
}
