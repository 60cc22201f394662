import type ts from "typescript";
import { bare } from "../syntax.js";
import { Families } from "./families.js";

/** A method, a getter or a setter. */
export type Member = ts.MethodDeclaration | ts.AccessorDeclaration;

/** The classes of the program and what they inherit. Looked through when the first one is asked for. */
export class Classes {
  private readonly replaced = new Map<Member, boolean>();
  private subclasses: Map<ts.Symbol, ts.ClassLikeDeclaration[]> | undefined;
  private readonly found: ts.ClassLikeDeclaration[] = [];
  /** Of which of them an object may be. */
  readonly families: Families;

  constructor(
    private readonly compiler: typeof ts,
    private readonly program: ts.Program,
  ) {
    this.families = new Families(compiler, program.getTypeChecker(), program, this);
  }

  /** The class that an expression names, if it has a body in the program. */
  named(expression: ts.Expression): ts.ClassLikeDeclaration | undefined {
    const declaration = this.symbol(bare(this.compiler, expression))?.valueDeclaration;
    return declaration !== undefined && this.compiler.isClassLike(declaration) && !declaration.getSourceFile().isDeclarationFile ? declaration : undefined;
  }

  /** The class around a place: what `this` is an instance of there. */
  around(node: ts.Node): ts.ClassLikeDeclaration | undefined {
    let at: ts.Node | undefined = node.parent as ts.Node | undefined;
    while (at !== undefined && !this.compiler.isClassLike(at)) at = at.parent as ts.Node | undefined;
    return at;
  }

  /** The class that another extends: nothing where it extends none, "unknown" where that has no body in the program. */
  base(declaration: ts.ClassLikeDeclaration): ts.ClassLikeDeclaration | "unknown" | undefined {
    const clause = declaration.heritageClauses?.find((h) => h.token === this.compiler.SyntaxKind.ExtendsKeyword);
    const [extended] = clause?.types ?? [];
    return extended && (this.named(extended.expression) ?? "unknown");
  }

  /** A class and those that it extends, from the innermost; nothing where one of them has no body in the program. */
  chain(declaration: ts.ClassLikeDeclaration): readonly ts.ClassLikeDeclaration[] | undefined {
    const chain: ts.ClassLikeDeclaration[] = [];
    for (let at: ReturnType<Classes["base"]> = declaration; at !== undefined; at = this.base(at)) {
      if (at === "unknown" || chain.includes(at)) return undefined;
      chain.push(at);
    }
    return chain;
  }

  /** The body that an instance of just this class has for a member. */
  bodyIn(declaration: ts.ClassLikeDeclaration, name: string, kind: ts.SyntaxKind): Member | undefined {
    for (const at of this.chain(declaration) ?? []) {
      const found = this.own(at, name, kind);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** The bodies that a member may have on what has the type of this class: its own or inherited one, and those of subclasses. */
  bodies(declaration: ts.ClassLikeDeclaration, name: string, kind: ts.SyntaxKind): ReadonlySet<Member> {
    const found = new Set<Member>();
    const inherited = this.bodyIn(declaration, name, kind);
    if (inherited !== undefined) found.add(inherited);
    const visit = (at: ts.ClassLikeDeclaration): void => {
      for (const below of this.below(at)) {
        const own = this.own(below, name, kind);
        if (own !== undefined) found.add(own);
        visit(below);
      }
    };
    visit(declaration);
    return found;
  }

  /** All classes of the program. */
  all(): readonly ts.ClassLikeDeclaration[] {
    this.subclasses ??= this.collect();
    return this.found;
  }

  /** Whether the program assigns something else to a member: A.prototype.m = f, A.m = f. */
  isReplaced(member: Member): boolean {
    const known = this.replaced.get(member);
    if (known !== undefined) return known;
    const { compiler: c } = this;
    const name = member.name.getText();
    const visit = (n: ts.Node): boolean => {
      const to = c.isBinaryExpression(n) && n.operatorToken.kind === c.SyntaxKind.EqualsToken ? bare(c, n.left) : undefined;
      const isIt = to !== undefined && c.isPropertyAccessExpression(to) && to.name.text === name && (this.symbol(to)?.declarations?.includes(member) ?? false);
      return isIt || (c.forEachChild(n, (child) => visit(child) || undefined) ?? false);
    };
    const mayAssign = new RegExp(`\\.${name.replace(/[^\w]/g, ".")}\\s*=[^=>]`);
    const found = this.program.getSourceFiles().some((file) => !file.isDeclarationFile && mayAssign.test(file.text) && visit(file));
    this.replaced.set(member, found);
    return found;
  }

  private own(declaration: ts.ClassLikeDeclaration, name: string, kind: ts.SyntaxKind): Member | undefined {
    const { compiler: c } = this;
    const isOne = (m: ts.ClassElement): m is Member =>
      m.kind === kind && (c.isMethodDeclaration(m) || c.isAccessor(m)) && m.body !== undefined && m.name.getText() === name && !isStatic(c, m);
    return declaration.members.find(isOne);
  }

  /** The classes that extend another directly. */
  below(declaration: ts.ClassLikeDeclaration): readonly ts.ClassLikeDeclaration[] {
    this.subclasses ??= this.collect();
    const symbol = declaration.name && this.symbol(declaration.name);
    return (symbol && this.subclasses.get(symbol)) ?? [];
  }

  private collect(): Map<ts.Symbol, ts.ClassLikeDeclaration[]> {
    const found = new Map<ts.Symbol, ts.ClassLikeDeclaration[]>();
    const visit = (node: ts.Node): void => {
      if (this.compiler.isClassLike(node)) {
        this.found.push(node);
        const base = this.base(node);
        const symbol = base !== undefined && base !== "unknown" && base.name ? this.symbol(base.name) : undefined;
        if (symbol !== undefined) found.set(symbol, [...(found.get(symbol) ?? []), node]);
      }
      this.compiler.forEachChild(node, visit);
    };
    for (const file of this.program.getSourceFiles()) if (!file.isDeclarationFile && /\bclass\b/.test(file.text)) visit(file);
    return found;
  }

  private symbol(node: ts.Node): ts.Symbol | undefined {
    const checker = this.program.getTypeChecker();
    const symbol = checker.getSymbolAtLocation(this.compiler.isPropertyAccessExpression(node) ? node.name : node);
    return symbol !== undefined && symbol.flags & this.compiler.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  }
}

export function isStatic(compiler: typeof ts, member: ts.ClassElement): boolean {
  return (compiler.getCombinedModifierFlags(member) & compiler.ModifierFlags.Static) !== 0;
}
