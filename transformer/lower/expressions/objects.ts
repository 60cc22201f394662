import type ts from "typescript";
import { catalogue, excerpt } from "../../diagnostics.js";
import { literal } from "../../ir/build.js";
import type { Atom } from "../../ir/model.js";
import type { RecordType, Type } from "../../ir/types.js";
import type { Lowering } from "../lowering.js";
import { reject } from "../rejected.js";
import { expression, type Want } from "./index.js";
import { opaque } from "./opaque.js";
import { value } from "./values.js";

/** { x: a, y, ...r }   becomes   allocate { x: a, y: y, z: r.z }, its values in the order of the source */
export function lowerObjectLiteral(l: Lowering, node: ts.ObjectLiteralExpression, want: Want): Atom {
  const type = literalType(l, node, want);
  if (type === undefined) return opaque(l, node, want);
  const values = new Map<string, Atom>();
  for (const property of node.properties) addProperty(l, type, property, values);
  const elements = type.fields.map((f) => values.get(f.name) ?? literal(undefined, { ...f.type, nullable: true }));
  return l.allocate(type, { kind: "elements", elements }, want.name);
}

/** The type that is wanted, or that of the literal itself; nothing where it holds no numbers, so that text does as well. */
function literalType(l: Lowering, node: ts.ObjectLiteralExpression, want: Want): RecordType | undefined {
  const own = l.types.at(node);
  const wanted = want.type?.kind === "record" && want.type.shape === "object" ? want.type : undefined;
  if (own.kind !== "record") return undefined;
  const has = (type: RecordType, name: string): boolean => type.fields.some((f) => f.name === name);
  // A literal that has more than is wanted keeps it.
  const isMore = wanted !== undefined && own.fields.some((f) => !has(wanted, f.name));
  const type = wanted === undefined || isMore ? own : wanted;
  // The members stand in the order of the source, which Object.keys goes by.
  const written = own.fields.flatMap((f) => type.fields.filter((g) => g.name === f.name));
  const isOther = written.length === type.fields.length && written.some((f, i) => f !== type.fields[i]);
  return { ...type, nullable: false, ...(isOther && { fields: written }) };
}

function addProperty(l: Lowering, type: RecordType, property: ts.ObjectLiteralElementLike, values: Map<string, Atom>): void {
  const { ts } = l;
  if (ts.isSpreadAssignment(property)) return spread(l, property.expression, values);
  const name = nameOf(l, property);
  const field = type.fields.find((f) => f.name === name);
  if (name === undefined || field === undefined) return reject(catalogue.objectValue, property, excerpt(property));
  if (ts.isShorthandPropertyAssignment(property)) values.set(name, wanted(l, property.name, field.type));
  else if (ts.isPropertyAssignment(property)) values.set(name, wanted(l, property.initializer, field.type));
  else reject(catalogue.objectValue, property, excerpt(property));
}

function wanted(l: Lowering, node: ts.Expression, type: Type): Atom {
  return type.kind === "opaque" || type.kind === "bool" ? expression(l, node) : value(l, node, type);
}

function nameOf(l: Lowering, property: ts.ObjectLiteralElementLike): string | undefined {
  const { name } = property;
  if (name === undefined) return undefined;
  return l.ts.isIdentifier(name) || l.ts.isStringLiteral(name) || l.ts.isNumericLiteral(name) ? name.text : undefined;
}

function spread(l: Lowering, node: ts.Expression, values: Map<string, Atom>): void {
  const of = l.present(expression(l, node));
  if (of.type.kind !== "record" || of.type.shape !== "object") return reject(catalogue.objectValue, node, excerpt(node));
  // What may be left out would not overwrite what is there.
  const optional = of.type.fields.find((f) => f.type.nullable && values.has(f.name));
  if (optional !== undefined) reject(catalogue.objectValue, node, excerpt(node));
  for (const f of of.type.fields) values.set(f.name, l.loadField(of, f.name));
}
