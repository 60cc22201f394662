import type ts from "typescript";
import { exportsOf } from "./exports.js";
import { createSourceResolver, packageOf, type SourceResolver } from "./resolve.js";
import { typedText, type TypedText } from "./typed-text.js";

/** A module of a package as the program imports it. */
export interface Entry {
  /** As the program writes it. */
  readonly specifier: string;
  /** The file that it resolves to for users: mostly declarations. */
  readonly declared: ts.Symbol;
  readonly source: string;
}

/** The program once more, with the sources of packages beside their declarations. */
export interface Sources {
  readonly program: ts.Program;
  readonly entries: readonly Entry[];
  /** The texts of the packages' modules, by file name. */
  readonly texts: ReadonlyMap<string, Text>;
}

export interface Text {
  /** The file as it is on the disk. */
  readonly file: ts.SourceFile;
  readonly original: TypedText["original"];
}

/** Before the specifier of a module, where not its source but what describes it to users is meant. */
const declaredPrefix = "tsgrad-declared:";

/** The part of the program's inside that tells what an import stands for. */
interface InnerProgram extends ts.Program {
  getResolvedModuleFromModuleSpecifier?(specifier: ts.Node, file?: ts.SourceFile): ts.ResolvedModuleWithFailedLookupLocations | undefined;
}

/** The modules of packages in `through` that the files of a program import, once each, with the source of each that has one. */
export function entriesOf(compiler: typeof ts, program: ts.Program, through: ReadonlySet<string>): Entry[] {
  const resolve = createSourceResolver(compiler, program.getCompilerOptions());
  const checker = program.getTypeChecker();
  const entries = new Map<string, Entry>();
  for (const file of program.getSourceFiles()) {
    if (file.isDeclarationFile || program.isSourceFileFromExternalLibrary(file)) continue;
    for (const specifier of specifiersOf(file)) {
      const name = packageOf(specifier.text);
      if (name === undefined || !through.has(name)) continue;
      const declared = checker.getSymbolAtLocation(specifier);
      const source = resolve(specifier.text, file.fileName)?.resolvedFileName;
      if (declared !== undefined && source !== undefined && !entries.has(specifier.text)) entries.set(specifier.text, { specifier: specifier.text, declared, source });
    }
  }
  return [...entries.values()];
}

/** Reads the sources behind these modules and all that they are made of. */
export function readSources(compiler: typeof ts, program: ts.Program, entries: readonly Entry[], through: ReadonlySet<string>): Sources {
  const resolve = createSourceResolver(compiler, program.getCompilerOptions());
  const names = new Set(entries.map((entry) => entry.source));
  // First as they are, only to see which name leads to which declaration.
  const raw = new Map<string, ts.SourceFile>();
  const bare = compiler.createProgram({
    rootNames: [...names],
    options: { allowJs: true, noLib: true, types: [], target: compiler.ScriptTarget.ESNext, module: compiler.ModuleKind.ESNext, moduleResolution: compiler.ModuleResolutionKind.Bundler },
    host: hostOf(compiler, program, { names, through, resolve, entries, fileOf: (name, target) => parsed(compiler, raw, name, target) }),
  });
  const types = typesOf(compiler, program, bare, entries);
  const texts = new Map<string, Text>();
  const typed = new Map<string, ts.SourceFile>();
  const fileOf = (name: string, target: ts.ScriptTarget | ts.CreateSourceFileOptions): ts.SourceFile | undefined => {
    const known = typed.get(name);
    if (known !== undefined) return known;
    const file = parsed(compiler, raw, name, target);
    if (file === undefined) return undefined;
    const { text, original } = isScript(name) ? typedText(compiler, bare.getTypeChecker(), file, types) : { text: file.text, original: (position: number) => position };
    texts.set(name, { file, original });
    const made = compiler.createSourceFile(name, text, target, true);
    typed.set(name, made);
    return made;
  };
  const { options, rootNames, projectReferences } = settingsOf(program);
  const made = compiler.createProgram({
    rootNames: [...rootNames, ...entries.map((entry) => entry.source)],
    options,
    host: hostOf(compiler, program, { names, through, resolve, entries, fileOf }),
    ...(projectReferences === undefined ? {} : { projectReferences }),
  });
  return { program: made, entries, texts };
}

function settingsOf(program: ts.Program): { options: ts.CompilerOptions; rootNames: readonly string[]; projectReferences: readonly ts.ProjectReference[] | undefined } {
  const options: ts.CompilerOptions = { ...program.getCompilerOptions(), allowJs: true, noImplicitAny: true, noEmit: true, incremental: false, composite: false, plugins: [] };
  delete options.tsBuildInfoFile;
  return { options, rootNames: program.getRootFileNames(), projectReferences: program.getProjectReferences() };
}

interface Reading {
  /** The files of packages; those that they import are added. */
  readonly names: Set<string>;
  readonly through: ReadonlySet<string>;
  readonly resolve: SourceResolver;
  readonly entries: readonly Entry[];
  fileOf(name: string, target: ts.ScriptTarget | ts.CreateSourceFileOptions): ts.SourceFile | undefined;
}

/** Files of the program are taken over as they are; files of packages find each other's sources. */
function hostOf(compiler: typeof ts, program: InnerProgram, { names, through, resolve, entries, fileOf }: Reading): ts.CompilerHost {
  const host = compiler.createCompilerHost(program.getCompilerOptions());
  const isOwn = (specifier: string): boolean => /^\.\.?(\/|$)/.test(specifier) || through.has(packageOf(specifier) ?? "");
  return {
    ...host,
    getCurrentDirectory: () => program.getCurrentDirectory(),
    getSourceFile: (name, target) => (names.has(name) ? fileOf(name, target) : (program.getSourceFile(name) ?? host.getSourceFile(name, target))),
    resolveModuleNameLiterals(literals, containing, redirected, options, file) {
      return literals.map((literal) => {
        if (names.has(containing)) {
          const described = declaredFile(compiler, entries, literal.text);
          if (described !== undefined) return { resolvedModule: { resolvedFileName: described, extension: compiler.Extension.Dts, isExternalLibraryImport: true } };
          const found = isOwn(literal.text) ? resolve(literal.text, containing) : undefined;
          if (found === undefined) return compiler.resolveModuleName(literal.text, containing, options, host);
          names.add(found.resolvedFileName);
          return { resolvedModule: { ...found, isExternalLibraryImport: false } };
        }
        const known = program.getResolvedModuleFromModuleSpecifier?.(literal, file);
        return known ?? compiler.resolveModuleName(literal.text, containing, options, host, undefined, redirected, compiler.getModeForUsageLocation(file, literal, options));
      });
    },
  };
}

/** The file behind `tsgrad-declared:simple-statistics`. */
function declaredFile(compiler: typeof ts, entries: readonly Entry[], specifier: string): string | undefined {
  if (!specifier.startsWith(declaredPrefix)) return undefined;
  const entry = entries.find((e) => declaredPrefix + e.specifier === specifier);
  const file = entry?.declared.valueDeclaration;
  return file !== undefined && compiler.isSourceFile(file) ? file.fileName : undefined;
}

function parsed(compiler: typeof ts, known: Map<string, ts.SourceFile>, name: string, target: ts.ScriptTarget | ts.CreateSourceFileOptions): ts.SourceFile | undefined {
  const before = known.get(name);
  if (before !== undefined) return before;
  const text = compiler.sys.readFile(name);
  if (text === undefined) return undefined;
  const file = compiler.createSourceFile(name, text, target, true);
  known.set(name, file);
  return file;
}

/** What the declarations say of functions and variables of the sources: `typeof import("gl-matrix").vec3.add`. */
function typesOf(compiler: typeof ts, program: ts.Program, bare: ts.Program, entries: readonly Entry[]): Map<ts.Node, string> {
  const types = new Map<ts.Node, string>();
  const checker = program.getTypeChecker();
  const bareChecker = bare.getTypeChecker();
  for (const { specifier, declared, source } of entries) {
    const file = bare.getSourceFile(source);
    const module = file && bareChecker.getSymbolAtLocation(file);
    if (module === undefined) continue;
    const written = exportsOf(compiler, checker, declared);
    // A module that is declared by its name, `declare module "gl-matrix"`, is found by that.
    const isFile = declared.valueDeclaration !== undefined && compiler.isSourceFile(declared.valueDeclaration);
    const name = JSON.stringify(isFile ? declaredPrefix + specifier : specifier);
    for (const [key, { symbol, path }] of exportsOf(compiler, bareChecker, module)) {
      const declaration = symbol.valueDeclaration;
      const described = written.get(key)?.symbol;
      if (declaration === undefined || described === undefined || types.has(declaration)) continue;
      const type = checker.getTypeOfSymbol(described);
      const isSingle = compiler.isVariableDeclaration(declaration) || type.getCallSignatures().length === 1;
      if (isSingle) types.set(declaration, `typeof import(${name}).${path.join(".")}`);
    }
  }
  return types;
}

function isScript(name: string): boolean {
  return /\.[cm]?jsx?$/.test(name);
}

/** The specifiers of imports and exports of a file. */
function specifiersOf(file: ts.SourceFile): readonly ts.StringLiteralLike[] {
  return (file as { readonly imports?: readonly ts.StringLiteralLike[] }).imports ?? [];
}
