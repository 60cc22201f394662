import type ts from "typescript";

/**
 * How `importing` writes the module `imported`: as it does already, where it imports it; else by a relative path with
 * the ending that the file's other imports have.
 */
export function specifierOf(
  compiler: typeof ts,
  program: ts.Program,
  importing: ts.SourceFile,
  imported: ts.SourceFile,
): string {
  const checker = program.getTypeChecker();
  const relative: string[] = [];
  for (const statement of importing.statements) {
    if (!compiler.isImportDeclaration(statement) && !compiler.isExportDeclaration(statement)) continue;
    const specifier = statement.moduleSpecifier;
    if (specifier === undefined || !compiler.isStringLiteralLike(specifier)) continue;
    if (checker.getSymbolAtLocation(specifier)?.valueDeclaration === imported) return specifier.text;
    if (/^\.\.?\//.test(specifier.text)) relative.push(specifier.text);
  }
  const path = relativePath(importing.fileName, imported.fileName);
  const [, stem = path, ending = ""] = /^(.*?)(\.[cm]?[jt]sx?)$/.exec(path) ?? [];
  return stem + writtenEnding(compiler, program.getCompilerOptions(), relative, ending);
}

/** `.ts` is written as `.js`, `.ts` or not at all; `.mts` and `.cts` are never left out. */
function writtenEnding(
  compiler: typeof ts,
  options: ts.CompilerOptions,
  others: readonly string[],
  ending: string,
): string {
  const output = ending.replace("t", "j").replace("x", "");
  if (others.some((other) => /\.[cm]?tsx?$/.test(other))) return ending;
  if (others.some((other) => /\.[cm]?jsx?$/.test(other))) return output;
  // Only Node insists on the ending; to bundlers and CommonJS its absence is what everybody writes.
  const { Node16, NodeNext } = compiler.ModuleResolutionKind;
  const module = options.module ?? compiler.ModuleKind.None;
  const { moduleResolution } = options;
  const strict =
    moduleResolution === undefined
      ? module >= compiler.ModuleKind.Node16 && module <= compiler.ModuleKind.NodeNext
      : moduleResolution === Node16 || moduleResolution === NodeNext;
  return strict || output !== ".js" ? output : "";
}

/** The way from one file to another, beginning with `./` or `../`. Both names are absolute, with forward slashes. */
function relativePath(from: string, to: string): string {
  const start = from.split("/").slice(0, -1);
  const end = to.split("/");
  let common = 0;
  while (common < start.length && common < end.length - 1 && start[common] === end[common]) common++;
  const up = start.slice(common).map(() => "..");
  return [...(up.length === 0 ? ["."] : up), ...end.slice(common)].join("/");
}
