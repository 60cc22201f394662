import type ts from "typescript";
import type { FileChange } from "../../compilation.js";
import type { Emission } from "./emission.js";
import { emitsCommonJs } from "./format.js";

/** The imports that a change needs. */
export interface Imports {
  readonly declarations: readonly ts.Statement[];
  /** What stands for the local name of an imported derivative. */
  readonly expression: (name: string) => ts.Expression | undefined;
}

/**
 * Derivatives from other modules: `import * as model_1 from "./model.js"`, in CommonJS output
 * `const model_1 = require("./model.js")`, used as `model_1.lossGrad`.
 *
 * A namespace and not `import { lossGrad }`: in CommonJS output TypeScript renames the uses of named imports, but
 * finds them through its symbols, and an import of ours has none.
 */
export function importDerivatives(emission: Emission, change: FileChange): Imports {
  const { factory } = emission.context;
  const namespaces = new Map<string, ts.Identifier>();
  const expressions = new Map<string, () => ts.Expression>();
  const declarations: ts.Statement[] = [];
  const isCommonJs = emitsCommonJs(emission, change.file);
  for (const { from, specifier, names } of change.imports) {
    let namespace = namespaces.get(from);
    if (namespace === undefined) {
      namespace = factory.createUniqueName(baseName(from));
      namespaces.set(from, namespace);
      const path = factory.createStringLiteral(specifier);
      declarations.push((isCommonJs ? requireStatement : importStatement)(factory, namespace, path));
    }
    const module = namespace;
    for (const { imported, local } of names) {
      expressions.set(local, () => factory.createPropertyAccessExpression(module, imported));
    }
  }
  return { declarations, expression: (name) => expressions.get(name)?.() };
}

/** `import * as model_1 from "./model.js";` */
function importStatement(factory: ts.NodeFactory, name: ts.Identifier, path: ts.StringLiteral): ts.Statement {
  const clause = factory.createImportClause(undefined, undefined, factory.createNamespaceImport(name));
  return factory.createImportDeclaration(undefined, clause, path);
}

/** `ts.NodeFlags.Const` in all versions of TypeScript. */
const constFlag = 2;

/** `const model_1 = require("./model.js");` */
function requireStatement(factory: ts.NodeFactory, name: ts.Identifier, path: ts.StringLiteral): ts.Statement {
  const call = factory.createCallExpression(factory.createIdentifier("require"), undefined, [path]);
  const declaration = factory.createVariableDeclaration(name, undefined, undefined, call);
  return factory.createVariableStatement(undefined, factory.createVariableDeclarationList([declaration], constFlag));
}

/** The name of a file without folder and endings, as far as it is an identifier. */
function baseName(fileName: string): string {
  const [, name = ""] = /([^/\\]*?)(\.[^/\\]*)?$/.exec(fileName) ?? [];
  return name.replace(/\W/g, "_") || "module";
}

/** Puts imports behind those that are there, or behind the directives where there are none. */
export function withImports(
  emission: Emission,
  statements: readonly ts.Statement[],
  imports: readonly ts.Statement[],
): readonly ts.Statement[] {
  const { ts } = emission;
  const isImport = (s: ts.Statement): boolean =>
    ts.isImportDeclaration(s) || ts.isImportEqualsDeclaration(s) || s.kind === ts.SyntaxKind.NotEmittedStatement;
  const start = statements.findIndex(isImport);
  if (start < 0) return withFirst(emission, statements, imports);
  const behind = statements.findIndex((s, i) => i > start && !isImport(s));
  const last = (behind < 0 ? statements.length : behind) - 1;
  return [...statements.slice(0, last + 1), ...imports, ...statements.slice(last + 1)];
}

/** Puts statements first, though behind directives such as `"use strict"`. */
export function withFirst(
  { ts }: Emission,
  statements: readonly ts.Statement[],
  first: readonly ts.Statement[],
): readonly ts.Statement[] {
  if (first.length === 0) return statements;
  const isDirective = (s: ts.Statement): boolean => ts.isExpressionStatement(s) && ts.isStringLiteral(s.expression);
  const directives = statements.findIndex((s) => !isDirective(s));
  const place = directives < 0 ? statements.length : directives;
  return [...statements.slice(0, place), ...first, ...statements.slice(place)];
}

/** Takes imports out, and single names out of imports: what was only needed for the calls now replaced. */
export function withoutDropped(
  { ts, context: { factory } }: Emission,
  { dropped = [] }: FileChange,
  statements: readonly ts.Statement[],
): readonly ts.Statement[] {
  const gone = new Set<ts.Node>(dropped);
  if (gone.size === 0) return statements;
  return statements.map((statement) => {
    // A statement that prints nothing keeps the directives above it.
    if (gone.has(ts.getOriginalNode(statement))) return factory.createNotEmittedStatement(statement);
    if (!ts.isImportDeclaration(statement)) return statement;
    const { importClause, moduleSpecifier, modifiers, attributes } = statement;
    const bindings = importClause?.namedBindings;
    if (importClause === undefined || bindings === undefined || !ts.isNamedImports(bindings)) return statement;
    const kept = bindings.elements.filter((element) => !gone.has(ts.getOriginalNode(element)));
    if (kept.length === bindings.elements.length) return statement;
    // Of an import made anew TypeScript prints names of types too.
    const values = kept.filter((element) => !element.isTypeOnly);
    if (values.length === 0 && importClause.name === undefined) return factory.createNotEmittedStatement(statement);
    const named = factory.updateNamedImports(bindings, values);
    const clause = factory.updateImportClause(importClause, importClause.phaseModifier, importClause.name, named);
    return factory.updateImportDeclaration(statement, modifiers, clause, moduleSpecifier, attributes);
  });
}
