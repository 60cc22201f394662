import type ts from "typescript";
import { isStatic, type Classes, type Member } from "./classes.js";

type ClassLike = ts.ClassLikeDeclaration;

/**
 * Of which classes of the program an object may be that has the type of a class with others below it, of an interface that
 * classes implement, or of a union of classes. Objects of such classes are told apart by `o.constructor`, so that each has it.
 * Looked through when the first one is asked for.
 */
export class Families {
  private told: ReadonlySet<ClassLike> | undefined;
  private readonly known = new Map<ts.Type, readonly ClassLike[] | undefined>();

  constructor(
    private readonly compiler: typeof ts,
    private readonly checker: ts.TypeChecker,
    private readonly program: ts.Program,
    private readonly classes: Classes,
  ) {}

  /** The classes that objects of a type can be told to be of; nothing where they may be anything else. */
  of(given: ts.Type): readonly ClassLike[] | undefined {
    const type = this.checker.getNonNullableType(given.flags & this.compiler.TypeFlags.TypeParameter ? (this.checker.getBaseConstraintOfType(given) ?? given) : given);
    if (!this.known.has(type)) this.known.set(type, this.find(type));
    return this.known.get(type);
  }

  /** The bodies that classes have for a member that an interface only describes. */
  implementations(signature: ts.Declaration, name: string): readonly Member[] {
    const { compiler: c } = this;
    if (!c.isInterfaceDeclaration(signature.parent)) return [];
    const family = this.of(this.checker.getTypeAtLocation(signature.parent)) ?? [];
    return family.flatMap((made) => this.classes.bodyIn(made, name, c.SyntaxKind.MethodDeclaration) ?? []);
  }

  /** The type of the objects of a class. */
  typeOf(made: ClassLike): ts.Type {
    return this.checker.getTypeAtLocation(made);
  }

  private find(type: ts.Type): readonly ClassLike[] | undefined {
    const { compiler: c } = this;
    if (type.isUnion()) {
      const parts = type.types.map((part) => this.of(part));
      return parts.every((part) => part !== undefined) ? [...new Set(parts.flat())] : undefined;
    }
    // The class itself, typeof Shape, is none of its objects.
    if (type.getConstructSignatures().length > 0) return undefined;
    const declarations = type.getSymbol()?.declarations ?? [];
    const made = declarations.find((d) => c.isClassLike(d));
    // No class is asked for that says that it is an array, or Math: all files would have to be gone through.
    const isDescribed = declarations.some((d) => c.isInterfaceDeclaration(d) && !this.program.isSourceFileDefaultLibrary(d.getSourceFile()));
    const all = made !== undefined ? this.withBelow(made) : isDescribed ? this.implementing(type) : [];
    const concrete = all.filter((one) => !this.isAbstract(one));
    if (concrete.length === 0) return undefined;
    const told = (this.told ??= this.collect());
    return concrete.every((one) => told.has(one) && one.name !== undefined && one.typeParameters === undefined) ? concrete : undefined;
  }

  private withBelow(made: ClassLike): readonly ClassLike[] {
    return [made, ...this.classes.below(made).flatMap((one) => this.withBelow(one))];
  }

  /** The classes that say that they implement an interface, themselves or by a class or an interface above. */
  private implementing(type: ts.Type): readonly ClassLike[] {
    const { compiler: c, checker } = this;
    const says = (clause: ts.HeritageClause, isWay: boolean): boolean =>
      isWay && clause.types.some((t) => {
        const above = checker.getTypeAtLocation(t);
        return above.symbol === type.symbol || (above.symbol?.declarations ?? []).some((d) => c.isInterfaceDeclaration(d) && (d.heritageClauses ?? []).some((inner) => says(inner, true)));
      });
    const own = this.classes.all().filter((made) => (made.heritageClauses ?? []).some((h) => says(h, h.token === c.SyntaxKind.ImplementsKeyword)));
    return [...new Set(own.flatMap((made) => this.withBelow(made)))];
  }

  private isAbstract(made: ClassLike): boolean {
    return (this.compiler.getCombinedModifierFlags(made) & this.compiler.ModifierFlags.Abstract) !== 0;
  }

  /** The classes with members that others override or leave to those below, and those that the program tells apart. */
  private collect(): ReadonlySet<ClassLike> {
    const { compiler: c } = this;
    const told = new Set<ClassLike>();
    const tell = (made: ClassLike | undefined): void => {
      if (made === undefined || told.has(made)) return;
      told.add(made);
      this.classes.below(made).forEach(tell);
    };
    for (const made of this.classes.all()) {
      if (made.members.some((m) => this.isOpen(made, m))) tell(made);
      if (made.heritageClauses?.some((h) => h.token === c.SyntaxKind.ImplementsKeyword && h.types.some((t) => this.describes(t)))) tell(made);
    }
    const visit = (node: ts.Node): void => {
      if (c.isUnionTypeNode(node)) {
        const named = node.types.flatMap((t) => (c.isTypeReferenceNode(t) ? (this.classOf(t.typeName) ?? []) : []));
        if (named.length > 1) named.forEach(tell);
      } else if (c.isBinaryExpression(node) && node.operatorToken.kind === c.SyntaxKind.InstanceOfKeyword) {
        const made = this.classes.named(node.right);
        this.chainOf(made).forEach(tell);
      }
      c.forEachChild(node, visit);
    };
    for (const file of this.program.getSourceFiles()) if (!file.isDeclarationFile && /\||\binstanceof\b/.test(file.text)) visit(file);
    return told;
  }

  /** Whether a member may have another body in a class below. */
  private isOpen(made: ClassLike, member: ts.ClassElement): boolean {
    const { compiler: c } = this;
    if (isStatic(c, member) || !(c.isMethodDeclaration(member) || c.isAccessor(member))) return false;
    return member.body === undefined || this.classes.bodies(made, member.name.getText(), member.kind).size > 1;
  }

  /** Whether an interface of the program has members that are functions. */
  private describes(node: ts.ExpressionWithTypeArguments): boolean {
    const type = this.checker.getTypeAtLocation(node);
    const isOwn = type.symbol?.declarations?.every((d) => !d.getSourceFile().isDeclarationFile) === true;
    return isOwn && type.getProperties().some((p) => (p.flags & this.compiler.SymbolFlags.Method) !== 0);
  }

  private classOf(name: ts.EntityName): ClassLike | undefined {
    return this.compiler.isIdentifier(name) ? this.classes.named(name) : undefined;
  }

  private chainOf(made: ClassLike | undefined): readonly ClassLike[] {
    return made === undefined ? [] : (this.classes.chain(made) ?? [made]);
  }
}
