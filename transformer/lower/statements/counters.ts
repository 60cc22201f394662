import type ts from "typescript";
import type { Counter } from "../../ir/model.js";
import { literal } from "../../ir/build.js";
import { int } from "../../ir/types.js";
import { numeric } from "../expressions/values.js";
import { assignedWithin } from "../facts/assigned.js";
import { isInvariant } from "../facts/invariants.js";
import type { Lowering } from "../lowering.js";
import { bare } from "../syntax.js";

export interface Counted {
  readonly symbol: ts.Symbol;
  readonly counter: Counter;
}

/**
 * for (let i = start; i < bound; i += step): an integer start, a step written as an integer, a bound that the loop
 * cannot change, and a body that does not assign i. The number of turns is then known before the loop. The
 * initializer has been lowered; the bound is lowered here, in front of the loop.
 */
export function counterOf(l: Lowering, node: ts.ForStatement): Counted | undefined {
  const test = node.condition && testOf(l, node.condition);
  const step = node.incrementor && stepOf(l, node.incrementor);
  if (test === undefined || step === undefined || test.symbol !== step.symbol) return undefined;
  const { symbol } = test;
  const start = l.values.get(symbol);
  if (start?.type.kind !== "int" || start.type.nullable || !isOnlyCounter(l, symbol)) return undefined;
  if (test.ascends !== step.by > 0 || assignedWithin(l, node.statement).has(symbol)) return undefined;
  if (!isInvariant(l, test.bound, node)) return undefined;
  const given = l.from(test.bound, () => numeric(l, test.bound));
  // i + 1 < n is i < n - 1 of integers.
  if (test.ahead !== 0 && given.type.kind !== "int") return undefined;
  const bound = test.ahead === 0 ? given : l.let("-", [given, literal(test.ahead)], int);
  const counter: Counter = { var: l.variable(symbol.name, int), start, test: test.operator, bound, step: step.by };
  return { symbol, counter };
}

interface Test {
  readonly symbol: ts.Symbol;
  readonly operator: Counter["test"];
  readonly ascends: boolean;
  readonly bound: ts.Expression;
  /** How far ahead of the variable it looks: 1 in `i + 1 < n`. */
  readonly ahead: number;
}

const mirrored: Readonly<Record<Counter["test"], Counter["test"]>> = { "<": ">", "<=": ">=", ">": "<", ">=": "<=" };

/** i < bound, or bound > i, or i + 1 < bound. */
function testOf(l: Lowering, condition: ts.Expression): Test | undefined {
  const { ts } = l;
  const node = bare(ts, condition);
  if (!ts.isBinaryExpression(node)) return undefined;
  const operator = node.operatorToken.getText();
  if (!(operator in mirrored)) return undefined;
  const left = place(l, node.left);
  const right = place(l, node.right);
  const make = (place: Place, op: Counter["test"], bound: ts.Expression): Test => ({
    ...place,
    operator: op,
    ascends: op.startsWith("<"),
    bound,
  });
  const op = operator as Counter["test"];
  if (left !== undefined && isLoopVariable(l, left.symbol, node)) return make(left, op, node.right);
  return right === undefined ? undefined : make(right, mirrored[op], node.left);
}

type Place = Pick<Test, "symbol" | "ahead">;

/** i, i + 1, i - 1. */
function place(l: Lowering, expression: ts.Expression): Place | undefined {
  const { ts } = l;
  const node = bare(ts, expression);
  if (!ts.isBinaryExpression(node)) {
    const symbol = variable(l, node);
    return symbol && { symbol, ahead: 0 };
  }
  const sign = node.operatorToken.kind === ts.SyntaxKind.PlusToken ? 1 : node.operatorToken.kind === ts.SyntaxKind.MinusToken ? -1 : 0;
  const symbol = sign === 0 ? undefined : variable(l, node.left);
  const by = integer(l, node.right);
  return symbol === undefined || by === undefined ? undefined : { symbol, ahead: sign * by };
}

function isLoopVariable(l: Lowering, symbol: ts.Symbol, condition: ts.Node): boolean {
  let loop: ts.Node = condition;
  while (!l.ts.isForStatement(loop)) loop = loop.parent;
  const step = loop.incrementor && stepOf(l, loop.incrementor);
  return step?.symbol === symbol;
}

/** i++, --i, i += 2, i = i + 2. */
function stepOf(l: Lowering, incrementor: ts.Expression): { symbol: ts.Symbol; by: number } | undefined {
  const { ts } = l;
  const kinds = ts.SyntaxKind;
  const node = bare(ts, incrementor);
  const give = (symbol: ts.Symbol | undefined, by: number | undefined) =>
    symbol === undefined || by === undefined || by === 0 ? undefined : { symbol, by };
  if (ts.isPostfixUnaryExpression(node) || ts.isPrefixUnaryExpression(node)) {
    const by = node.operator === kinds.PlusPlusToken ? 1 : node.operator === kinds.MinusMinusToken ? -1 : undefined;
    return give(variable(l, node.operand), by);
  }
  if (!ts.isBinaryExpression(node)) return undefined;
  const symbol = variable(l, node.left);
  if (node.operatorToken.kind === kinds.PlusEqualsToken) return give(symbol, integer(l, node.right));
  if (node.operatorToken.kind === kinds.MinusEqualsToken) return give(symbol, negated(integer(l, node.right)));
  const sum = node.operatorToken.kind === kinds.EqualsToken ? bare(ts, node.right) : undefined;
  if (sum === undefined || !ts.isBinaryExpression(sum) || variable(l, sum.left) !== symbol) return undefined;
  if (sum.operatorToken.kind === kinds.PlusToken) return give(symbol, integer(l, sum.right));
  return sum.operatorToken.kind === kinds.MinusToken ? give(symbol, negated(integer(l, sum.right))) : undefined;
}

function negated(value: number | undefined): number | undefined {
  return value === undefined ? undefined : -value;
}

function integer(l: Lowering, expression: ts.Expression): number | undefined {
  const node = bare(l.ts, expression);
  const value = l.ts.isNumericLiteral(node) ? Number(node.text) : undefined;
  return Number.isSafeInteger(value) ? value : undefined;
}

function variable(l: Lowering, expression: ts.Expression): ts.Symbol | undefined {
  const node = bare(l.ts, expression);
  const symbol = l.ts.isIdentifier(node) ? l.symbol(node) : undefined;
  return symbol !== undefined && l.values.has(symbol) ? symbol : undefined;
}

/**
 * The variable is not seen behind the loop: it is declared in it, or each of its uses lies in a loop that starts by
 * giving it a new value (`var i` shared by several loops).
 */
function isOnlyCounter(l: Lowering, symbol: ts.Symbol): boolean {
  const { ts } = l;
  const declaration = symbol.valueDeclaration;
  if (declaration === undefined || !ts.isVariableDeclaration(declaration)) return false;
  const isScoped = (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.BlockScoped) !== 0;
  if (isScoped && ts.isForStatement(declaration.parent.parent)) return true;
  const visit = (node: ts.Node): boolean => {
    if (ts.isForStatement(node) && node.initializer !== undefined && sets(l, node.initializer, symbol)) return false;
    const isUse = ts.isIdentifier(node) && l.checker.getSymbolAtLocation(node) === symbol;
    if (isUse && (node.parent !== declaration || declaration.initializer !== undefined)) return true;
    return ts.forEachChild(node, (child) => visit(child) || undefined) ?? false;
  };
  return !l.facts.bodies.roots.some(visit);
}

function sets(l: Lowering, initializer: ts.ForInitializer, symbol: ts.Symbol): boolean {
  const { ts } = l;
  if (ts.isVariableDeclarationList(initializer)) {
    return initializer.declarations.some((d) => d.initializer !== undefined && l.checker.getSymbolAtLocation(d.name) === symbol);
  }
  return (
    ts.isBinaryExpression(initializer) &&
    initializer.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
    l.checker.getSymbolAtLocation(initializer.left) === symbol
  );
}
