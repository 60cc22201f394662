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
