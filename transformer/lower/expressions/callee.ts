import type ts from "typescript";
import type { Lowering } from "../lowering.js";
import { bare, functionIn, isConst } from "../syntax.js";

/** The function of the program that a call runs, if that is known when the program is built. */
export function calleeOf(l: Lowering, node: ts.CallExpression): ts.FunctionLikeDeclaration | undefined {
  const { ts } = l;
  const immediate = functionIn(ts, node.expression);
  if (immediate !== undefined) return immediate;
  const callee = bare(ts, node.expression);
  const name = ts.isPropertyAccessExpression(callee) ? callee.name : callee;
  const symbol = ts.isIdentifier(name) ? l.symbol(name) : undefined;
  const declarations = symbol?.declarations ?? [];
  for (const d of declarations) {
    if (ts.isFunctionDeclaration(d) && d.body !== undefined) return d;
    if (ts.isVariableDeclaration(d) && isConst(ts, d)) return functionIn(ts, d.initializer);
    if (ts.isExportAssignment(d)) return functionIn(ts, d.expression);
  }
  return undefined;
}
