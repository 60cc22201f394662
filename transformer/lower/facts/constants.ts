import type ts from "typescript";
import type { Lowering } from "../lowering.js";
import { isAssignment, isUpdate, mutators } from "./writes.js";

/**
 * Whether nothing in the program may write to what a `const` holds: wherever its name stands, only a member or an element
 * of it is read, a method called that writes nothing, or its elements gone through.
 */
export function isNeverWritten(l: Lowering, symbol: ts.Symbol): boolean {
  const { ts } = l;
  const isRead = (node: ts.Identifier): boolean => l.symbol(node) !== symbol || isReading(l, node);
  const visit = (node: ts.Node): boolean => {
    if (ts.isIdentifier(node) && !isRead(node)) return false;
    return ts.forEachChild(node, (child) => (visit(child) ? undefined : "written")) === undefined;
  };
  const files = l.context.program.getSourceFiles().filter((file) => !file.isDeclarationFile && file.text.includes(symbol.name));
  return files.every(visit);
}

function isReading(l: Lowering, name: ts.Identifier): boolean {
  const { ts } = l;
  const { parent } = name;
  if (ts.isVariableDeclaration(parent) && parent.name === name) return true;
  if (ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent) || ts.isTypeQueryNode(parent)) return true;
  if (ts.isForOfStatement(parent) && parent.expression === name) return true;
  if (ts.isSpreadElement(parent) || ts.isSpreadAssignment(parent)) return true;
  const isAccess = (ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent)) && parent.expression === name;
  return isAccess && !isWrittenAt(l, parent);
}

/** Whether a place within an object is assigned, deleted, or has a method called that writes. */
function isWrittenAt(l: Lowering, place: ts.PropertyAccessExpression | ts.ElementAccessExpression): boolean {
  const { ts } = l;
  let at: ts.Expression = place;
  for (;;) {
    const { parent } = at;
    if (ts.isParenthesizedExpression(parent) || ts.isNonNullExpression(parent) || ts.isAsExpression(parent)) at = parent;
    else if ((ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent)) && parent.expression === at) at = parent;
    else break;
  }
  const { parent } = at;
  if (ts.isBinaryExpression(parent) && parent.left === at && isAssignment(ts, parent.operatorToken.kind)) return true;
  if (isUpdate(ts, parent) || ts.isDeleteExpression(parent)) return true;
  if (ts.isCallExpression(parent) && parent.expression === at && ts.isPropertyAccessExpression(at)) return mutators.has(at.name.text);
  // What it holds may be written by whoever else gets hold of it, unless it is a function or a number.
  const isOwner = !ts.isCallExpression(parent) || parent.expression !== at;
  return isOwner && (l.checker.getTypeAtLocation(at).flags & ts.TypeFlags.Object) !== 0 && l.checker.getTypeAtLocation(at).getCallSignatures().length === 0;
}
