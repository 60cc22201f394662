import type ts from "typescript";
import type { Lowering } from "../lowering.js";
import { isStatic } from "../facts/classes.js";
import { bare, functionIn, isConst } from "../syntax.js";

/** The function of the program that a call runs, if that is known when the program is built. */
export function calleeOf(l: Lowering, node: ts.CallExpression): ts.FunctionLikeDeclaration | undefined {
  return functionOf(l, node.expression);
}

/** The function of the program that an expression is or names. */
export function functionOf(l: Lowering, expression: ts.Expression): ts.FunctionLikeDeclaration | undefined {
  const { ts } = l;
  const written = functionIn(ts, expression);
  if (written !== undefined) return written;
  const callee = bare(ts, expression);
  const name = ts.isPropertyAccessExpression(callee) ? callee.name : callee;
  const symbol = ts.isIdentifier(name) ? l.symbol(name) : undefined;
  const declarations = symbol?.declarations ?? [];
  for (const d of declarations) {
    if (ts.isFunctionDeclaration(d) && d.body !== undefined) return d;
    if (ts.isVariableDeclaration(d) && isConst(ts, d)) return functionIn(ts, d.initializer);
    if (ts.isMethodDeclaration(d) && ts.isClassLike(d.parent) && isStatic(ts, d) && d.body !== undefined) return d;
    if (ts.isExportAssignment(d)) return functionIn(ts, d.expression);
  }
  return undefined;
}

/** The value of `key` in `const table = { key: f }`, unless the program assigns a member of that name somewhere. */
export function entryOf(l: Lowering, declaration: ts.Declaration): ts.Expression | undefined {
  const { ts } = l;
  if (!ts.isPropertyAssignment(declaration) && !ts.isShorthandPropertyAssignment(declaration)) return undefined;
  let at: ts.Node = declaration.parent.parent;
  while (ts.isAsExpression(at) || ts.isSatisfiesExpression(at) || ts.isParenthesizedExpression(at)) at = at.parent;
  const isTable = ts.isVariableDeclaration(at) && isConst(ts, at) && !l.isLocal(l.checker.getSymbolAtLocation(at.name) ?? missing());
  if (!isTable || !ts.isIdentifier(declaration.name) || assignsMember(l, declaration.name.text)) return undefined;
  return ts.isPropertyAssignment(declaration) ? declaration.initializer : declaration.name;
}

function missing(): never {
  throw new Error("a declaration without a symbol");
}

function assignsMember(l: Lowering, name: string): boolean {
  const { ts } = l;
  const pattern = new RegExp(`\\.${name}\\s*=[^=>]`);
  const visit = (n: ts.Node): boolean => {
    const isTarget = ts.isBinaryExpression(n) && n.operatorToken.kind === ts.SyntaxKind.EqualsToken && ts.isPropertyAccessExpression(n.left) && n.left.name.text === name;
    return isTarget || (ts.forEachChild(n, (child) => visit(child) || undefined) ?? false);
  };
  return l.context.program.getSourceFiles().some((file) => !file.isDeclarationFile && pattern.test(file.text) && visit(file));
}
