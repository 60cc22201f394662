import type ts from "typescript";
import type { RecordType } from "../ir/types.js";

/**
 * The name of a type that the program declares, and where. Nothing where its objects are more than their members, or one of several
 * types, or it takes other types. `isMore` says which properties are no members: methods, and what only a class may use.
 */
export function declarationOf(compiler: typeof ts, type: ts.Type, isMore: (property: ts.Symbol) => boolean): Pick<RecordType, "name" | "declared"> {
  const symbol = type.aliasSymbol ?? type.getSymbol();
  const [declaration, second] = symbol?.declarations ?? [];
  if (symbol === undefined || declaration === undefined || second !== undefined || type.isUnion()) return {};
  const isNamed = compiler.isInterfaceDeclaration(declaration) || compiler.isTypeAliasDeclaration(declaration) || compiler.isClassDeclaration(declaration);
  if (!isNamed || (declaration.typeParameters ?? []).length > 0 || type.getProperties().some(isMore)) return {};
  return { name: symbol.name, declared: { file: declaration.getSourceFile().fileName, pos: declaration.getStart() } };
}
