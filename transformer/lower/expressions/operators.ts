import type ts from "typescript";
import { catalogue, excerpt } from "../../diagnostics.js";
import type { Atom } from "../../ir/model.js";
import { bool, int, real } from "../../ir/types.js";
import type { Lowering, Table } from "../lowering.js";
import { reject } from "../rejected.js";
import { lowerAssignment, lowerUpdate } from "./assignments.js";
import { lowerComparison, lowerIn } from "./comparisons.js";
import { condition, lowerLogical } from "./conditions.js";
import { discard } from "./discard.js";
import { expression, type Want } from "./index.js";
import { lowerInstanceOf } from "./instances.js";
import { number } from "./names.js";
import { opaque } from "./opaque.js";
import { numeric } from "./values.js";

type Handler = (l: Lowering, node: ts.BinaryExpression, want: Want) => Atom;

/** Operators of numbers and their operation. `true`: of integers they make an integer. */
const arithmetic: Table<readonly [op: string, keepsIntegers: boolean]> = {
  PlusToken: ["+", true],
  MinusToken: ["-", true],
  AsteriskToken: ["*", true],
  SlashToken: ["/", false],
  PercentToken: ["%", true],
  AsteriskAsteriskToken: ["**", false],
};

const bitwise: Table<string> = {
  BarToken: "|",
  AmpersandToken: "&",
  CaretToken: "^",
  LessThanLessThanToken: "<<",
  GreaterThanGreaterThanToken: ">>",
  GreaterThanGreaterThanGreaterThanToken: ">>>",
};

const others: Table<Handler> = {
  LessThanToken: lowerComparison,
  LessThanEqualsToken: lowerComparison,
  GreaterThanToken: lowerComparison,
  GreaterThanEqualsToken: lowerComparison,
  EqualsEqualsToken: lowerComparison,
  EqualsEqualsEqualsToken: lowerComparison,
  ExclamationEqualsToken: lowerComparison,
  ExclamationEqualsEqualsToken: lowerComparison,
  AmpersandAmpersandToken: lowerLogical,
  BarBarToken: lowerLogical,
  QuestionQuestionToken: lowerLogical,
  EqualsToken: lowerAssignment,
  PlusEqualsToken: lowerAssignment,
  MinusEqualsToken: lowerAssignment,
  AsteriskEqualsToken: lowerAssignment,
  SlashEqualsToken: lowerAssignment,
  PercentEqualsToken: lowerAssignment,
  AsteriskAsteriskEqualsToken: lowerAssignment,
  BarEqualsToken: lowerAssignment,
  AmpersandEqualsToken: lowerAssignment,
  CaretEqualsToken: lowerAssignment,
  LessThanLessThanEqualsToken: lowerAssignment,
  GreaterThanGreaterThanEqualsToken: lowerAssignment,
  GreaterThanGreaterThanGreaterThanEqualsToken: lowerAssignment,
  AmpersandAmpersandEqualsToken: lowerAssignment,
  BarBarEqualsToken: lowerAssignment,
  QuestionQuestionEqualsToken: lowerAssignment,
  InKeyword: lowerIn,
  InstanceOfKeyword: lowerInstanceOf,
  // a, b: the first for its effects.
  CommaToken: (l, node, want) => {
    discard(l, node.left);
    return expression(l, node.right, want);
  },
};

export function lowerBinary(l: Lowering, node: ts.BinaryExpression, want: Want): Atom {
  const kind = node.operatorToken.kind;
  const other = l.handler(others, kind);
  if (other !== undefined) return other(l, node, want);
  const isNumber = l.handler(arithmetic, kind) !== undefined || l.handler(bitwise, kind) !== undefined;
  if (!isNumber || isText(l, node)) return opaque(l, node, want);
  refuseBigInt(l, node);
  const left = numeric(l, node.left);
  const right = numeric(l, node.right);
  return operate(l, kind, left, right, want.name);
}

/** The result of an operator; also of the one in `x += e`. */
export function operate(l: Lowering, operator: ts.SyntaxKind, left: Atom, right: Atom, name = ""): Atom {
  const bits = l.handler(bitwise, operator);
  if (bits !== undefined) return l.let(bits, [left, right], int, name);
  const [op, keepsIntegers] = l.handler(arithmetic, operator) ?? ["", false];
  const type = keepsIntegers && left.type.kind === "int" && right.type.kind === "int" ? int : real;
  return l.let(op, [left, right], type, name);
}

/** Joined texts: "a" + x. */
function isText(l: Lowering, node: ts.BinaryExpression): boolean {
  return l.types.at(node).kind === "opaque" && l.types.isCut(l.checker.getTypeAtLocation(node)) && !isBigInt(l, node);
}

function isBigInt(l: Lowering, node: ts.Expression): boolean {
  return (l.checker.getTypeAtLocation(node).flags & l.ts.TypeFlags.BigIntLike) !== 0;
}

function refuseBigInt(l: Lowering, node: ts.Expression): void {
  if (isBigInt(l, node)) reject(catalogue.notNumber, node, excerpt(node), "bigint");
}

export function lowerPrefix(l: Lowering, node: ts.PrefixUnaryExpression, want: Want): Atom {
  const kinds = l.ts.SyntaxKind;
  switch (node.operator) {
    case kinds.PlusPlusToken:
    case kinds.MinusMinusToken:
      return lowerUpdate(l, node, want, true);
    case kinds.ExclamationToken: {
      const test = condition(l, node.operand);
      return test.kind === "literal" ? { ...test, value: !test.value } : l.let("!", [test], bool, want.name);
    }
    case kinds.PlusToken:
      return toNumber(l, node.operand, want);
    case kinds.TildeToken:
      return l.let("~", [numeric(l, node.operand)], int, want.name);
    default:
      return negative(l, node.operand, want);
  }
}

export function lowerPostfix(l: Lowering, node: ts.PostfixUnaryExpression, want: Want): Atom {
  return lowerUpdate(l, node, want, false);
}

/** -1e-3 is a literal; anything else is turned round when it is there. */
function negative(l: Lowering, operand: ts.Expression, want: Want): Atom {
  if (l.ts.isNumericLiteral(operand)) return number(-Number(operand.text), `-${operand.getText()}`);
  refuseBigInt(l, operand);
  const value = numeric(l, operand);
  if (value.kind === "literal" && typeof value.value === "number" && value.value !== 0) {
    const text = value.text ?? String(value.value);
    if (!text.startsWith("-")) return number(-value.value, `-${text}`);
  }
  return l.let("neg", [value], value.type.kind === "int" ? int : real, want.name);
}

/** +x, Number(x): a number stays what it is, of a boolean it is 1 or 0, text is parsed where it stands. */
export function toNumber(l: Lowering, operand: ts.Expression, want: Want, whole: ts.Expression = operand.parent as ts.Expression): Atom {
  const { kind } = l.types.at(operand);
  if (kind === "real") return numeric(l, operand, want);
  if (kind === "bool") return l.let("toNumber", [condition(l, operand)], int, want.name);
  return opaque(l, whole, want);
}
