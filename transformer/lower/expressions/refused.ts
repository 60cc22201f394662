import type ts from "typescript";
import { catalogue, excerpt } from "../../diagnostics.js";
import type { Lowering } from "../lowering.js";
import { reject } from "../rejected.js";
import { bare } from "../syntax.js";

/**
 * An expression of a kind that has no derivative, and depends on a differentiated value. The message names the most
 * telling part of it.
 */
export function refuseCarried(l: Lowering, node: ts.Node): never {
  const { ts } = l;
  const inner = ts.isExpression(node) ? bare(ts, node) : node;
  if (ts.isFunctionLike(inner)) return reject(catalogue.callback, node, excerpt(node));
  if (ts.isObjectLiteralExpression(inner)) return reject(catalogue.objectValue, node, excerpt(node));
  if (ts.isNewExpression(inner)) return reject(catalogue.construction, node, excerpt(node));
  if (ts.isSpreadElement(inner)) return refuseSpread(inner);
  if (ts.isPropertyAccessExpression(inner) || ts.isElementAccessExpression(inner)) refuseAny(l, inner);
  return reject(catalogue.expression, node, excerpt(node));
}

/** Arguments of which the number is not known, where it has to be. */
export function refuseSpread(node: ts.Node): never {
  return reject(catalogue.spread, node, excerpt(node), "Pass the array itself, or write the arguments one by one");
}

/** A member of something of which the type says nothing. */
function refuseAny(l: Lowering, node: ts.PropertyAccessExpression | ts.ElementAccessExpression): void {
  const type = l.checker.getTypeAtLocation(node.expression);
  if ((type.flags & (l.ts.TypeFlags.Any | l.ts.TypeFlags.Unknown)) === 0) return;
  reject(catalogue.anyValue, node.expression, excerpt(node.expression), l.checker.typeToString(type));
}
