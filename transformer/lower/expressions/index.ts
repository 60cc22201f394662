import type ts from "typescript";
import { literal } from "../../ir/build.js";
import type { Atom } from "../../ir/model.js";
import { bool, type Type } from "../../ir/types.js";
import { catalogue, excerpt } from "../../diagnostics.js";
import type { Lowering, Table } from "../lowering.js";
import { reject } from "../rejected.js";
import { lowerArrayLiteral, lowerElement, lowerNew, lowerProperty } from "./arrays.js";
import { lowerCall } from "./calls.js";
import { lowerConditional } from "./conditions.js";
import { lowerName, lowerNull, lowerNumber } from "./names.js";
import { lowerBinary, lowerPostfix, lowerPrefix } from "./operators.js";
import { lowerObjectLiteral } from "./objects.js";
import { opaque } from "./opaque.js";

/** What is wished for by whoever uses the value. */
export interface Want {
  /** The name of the variable that it becomes. */
  readonly name?: string;
  /** The type that is expected: array literals have no type of their own. */
  readonly type?: Type;
  /** Whether it may be undefined: an element that may be missing. */
  readonly optional?: boolean;
}

type Handler = (l: Lowering, node: never, want: Want) => Atom;

/** What has no place in a differentiated function, whatever it computes. */
const rejected: Table<(node: never) => never> = {
  AwaitExpression: (node: ts.Node) => reject(catalogue.asyncFunction, node, excerpt(node), "part of an async"),
  YieldExpression: (node: ts.Node) => reject(catalogue.asyncFunction, node, excerpt(node), "part of a generator"),
  SuperKeyword: (node: ts.Node) => reject(catalogue.thisValue, node, excerpt(node)),
  MetaProperty: (node: ts.Node) => reject(catalogue.thisValue, node, excerpt(node)),
  ClassExpression: (node: ts.Node) => reject(catalogue.statement, node, "class"),
  DeleteExpression: (node: ts.Node) => reject(catalogue.expression, node, excerpt(node)),
};

const lowered: Table<Handler> = {
  ArrayLiteralExpression: lowerArrayLiteral,
  BinaryExpression: lowerBinary,
  CallExpression: lowerCall,
  ConditionalExpression: lowerConditional,
  ElementAccessExpression: lowerElement,
  FalseKeyword: () => literal(false, bool),
  Identifier: lowerName,
  NewExpression: lowerNew,
  NonNullExpression: (l, node: ts.NonNullExpression, want) =>
    l.present(expression(l, node.expression, { ...want, optional: false })),
  NullKeyword: lowerNull,
  NumericLiteral: lowerNumber,
  ObjectLiteralExpression: lowerObjectLiteral,
  PostfixUnaryExpression: lowerPostfix,
  PrefixUnaryExpression: lowerPrefix,
  PropertyAccessExpression: lowerProperty,
  ThisKeyword: (l, node: ts.Node) => l.receiverAt(node),
  StringLiteral: (_, node: ts.StringLiteral) => literal(node.text),
  NoSubstitutionTemplateLiteral: (_, node: ts.NoSubstitutionTemplateLiteral) => literal(node.text),
  TrueKeyword: () => literal(true, bool),
  // What TypeScript says of a value without changing it.
  AsExpression: asserted,
  ParenthesizedExpression: within,
  SatisfiesExpression: within,
  TypeAssertionExpression: within,
};

/**
 * The value of an expression. Everything not in the tables is carried as source text if it is constant, else rejected.
 */
export function expression(l: Lowering, node: ts.Expression, want: Want = {}): Atom {
  const standing = l.standing.get(node);
  if (standing !== undefined) return standing;
  l.handler(rejected, node.kind)?.(node as never);
  const handler = l.handler(lowered, node.kind) ?? opaque;
  return l.from(node, () => handler(l, node as never, want));
}

/** `JSON.parse(text) as number[]`, `[] as number[]`: of what may be anything the assertion says what it is. */
function asserted(l: Lowering, node: ts.AsExpression, want: Want): Atom {
  if (l.ts.isArrayLiteralExpression(node.expression) && node.expression.elements.length === 0) return within(l, node, { type: l.types.at(node), ...want });
  const isAny = (l.checker.getTypeAtLocation(node.expression).flags & l.ts.TypeFlags.Any) !== 0;
  return isAny && !l.facts.taint.carries(node) ? opaque(l, node, want) : within(l, node, want);
}

function within(l: Lowering, node: { readonly expression: ts.Expression }, want: Want): Atom {
  return expression(l, node.expression, want);
}
