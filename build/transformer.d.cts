import type ts from "typescript";

interface Extras {
  readonly ts: typeof ts;
  readonly library?: string;
  readonly addDiagnostic?: (diagnostic: ts.Diagnostic) => number;
  readonly removeDiagnostic?: (index: number) => void;
  readonly diagnostics?: readonly ts.Diagnostic[];
}

/** The plugin for ts-patch, as a transformer of source files. */
declare function transformer(
  program: ts.Program,
  config: Readonly<Record<string, unknown>>,
  extras: Extras,
): ts.TransformerFactory<ts.SourceFile>;
/** The plugin for ts-patch with `"transformProgram": true`. */
declare function transformer(
  program: ts.Program,
  host: ts.CompilerHost | undefined,
  config: Readonly<Record<string, unknown>>,
  extras: { readonly ts: typeof ts },
): ts.Program;

export = transformer;
