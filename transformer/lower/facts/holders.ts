import type ts from "typescript";

/** Whether a type is that of a function, which may be left out. */
export function isFunctionType(checker: ts.TypeChecker, type: ts.Type): boolean {
  return checker.getNonNullableType(type).getCallSignatures().length > 0;
}

/**
 * Whether values of a type are functions or hold some: arrays of functions, objects with functions among their members.
 * The methods of classes are no part of their objects.
 */
export function holdsFunctions(compiler: typeof ts, checker: ts.TypeChecker, type: ts.Type, depth = 0): boolean {
  const bare = checker.getNonNullableType(type);
  // `this` of a class is a type parameter of it.
  const present = (bare.flags & compiler.TypeFlags.TypeParameter && checker.getBaseConstraintOfType(bare)) || bare;
  const inner = (t: ts.Type): boolean => holdsFunctions(compiler, checker, t, depth + 1);
  if (present.getCallSignatures().length > 0) return true;
  if (depth > 3) return false;
  if (present.isUnionOrIntersection()) return present.types.some(inner);
  if ((present.flags & compiler.TypeFlags.Object) === 0) return false;
  if (checker.isArrayType(present) || checker.isTupleType(present)) return checker.getTypeArguments(present as ts.TypeReference).some(inner);
  const indexed = present.getStringIndexType();
  if (indexed !== undefined) return inner(indexed);
  if (isLibrary(present)) return false;
  return present.getProperties().some((p) => {
    const declaration = p.valueDeclaration ?? p.declarations?.[0];
    if (declaration?.getSourceFile().isDeclarationFile === true) return false;
    if (declaration !== undefined && isBehaviour(compiler, declaration)) return !compiler.isClassLike(declaration.parent);
    return inner(checker.getTypeOfSymbol(p));
  });
}

/** Whether values of a type are, or hold, objects of classes that are more than their public fields: a plain object is none. */
export function holdsInstances(compiler: typeof ts, checker: ts.TypeChecker, type: ts.Type, seen = new Set<ts.Type>()): boolean {
  const present = checker.getNonNullableType(type);
  if (seen.has(present)) return false;
  seen.add(present);
  const inner = (t: ts.Type): boolean => holdsInstances(compiler, checker, t, seen);
  if (present.isUnionOrIntersection()) return present.types.some(inner);
  if ((present.flags & compiler.TypeFlags.Object) === 0) return false;
  if (checker.isArrayType(present) || checker.isTupleType(present)) return checker.getTypeArguments(present as ts.TypeReference).some(inner);
  if (isLibrary(present)) return false;
  const { Private, Protected } = compiler.ModifierFlags;
  return present.getProperties().some((p) => {
    const [declaration] = p.declarations ?? [];
    if (declaration !== undefined) {
      const isHidden = (compiler.getCombinedModifierFlags(declaration) & (Private | Protected)) !== 0 || p.name.startsWith("__#");
      if (isHidden || isBehaviour(compiler, declaration)) return true;
    }
    return inner(checker.getTypeOfSymbol(p));
  });
}

/** A method, a getter or a setter. */
export function isBehaviour(compiler: typeof ts, declaration: ts.Declaration): boolean {
  return compiler.isMethodDeclaration(declaration) || compiler.isMethodSignature(declaration) || compiler.isAccessor(declaration);
}

/** Types that the library of TypeScript declares; of those that it computes, `Record` and its like, the members count. */
function isLibrary(type: ts.Type): boolean {
  const [declaration] = type.getSymbol()?.declarations ?? [];
  return type.aliasSymbol === undefined && declaration?.getSourceFile().isDeclarationFile === true;
}
