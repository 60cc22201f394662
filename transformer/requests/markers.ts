import type ts from "typescript";
import { kinds, type Kind } from "./request.js";

/** The module whose exports are the markers. */
export const moduleName = "tsgrad";

/** Functions of the package that say how a derivative goes through their call. */
export type Override = "stopGradient" | "customGrad" | "implicit" | "checkpoint";
const overrides: readonly Override[] = ["stopGradient", "customGrad", "implicit", "checkpoint"];

/** Knows a marker wherever it is named, through imports, re-exports and renamings. */
export interface Markers {
  /** The names that a file must contain to be worth a look, or `undefined` where any may do. */
  readonly words: ReadonlySet<string> | undefined;
  /** The marker that this expression names. */
  kindOf(expression: ts.Expression): Kind | undefined;
  /** The marker behind a symbol. */
  kindOfSymbol(symbol: ts.Symbol | undefined): Kind | undefined;
  /** The override that this expression names. */
  overrideOf(expression: ts.Expression): Override | undefined;
}

/**
 * The markers of a program, by symbol: whatever the file is that `"tsgrad"` resolves to.
 *
 * A file that uses one must say its name, and texts are searched much faster than trees. A re-export under another
 * name adds that name to the words; one as `default` may be imported under any.
 */
export function findMarkers(compiler: typeof ts, program: ts.Program): Markers {
  const checker = program.getTypeChecker();
  const symbols = new Map<ts.Symbol, Kind>();
  const overriding = new Map<ts.Symbol, Override>();
  const modules = new Set<ts.Symbol>();
  const files = program.getSourceFiles().filter((file) => !file.isDeclarationFile);
  for (const file of files) {
    if (!file.text.includes(moduleName)) continue;
    for (const specifier of moduleSpecifiers(compiler, file)) {
      if (specifier.text !== moduleName) continue;
      const module = checker.getSymbolAtLocation(specifier);
      if (module === undefined || modules.has(module)) continue;
      modules.add(module);
      for (const member of checker.getExportsOfModule(module)) {
        const kind = kinds.find((k) => k === member.name);
        if (kind !== undefined) symbols.set(resolved(member), kind);
        const override = overrides.find((o) => o === member.name);
        if (override !== undefined) overriding.set(resolved(member), override);
      }
    }
  }

  function resolved(symbol: ts.Symbol): ts.Symbol {
    return symbol.flags & compiler.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  }
  const kindOfSymbol = (symbol: ts.Symbol | undefined): Kind | undefined =>
    symbol === undefined ? undefined : symbols.get(resolved(symbol));

  return {
    words: symbols.size === 0 ? new Set() : wordsOf(compiler, files, (name) => kindOfSymbol(checker.getSymbolAtLocation(name))),
    kindOfSymbol,
    kindOf(expression) {
      const name = nameOf(compiler, expression);
      return name === undefined ? undefined : kindOfSymbol(checker.getSymbolAtLocation(name));
    },
    overrideOf(expression) {
      const name = overriding.size === 0 ? undefined : nameOf(compiler, expression);
      const symbol = name && checker.getSymbolAtLocation(name);
      return symbol && overriding.get(resolved(symbol));
    },
  };
}

/** The identifier that decides what `grad`, `ns.grad` or `(grad)` means. */
export function nameOf(compiler: typeof ts, expression: ts.Expression): ts.Identifier | undefined {
  const inner = skipOuter(compiler, expression);
  if (compiler.isIdentifier(inner)) return inner;
  if (compiler.isPropertyAccessExpression(inner) && compiler.isIdentifier(inner.name)) return inner.name;
  return undefined;
}

/** The expression without parentheses, `as`, `satisfies` and `!`, which do not change what it names. */
export function skipOuter(compiler: typeof ts, expression: ts.Expression): ts.Expression {
  let inner = expression;
  while (
    compiler.isParenthesizedExpression(inner) ||
    compiler.isAsExpression(inner) ||
    compiler.isSatisfiesExpression(inner) ||
    compiler.isNonNullExpression(inner) ||
    compiler.isTypeAssertionExpression(inner)
  )
    inner = inner.expression;
  return inner;
}

function* moduleSpecifiers(compiler: typeof ts, file: ts.SourceFile): Iterable<ts.StringLiteralLike> {
  for (const statement of file.statements) {
    if (compiler.isImportDeclaration(statement) || compiler.isExportDeclaration(statement)) {
      const specifier = statement.moduleSpecifier;
      if (specifier !== undefined && compiler.isStringLiteralLike(specifier)) yield specifier;
    } else if (compiler.isImportEqualsDeclaration(statement)) {
      const reference = statement.moduleReference;
      if (compiler.isExternalModuleReference(reference) && compiler.isStringLiteralLike(reference.expression))
        yield reference.expression;
    }
  }
}

/** The names of the markers with those that re-exports give them, until no new one turns up. */
function wordsOf(
  compiler: typeof ts,
  files: readonly ts.SourceFile[],
  kindOfName: (name: ts.Node) => Kind | undefined,
): ReadonlySet<string> | undefined {
  const words = new Set<string>(kinds);
  for (let before = 0; before < words.size; ) {
    before = words.size;
    for (const file of files) {
      if (!containsAny(file.text, words)) continue;
      for (const statement of file.statements) {
        // export default grad;   export = grad;
        if (compiler.isExportAssignment(statement)) {
          if (compiler.isIdentifier(statement.expression) && kindOfName(statement.expression) !== undefined)
            return undefined;
        }
        // export { grad as g };   export { grad as g } from "tsgrad";
        if (!compiler.isExportDeclaration(statement)) continue;
        const clause = statement.exportClause;
        if (clause === undefined || !compiler.isNamedExports(clause)) continue;
        for (const { name, propertyName } of clause.elements) {
          if (propertyName === undefined || kindOfName(name) === undefined) continue;
          if (name.text === "default") return undefined;
          words.add(name.text);
        }
      }
    }
  }
  return words;
}

export function containsAny(text: string, words: ReadonlySet<string> | undefined): boolean {
  if (words === undefined) return true;
  for (const word of words) if (text.includes(word)) return true;
  return false;
}
