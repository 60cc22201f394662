import type ts from "typescript";
import type { Opaque } from "../../ir/model.js";
import type { Lowering } from "../lowering.js";
import { bare } from "../syntax.js";

/**
 * Whether text does no more than to read a number or the like of a variable, or of a static member of a class: `k`, `Physics.k`.
 * Nothing but text assigns these, and to `static readonly k` nothing does.
 */
export function rereads(l: Lowering, node: ts.Node): Opaque["rereads"] {
  const { ts } = l;
  if (!ts.isExpression(node)) return undefined;
  const place = bare(ts, node);
  if (!ts.isIdentifier(place) && !ts.isPropertyAccessExpression(place)) return undefined;
  const { flags } = l.checker.getTypeAtLocation(place);
  if ((flags & (ts.TypeFlags.NumberLike | ts.TypeFlags.BooleanLike | ts.TypeFlags.StringLike)) === 0) return undefined;
  const symbol = l.symbol(ts.isIdentifier(place) ? place : place.name);
  const declared = symbol?.declarations ?? [];
  if (ts.isIdentifier(place)) return declared.length > 0 && declared.every(ts.isVariableDeclaration) ? "untilTextRuns" : undefined;
  const isOfClass = ts.isIdentifier(place.expression) && ((l.symbol(place.expression)?.flags ?? 0) & ts.SymbolFlags.Class) !== 0;
  if (!isOfClass || declared.length === 0 || !declared.every(ts.isPropertyDeclaration)) return undefined;
  return declared.every((d) => (ts.getCombinedModifierFlags(d) & ts.ModifierFlags.Readonly) !== 0) ? "always" : "untilTextRuns";
}
