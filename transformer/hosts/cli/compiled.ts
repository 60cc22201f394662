import type ts from "typescript";
import { compile } from "../../compile.js";
import type { Trace } from "../../compile/stages.js";
import type { Compilation } from "../../compilation.js";
import { Reporter, toDiagnostic } from "../reporter.js";
import { importsOf } from "../versions.js";
import { Failure } from "./failure.js";
import { plain, type Project } from "./project.js";

/** The source files that `file` is made of: itself and what it imports, also at second hand. */
export function sourcesOf({ program, file }: Pick<Project, "program" | "file">): ts.SourceFile[] {
  const found = new Set([file]);
  for (const one of found) {
    for (const [, imported] of importsOf(program, one)) {
      if (!imported.isDeclarationFile && !program.isSourceFileFromExternalLibrary(imported)) found.add(imported);
    }
  }
  return [...found];
}

/**
 * Compiles the derivatives of a project. Errors in the file or in what it is made of, TypeScript's and ours, are a
 * `Failure`; elsewhere in the project they are somebody else's.
 */
export function compileProject(project: Project, trace?: Trace): Compilation {
  const { ts, program, file, through } = project;
  const sources = sourcesOf(project);
  const typeErrors = [
    ...program.getOptionsDiagnostics(),
    ...program.getGlobalDiagnostics(),
    ...sources.flatMap((source) => [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]),
  ].filter((d) => d.category === ts.DiagnosticCategory.Error);
  if (typeErrors.length > 0) throw new Failure(`TypeScript finds errors:\n${plain(ts, typeErrors)}`);

  const options = trace === undefined ? {} : { trace };
  const { compilation } = new Reporter((host) => compile({ ...host, options: { ...options, ...host.options } }), (text) => process.stderr.write(text)).report(ts, program, through);
  const concerned = new Set([...sources, ...(compilation.dependencies.get(file) ?? [])]);
  const errors = compilation.diagnostics.filter((d) => d.severity === "error" && concerned.has(d.file));
  if (errors.length > 0) {
    const printed = errors.map((error) => toDiagnostic(ts, error));
    throw new Failure(`not everything can be differentiated:\n${plain(ts, printed)}`);
  }
  return compilation;
}
