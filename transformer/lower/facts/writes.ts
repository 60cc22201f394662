import type ts from "typescript";
import { bare, functionIn, isWithin } from "../syntax.js";

/**
 * One way for a value to get into a variable or into memory, wherever it stands in the function.
 */
export interface Write {
  /** The variable, or the one through which the memory is reached. */
  readonly to: ts.Symbol;
  /** Where the value comes from. Nothing for `++`. */
  readonly value?: ts.Expression | ts.FunctionDeclaration;
  readonly node: ts.Node;
  /**
   * `set`: the variable gets the value. `element`: it gets an element of it. `memory`: the value goes into what the
   * variable refers to.
   */
  readonly kind: "set" | "element" | "memory";
  /** Of a pattern: the place of the variable in it. */
  readonly part?: number;
  /** Of `x += e` and the like: the operator, and the old value counts as well. */
  readonly operator?: ts.SyntaxKind;
}

/** Methods of arrays, maps and sets that write to what they are called on. */
export const mutators: ReadonlySet<string> = new Set(
  "push pop shift unshift splice fill sort reverse copyWithin set add delete clear".split(" "),
);

/** Those of them that put nothing new into it, whatever they are given. */
export const reorders: ReadonlySet<string> = new Set("sort toSorted reverse toReversed copyWithin delete clear".split(" "));

/** Collects all writes of a function, nested functions included. */
export class Writes {
  readonly all: Write[] = [];

  constructor(
    private readonly compiler: typeof ts,
    private readonly symbolOf: (name: ts.Node) => ts.Symbol | undefined,
    private readonly root: ts.Node,
  ) {
    this.visit(root);
  }

  private readonly visit = (node: ts.Node): void => {
    const { compiler: c } = this;
    if (c.isVariableDeclaration(node) || c.isParameter(node)) this.declared(node);
    else if (c.isBinaryExpression(node) && isAssignment(c, node.operatorToken.kind)) {
      const plain = node.operatorToken.kind === c.SyntaxKind.EqualsToken;
      this.assigned(node.left, node.right, node, "set", plain ? undefined : node.operatorToken.kind);
    } else if (isUpdate(c, node)) this.assigned(node.operand, undefined, node, "set", node.operator);
    else if (c.isForOfStatement(node) && !c.isVariableDeclarationList(node.initializer)) {
      this.assigned(node.initializer, node.expression, node, "element");
    } else if (c.isCallExpression(node) && c.isPropertyAccessExpression(node.expression)) {
      const { expression, name } = node.expression;
      const isMutator = mutators.has(name.text);
      if (isMutator && (node.arguments.length === 0 || reorders.has(name.text))) this.memory(expression, undefined, node);
      else if (isMutator) for (const value of node.arguments) this.memory(expression, value, node);
      this.handed(node, expression, name.text);
    } else if (c.isCallExpression(node)) this.passed(node);
    else if (c.isFunctionDeclaration(node) && node.name && node !== this.root) {
      this.variable(node.name, { value: node, node, kind: "set" });
    }
    c.forEachChild(node, this.visit);
  };

  /** The elements of an array become the parameters of a function that is handed to a method of it. */
  private handed(call: ts.CallExpression, of: ts.Expression, method: string): void {
    const { compiler: c } = this;
    for (const argument of call.arguments) {
      const callee = this.nested(argument);
      callee?.parameters.forEach((p, i) => {
        // The index and the array are behind the element; before it, in a fold, is what has been made so far.
        const isFold = method === "reduce" || method === "reduceRight";
        if (!c.isParameter(p) || i > (isFold ? 1 : 0)) return;
        const isFrom = method === "from" && c.isIdentifier(of) && /^(Array|(Float|Int|Uint)\d+(Clamped)?Array)$/.test(of.text);
        for (const value of isFrom ? call.arguments.filter((a) => a !== argument) : [of]) this.bound(p.name, value, call, "element");
        if (isFold && i === 0) for (const value of [...call.arguments.slice(1), ...returnsOf(c, callee)]) this.bound(p.name, value, call, "set");
      });
    }
  }

  private nested(expression: ts.Expression): ts.FunctionLikeDeclaration | undefined {
    const { compiler: c } = this;
    const written = functionIn(c, expression);
    if (written !== undefined) return written;
    const name = bare(c, expression);
    const declaration = c.isIdentifier(name) ? this.symbolOf(name)?.valueDeclaration : undefined;
    if (declaration === undefined || !isWithin(declaration, this.root)) return undefined;
    if (c.isFunctionDeclaration(declaration)) return declaration;
    return c.isVariableDeclaration(declaration) ? functionIn(c, declaration.initializer) : undefined;
  }

  /** The arguments of a nested function become its parameters. */
  private passed(call: ts.CallExpression): void {
    const { compiler: c } = this;
    const callee = this.nested(call.expression);
    if (callee === undefined || callee === this.root) return;
    callee.parameters.forEach((p, i) => {
      const value = call.arguments[i];
      if (value !== undefined && c.isParameter(p)) this.bound(p.name, value, call, "set");
    });
  }

  private declared(node: ts.VariableDeclaration | ts.ParameterDeclaration): void {
    const { compiler: c } = this;
    const list = node.parent;
    const over = c.isVariableDeclarationList(list) && c.isForOfStatement(list.parent) ? list.parent.expression : undefined;
    const value = over ?? node.initializer;
    if (value !== undefined) this.bound(node.name, value, node, over === undefined ? "set" : "element");
  }

  private bound(name: ts.BindingName, value: ts.Expression, node: ts.Node, kind: Write["kind"], place?: number): void {
    if (this.compiler.isIdentifier(name)) return this.variable(name, { value, node, kind, ...(place !== undefined && { part: place }) });
    const literal = this.elementsOf(value, kind);
    name.elements.forEach((e, i) => {
      if (this.compiler.isOmittedExpression(e)) return;
      const part = literal?.[i];
      this.bound(e.name, part ?? value, e, part === undefined ? "element" : "set", part === undefined ? (place ?? i) : undefined);
      if (e.initializer !== undefined) this.bound(e.name, e.initializer, e, "set");
    });
  }

  private assigned(
    to: ts.Expression,
    value: ts.Expression | undefined,
    node: ts.Node,
    kind: Write["kind"],
    operator?: ts.SyntaxKind,
  ): void {
    const { compiler: c } = this;
    const target = bare(c, to);
    // A default of a pattern is an assignment as well, and seen as one.
    if (c.isBinaryExpression(target)) return this.assigned(target.left, value, node, kind, operator);
    if (c.isIdentifier(target)) {
      this.variable(target, { node, kind, ...(value && { value }), ...(operator !== undefined && { operator }) });
    } else if (c.isArrayLiteralExpression(target)) {
      const literal = value && this.elementsOf(value, kind);
      target.elements.forEach((e, i) => {
        if (!c.isOmittedExpression(e)) this.assigned(e, literal?.[i] ?? value, node, literal?.[i] ? "set" : "element");
      });
    } else this.memory(target, value, node);
  }

  /** The elements of an array literal without spread, so that `[a, b] = [b, a]` is two writes. */
  private elementsOf(value: ts.Expression, kind: Write["kind"]): readonly ts.Expression[] | undefined {
    const { compiler: c } = this;
    const literal = bare(c, value);
    if (kind !== "set" || !c.isArrayLiteralExpression(literal)) return undefined;
    return literal.elements.some((e) => c.isSpreadElement(e)) ? undefined : literal.elements;
  }

  private variable(name: ts.Identifier, write: Omit<Write, "to">): void {
    const to = this.symbolOf(name);
    if (to !== undefined) this.all.push({ ...write, to });
  }

  private memory(place: ts.Expression, value: ts.Expression | undefined, node: ts.Node): void {
    for (const to of rootsOf(this.compiler, this.symbolOf, place)) {
      this.all.push({ to, node, kind: "memory", ...(value && { value }) });
    }
  }
}

/** What a function may return. */
function returnsOf(c: typeof ts, fn: ts.FunctionLikeDeclaration): ts.Expression[] {
  const { body } = fn;
  if (body === undefined) return [];
  if (!c.isBlock(body)) return [body];
  const found: ts.Expression[] = [];
  const visit = (n: ts.Node): void => {
    if (c.isReturnStatement(n) && n.expression !== undefined) found.push(n.expression);
    else if (!c.isFunctionLike(n)) c.forEachChild(n, visit);
  };
  c.forEachChild(body, visit);
  return found;
}

/** The variables through which a reference may be reached. Calls that give references: their arguments. */
export function rootsOf(
  c: typeof ts,
  symbolOf: (name: ts.Node) => ts.Symbol | undefined,
  expression: ts.Node,
): readonly ts.Symbol[] {
  const roots: ts.Symbol[] = [];
  const visit = (node: ts.Node): void => {
    if (c.isIdentifier(node)) {
      const symbol = symbolOf(node);
      // Array and Object of the library hold nothing.
      const isLibrary = symbol?.flags !== undefined && (symbol.flags & c.SymbolFlags.Interface) !== 0 && symbol.declarations?.[0]?.getSourceFile().isDeclarationFile === true;
      if (symbol !== undefined && symbol.flags & c.SymbolFlags.Variable && !isLibrary) roots.push(symbol);
    } else if (c.isElementAccessExpression(node)) visit(node.expression);
    else if (c.isPropertyAccessExpression(node)) {
      // Made with the length of an array, and not of the array.
      const isLength = node.name.text === "length" && symbolOf(node.name)?.declarations?.[0]?.getSourceFile().isDeclarationFile === true;
      if (!isLength) visit(node.expression);
    } else if (c.isConditionalExpression(node)) {
      visit(node.whenTrue);
      visit(node.whenFalse);
    } else if (!c.isFunctionLike(node)) c.forEachChild(node, visit);
  };
  visit(expression);
  return roots;
}

export function isAssignment(c: typeof ts, kind: ts.SyntaxKind): boolean {
  return kind >= c.SyntaxKind.FirstAssignment && kind <= c.SyntaxKind.LastAssignment;
}

export function isUpdate(c: typeof ts, node: ts.Node): node is ts.PrefixUnaryExpression | ts.PostfixUnaryExpression {
  if (c.isPostfixUnaryExpression(node)) return true;
  if (!c.isPrefixUnaryExpression(node)) return false;
  return node.operator === c.SyntaxKind.PlusPlusToken || node.operator === c.SyntaxKind.MinusMinusToken;
}
