import type ts from "typescript";
import { catalogue, excerpt } from "../../diagnostics.js";
import type { Atom } from "../../ir/model.js";
import { real, tupleOf } from "../../ir/types.js";
import type { Lowering } from "../lowering.js";
import { reject } from "../rejected.js";
import { elementAt, literalElements, memberAt, memberKey, orDefault, otherElements, otherMembers } from "../statements/declarations.js";
import { bare } from "../syntax.js";
import { placeOf } from "./assignments.js";
import { expression } from "./index.js";

/** Gives a target of the source, which may be a pattern, a value that is there already. */
export function assign(l: Lowering, target: ts.Expression, value: Atom): void {
  assignPart(l, target, undefined, () => value);
}

/** [a, b] = [b, a]: all values before all writes. */
export function assignElements(l: Lowering, pattern: ts.ArrayLiteralExpression, right: ts.Expression): Atom {
  const parts = literalElements(l, right);
  if (parts === undefined || parts.length < pattern.elements.length || pattern.elements.some((e) => l.ts.isSpreadElement(e))) {
    const atom = expression(l, right);
    assign(l, pattern, atom);
    return atom;
  }
  const values = parts.map((part) => expression(l, part));
  pattern.elements.forEach((e, i) => {
    const v = values[i];
    if (!l.ts.isOmittedExpression(e) && v !== undefined) assignElement(l, e, () => v);
  });
  return l.allocate(tupleOf(values.map((v) => (v.type.kind === "int" ? real : v.type))), { kind: "elements", elements: values });
}

// [a[1], x] = a   reads a[0] and writes it to a[1], and only then reads a[1].
function spreadOver(l: Lowering, pattern: ts.ArrayLiteralExpression, of: Atom): void {
  const isList = of.type.kind === "array" || of.type.kind === "typed" || (of.type.kind === "record" && of.type.shape === "tuple");
  if (!isList) reject(catalogue.pattern, pattern, excerpt(pattern));
  pattern.elements.forEach((e, i) => {
    if (l.ts.isSpreadElement(e)) assign(l, e.expression, otherElements(l, e, of, i, ""));
    else if (!l.ts.isOmittedExpression(e)) assignElement(l, e, (optional) => elementAt(l, of, i, "", optional));
  });
}

/** t or t = e, within a pattern */
function assignElement(l: Lowering, e: ts.Expression, read: (optional: boolean) => Atom): void {
  if (l.ts.isSpreadElement(e)) return reject(catalogue.pattern, e, excerpt(e));
  const isDefault = l.ts.isBinaryExpression(e) && e.operatorToken.kind === l.ts.SyntaxKind.EqualsToken;
  if (isDefault) assignPart(l, e.left, e.right, read);
  else assignPart(l, e, undefined, read);
}

// ({ x: a.v, y, z = 1, ...r } = o): member for member, like one assignment for each.
function membersOver(l: Lowering, pattern: ts.ObjectLiteralExpression, given: Atom): void {
  const of = l.present(given);
  const keys = pattern.properties.map((p) => memberKey(l, p.name));
  pattern.properties.forEach((p, i) => {
    if (l.ts.isSpreadAssignment(p)) return assign(l, p.expression, otherMembers(l, p, of, keys));
    const read = (optional: boolean): Atom => memberAt(l, p, of, keys[i], "", optional);
    if (l.ts.isShorthandPropertyAssignment(p)) assignPart(l, p.name, p.objectAssignmentInitializer, read);
    else if (l.ts.isPropertyAssignment(p)) assignElement(l, p.initializer, read);
    else reject(catalogue.pattern, p, excerpt(p));
  });
}

/** The place first, then the value, then what stands for it where it is missing. */
function assignPart(l: Lowering, target: ts.Expression, fallback: ts.Expression | undefined, read: (optional: boolean) => Atom): void {
  const node = bare(l.ts, target);
  const given = (): Atom => orDefault(l, read(fallback !== undefined), fallback, "");
  if (l.ts.isArrayLiteralExpression(node)) return spreadOver(l, node, given());
  if (l.ts.isObjectLiteralExpression(node)) return membersOver(l, node, given());
  const place = placeOf(l, node);
  if (place === undefined) return reject(catalogue.outerWrite, node, excerpt(node));
  const value = given();
  place.write(place.type.nullable || place.type.kind === "opaque" ? value : l.present(value));
}
