import type ts from "typescript";
import type { FileChange } from "../compilation.js";
import type { Claims } from "./claims.js";
import { freeName } from "./names.js";
import { specifierOf } from "./specifier.js";

/** Collects what becomes of each file. */
export interface Changes {
  readonly all: Map<ts.SourceFile, FileChange>;
  of(file: ts.SourceFile): FileChange;
  /** The name by which `file` reaches what `from` exports as `name`: the wish, or that with a number. */
  imported(file: ts.SourceFile, from: ts.SourceFile, name: string, wish: string): string;
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
  return {
    all,
    of,
    // import { __tsgrad_lossGrad as lossGrad } from "./loss.js";
    imported(file, from, name, wish) {
      const { imports } = of(file);
      const at = imports.findIndex((entry) => entry.from === from.fileName);
      const before = imports[at];
      const known = before?.names.find((entry) => entry.imported === name);
      if (known !== undefined) return known.local;
      const local = freeName(wish, (n) => claims.has(file, n) || mentions(file.text, n));
      claims.add(file, local);
      const names = [...(before?.names ?? []), { imported: name, local }];
      if (before === undefined)
        imports.push({ from: from.fileName, specifier: specifierOf(compiler, program, file, from), names });
      else imports[at] = { ...before, names };
      return local;
    },
    exported(file, local, exported) {
      const { exports } = of(file);
      if (!exports.some((entry) => entry.exported === exported)) exports.push({ local, exported });
    },
  };
}

/** Whether a text contains a name as a whole word, be it in a comment: cheaper than scopes, and never wrong. */
function mentions(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const around = text.charAt(at - 1) + text.charAt(at + name.length);
    if (!/[\p{ID_Continue}$]/u.test(around)) return true;
  }
  return false;
}
