import type ts from "typescript";

/** What the type parameters of a function stand for in a call of it. */
export type TypeArguments = ReadonlyMap<ts.Type, ts.Type>;

export function typeArguments(compiler: typeof ts, checker: ts.TypeChecker, call: ts.CallExpression, callee: ts.FunctionLikeDeclaration): TypeArguments {
  const matcher = new TypeMatcher(compiler, checker);
  if (callee.typeParameters === undefined) return matcher.found;
  callee.typeParameters.forEach((p, i) => {
    const written = call.typeArguments?.[i];
    if (written !== undefined) matcher.match(checker.getTypeAtLocation(p), checker.getTypeAtLocation(written));
  });
  callee.parameters.forEach((p, i) => {
    const given = call.arguments[i];
    if (given !== undefined) matcher.match(checker.getTypeAtLocation(p), checker.getTypeAtLocation(given));
  });
  return matcher.found;
}

/** What the type parameters of a class stand for in an object of it. */
export function classArguments(compiler: typeof ts, checker: ts.TypeChecker, type: ts.Type): TypeArguments {
  const found = new Map<ts.Type, ts.Type>();
  if (((type as ts.ObjectType).objectFlags & compiler.ObjectFlags.Reference) === 0) return found;
  const { target } = type as ts.TypeReference;
  checker.getTypeArguments(type as ts.TypeReference).forEach((argument, i) => {
    const parameter = target.typeParameters?.[i];
    if (parameter !== undefined && parameter !== argument) found.set(parameter, argument);
  });
  return found;
}

/** Finds them by laying the declared types of parameters over those that are given. */
class TypeMatcher {
  readonly found = new Map<ts.Type, ts.Type>();

  constructor(
    private readonly compiler: typeof ts,
    private readonly checker: ts.TypeChecker,
  ) {}

  match(declared: ts.Type, given: ts.Type, depth = 0): void {
    const { checker } = this;
    if (depth > 8 || declared === given) return;
    if (declared.flags & this.compiler.TypeFlags.TypeParameter) {
      if (!this.found.has(declared)) this.found.set(declared, given);
      return;
    }
    if (declared.isUnion()) {
      for (const part of declared.types) if (part.flags & (this.compiler.TypeFlags.TypeParameter | this.compiler.TypeFlags.Object)) this.match(part, checker.getNonNullableType(given), depth + 1);
      return;
    }
    if ((declared.flags & this.compiler.TypeFlags.Object) === 0) return;
    const inner = this.argumentsOf(declared);
    const outer = this.argumentsOf(given);
    if (inner.length > 0 && inner.length === outer.length) inner.forEach((type, i) => this.match(type, outer[i] as ts.Type, depth + 1));
    else if (inner.length === 1 && inner[0] && checker.isTupleType(given)) for (const type of outer) this.match(inner[0], type, depth + 1);
    else if (!this.signatures(declared, given, depth)) this.members(declared, given, depth);
  }

  private argumentsOf(type: ts.Type): readonly ts.Type[] {
    const isReference = ((type as ts.ObjectType).objectFlags & this.compiler.ObjectFlags.Reference) !== 0;
    return isReference ? this.checker.getTypeArguments(type as ts.TypeReference) : [];
  }

  private signatures(declared: ts.Type, given: ts.Type, depth: number): boolean {
    const [wanted] = declared.getCallSignatures();
    const [found] = given.getCallSignatures();
    if (wanted === undefined || found === undefined) return false;
    wanted.parameters.forEach((p, i) => {
      const other = found.parameters[i];
      if (other !== undefined) this.match(this.checker.getTypeOfSymbol(p), this.checker.getTypeOfSymbol(other), depth + 1);
    });
    this.match(wanted.getReturnType(), found.getReturnType(), depth + 1);
    return true;
  }

  private members(declared: ts.Type, given: ts.Type, depth: number): void {
    for (const property of declared.getProperties()) {
      const other = given.getProperty(property.name);
      if (other !== undefined) this.match(this.checker.getTypeOfSymbol(property), this.checker.getTypeOfSymbol(other), depth + 1);
    }
  }
}
