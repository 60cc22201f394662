import type ts from "typescript";
import { checkpointCallOf } from "../custom.js";
import type { Lowering } from "../lowering.js";
import { isAssignment } from "../facts/writes.js";
import { isStatic } from "../facts/classes.js";
import { bare, functionIn, isConst } from "../syntax.js";

/** The function of the program that a call runs, if that is known when the program is built. */
export function calleeOf(l: Lowering, node: ts.CallExpression): ts.FunctionLikeDeclaration | undefined {
  return functionOf(l, node.expression);
}

/** How many other names of a function are followed. */
const otherNames = 8;

/** The function of the program that an expression is or names. */
export function functionOf(l: Lowering, expression: ts.Expression, depth = 0): ts.FunctionLikeDeclaration | undefined {
  const { ts } = l;
  const written = functionIn(ts, expression);
  if (written !== undefined) return written;
  const callee = bare(ts, expression);
  const again = checkpointCallOf(l.context, callee)?.arguments[0];
  if (again !== undefined) return depth < otherNames ? functionOf(l, again, depth + 1) : undefined;
  const name = ts.isPropertyAccessExpression(callee) ? callee.name : callee;
  const symbol = ts.isIdentifier(name) ? l.symbol(name) : undefined;
  const declarations = symbol?.declarations ?? [];
  for (const d of declarations) {
    // Packages may ship what TypeScript takes for source; it is none of the program's all the same.
    const file = d.getSourceFile();
    if (l.context.program.isSourceFileFromExternalLibrary(file) && !l.context.packages.isSource(file.fileName)) return undefined;
    if (ts.isFunctionDeclaration(d) && d.body !== undefined) return d;
    // function power(x) { … power(x - 1) … }, as an expression
    if (ts.isFunctionExpression(d)) return d;
    // const length = vec.length
    if (ts.isVariableDeclaration(d) && isConst(ts, d)) return d.initializer && depth < otherNames ? functionOf(l, d.initializer, depth + 1) : undefined;
    if (ts.isMethodDeclaration(d) && ts.isClassLike(d.parent) && isStatic(ts, d) && d.body !== undefined && !l.context.classes.isReplaced(d)) return d;
    if (isFunctionOfTable(l, d)) return d;
    if (ts.isExportAssignment(d)) return functionIn(ts, d.expression);
  }
  return undefined;
}

/** The value of `key` in `const table = { key: f }`, unless the program may assign a member of that name somewhere. */
export function entryOf(l: Lowering, declaration: ts.Declaration): ts.Expression | undefined {
  const { ts } = l;
  if ((!ts.isPropertyAssignment(declaration) && !ts.isShorthandPropertyAssignment(declaration)) || !isInTable(l, declaration)) return undefined;
  return ts.isPropertyAssignment(declaration) ? declaration.initializer : declaration.name;
}

/** Whether something is a member of an object that a constant outside is declared as, and that nothing assigns. */
function isInTable(l: Lowering, member: ts.PropertyAssignment | ts.ShorthandPropertyAssignment | ts.MethodDeclaration): boolean {
  const { ts } = l;
  let at: ts.Node = member.parent.parent;
  while (ts.isAsExpression(at) || ts.isSatisfiesExpression(at) || ts.isParenthesizedExpression(at)) at = at.parent;
  if (!ts.isVariableDeclaration(at) || !isConst(ts, at) || !ts.isIdentifier(at.name) || !ts.isIdentifier(member.name)) return false;
  const table = l.symbol(at.name);
  return table !== undefined && !l.isLocal(table) && !assignsMember(l, member.name.text);
}

/** { f(x) { … } } of such an object, which does without it. */
export function isFunctionOfTable(l: Lowering, declaration: ts.Declaration): declaration is ts.MethodDeclaration {
  return l.ts.isMethodDeclaration(declaration) && l.ts.isObjectLiteralExpression(declaration.parent) && declaration.body !== undefined && isInTable(l, declaration) && !usesThis(l, declaration.body);
}

function usesThis({ ts }: Lowering, body: ts.Node): boolean {
  const visit = (n: ts.Node): boolean => {
    if (n.kind === ts.SyntaxKind.ThisKeyword || n.kind === ts.SyntaxKind.SuperKeyword || (ts.isIdentifier(n) && n.text === "arguments")) return true;
    return ts.forEachChild(n, (child) => visit(child) || undefined) ?? false;
  };
  return visit(body);
}

/** Whether anything like `o.name = …`, `o[k] = …` or `Object.assign(o, …)` is in the program, of an object with such a member. */
export function assignsMember(l: Lowering, name: string): boolean {
  const known = l.context.assigned.get(name);
  if (known !== undefined) return known;
  const found = isAssignedSomewhere(l, name);
  l.context.assigned.set(name, found);
  return found;
}

function isAssignedSomewhere(l: Lowering, name: string): boolean {
  const { ts } = l;
  const has = (of: ts.Expression): boolean => l.checker.getTypeAtLocation(of).getProperty(name) !== undefined;
  const isTarget = (place: ts.Expression): boolean => {
    if (ts.isPropertyAccessExpression(place)) return place.name.text === name;
    if (!ts.isElementAccessExpression(place)) return false;
    const key = place.argumentExpression;
    return ts.isStringLiteralLike(key) ? key.text === name : has(place.expression);
  };
  const visit = (n: ts.Node): boolean => {
    if (ts.isBinaryExpression(n) && isAssignment(ts, n.operatorToken.kind) && isTarget(bare(ts, n.left))) return true;
    if (ts.isCallExpression(n) && /^(Object|Reflect)\.(assign|defineProperty|defineProperties|set)$/.test(n.expression.getText())) {
      const [to] = n.arguments;
      if (to !== undefined && has(to)) return true;
    }
    return ts.forEachChild(n, (child) => visit(child) || undefined) ?? false;
  };
  const mayAssign = new RegExp(`\\.${name}\\s*[^=\\s(]*=|\\]\\s*[^=\\s(]*=|(Object|Reflect)\\.`);
  return l.context.program.getSourceFiles().some((file) => !file.isDeclarationFile && mayAssign.test(file.text) && visit(file));
}
