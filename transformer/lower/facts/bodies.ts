import type ts from "typescript";
import { bare, functionIn, isConst, isWithin } from "../syntax.js";
import { isStatic, type Classes, type Member } from "./classes.js";
import type { Write } from "./writes.js";

type FunctionLike = ts.FunctionLikeDeclaration;

/**
 * Which functions of the program an expression may be, whatever the order of the statements: what is written there, what
 * a name is declared as or gets, what a function that gives functions returns.
 */
export class Bodies {
  constructor(
    private readonly compiler: typeof ts,
    private readonly checker: ts.TypeChecker,
    private readonly symbolOf: (name: ts.Node) => ts.Symbol | undefined,
    private readonly classes: Classes,
    /** The function that is lowered, and those that are lowered within it; initializers of the fields of its objects. */
    readonly roots: readonly ts.Node[],
    private readonly writes: readonly Write[],
    /** Parameters of the function itself, and variables around it, of which it is known what they are given. */
    private readonly handed: ReadonlySet<ts.Symbol>,
    /** Whether an expression is `checkpoint`, which gives the function that it is given. */
    private readonly isCheckpoint: (callee: ts.Expression) => boolean,
  ) {}

  /** What names stand for, once all writes are known. */
  private known: Map<ts.Symbol, ReadonlySet<FunctionLike>> | undefined;
  /** What members of objects get, by their names: whatever object it is. */
  private readonly byName = new Map<string, Set<ts.Node>>();
  private readonly constants = new Set<ts.Symbol>();

  /** A member of an object literal, a field of a class with its value, a parameter of a constructor that is a field. */
  member(node: ts.ObjectLiteralElement | ts.PropertyDeclaration | ts.ParameterDeclaration): void {
    const { compiler: c } = this;
    const value = c.isPropertyAssignment(node) || c.isPropertyDeclaration(node) ? node.initializer : c.isMethodDeclaration(node) ? node : node.name;
    const { name } = node;
    if (value === undefined || name === undefined || !(c.isIdentifier(name) || c.isStringLiteralLike(name) || c.isPrivateIdentifier(name))) return;
    const known = this.byName.get(name.text) ?? new Set();
    this.byName.set(name.text, known.add(value));
  }

  /** A table of functions that is declared outside: `const ops = { add: (a, b) => a + b }`. */
  constant(name: ts.Identifier): void {
    const { compiler: c } = this;
    const local = this.symbolOf(name);
    const symbol = local !== undefined && local.flags & c.SymbolFlags.Alias ? this.checker.getAliasedSymbol(local) : local;
    const declaration = symbol?.valueDeclaration;
    if (symbol === undefined || this.constants.has(symbol)) return;
    this.constants.add(symbol);
    if (declaration === undefined || !c.isVariableDeclaration(declaration) || !isConst(c, declaration) || this.isNested(declaration)) return;
    const visit = (node: ts.Node): void => {
      if (c.isObjectLiteralElement(node)) this.member(node);
      if (!c.isFunctionLike(node)) c.forEachChild(node, visit);
    };
    if (declaration.initializer !== undefined) visit(declaration.initializer);
  }

  of(expression: ts.Node): ReadonlySet<FunctionLike> {
    const symbol = this.known !== undefined && this.compiler.isIdentifier(expression) ? this.symbolOf(expression) : undefined;
    const known = symbol && this.known?.get(symbol);
    if (known !== undefined) return known;
    const found = new Set<FunctionLike>();
    this.collect(expression, found, new Set());
    if (symbol !== undefined) this.known?.set(symbol, found);
    return found;
  }

  /** All writes are known from now on. */
  settle(): void {
    this.known = new Map();
  }

  /** Whether a function stands within one of those that are lowered. */
  isNested(callee: ts.Node): boolean {
    return this.roots.some((root) => root !== callee && isWithin(callee, root));
  }

  /** Whether a function is lowered where it is called, so that its writes are among those of this one. */
  isHere(callee: ts.Node): boolean {
    return callee !== this.roots[0] && (this.roots.includes(callee) || this.isNested(callee));
  }

  private collect(expression: ts.Node, found: Set<FunctionLike>, seen: Set<ts.Node | ts.Symbol>): void {
    const { compiler: c } = this;
    if (seen.has(expression)) return;
    seen.add(expression);
    if (c.isFunctionDeclaration(expression) || c.isMethodDeclaration(expression)) return void found.add(expression);
    if (!c.isExpression(expression)) return;
    const node = bare(c, expression);
    const written = functionIn(c, node);
    if (written !== undefined) found.add(written);
    else if (c.isIdentifier(node)) this.named(node, found, seen);
    else if (c.isSpreadElement(node)) this.parts(node.expression, found, seen, new Set());
    else if (c.isPropertyAccessExpression(node)) {
      this.named(node.name, found, seen);
      for (const value of this.byName.get(node.name.text) ?? []) this.collect(value, found, seen);
    } else if (c.isElementAccessExpression(node)) this.parts(node.expression, found, seen, new Set());
    else if (c.isConditionalExpression(node)) {
      this.collect(node.whenTrue, found, seen);
      this.collect(node.whenFalse, found, seen);
    } else if (c.isBinaryExpression(node) && isLogical(c, node.operatorToken.kind)) {
      this.collect(node.left, found, seen);
      this.collect(node.right, found, seen);
    } else if (c.isCallExpression(node) && this.isCheckpoint(node.expression)) node.arguments.slice(0, 1).forEach((f) => {
      this.collect(f, found, seen);
    });
    else if (c.isCallExpression(node)) {
      const callees = new Set<FunctionLike>();
      this.collect(node.expression, callees, new Set(seen));
      for (const callee of callees) for (const value of returnsOf(c, callee)) this.collect(value, found, seen);
    }
  }

  /** The bodies that a member of a class may have. */
  members(member: Member): Iterable<Member> {
    const { parent } = member;
    if (!this.compiler.isClassLike(parent) || parent.getSourceFile().isDeclarationFile) return [];
    if (isStatic(this.compiler, member)) return member.body === undefined ? [] : [member];
    return this.classes.bodies(parent, member.name.getText(), member.kind);
  }

  private named(name: ts.MemberName, found: Set<FunctionLike>, seen: Set<ts.Node | ts.Symbol>): void {
    const { compiler: c } = this;
    const local = this.symbolOf(name);
    const symbol = local !== undefined && local.flags & c.SymbolFlags.Alias ? this.checker.getAliasedSymbol(local) : local;
    if (symbol === undefined || seen.has(symbol)) return;
    seen.add(symbol);
    for (const d of symbol.declarations ?? []) {
      if (c.isFunctionDeclaration(d) && d.body !== undefined) found.add(d);
      else if (c.isVariableDeclaration(d) && isConst(c, d) && d.initializer) this.collect(d.initializer, found, seen);
      else if (c.isExportAssignment(d)) this.collect(d.expression, found, seen);
      else if (c.isPropertyAssignment(d)) this.collect(d.initializer, found, seen);
      else if (c.isMethodDeclaration(d) || c.isAccessor(d)) for (const body of this.members(d)) found.add(body);
      else if (c.isMethodSignature(d)) for (const body of this.classes.families.implementations(d, d.name.getText())) found.add(body);
    }
    // What others may assign too is not known.
    const [declaration] = symbol.declarations ?? [];
    const isOwn = declaration !== undefined && this.isNested(declaration) && !(c.isParameter(declaration) && declaration.parent === this.roots[0]);
    if (!isOwn && !this.handed.has(symbol)) return;
    for (const w of this.writes) {
      if (w.to !== symbol || w.value === undefined) continue;
      if (w.kind === "set") this.collect(w.value, found, seen);
      else if (w.kind === "element") this.parts(w.value, found, seen, new Set());
    }
  }

  /** The functions that are elements or members of what an expression gives. */
  private parts(expression: ts.Node, found: Set<FunctionLike>, seen: Set<ts.Node | ts.Symbol>, visited: Set<ts.Node | ts.Symbol>): void {
    const { compiler: c } = this;
    const inner = (node: ts.Node): void => {
      this.parts(node, found, seen, visited);
    };
    const own = (node: ts.Node): void => {
      this.collect(node, found, seen);
    };
    if (visited.has(expression) || !c.isExpression(expression)) return;
    visited.add(expression);
    const node = bare(c, expression);
    if (c.isArrayLiteralExpression(node)) {
      for (const e of node.elements) {
        if (c.isSpreadElement(e)) inner(e.expression);
        else own(e);
      }
    }
    else if (c.isObjectLiteralExpression(node)) {
      for (const p of node.properties) {
        if (c.isSpreadAssignment(p)) inner(p.expression);
        else own(c.isPropertyAssignment(p) ? p.initializer : c.isShorthandPropertyAssignment(p) ? p.name : p);
      }
    } else if (c.isPropertyAccessExpression(node)) for (const value of this.byName.get(node.name.text) ?? []) inner(value);
    else if (c.isConditionalExpression(node)) [node.whenTrue, node.whenFalse].forEach(inner);
    else if (c.isBinaryExpression(node) && isLogical(c, node.operatorToken.kind)) [node.left, node.right].forEach(inner);
    else if (c.isCallExpression(node)) {
      const callees = new Set<FunctionLike>();
      this.collect(node.expression, callees, new Set(seen));
      for (const callee of callees) returnsOf(c, callee).forEach(inner);
      if (callees.size === 0 && c.isPropertyAccessExpression(node.expression)) [node.expression.expression, ...node.arguments].forEach(inner);
    } else if (c.isIdentifier(node)) this.partsOf(node, inner, own, visited);
  }

  private partsOf(name: ts.Identifier, inner: (node: ts.Node) => void, own: (node: ts.Node) => void, visited: Set<ts.Node | ts.Symbol>): void {
    const { compiler: c } = this;
    const local = this.symbolOf(name);
    const symbol = local !== undefined && local.flags & c.SymbolFlags.Alias ? this.checker.getAliasedSymbol(local) : local;
    const [declaration] = symbol?.declarations ?? [];
    if (symbol === undefined || declaration === undefined || visited.has(symbol)) return;
    visited.add(symbol);
    if (c.isVariableDeclaration(declaration) && isConst(c, declaration) && declaration.initializer) inner(declaration.initializer);
    for (const w of this.writes) {
      if (w.to !== symbol || w.value === undefined) continue;
      inner(w.value);
      if (w.kind === "memory") own(w.value);
    }
  }
}

function isLogical(c: typeof ts, kind: ts.SyntaxKind): boolean {
  const k = c.SyntaxKind;
  return kind === k.QuestionQuestionToken || kind === k.BarBarToken || kind === k.AmpersandAmpersandToken;
}

/** What a function may return. */
export function returnsOf(c: typeof ts, fn: FunctionLike): ts.Expression[] {
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
