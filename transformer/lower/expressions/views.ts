import type ts from "typescript";
import type { Atom } from "../../ir/model.js";
import type { Type } from "../../ir/types.js";
import { isWithin } from "../syntax.js";
import type { Lowering } from "../lowering.js";

/** What stands around a value in text. */
export interface View {
  readonly before: string;
  readonly after: string;
}

const plain: View = { before: "", after: "" };

/**
 * What has to be said of a value in text for TypeScript to take it for what it is there: a record stands for all members of a union,
 * and for an object without its methods; what may be undefined may be known not to be where the text stands. `isLookedAt`: only
 * numbers and decisions are taken of it.
 *
 *     force((part as Part), u)      cell!.v
 */
export function viewOf(l: Lowering, node: ts.Expression, atom: Atom, isLookedAt: boolean): View {
  if (atom.kind === "literal" || atom.captured === true) return plain;
  const type = l.checker.getTypeAtLocation(node);
  if (type.flags & (l.ts.TypeFlags.Any | l.ts.TypeFlags.Unknown | l.ts.TypeFlags.Never)) return plain;
  if (isLookedAt ? lacksMember(l, node, atom.type) : l.types.isMoreThan(type, atom.type)) return { before: "(", after: ` as ${told(l, type, atom.type)})` };
  return atom.type.nullable === true && atom.type.kind !== "opaque" && !l.types.admitsUndefined(type) && !l.types.admitsNull(type) ? { before: "", after: "!" } : plain;
}

/** Whether something is taken of a record that it is not known to have: what a text names, or what nothing has, since the text is never reached. */
function lacksMember(l: Lowering, node: ts.Expression, type: Type): boolean {
  const { parent } = node;
  if (l.ts.isElementAccessExpression(parent) && parent.expression === node) return type.kind === "record" && l.checker.getTypeAtLocation(node).getStringIndexType() !== undefined;
  return type.kind === "record" && type.shape === "object" && l.ts.isPropertyAccessExpression(parent) && parent.expression === node && !type.fields.some((f) => f.name === parent.name.text);
}

function told(l: Lowering, type: ts.Type, written: Type): string {
  const text = typeText(l, type);
  return text === "any" || l.types.mayBeTaken(type, written) ? text : `any as ${text}`;
}

/** A type as it is written beside the function; one that has no name there is any. */
function typeText(l: Lowering, type: ts.Type): string {
  const { checker, ts } = l;
  const parts = [type, ...(type.isUnionOrIntersection() ? type.types : (l.types.elementsOf(type) ?? []))];
  if (parts.some((t) => isOnlyInside(l, t) || (t.flags & ts.TypeFlags.TypeParameter) !== 0)) return "any";
  const text = checker.typeToString(type, l.root.parent, ts.TypeFormatFlags.NoTruncation);
  return /\bimport\(|\bthis\b|\n/.test(text) ? "any" : text;
}

/** Whether a type is declared within the function, and has no name outside. */
function isOnlyInside(l: Lowering, type: ts.Type): boolean {
  const { ts } = l;
  const isNamed = (d: ts.Node): boolean => ts.isInterfaceDeclaration(d) || ts.isTypeAliasDeclaration(d) || ts.isClassLike(d);
  return [type.aliasSymbol, type.getSymbol()].some((s) => s?.declarations?.some((d) => isNamed(d) && isWithin(d, l.root)) === true);
}
