import type ts from "typescript";
import { valueVisibleAt } from "../../placement/names.js";

type TypeScript = typeof ts;

/** Tells the names that parsed text takes from around it from those that it declares itself, on the way through its nodes. */
export class FreeNames {
  readonly #ts: TypeScript;
  /** The nodes that the way is within, and the names that they declare. */
  readonly #around: ts.Node[] = [];
  readonly #declared: ReadonlySet<string>[] = [];

  constructor(ts: TypeScript) {
    this.#ts = ts;
  }

  /** Runs what goes through the parts of `node`. */
  within(node: ts.Node, run: () => void): void {
    const names = declaredNames(this.#ts, node);
    this.#around.push(node);
    if (names.size > 0) this.#declared.push(names);
    run();
    this.#around.pop();
    if (names.size > 0) this.#declared.pop();
  }

  /** Whether the name, a part of the node that the way is in, is read or written under this name and declared nowhere in the text. */
  isFree(name: ts.Identifier): boolean {
    const parent = this.#around.at(-1);
    return parent !== undefined && isReference(this.#ts, name, parent) && !this.#declared.some((names) => names.has(name.text));
  }
}

/** Identifiers that are no names of properties, declarations, labels. */
function isReference(ts: TypeScript, name: ts.Identifier, parent: ts.Node): boolean {
  if (ts.isShorthandPropertyAssignment(parent)) return true;
  if (ts.isPropertyAccessExpression(parent)) return parent.name !== name;
  if (ts.isBindingElement(parent)) return parent.initializer === name;
  if (ts.isBreakOrContinueStatement(parent) || ts.isLabeledStatement(parent)) return false;
  if (ts.isQualifiedName(parent) || ts.isTypeNode(parent)) return false;
  return (parent as { readonly name?: ts.Node }).name !== name;
}

function declaredNames(ts: TypeScript, scope: ts.Node): ReadonlySet<string> {
  const names = new Set<string>();
  const bind = (name: ts.BindingName): void => {
    if (ts.isIdentifier(name)) return void names.add(name.text);
    for (const element of name.elements) if (!ts.isOmittedExpression(element)) bind(element.name);
  };
  const list = ({ declarations }: ts.VariableDeclarationList): void => declarations.forEach(({ name }) => bind(name));
  if (ts.isFunctionLike(scope)) {
    scope.parameters.forEach(({ name }) => bind(name));
    if (ts.isFunctionExpression(scope) && scope.name !== undefined) bind(scope.name);
  } else if (ts.isSourceFile(scope) || ts.isBlock(scope) || ts.isCaseOrDefaultClause(scope)) {
    for (const statement of scope.statements) {
      if (ts.isVariableStatement(statement)) list(statement.declarationList);
      else if ((ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) && statement.name !== undefined) bind(statement.name);
    }
  } else if (ts.isForStatement(scope) || ts.isForOfStatement(scope) || ts.isForInStatement(scope)) {
    if (scope.initializer !== undefined && ts.isVariableDeclarationList(scope.initializer)) list(scope.initializer);
  } else if (ts.isCatchClause(scope) && scope.variableDeclaration !== undefined) bind(scope.variableDeclaration.name);
  return names;
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
