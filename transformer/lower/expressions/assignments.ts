import type ts from "typescript";
import { catalogue, excerpt } from "../../diagnostics.js";
import { isLiteral, one, zero } from "../../ir/build.js";
import type { Atom, Counter } from "../../ir/model.js";
import { bool, elementType, int, isNumeric, isReference, nonNull, opaque as opaqueType, real, type Type } from "../../ir/types.js";
import { branch, type Side } from "../branch.js";
import { writeVariable } from "../cells.js";
import { normal } from "../jumps.js";
import type { Lowering, Table } from "../lowering.js";
import { reject } from "../rejected.js";
import { bare } from "../syntax.js";
import { array, literalKey, loadAt, namesOf, placeIn, storeAt } from "./arrays.js";
import { decide } from "./conditions.js";
import { functionValue } from "./function-values.js";
import { heldSetter } from "./held.js";
import { expression, type Want } from "./index.js";
import { opaque } from "./opaque.js";
import { setterOf } from "./methods.js";
import { operate } from "./operators.js";
import { memberOf, storeMember } from "./sequences.js";
import { joined } from "./source-text.js";
import { assign, assignElements } from "./patterns.js";
import { numeric, value } from "./values.js";

/** Where a value is assigned to, with its parts evaluated. */
export interface Place {
  readonly type: Type;
  readonly name: string;
  read(optional: boolean): Atom;
  write(value: Atom): void;
}

const operators: Table<keyof typeof ts.SyntaxKind> = {
  PlusEqualsToken: "PlusToken",
  MinusEqualsToken: "MinusToken",
  AsteriskEqualsToken: "AsteriskToken",
  SlashEqualsToken: "SlashToken",
  PercentEqualsToken: "PercentToken",
  AsteriskAsteriskEqualsToken: "AsteriskAsteriskToken",
  BarEqualsToken: "BarToken",
  AmpersandEqualsToken: "AmpersandToken",
  CaretEqualsToken: "CaretToken",
  LessThanLessThanEqualsToken: "LessThanLessThanToken",
  GreaterThanGreaterThanEqualsToken: "GreaterThanGreaterThanToken",
  GreaterThanGreaterThanGreaterThanEqualsToken: "GreaterThanGreaterThanGreaterThanToken",
};

/** x = e, x += e, x ??= e: the place first, then the value. */
export function lowerAssignment(l: Lowering, node: ts.BinaryExpression, want: Want): Atom {
  const target = bare(l.ts, node.left);
  const kind = node.operatorToken.kind;
  if (l.ts.isArrayLiteralExpression(target)) return assignElements(l, target, node.right);
  if (l.ts.isObjectLiteralExpression(target)) {
    const of = expression(l, node.right);
    assign(l, target, of);
    return of;
  }
  const place = placeOf(l, target);
  if (place === undefined) return outer(l, node, target, node.right, want);
  if (kind === l.ts.SyntaxKind.EqualsToken) {
    const optional = place.type.nullable === true;
    const known = l.ts.isIdentifier(target) ? functionValue(l, node.right) : undefined;
    const atom =
      known ??
      (place.type.kind === "opaque"
        ? expression(l, node.right, { name: place.name, optional })
        : value(l, node.right, place.type, place.name));
    place.write(atom);
    return atom;
  }
  const result = compound(l, node, place);
  place.write(result);
  return result;
}

function compound(l: Lowering, node: ts.BinaryExpression, place: Place): Atom {
  const kind = node.operatorToken.kind;
  const operator = l.handler(operators, kind);
  if (operator === undefined) {
    const old = place.read(kind === l.ts.SyntaxKind.QuestionQuestionEqualsToken);
    return decide(l, kind, old, () => value(l, node.right, nonNull(place.type)), place.name);
  }
  const old = place.read(false);
  if (!isNumeric(old.type)) return textual(l, node, place, old);
  const right = numeric(l, node.right);
  return operate(l, l.ts.SyntaxKind[operator], l.present(old), right, place.name);
}

/** text += e, of constants */
function textual(l: Lowering, node: ts.BinaryExpression, place: Place, old: Atom): Atom {
  const right = expression(l, node.right);
  const operator = node.operatorToken.getText().slice(0, -1);
  const source = joined(l, node, ["", ` ${operator} `, ""], [old, right]);
  const result = l.variable(place.name, place.type);
  l.add({ kind: "opaque", result, ...source, pure: true, readsOnly: true });
  return result;
}

/** i++ and its like: the old value or the new one. */
export function lowerUpdate(l: Lowering, node: ts.PrefixUnaryExpression | ts.PostfixUnaryExpression, want: Want, isPrefix: boolean): Atom {
  const target = bare(l.ts, node.operand);
  const place = placeOf(l, target);
  if (place === undefined) return outer(l, node, target, undefined, want);
  const old = l.present(place.read(false));
  if (!isNumeric(old.type)) reject(catalogue.notNumber, node.operand, excerpt(node.operand), l.checker.typeToString(l.checker.getTypeAtLocation(node.operand)));
  const operator = node.operator === l.ts.SyntaxKind.PlusPlusToken ? "+" : "-";
  const next = l.let(operator, [old, one], old.type.kind === "int" ? int : real, place.name);
  place.write(next);
  return isPrefix ? next : old;
}

/** A variable of the function, an element or the length of an array; nothing for what lives elsewhere. */
export function placeOf(l: Lowering, target: ts.Expression): Place | undefined {
  if (l.ts.isIdentifier(target)) return variablePlace(l, target);
  if (l.ts.isElementAccessExpression(target)) return elementPlace(l, target);
  if (!l.ts.isPropertyAccessExpression(target)) return undefined;
  // Which functions an object holds is known by how it was made.
  if (l.types.holdsFunctions(target)) reject(catalogue.objectValue, target, excerpt(target));
  const member = memberPlace(l, target, target.name.text) ?? accessorPlace(l, target);
  if (member !== undefined) return member;
  return target.name.text === "length" && l.types.at(target.expression).kind === "array" ? lengthPlace(l, target) : undefined;
}

function variablePlace(l: Lowering, target: ts.Identifier): Place | undefined {
  const symbol = l.symbol(target);
  if (symbol === undefined || !l.isLocal(symbol)) return undefined;
  return {
    type: l.typeOf(symbol),
    name: target.text,
    read: () => expression(l, target),
    write: (v) => {
      writeVariable(l, symbol, v);
    },
  };
}

function elementPlace(l: Lowering, target: ts.ElementAccessExpression): Place | undefined {
  const type = l.types.at(target.expression);
  const name = literalKey(l, bare(l.ts, target.argumentExpression));
  if (name !== undefined) return memberPlace(l, target, name);
  const named = namedPlace(l, target, type);
  if (named !== undefined) return named;
  if (!isReference(type) || !isNumeric(l.types.at(target.argumentExpression))) return undefined;
  const of = array(l, target.expression);
  const key = placeIn(l, of, target);
  const element = of.type.kind === "record" ? (of.type.fields[Number(key.kind === "literal" ? key.value : 0)]?.type ?? opaqueType) : undefined;
  return {
    type: element ?? (of.type.kind === "array" ? of.type.element : real),
    name: "",
    read: (optional) => loadAt(l, of, key, { optional }),
    write: (v) => storeAt(l, of, key, v),
  };
}

/** r[k] = e where k is one of the names of its members */
function namedPlace(l: Lowering, target: ts.ElementAccessExpression, type: Type): Place | undefined {
  const named = namesOf(l, target, type);
  if (named === undefined) return undefined;
  const of = array(l, target.expression);
  const key = expression(l, target.argumentExpression);
  return {
    type: named.type,
    name: "",
    read: () => memberOf(l, of, named.names, key, ""),
    write: (v) => {
      storeMember(l, of, named.names, key, v);
    },
  };
}

/** r.x = e */
function memberPlace(l: Lowering, target: ts.PropertyAccessExpression | ts.ElementAccessExpression, name: string): Place | undefined {
  const type = l.types.at(target.expression);
  const declared = type.kind === "record" && type.shape === "object" ? type.fields.find((f) => f.name === name) : undefined;
  if (declared === undefined) return undefined;
  const of = array(l, target.expression);
  return {
    type: declared.type,
    name: "",
    read: (optional) => l.loadField(of, name, "", optional),
    write: (v) => l.add({ kind: "store", of, key: { kind: "field", name }, value: v }),
  };
}

/** o.x = e of a setter */
function accessorPlace(l: Lowering, target: ts.PropertyAccessExpression): Place | undefined {
  const write = heldSetter(l, target) ?? (l.types.at(target.expression).kind === "record" ? setterOf(l, target) : undefined);
  return write && { type: l.types.at(target), name: "", read: () => expression(l, target), write };
}

/** a.length = n */
function lengthPlace(l: Lowering, target: ts.PropertyAccessExpression): Place {
  const of = array(l, target.expression);
  return {
    type: int,
    name: "",
    read: () => l.length(of),
    write: (v) => resize(l, of, v),
  };
}

// if (n < a.length) cut off, else a.length = n: what is made longer so has holes, and its shadow has zeros there.
function resize(l: Lowering, of: Atom, size: Atom): void {
  const cut = (): Side => {
    cutTo(l, of, size);
    return { flow: normal };
  };
  if (isLiteral(size, 0)) return void cut();
  const isShorter = l.let("<", [size, l.length(of)], bool);
  branch(l, isShorter, cut, () => {
    if (of.type.kind === "array" && of.type.element.kind === "real") l.add({ kind: "resize", of, length: size, atLeast: true, holes: true });
    else l.add({ kind: "opaque", text: ["", ".length = ", ""], args: [of, size] });
    return { flow: normal };
  });
}

/** Gives an array a length that is not above its own. */
export function cutTo(l: Lowering, of: Atom, length: Atom): void {
  const holdsRows = of.type.kind === "array" && of.type.element.kind !== "real";
  if (holdsRows) popDownTo(l, of, length);
  else l.add({ kind: "resize", of, length, atMost: true });
}

/** for (let k = a.length - 1; k >= n; k--) a.pop() */
function popDownTo(l: Lowering, of: Atom, size: Atom): void {
  const start = l.let("-", [l.length(of), one], int);
  const { statements } = l.inBlock(() => {
    l.add({ kind: "pop", result: l.variable("", elementType(of.type)), of });
  });
  const counter: Counter = { var: l.variable("k", int), start, test: ">=", bound: size, step: -1 };
  l.add({ kind: "loop", counter, carried: [], body: l.block("turn", statements, [zero]) });
}

/** Assigning what lives outside is the function's own affair, as long as the value is constant: it stays text. */
function outer(l: Lowering, node: ts.Expression, target: ts.Expression, right: ts.Expression | undefined, want: Want): Atom {
  if (right !== undefined && l.facts.taint.carries(right)) {
    const isLocalObject = !l.ts.isIdentifier(target) && l.facts.aliases.roots(target).every((s) => l.isLocal(s));
    if (isLocalObject) reject(catalogue.objectValue, node, excerpt(node));
    reject(catalogue.outerWrite, target, excerpt(target));
  }
  return opaque(l, node, want);
}
