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
    /** Parameters of the function itself of which it is known what they are given. */
    private readonly handed: ReadonlySet<ts.Symbol>,
  ) {}

  /** What names stand for, once all writes are known. */
  private known: Map<ts.Symbol, ReadonlySet<FunctionLike>> | undefined;

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
    if (c.isFunctionDeclaration(expression)) return void found.add(expression);
    if (!c.isExpression(expression)) return;
    const node = bare(c, expression);
    const written = functionIn(c, node);
    if (written !== undefined) found.add(written);
    else if (c.isIdentifier(node)) this.named(node, found, seen);
    else if (c.isPropertyAccessExpression(node)) this.named(node.name, found, seen);
    else if (c.isConditionalExpression(node)) {
      this.collect(node.whenTrue, found, seen);
      this.collect(node.whenFalse, found, seen);
    } else if (c.isCallExpression(node)) {
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
    }
    // What others may assign too is not known.
    const [declaration] = symbol.declarations ?? [];
    if (declaration === undefined || !this.isNested(declaration) || (c.isParameter(declaration) && declaration.parent === this.roots[0] && !this.handed.has(symbol))) return;
    for (const w of this.writes) if (w.to === symbol && w.kind === "set" && w.value !== undefined) this.collect(w.value, found, seen);
  }
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
