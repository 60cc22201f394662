import type ts from "typescript";
import type { Emission } from "./emission.js";

/** The part of a program's inside that knows the module format of one file: under `nodenext` it depends on its name. */
interface FormatProgram extends ts.Program {
  getEmitModuleFormatOfFile?(file: ts.SourceFile): ts.ModuleKind;
}

/** Whether the file is written as a CommonJS module. */
export function emitsCommonJs({ ts, program }: Emission, file: ts.SourceFile): boolean {
  const inner: FormatProgram = program;
  return (inner.getEmitModuleFormatOfFile?.(file) ?? program.getCompilerOptions().module) === ts.ModuleKind.CommonJS;
}
