import type ts from "typescript";
import { exportsOf, resolved, type Exported } from "./through/exports.js";
import { entriesOf, readSources, type Sources } from "./through/program.js";

/** How a program says a name of a package: `vec3.add` after `import { vec3 } from "gl-matrix"`. */
export interface Way {
  readonly specifier: string;
  /** The module's file for those that import it. */
  readonly file: string;
  readonly path: readonly string[];
}

/**
 * The packages that are differentiated through: their functions are read from the source that they ship. Everything that
 * is compiled is asked of `program`, which is the user's own where no package is.
 */
export interface Packages {
  readonly program: ts.Program;
  /** What stands in the source for what a package declares, also by an import of it; any other symbol is itself. */
  sourceOf(symbol: ts.Symbol): ts.Symbol;
  /** Whether a file belongs to a package, as source or as declarations. */
  isRead(file: ts.SourceFile): boolean;
  /** Whether a file is the source of a package. */
  isSource(fileName: string): boolean;
  /** How what a symbol of the sources stands for can be said elsewhere; nothing for what is private to the package. */
  wayTo(symbol: ts.Symbol): Way | undefined;
  /** A place in a source as it is on the disk. */
  original(file: ts.SourceFile, pos: number): { readonly file: ts.SourceFile; readonly pos: number };
}

export function openPackages(compiler: typeof ts, program: ts.Program, through: readonly string[]): Packages {
  const names = new Set(through);
  const entries = names.size === 0 ? [] : entriesOf(compiler, program, names);
  return entries.length === 0 ? noPackages(program) : new Opened(compiler, readSources(compiler, program, entries, names));
}

function noPackages(program: ts.Program): Packages {
  return { program, sourceOf: (symbol) => symbol, isRead: () => false, isSource: () => false, wayTo: () => undefined, original: (file, pos) => ({ file, pos }) };
}

class Opened implements Packages {
  readonly program: ts.Program;
  private readonly sources = new Map<ts.Symbol, ts.Symbol>();
  private readonly ways = new Map<ts.Symbol, Way>();
  private readonly declaring = new Set<ts.SourceFile>();

  constructor(
    private readonly compiler: typeof ts,
    private readonly read: Sources,
  ) {
    this.program = read.program;
    const checker = this.program.getTypeChecker();
    for (const { specifier, declared, source } of read.entries) {
      const file = this.program.getSourceFile(source);
      const module = file && checker.getSymbolAtLocation(file);
      const described = this.declaredModule(declared);
      const declaring = declared.valueDeclaration?.getSourceFile();
      if (declaring !== undefined) this.declaring.add(declaring);
      if (module === undefined || described === undefined) continue;
      const at = declaring?.fileName ?? source;
      const written = exportsOf(compiler, checker, described);
      for (const [key, found] of exportsOf(compiler, checker, module)) this.note(found, written.get(key), { specifier, file: at });
    }
  }

  sourceOf(symbol: ts.Symbol): ts.Symbol {
    return this.sources.get(resolved(this.compiler, this.program.getTypeChecker(), symbol)) ?? symbol;
  }

  isRead(file: ts.SourceFile): boolean {
    return this.declaring.has(file) || this.isSource(file.fileName);
  }

  isSource(fileName: string): boolean {
    return this.read.texts.has(fileName);
  }

  wayTo(symbol: ts.Symbol): Way | undefined {
    return this.ways.get(symbol);
  }

  original(file: ts.SourceFile, pos: number): { file: ts.SourceFile; pos: number } {
    const text = this.read.texts.get(file.fileName);
    return text === undefined ? { file, pos } : { file: text.file, pos: text.original(pos) };
  }

  /** What the declarations say and what the source says are brought together by name. */
  private note({ symbol, path }: Exported, described: Exported | undefined, of: Omit<Way, "path">): void {
    const source = this.withoutOtherNames(symbol);
    for (const one of [symbol, source]) if (!this.ways.has(one)) this.ways.set(one, { ...of, path });
    if (described === undefined) return;
    if (!this.sources.has(described.symbol)) this.sources.set(described.symbol, source);
    for (const d of described.symbol.declarations ?? []) this.declaring.add(d.getSourceFile());
  }

  /** `subtract` for the `sub` of `const sub = subtract`. */
  private withoutOtherNames(symbol: ts.Symbol): ts.Symbol {
    const { compiler } = this;
    const checker = this.program.getTypeChecker();
    let at = symbol;
    for (let depth = 0; depth < 8; depth++) {
      const declaration = at.valueDeclaration;
      const isConstant = declaration !== undefined && compiler.isVariableDeclaration(declaration) && (compiler.getCombinedNodeFlags(declaration) & compiler.NodeFlags.Const) !== 0;
      const initial = isConstant ? declaration.initializer : undefined;
      const name = initial && compiler.isPropertyAccessExpression(initial) ? initial.name : initial;
      const next = name && compiler.isIdentifier(name) ? checker.getSymbolAtLocation(name) : undefined;
      const other = next && resolved(compiler, checker, next);
      if (other?.valueDeclaration === undefined || !compiler.isFunctionDeclaration(other.valueDeclaration) && !compiler.isVariableDeclaration(other.valueDeclaration)) return at;
      at = other;
    }
    return at;
  }

  /** The module as the program that is compiled has it: symbols may differ where declarations are merged. */
  private declaredModule(declared: ts.Symbol): ts.Symbol | undefined {
    const declaration = declared.valueDeclaration;
    if (declaration === undefined) return undefined;
    const checker = this.program.getTypeChecker();
    return checker.getSymbolAtLocation(this.compiler.isModuleDeclaration(declaration) ? declaration.name : declaration);
  }
}
