import type ts from "typescript";
import type { Compilation } from "../compilation.js";
import { version } from "../version.js";

type TypeScript = typeof ts;

/** Files as builders see them: a file is up to date while its `version`, a hash of its text, stays the same. */
interface VersionedFile extends ts.SourceFile {
  version?: string;
}

/** What TypeScript itself gave a file as its version. Watch mode uses one file in many programs. */
const textVersions = new WeakMap<ts.SourceFile, string>();

/**
 * Makes the version of each file that we change depend on all that its output depends on. TypeScript compares only
 * types across files: without this, a derivative would stay as it was when the body of its function changes.
 */
export function stampVersions(ts: TypeScript, program: ts.Program, compilation: Compilation): void {
  const concerned = new Set<ts.SourceFile>([...compilation.changes.keys(), ...compilation.dependencies.keys()]);
  for (const diagnostic of compilation.diagnostics) concerned.add(diagnostic.file);
  const hash = ts.sys.createHash ?? ((text: string) => text);
  for (const file of program.getSourceFiles() as readonly VersionedFile[]) {
    const text = textVersion(file);
    if (text === undefined) continue;
    file.version = text;
    if (!concerned.has(file)) continue;
    const others = new Set(compilation.dependencies.get(file));
    for (const other of [file, ...others]) addImports(program, other, others);
    const versions = [...others].map((other) => `${other.fileName} ${textVersion(other) ?? ""}`).sort();
    file.version = hash([version, text, ...versions].join("\n"));
  }
}

function textVersion(file: VersionedFile): string | undefined {
  const known = textVersions.get(file) ?? file.version;
  if (known !== undefined) textVersions.set(file, known);
  return known;
}

/** Adds the files that `file` imports, and those that they import. */
function addImports(program: ts.Program, file: ts.SourceFile, found: Set<ts.SourceFile>): void {
  for (const [, imported] of importsOf(program, file)) {
    if (found.has(imported) || program.isSourceFileDefaultLibrary(imported)) continue;
    found.add(imported);
    addImports(program, imported, found);
  }
}

/** The part of the program's inside that tells what an import stands for. */
interface ResolvingProgram extends ts.Program {
  getResolvedModuleFromModuleSpecifier?(
    specifier: ts.Node,
    file?: ts.SourceFile,
  ): { readonly resolvedModule?: { readonly resolvedFileName: string } } | undefined;
}

/** The imports and exports of `file` with the files that they name. */
export function* importsOf(
  program: ts.Program,
  file: ts.SourceFile,
): Iterable<readonly [specifier: ts.StringLiteralLike, file: ts.SourceFile]> {
  const { imports = [] } = file as { readonly imports?: readonly ts.StringLiteralLike[] };
  for (const specifier of imports) {
    const resolved = (program as ResolvingProgram).getResolvedModuleFromModuleSpecifier?.(specifier, file);
    const name = resolved?.resolvedModule?.resolvedFileName;
    const imported = name === undefined ? undefined : program.getSourceFile(name);
    if (imported !== undefined) yield [specifier, imported];
  }
}
