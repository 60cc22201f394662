import type ts from "typescript";
import type { Diagnostic } from "../compilation.js";
import { catalogue, diagnose, excerpt } from "../diagnostics.js";
import type { Packages } from "../through.js";
import { createSourceResolver, packageAt } from "./resolve.js";

/** Why a name that is declared in `file` cannot be differentiated, where that is a package: nothing where it can be read. */
export function fromPackage(compiler: typeof ts, packages: Packages, name: ts.Node, file: ts.SourceFile): Diagnostic | undefined {
  const { program } = packages;
  if (packages.isSource(file.fileName) || program.isSourceFileDefaultLibrary(file)) return undefined;
  const from = packageAt(file.fileName);
  if (from === undefined || !(file.isDeclarationFile || program.isSourceFileFromExternalLibrary(file))) return undefined;
  if (packages.isRead(file)) return diagnose(catalogue.withoutSource, name, excerpt(name), from, "and stands nowhere in the source that it ships");
  const ships = !file.isDeclarationFile || createSourceResolver(compiler, program.getCompilerOptions())(from, name.getSourceFile().fileName) !== undefined;
  if (!ships) return diagnose(catalogue.withoutSource, name, excerpt(name), from, "which ships no source that could be read, only declarations");
  return diagnose(catalogue.fromPackage, name, excerpt(name), from);
}
