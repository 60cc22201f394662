import type ts from "typescript";
import { freeName } from "./names.js";

/** Chooses the names under which derivatives leave their modules. */
export interface ExportNames {
  /** Every name that a module exports, or a module that hands all its exports on. */
  taken(file: ts.SourceFile): ReadonlySet<string>;
  /** `__tsgrad_lossGrad`, with a number where that is taken. */
  choose(file: ts.SourceFile, local: string): string;
}

/**
 * A second `lossGrad` behind `export *` makes both vanish from the barrel without a word, the user's own too. So the
 * names of exports on demand have a prefix of their own, and differ between all modules that meet in a barrel.
 */
export function createExportNames(compiler: typeof ts, program: ts.Program): ExportNames {
  const checker = program.getTypeChecker();
  const chosen = new Map<ts.SourceFile, Set<string>>();
  let barrels: Map<ts.SourceFile, ts.SourceFile[]> | undefined;

  /** The module and those which re-export it with `*`, directly or not. */
  function exportersOf(file: ts.SourceFile): Set<ts.SourceFile> {
    barrels ??= findBarrels(compiler, program);
    const all = new Set([file]);
    for (const module of all) for (const barrel of barrels.get(module) ?? []) all.add(barrel);
    return all;
  }
  function taken(file: ts.SourceFile): ReadonlySet<string> {
    const names = new Set<string>();
    for (const exporter of exportersOf(file)) {
      const symbol = checker.getSymbolAtLocation(exporter);
      if (symbol !== undefined) for (const member of checker.getExportsOfModule(symbol)) names.add(member.name);
    }
    return names;
  }
  return {
    taken,
    choose(file, local) {
      const exporters = exportersOf(file);
      const names = taken(file);
      const name = freeName(
        `__tsgrad_${local}`,
        (n) => names.has(n) || [...exporters].some((exporter) => chosen.get(exporter)?.has(n) === true),
      );
      for (const exporter of exporters) {
        const others = chosen.get(exporter) ?? new Set<string>();
        chosen.set(exporter, others.add(name));
      }
      return name;
    },
  };
}

/** For a module, the modules that say `export * from` it. */
function findBarrels(compiler: typeof ts, program: ts.Program): Map<ts.SourceFile, ts.SourceFile[]> {
  const checker = program.getTypeChecker();
  const barrels = new Map<ts.SourceFile, ts.SourceFile[]>();
  for (const file of program.getSourceFiles()) {
    if (file.isDeclarationFile) continue;
    for (const statement of file.statements) {
      if (!compiler.isExportDeclaration(statement) || statement.exportClause !== undefined) continue;
      if (statement.moduleSpecifier === undefined) continue;
      const module = checker.getSymbolAtLocation(statement.moduleSpecifier)?.valueDeclaration;
      if (module === undefined || !compiler.isSourceFile(module)) continue;
      barrels.set(module, [...(barrels.get(module) ?? []), file]);
    }
  }
  return barrels;
}
