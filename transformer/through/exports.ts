import type ts from "typescript";

/** How deep namespaces are looked into: `glMatrix.vec3.add`. */
const deepest = 3;

/** Every value that a module exports, by the names that lead to it: `["vec3", "add"]`. Aliases are followed. */
export function exportsOf(compiler: typeof ts, checker: ts.TypeChecker, module: ts.Symbol): Map<string, Exported> {
  const found = new Map<string, Exported>();
  const visit = (of: ts.Symbol, path: readonly string[], above: readonly ts.Symbol[]): void => {
    for (const member of checker.getExportsOfModule(of)) {
      const symbol = resolved(compiler, checker, member);
      if (!(symbol.flags & (compiler.SymbolFlags.Value | compiler.SymbolFlags.Namespace))) continue;
      const names = [...path, member.name];
      const key = names.join(".");
      if (!found.has(key)) found.set(key, { symbol, path: names });
      const isModule = (symbol.flags & (compiler.SymbolFlags.ValueModule | compiler.SymbolFlags.NamespaceModule)) !== 0;
      if (isModule && names.length < deepest && !above.includes(symbol)) visit(symbol, names, [...above, symbol]);
    }
  };
  visit(module, [], [module]);
  return found;
}

export interface Exported {
  readonly symbol: ts.Symbol;
  readonly path: readonly string[];
}

export function resolved(compiler: typeof ts, checker: ts.TypeChecker, symbol: ts.Symbol): ts.Symbol {
  return symbol.flags & compiler.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}
