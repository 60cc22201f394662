import type ts from "typescript";
import { catalogue, excerpt } from "../../diagnostics.js";
import { literal } from "../../ir/build.js";
import type { Atom } from "../../ir/model.js";
import type { RecordType, Type } from "../../ir/types.js";
import type { Written } from "../closures.js";
import { assignedWithin } from "../facts/assigned.js";
import { holdsFunctions } from "../facts/holders.js";
import type { Lowering } from "../lowering.js";
import { reject } from "../rejected.js";
import { bare, isWithin } from "../syntax.js";
import { literalKey } from "./arrays.js";
import { functionValue } from "./function-values.js";
import { heldValue, writtenAt } from "./held.js";
import { expression, type Want } from "./index.js";
import { given, opaque } from "./opaque.js";
import { sourceText } from "./source-text.js";
import { value } from "./values.js";

/** { x: a, y, ...r }   becomes   allocate { x: a, y: y, z: r.z }, its values in the order of the source */
export function lowerObjectLiteral(l: Lowering, node: ts.ObjectLiteralExpression, want: Want): Atom {
  const type = literalType(l, node, want);
  const holds = l.types.holdsFunctions(node) || (type === undefined && mayHold(l, node));
  if (l.types.holdsFunctions(node) && isConstant(l, node)) return heldText(l, node, type, want);
  if (type === undefined && !holds) return opaque(l, node, want);
  const parts: Parts = { values: new Map(), members: new Map(), accessors: new Map() };
  for (const property of node.properties) addProperty(l, type, property, parts);
  if (type === undefined) return l.closures.object({ members: new Map([...parts.values, ...parts.members]), accessors: parts.accessors });
  const elements = type.fields.map((f) => parts.values.get(f.name) ?? literal(undefined, { ...f.type, nullable: true }));
  const made = l.allocate(type, { kind: "elements", elements }, want.name);
  if (holds || mayHold(l, node)) l.closures.hold(made, parts);
  return made;
}

/** Whether an object with functions is wanted, of which it is known then that the literal has none. */
function mayHold(l: Lowering, node: ts.ObjectLiteralExpression): boolean {
  const wanted = l.checker.getContextualType(node);
  return wanted !== undefined && holdsFunctions(l.ts, l.checker, wanted);
}

/** The members of an object: what it is made of, and the functions that it holds. */
interface Parts {
  readonly values: Map<string, Atom>;
  readonly members: Map<string, Atom>;
  readonly accessors: Map<string, Written>;
}

/** Whether a literal with functions does as text: nothing in it is differentiated, and no function writes a variable of this one. */
export function isConstant(l: Lowering, node: ts.Expression): boolean {
  const isOwn = (symbol: ts.Symbol): boolean => (symbol.declarations ?? []).some((d) => isWithin(d, node));
  return !l.facts.taint.carries(node) && ![...assignedWithin(l, node)].some((symbol) => l.isLocal(symbol) && !isOwn(symbol));
}

/** Text, of which it is known what it holds. */
function heldText(l: Lowering, node: ts.ObjectLiteralExpression, type: RecordType | undefined, want: Want): Atom {
  const { ts } = l;
  const text = type === undefined ? opaque(l, node, want) : given(l, node, sourceText(l, node), type, want);
  const members = new Map<string, Atom>();
  for (const p of node.properties) {
    const name = nameOf(l, p);
    if (name === undefined || ts.isAccessor(p) || ts.isSpreadAssignment(p)) return text;
    const value = ts.isMethodDeclaration(p) ? l.closures.variable(writtenAt(l, p)) : ts.isPropertyAssignment(p) ? functionValue(l, p.initializer) : ts.isShorthandPropertyAssignment(p) ? functionValue(l, p.name) : undefined;
    if (value !== undefined) members.set(name, value);
  }
  l.closures.hold(text, { members, accessors: new Map() });
  return text;
}

/** The type that is wanted, or that of the literal itself; nothing where it holds no numbers, so that text does as well. */
function literalType(l: Lowering, node: ts.ObjectLiteralExpression, want: Want): RecordType | undefined {
  const own = l.types.at(node);
  const wanted = want.type?.kind === "record" && want.type.shape === "object" ? want.type : undefined;
  // {} and { f } where an object with members that may be left out is wanted.
  if (own.kind !== "record") return wanted !== undefined && node.properties.every((p) => isPartOf(l, p, wanted)) ? { ...wanted, nullable: false } : undefined;
  const has = (type: RecordType, name: string): boolean => type.fields.some((f) => f.name === name);
  // A literal that has more than is wanted keeps it.
  const isMore = wanted !== undefined && own.fields.some((f) => !has(wanted, f.name));
  const type = wanted === undefined || isMore ? own : wanted;
  // The members stand in the order of the source, which Object.keys goes by.
  const written = own.fields.flatMap((f) => type.fields.filter((g) => g.name === f.name));
  const isOther = written.length === type.fields.length && written.some((f, i) => f !== type.fields[i]);
  return { ...type, nullable: false, ...(isOther && { fields: written }) };
}

function addProperty(l: Lowering, type: RecordType | undefined, property: ts.ObjectLiteralElementLike, parts: Parts): void {
  const { ts } = l;
  if (ts.isSpreadAssignment(property)) return spread(l, property, parts);
  const name = nameOf(l, property);
  if (name === undefined) return reject(catalogue.objectValue, property, excerpt(property));
  if (ts.isMethodDeclaration(property)) return void parts.members.set(name, l.closures.variable(writtenAt(l, property)));
  if (ts.isAccessor(property)) return void parts.accessors.set(`${ts.isGetAccessor(property) ? "get" : "set"} ${name}`, writtenAt(l, property));
  const value = ts.isPropertyAssignment(property) ? property.initializer : property.name;
  const field = type?.fields.find((f) => f.name === name);
  if (field !== undefined) {
    const given = wanted(l, value, field.type);
    parts.values.set(name, given);
    if (l.closures.isKnown(given)) parts.members.set(name, given);
  } else if (type === undefined || l.types.holdsFunctions(value)) parts.members.set(name, heldValue(l, value));
  else reject(catalogue.objectValue, property, excerpt(property));
}

function wanted(l: Lowering, node: ts.Expression, type: Type): Atom {
  return type.kind === "opaque" || type.kind === "bool" ? expression(l, node) : value(l, node, type);
}

function nameOf(l: Lowering, property: ts.ObjectLiteralElementLike): string | undefined {
  const { name } = property;
  if (name === undefined) return undefined;
  // { [K]: e } of a constant K
  if (l.ts.isComputedPropertyName(name)) return literalKey(l, bare(l.ts, name.expression));
  return l.ts.isIdentifier(name) || l.ts.isStringLiteral(name) || l.ts.isNumericLiteral(name) ? name.text : undefined;
}

function spread(l: Lowering, property: ts.SpreadAssignment, { values, members }: Parts): void {
  const node = property.expression;
  const of = l.present(expression(l, node));
  const holder = l.closures.holderOf(of);
  if (holder === undefined && l.types.holdsFunctions(node)) return reject(catalogue.objectValue, node, excerpt(node));
  for (const [name, held] of holder?.members ?? []) members.set(name, held);
  if (l.closures.isUnbound(of)) return;
  if (of.type.kind !== "record" || of.type.shape !== "object") return reject(catalogue.objectValue, node, excerpt(node));
  // What may be left out would not overwrite what is there.
  const optional = of.type.fields.filter((f) => f.type.nullable && values.has(f.name));
  if (optional.length > 0) {
    const names = optional.map((f) => f.name);
    reject(catalogue.optionalSpread, node, excerpt(node), names.map((name) => `'${name}'`).join(", "), writtenOut(l, property, names));
  }
  for (const f of of.type.fields) values.set(f.name, l.loadField(of, f.name));
}

/** { ...defaults, ...options }   as   { ...defaults, step: options.step ?? defaults.step } */
function writtenOut(l: Lowering, property: ts.SpreadAssignment, names: readonly string[]): string {
  const literal = property.parent as ts.ObjectLiteralExpression;
  const before = literal.properties.slice(0, literal.properties.indexOf(property));
  const valueOf = (name: string): string => {
    const last = before.findLast((p) => l.ts.isSpreadAssignment(p) || nameOf(l, p) === name);
    if (last === undefined || l.ts.isSpreadAssignment(last)) return `${excerpt((last ?? property).expression)}.${name}`;
    return l.ts.isPropertyAssignment(last) ? excerpt(last.initializer) : name;
  };
  const members = names.map((name) => `${name}: ${excerpt(property.expression)}.${name} ?? ${valueOf(name)}`);
  return `{ ${[...before.map((p) => excerpt(p)), ...members].join(", ")} }`;
}

/** Whether a member has a place in a type, or is a function, which needs none. */
function isPartOf(l: Lowering, property: ts.ObjectLiteralElementLike, type: RecordType): boolean {
  const name = nameOf(l, property);
  if (name === undefined) return false;
  return type.fields.some((f) => f.name === name) || (property.name !== undefined && l.types.holdsFunctions(property.name));
}
