import type ts from "typescript";
import { valueVisibleAt } from "../../placement/names.js";

type TypeScript = typeof ts;

/** Tells the names that parsed text takes from around it from those that it declares itself. */
export class FreeNames {
  readonly #ts: TypeScript;
  readonly #declared = new Map<ts.Node, ReadonlySet<string>>();

  constructor(ts: TypeScript) {
    this.#ts = ts;
  }

  /** Whether `name` is read or written under this name and declared nowhere in the text. */
  isFree(name: ts.Identifier): boolean {
    if (!isReference(this.#ts, name)) return false;
    for (let scope: ts.Node = name.parent; ; scope = scope.parent) {
      if (this.#declaredIn(scope).has(name.text)) return false;
      if (this.#ts.isSourceFile(scope)) return true;
    }
  }

  #declaredIn(scope: ts.Node): ReadonlySet<string> {
    const known = this.#declared.get(scope);
    if (known !== undefined) return known;
    const names = new Set<string>();
    for (const name of declaredNames(this.#ts, scope)) names.add(name);
    this.#declared.set(scope, names);
    return names;
  }
}

/** Identifiers that are no names of properties, declarations, labels. */
function isReference(ts: TypeScript, name: ts.Identifier): boolean {
  const { parent } = name;
  if (ts.isShorthandPropertyAssignment(parent)) return true;
  if (ts.isPropertyAccessExpression(parent)) return parent.name !== name;
  if (ts.isBindingElement(parent)) return parent.initializer === name;
  if (ts.isBreakOrContinueStatement(parent) || ts.isLabeledStatement(parent)) return false;
  if (ts.isQualifiedName(parent) || ts.isTypeNode(parent)) return false;
  return (parent as { readonly name?: ts.Node }).name !== name;
}

function* declaredNames(ts: TypeScript, scope: ts.Node): Iterable<string> {
  if (ts.isFunctionLike(scope)) {
    for (const parameter of scope.parameters) yield* boundNames(ts, parameter.name);
    if (ts.isFunctionExpression(scope) && scope.name !== undefined) yield scope.name.text;
  } else if (ts.isSourceFile(scope) || ts.isBlock(scope) || ts.isCaseOrDefaultClause(scope)) {
    for (const statement of scope.statements) {
      if (ts.isVariableStatement(statement)) yield* listedNames(ts, statement.declarationList);
      if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) {
        if (statement.name !== undefined) yield statement.name.text;
      }
    }
  } else if (ts.isForStatement(scope) || ts.isForOfStatement(scope) || ts.isForInStatement(scope)) {
    const { initializer } = scope;
    if (initializer !== undefined && ts.isVariableDeclarationList(initializer)) yield* listedNames(ts, initializer);
  } else if (ts.isCatchClause(scope) && scope.variableDeclaration !== undefined) {
    yield* boundNames(ts, scope.variableDeclaration.name);
  }
}

function* listedNames(ts: TypeScript, list: ts.VariableDeclarationList): Iterable<string> {
  for (const declaration of list.declarations) yield* boundNames(ts, declaration.name);
}

function* boundNames(ts: TypeScript, name: ts.BindingName): Iterable<string> {
  if (ts.isIdentifier(name)) return yield name.text;
  for (const element of name.elements) {
    if (!ts.isOmittedExpression(element)) yield* boundNames(ts, element.name);
  }
}

/**
 * The identifiers under which the user's file declares what `container` sees: imports and exports.
 *
 * In CommonJS output and in namespaces TypeScript writes such names differently (`other_1.h`, `exports.scale`), and
 * knows which by looking up where an identifier comes from. An identifier of ours must come from one of theirs.
 */
export function visibleNames(
  ts: TypeScript,
  checker: ts.TypeChecker,
  container: ts.Node,
): (name: string) => ts.Identifier | undefined {
  const file = container.getSourceFile();
  return (name) => {
    for (const declaration of valueVisibleAt(ts, checker, container, name)?.declarations ?? []) {
      if (declaration.getSourceFile() !== file) continue;
      const declared = ts.getNameOfDeclaration(declaration);
      if (declared !== undefined && ts.isIdentifier(declared) && declared.text === name) return declared;
    }
    return undefined;
  };
}
