import type ts from "typescript";

/** A stretch `[start, end)` of emitted text and the source text it came from. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly file: string;
  readonly pos: number;
  readonly length: number;
}

/** Text written by the emitter, with the places it came from. */
export interface Emitted {
  readonly text: string;
  readonly spans: readonly Span[];
}

/** The expression `node`, usually the call `grad(f)`, becomes the emitted expression. */
export interface Replacement {
  readonly node: ts.Expression;
  readonly emitted: Emitted;
}

/** A place where statements may be put. */
export type Container = ts.SourceFile | ts.Block | ts.ModuleBlock | Bare;

/** What stands without braces, and gets some where statements have to stand beside it: the body of `(k) => …`, of a loop, of a branch. */
export type Bare = ts.Expression | ts.Statement;

/** Statements put at the end of `container`, or after the statement `after` where one is given. */
export interface Addition {
  readonly container: Container;
  readonly after?: ts.Statement;
  readonly emitted: Emitted;
}

/**
 * Names that stand in another module. Emitted code says `local`: text writes `import { imported as local }`, a tree
 * puts `module.imported` in its place, because TypeScript renames the uses of no import but the user's own.
 */
export interface Import {
  /** The absolute file name of the module. */
  readonly from: string;
  /** How the importing file writes that module: `./loss.js`. */
  readonly specifier: string;
  readonly names: readonly { readonly imported: string; readonly local: string }[];
}

/**
 * What goes out of a file because all its uses were replaced: a whole import, or one name of several
 * (`grad` of `import { grad, checkGrad } from "tsgrad"`).
 */
export type Dropped = ts.ImportDeclaration | ts.ImportEqualsDeclaration | ts.ImportSpecifier;

/** What becomes of one source file. */
export interface FileChange {
  readonly file: ts.SourceFile;
  readonly replacements: Replacement[];
  readonly additions: Addition[];
  readonly imports: Import[];
  /** `export { local as exported }`, for requests in other modules. */
  readonly exports: { readonly local: string; readonly exported: string }[];
  /** Where it is not given, a host drops what it finds unused itself. */
  dropped?: readonly Dropped[];
}

/** A place in the source that explains a diagnostic. */
export interface Related {
  readonly file: ts.SourceFile;
  readonly pos: number;
  readonly length: number;
  readonly message: string;
}

/** Why something cannot be differentiated, or is differentiated in a way worth knowing about. */
export interface Diagnostic {
  readonly code: number;
  /** The public name of the code, for example `TSG3103`. */
  readonly id: string;
  readonly severity: "error" | "warning";
  readonly message: string;
  readonly advice?: string;
  readonly file: ts.SourceFile;
  readonly pos: number;
  readonly length: number;
  readonly related?: readonly Related[];
}

/** The result of compiling a program. */
export interface Compilation {
  readonly changes: Map<ts.SourceFile, FileChange>;
  readonly diagnostics: Diagnostic[];
  /** For a file, the files whose text its output depends on. */
  readonly dependencies: Map<ts.SourceFile, Set<ts.SourceFile>>;
}
