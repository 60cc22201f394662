import type ts from "typescript";
import type { Types } from "../types.js";
import { isReference } from "../../ir/types.js";
import type { Aliases } from "./aliases.js";
import type { Bodies } from "./bodies.js";
import { roundingFunction, writesIndices } from "./integers.js";
import { reorders, type Write } from "./writes.js";

const searches: ReadonlySet<string> = new Set("indexOf lastIndexOf findIndex findLastIndex".split(" "));

/**
 * Which variables may depend on a differentiated value, wherever in the function: parameters that hold numbers, and
 * what is made of them. Comparisons, indices, lengths and roundings cut. Only used to decide what may be carried as
 * source text, so it may say yes too often.
 */
export class Taint {
  private readonly variables = new Set<ts.Symbol>();
  private readonly cuts = new Map<ts.Expression, boolean>();

  constructor(
    private readonly compiler: typeof ts,
    private readonly checker: ts.TypeChecker,
    private readonly types: Types,
    private readonly symbolOf: (name: ts.Node) => ts.Symbol | undefined,
    private readonly aliases: Aliases,
    root: ts.FunctionLikeDeclaration,
    private readonly bodies: Bodies,
    writes: readonly Write[],
    /** The places of the parameters that are differentiated; all of them where it is not given. */
    varied: ReadonlySet<number> | undefined,
    /** What the function gives, if something differentiated is put into it. */
    given: readonly ts.Expression[],
    captured: ReadonlySet<ts.Symbol>,
    /** Whether an expression is `stopGradient`, whose result carries nothing. */
    private readonly isStop: (callee: ts.Expression) => boolean,
  ) {
    for (const symbol of captured) this.add(symbol);
    for (const e of given) for (const symbol of aliases.roots(e)) this.add(symbol);
    root.parameters.forEach((p, i) => {
      if (varied === undefined || varied.has(i)) this.parameter(p.name);
    });
    const calls = bodies.roots.flatMap((node) => this.callsOf(node));
    for (let size = -1; size !== this.variables.size; ) {
      size = this.variables.size;
      for (const w of writes) if (w.value !== undefined && !this.variables.has(w.to) && !writesIndices(compiler, types, w) && this.carries(w.value)) this.add(w.to);
      for (const call of calls) this.call(call);
      this.spread();
    }
  }

  has(symbol: ts.Symbol): boolean {
    return this.variables.has(symbol);
  }

  /** Whether an expression carries something differentiated, or refers to memory into which such a thing is put elsewhere. */
  mayHold(expression: ts.Expression): boolean {
    if (this.carries(expression)) return true;
    if (!isReference(this.types.at(expression))) return false;
    const { parent } = expression;
    const bound = this.compiler.isVariableDeclaration(parent) ? this.symbolOf(parent.name) : undefined;
    const roots = [...this.aliases.roots(expression), ...(bound === undefined ? [] : [bound])];
    return [...this.variables].some((v) => roots.some((root) => this.aliases.same(v, root)));
  }

  /** Whether the value of an expression may depend on a differentiated value. */
  carries(expression: ts.Node): boolean {
    const { compiler: c } = this;
    if (c.isTypeNode(expression)) return false;
    if (c.isIdentifier(expression) || expression.kind === c.SyntaxKind.ThisKeyword || c.isClassLike(expression)) {
      const symbol = this.symbolOf(expression);
      return symbol !== undefined && this.variables.has(symbol);
    }
    const parsed = c.isCallExpression(expression) ? this.parsed(expression) : undefined;
    if (parsed !== undefined) return this.carries(parsed);
    // a[6] ?? (a[6] ?? x): for TypeScript the element is there.
    if (c.isBinaryExpression(expression) && expression.operatorToken.kind === c.SyntaxKind.QuestionQuestionToken && this.isNever(expression)) return this.carries(expression.left) || this.carries(expression.right);
    if (c.isExpression(expression) && this.isCut(expression)) return false;
    if (c.isCallExpression(expression) && this.isStop(expression.expression)) return false;
    if (c.isElementAccessExpression(expression)) return this.carries(expression.expression);
    if (c.isPropertyAccessExpression(expression)) {
      return expression.name.text !== "length" && this.carries(expression.expression);
    }
    // The tag gets the values themselves, whatever the type of the template is.
    if (c.isTaggedTemplateExpression(expression) && c.isTemplateExpression(expression.template)) {
      return expression.template.templateSpans.some((span) => this.carries(span.expression));
    }
    if (c.isConditionalExpression(expression)) return this.carries(expression.whenTrue) || this.carries(expression.whenFalse);
    if (c.isBinaryExpression(expression) && this.isBitwise(expression.operatorToken.kind)) return false;
    if (c.isPrefixUnaryExpression(expression) && expression.operator === c.SyntaxKind.TildeToken) return false;
    if (c.isCallExpression(expression) && (this.isRounding(expression) || this.isSearch(expression))) return false;
    // What decides an order is not put into it.
    const ordered = c.isCallExpression(expression) ? this.reordered(expression) : undefined;
    if (ordered !== undefined) return this.carries(ordered);
    return c.forEachChild(expression, (child) => this.carries(child) || undefined) ?? false;
  }

  /** JSON.parse(JSON.stringify(a)), which clones. */
  private parsed(node: ts.CallExpression): ts.Expression | undefined {
    const { compiler: c } = this;
    const [text] = node.arguments;
    const isOf = (call: ts.CallExpression, name: string): boolean => call.expression.getText() === name && this.isLibrary(call);
    return text !== undefined && c.isCallExpression(text) && isOf(node, "JSON.parse") && isOf(text, "JSON.stringify") ? text.arguments[0] : undefined;
  }

  private reordered(node: ts.CallExpression): ts.Expression | undefined {
    const { expression } = node;
    const isOrder = this.compiler.isPropertyAccessExpression(expression) && reorders.has(expression.name.text);
    return isOrder && this.isLibrary(node) ? expression.expression : undefined;
  }

  /** Whether a differentiated value is used to make it, also where a text or an object made of it has no derivative. */
  mentions(expression: ts.Node): boolean {
    const { compiler: c } = this;
    if (this.carries(expression)) return true;
    if (c.isCallExpression(expression) && this.isStop(expression.expression)) return false;
    if (c.isExpression(expression) && this.types.isDecision(this.checker.getTypeAtLocation(expression))) return false;
    if (c.isPropertyAccessExpression(expression) && expression.name.text === "length") return false;
    return c.forEachChild(expression, (child) => this.mentions(child) || undefined) ?? false;
  }

  private parameter(name: ts.BindingName): void {
    if (!this.compiler.isIdentifier(name)) {
      for (const e of name.elements) if (!this.compiler.isOmittedExpression(e)) this.parameter(e.name);
      return;
    }
    const symbol = this.symbolOf(name);
    if (symbol !== undefined && this.types.holdsNumbers(this.checker.getTypeAtLocation(name))) this.add(symbol);
  }

  private add(symbol: ts.Symbol): void {
    const declaration = symbol.valueDeclaration;
    const type = declaration && this.checker.getTypeOfSymbolAtLocation(symbol, declaration);
    if (type === undefined || !this.types.isCut(type)) this.variables.add(symbol);
  }

  private isNever(expression: ts.Expression): boolean {
    return (this.checker.getTypeAtLocation(expression).flags & this.compiler.TypeFlags.Never) !== 0;
  }

  private isCut(expression: ts.Expression): boolean {
    let found = this.cuts.get(expression);
    if (found === undefined) this.cuts.set(expression, (found = this.types.isCut(this.checker.getTypeAtLocation(expression))));
    return found;
  }

  /** A function that is given something differentiated may write it into whatever else it is given, if what it does is not known here. */
  private call(node: ts.CallExpression | ts.NewExpression): void {
    const on = this.compiler.isPropertyAccessExpression(node.expression) ? [node.expression.expression] : [];
    const args = [...on, ...(node.arguments ?? [])];
    if (!args.some((a) => this.carries(a)) || this.isLibrary(node)) return;
    const callees = [...this.bodies.of(node.expression)];
    if (callees.length > 0 && callees.every((callee) => this.bodies.isHere(callee))) return;
    for (const a of args) {
      if (isReference(this.types.at(a)) && !this.isReadOnly(a)) for (const root of this.aliases.roots(a)) if (!this.isFunctionOfModule(root)) this.add(root);
    }
  }

  /** dot(x, unit([1, 2])): what `unit` gives may be written to, but it is no memory itself. */
  private isFunctionOfModule({ valueDeclaration: declaration }: ts.Symbol): boolean {
    const { compiler: c } = this;
    if (declaration === undefined) return false;
    const statement = c.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
    return c.isSourceFile(statement.parent) && this.checker.getTypeAtLocation(declaration).getCallSignatures().length > 0;
  }

  /** Whether the function called has promised not to write to an argument: its parameter is a `readonly` array. */
  isReadOnly(argument: ts.Expression): boolean {
    const wanted = this.checker.getContextualType(argument);
    if (wanted === undefined) return false;
    if (this.checker.isTupleType(wanted)) return ((wanted as ts.TypeReference).target as ts.TupleType).readonly;
    return wanted.getSymbol()?.name === "ReadonlyArray";
  }

  /** Memory that is differentiated through one name is so through all. */
  private spread(): void {
    const classes = new Set([...this.variables].map((s) => this.aliases.classOf(s)));
    for (const symbol of this.aliases.united()) {
      if (this.variables.has(symbol) || !classes.has(this.aliases.classOf(symbol))) continue;
      const declaration = symbol.valueDeclaration;
      const type = declaration && this.types.from(this.checker.getTypeOfSymbolAtLocation(symbol, declaration));
      const isClass = (symbol.flags & this.compiler.SymbolFlags.Prototype) !== 0;
      // What lives outside holds nothing differentiated: putting it there is refused.
      if (!isClass && (declaration === undefined || !this.bodies.isNested(declaration))) continue;
      if (isClass || (type !== undefined && isReference(type))) this.add(symbol);
    }
  }

  private callsOf(root: ts.Node): readonly (ts.CallExpression | ts.NewExpression)[] {
    const { compiler: c } = this;
    const calls: (ts.CallExpression | ts.NewExpression)[] = [];
    const visit = (node: ts.Node): void => {
      if (c.isCallExpression(node) || c.isNewExpression(node)) calls.push(node);
      c.forEachChild(node, visit);
    };
    visit(root);
    return calls;
  }

  private isLibrary(node: ts.CallExpression | ts.NewExpression): boolean {
    const declaration = this.checker.getResolvedSignature(node)?.declaration;
    return declaration !== undefined && this.types.isOfLanguage(declaration.getSourceFile());
  }

  private isBitwise(kind: ts.SyntaxKind): boolean {
    const k = this.compiler.SyntaxKind;
    const bitwise = [k.BarToken, k.AmpersandToken, k.CaretToken, k.LessThanLessThanToken];
    return [...bitwise, k.GreaterThanGreaterThanToken, k.GreaterThanGreaterThanGreaterThanToken].includes(kind);
  }

  private isRounding(node: ts.CallExpression): boolean {
    const { compiler: c } = this;
    const callee = node.expression;
    if (!c.isPropertyAccessExpression(callee) || !c.isIdentifier(callee.expression)) return false;
    return callee.expression.text === "Math" && this.isLibrary(node) && roundingFunction(callee.name.text);
  }

  /** a.indexOf(x): an index that comparisons have found. */
  private isSearch(node: ts.CallExpression): boolean {
    const { compiler: c } = this;
    return c.isPropertyAccessExpression(node.expression) && searches.has(node.expression.name.text) && this.isLibrary(node);
  }
}
