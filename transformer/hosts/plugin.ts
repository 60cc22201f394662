import type ts from "typescript";
import type { Compilation } from "../compilation.js";
import { transformFile } from "./ast/file.js";
import { addDiagnostics, removeDiagnostics } from "./extras.js";
import { checkOptions } from "./options.js";
import { Reporter } from "./reporter.js";
import { readThrough } from "./through-option.js";
import { stampVersions } from "./versions.js";

type TypeScript = typeof ts;

/** What a compiler of derivatives is to a host. */
export type Compile = (host: { ts: TypeScript; program: ts.Program; options?: { through?: readonly string[] } }) => Compilation;

/** What ts-patch hands to a transformer of source files. */
export interface Extras {
  readonly ts: TypeScript;
  readonly library?: string;
  readonly addDiagnostic?: (diagnostic: ts.Diagnostic) => number;
  readonly removeDiagnostic?: (index: number) => void;
  readonly diagnostics?: readonly ts.Diagnostic[];
}

/** The configuration in `tsconfig.json`: one entry of `plugins`. */
export type PluginConfig = Readonly<Record<string, unknown>>;

/** The entry of the plugin, both as a transformer of source files and, with a fourth argument, of programs. */
export interface Plugin {
  (program: ts.Program, config: PluginConfig, extras: Extras): ts.TransformerFactory<ts.SourceFile>;
  (
    program: ts.Program,
    host: ts.CompilerHost | undefined,
    config: PluginConfig,
    extras: { readonly ts: TypeScript },
  ): ts.Program;
}

/**
 * The plugin for ts-patch around a compiler of derivatives.
 *
 * As a transformer of files it puts the derivatives into what is emitted. As a transformer of programs it comes
 * before TypeScript decides which files are up to date: only there can errors be seen under `noEmit` with
 * `incremental`, and files be emitted again because another one changed.
 */
export function createPlugin(compile: Compile): Plugin {
  const reporter = new Reporter(compile);
  // All transformers of one emit share their context: with both entries configured the second has nothing to do.
  const served = new WeakMap<ts.TransformationContext, Set<ts.Node>>();

  function transformSource(
    program: ts.Program,
    config: PluginConfig,
    extras: Extras,
  ): ts.TransformerFactory<ts.SourceFile> {
    const { ts } = extras;
    removeDiagnostics(extras);
    checkOptions(ts, program, config, extras);
    const report = reporter.report(ts, program, readThrough(ts, program, config).packages);
    const { noEmit, emitDeclarationOnly } = program.getCompilerOptions();
    if (noEmit || emitDeclarationOnly) addDiagnostics(extras, report.errors());
    return (context) => (file) => {
      const original = ts.getOriginalNode(file, ts.isSourceFile);
      const files = served.get(context) ?? new Set();
      served.set(context, files);
      if (files.has(original)) return file;
      files.add(original);
      // Diagnostics of this file only: under `incremental` they are stored with it, and outlive their cause elsewhere.
      addDiagnostics(extras, report.errors(original));
      const change = report.compilation.changes.get(original);
      return change === undefined ? file : transformFile({ ts, program, context }, file, change);
    };
  }

  function transformProgram(program: ts.Program, config: PluginConfig, ts: TypeScript): ts.Program {
    checkOptions(ts, program, config, { ts });
    const report = reporter.report(ts, program, readThrough(ts, program, config).packages);
    stampVersions(ts, program, report.compilation);
    const emit = program.emit.bind(program);
    program.emit = (target, write, token, onlyDeclarations, transformers, ...rest) => {
      const own = transformSource(program, {}, { ts });
      const all = { ...transformers, before: [...(transformers?.before ?? []), own] };
      return emit(target, write, token, onlyDeclarations, all, ...rest);
    };
    return program;
  }

  return ((program: ts.Program, second: unknown, third: unknown, fourth?: { ts: TypeScript }) =>
    fourth === undefined
      ? transformSource(program, second as PluginConfig, third as Extras)
      : transformProgram(program, third as PluginConfig, fourth.ts)) as Plugin;
}
