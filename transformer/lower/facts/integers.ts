import type ts from "typescript";
import { bare } from "../syntax.js";
import type { Types } from "../types.js";
import type { Write } from "./writes.js";
import { isUpdate } from "./writes.js";

/** Functions of Math whose result is an integer whatever they get. */
const rounding: ReadonlySet<string> = new Set("floor ceil round trunc sign clz32 imul".split(" "));
/** Functions of Math whose result is an integer if their arguments are. */
const keeping: ReadonlySet<string> = new Set("abs max min".split(" "));

export function roundingFunction(name: string): boolean {
  return rounding.has(name);
}
export function keepsIntegers(name: string): boolean {
  return keeping.has(name);
}

/** Whether what is written are indices of an array: `for (const i of a.keys())`, `for (const [i] of a.entries())`. */
export function writesIndices(c: typeof ts, types: Types, { value, kind, part }: Write): boolean {
  const call = value && !c.isFunctionDeclaration(value) && !c.isClassLike(value) ? bare(c, value) : undefined;
  if (kind !== "element" || call === undefined || !c.isCallExpression(call) || !c.isPropertyAccessExpression(call.expression)) return false;
  const { name, expression } = call.expression;
  const isList = ["array", "typed"].includes(types.at(expression).kind);
  return isList && (name.text === "keys" || (name.text === "entries" && part === 0));
}

/**
 * The variables of a function that only ever hold integers, by construction: everything written to them is made of
 * integer literals, lengths, roundings and each other. Found by taking all for integers until one is written something
 * else. Use as an index says nothing.
 */
export class Integers {
  private readonly variables = new Set<ts.Symbol>();

  constructor(
    private readonly compiler: typeof ts,
    private readonly checker: ts.TypeChecker,
    private readonly types: Types,
    private readonly symbolOf: (name: ts.Node) => ts.Symbol | undefined,
    writes: readonly Write[],
    excluded: ReadonlySet<ts.Symbol>,
  ) {
    const scalar = writes.filter((w) => w.kind !== "memory");
    for (const w of scalar) if (!excluded.has(w.to)) this.variables.add(w.to);
    for (const parameter of this.parameters(scalar)) this.variables.delete(parameter);
    for (let size = -1; size !== this.variables.size; ) {
      size = this.variables.size;
      for (const w of scalar) if (!this.keeps(w)) this.variables.delete(w.to);
    }
  }

  has(symbol: ts.Symbol): boolean {
    return this.variables.has(symbol);
  }

  private parameters(writes: readonly Write[]): readonly ts.Symbol[] {
    const isParameter = (s: ts.Symbol): boolean => {
      const declaration = s.valueDeclaration;
      return declaration === undefined || this.compiler.isParameter(declaration) || this.compiler.isBindingElement(declaration);
    };
    return writes.map((w) => w.to).filter(isParameter);
  }

  private keeps(w: Write): boolean {
    const kinds = this.compiler.SyntaxKind;
    if (w.value === undefined) return true;
    if (w.kind === "element" && writesIndices(this.compiler, this.types, w)) return true;
    if (w.kind === "element") return this.integerElements(w.value);
    switch (w.operator) {
      case kinds.SlashEqualsToken:
      case kinds.AsteriskAsteriskEqualsToken:
        return false;
      case kinds.BarEqualsToken:
      case kinds.AmpersandEqualsToken:
      case kinds.CaretEqualsToken:
      case kinds.LessThanLessThanEqualsToken:
      case kinds.GreaterThanGreaterThanEqualsToken:
      case kinds.GreaterThanGreaterThanGreaterThanEqualsToken:
        return true;
      default:
        return this.isInteger(w.value);
    }
  }

  isInteger(expression: NonNullable<Write["value"]>): boolean {
    const { compiler: c } = this;
    if (c.isFunctionDeclaration(expression) || c.isClassLike(expression)) return false;
    const node = bare(c, expression);
    if (c.isNumericLiteral(node)) return Number.isSafeInteger(Number(node.text.replaceAll("_", "")));
    if (c.isIdentifier(node)) return this.integerName(node);
    if (c.isPrefixUnaryExpression(node)) return this.integerPrefix(node);
    if (isUpdate(c, node)) return this.isInteger(node.operand);
    if (c.isBinaryExpression(node)) return this.integerBinary(node);
    if (c.isConditionalExpression(node)) return this.isInteger(node.whenTrue) && this.isInteger(node.whenFalse);
    if (c.isElementAccessExpression(node)) return this.integerElements(node.expression);
    if (c.isPropertyAccessExpression(node)) return node.name.text === "length" && this.types.at(node.expression).kind !== "opaque";
    return c.isCallExpression(node) && this.integerCall(node);
  }

  private integerName(name: ts.Identifier): boolean {
    const symbol = this.symbolOf(name);
    return symbol !== undefined && this.variables.has(symbol);
  }

  private integerPrefix(node: ts.PrefixUnaryExpression): boolean {
    const kinds = this.compiler.SyntaxKind;
    if (node.operator === kinds.TildeToken) return true;
    if (node.operator === kinds.ExclamationToken) return false;
    if (node.operator === kinds.PlusToken && this.types.at(node.operand).kind === "bool") return true;
    // -0 is no integer: an Int32Array would lose its sign.
    const isZero = this.compiler.isNumericLiteral(node.operand) && Number(node.operand.text) === 0;
    return this.isInteger(node.operand) && !(node.operator === kinds.MinusToken && isZero);
  }

  private integerBinary(node: ts.BinaryExpression): boolean {
    const kinds = this.compiler.SyntaxKind;
    switch (node.operatorToken.kind) {
      case kinds.BarToken:
      case kinds.AmpersandToken:
      case kinds.CaretToken:
      case kinds.LessThanLessThanToken:
      case kinds.GreaterThanGreaterThanToken:
      case kinds.GreaterThanGreaterThanGreaterThanToken:
        return true;
      case kinds.PlusToken:
      case kinds.MinusToken:
      case kinds.AsteriskToken:
      case kinds.PercentToken:
        return this.isInteger(node.left) && this.isInteger(node.right);
      case kinds.CommaToken:
      case kinds.EqualsToken:
        return this.isInteger(node.right);
      default:
        return false;
    }
  }

  private integerElements(array: ts.Node): boolean {
    const type = this.types.at(array);
    return type.kind === "typed" && !type.name.startsWith("Float");
  }

  private integerCall(node: ts.CallExpression): boolean {
    const { compiler: c } = this;
    if (!c.isPropertyAccessExpression(node.expression) || !c.isIdentifier(node.expression.expression)) return false;
    const owner = this.checker.getSymbolAtLocation(node.expression.expression);
    const inLibrary = owner?.declarations?.some((d) => d.getSourceFile().isDeclarationFile) ?? false;
    if (!inLibrary || node.expression.expression.text !== "Math") return false;
    const name = node.expression.name.text;
    return rounding.has(name) || (keeping.has(name) && node.arguments.every((a) => this.isInteger(a)));
  }
}
