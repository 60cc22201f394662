import type ts from "typescript";

/** How a module is written, and with that the ending of its file. */
export type Format = "mjs" | "cjs" | "json";

/** The part of TypeScript's inside that tells what a file is emitted as. */
interface EmittingProgram extends ts.Program {
  getEmitModuleFormatOfFile?(file: ts.SourceFile): ts.ModuleKind;
}

/** The format in which a file is emitted: the project's, or under `nodenext` and its like the file's own. */
export function formatOf({ ModuleKind }: typeof ts, program: ts.Program, file: ts.SourceFile): Format {
  if (file.fileName.endsWith(".json")) return "json";
  const { module = ModuleKind.CommonJS } = program.getCompilerOptions();
  const known = (program as EmittingProgram).getEmitModuleFormatOfFile?.(file);
  const kind = known ?? (module >= ModuleKind.Node16 && module <= ModuleKind.NodeNext ? file.impliedNodeFormat : module);
  return kind === undefined || kind < ModuleKind.ES2015 ? "cjs" : "mjs";
}
