import type ts from "typescript";
import type { FileChange } from "../compilation.js";
import type { Claims } from "./claims.js";
import { freeName, mentions } from "./names.js";
import { ownImport } from "./imported.js";
import { specifierOf } from "./specifier.js";

/** Collects what becomes of each file. */
export interface Changes {
  readonly all: Map<ts.SourceFile, FileChange>;
  of(file: ts.SourceFile): FileChange;
  /** The name by which `file` reaches what `from` exports as `name`: the wish, or that with a number. */
  imported(file: ts.SourceFile, from: ts.SourceFile, name: string, wish: string): string;
  /** The same of a module that the program writes as `specifier`. */
  importedFrom(file: ts.SourceFile, from: { readonly file: string; readonly specifier: string }, name: string, wish: string): string;
  /** Exports a name of the module under another; once. */
  exported(file: ts.SourceFile, local: string, exported: string): void;
}

export function createChanges(compiler: typeof ts, program: ts.Program, claims: Claims): Changes {
  const all = new Map<ts.SourceFile, FileChange>();
  const of = (file: ts.SourceFile): FileChange => {
    let change = all.get(file);
    if (change === undefined) {
      change = { file, replacements: [], additions: [], imports: [], exports: [] };
      all.set(file, change);
    }
    return change;
  };
  // import { __tsgrad_lossGrad as lossGrad } from "./loss.js";
  const importOnce = (file: ts.SourceFile, from: string, specifier: () => string, name: string, wish: string): string => {
      const { imports } = of(file);
      const at = imports.findIndex((entry) => entry.from === from);
      const before = imports[at];
      const known = before?.names.find((entry) => entry.imported === name);
      if (known !== undefined) return known.local;
      const local = freeName(wish, (n) => claims.has(file, n) || mentions(file.text, n));
      claims.add(file, local);
      const names = [...(before?.names ?? []), { imported: name, local }];
      if (before === undefined) imports.push({ from, specifier: specifier(), names });
      else imports[at] = { ...before, names };
      return local;
  };
  return {
    all,
    of,
    imported: (file, from, name, wish) => importOnce(file, from.fileName, () => specifierOf(compiler, program, file, from), name, wish),
    importedFrom: (file, from, name, wish) => ownImport(compiler, program.getTypeChecker(), file, from.specifier, name) ?? importOnce(file, from.file, () => from.specifier, name, wish),
    exported(file, local, exported) {
      const { exports } = of(file);
      if (!exports.some((entry) => entry.exported === exported)) exports.push({ local, exported });
    },
  };
}
