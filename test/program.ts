import ts from "typescript";
import { dirname, posix } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository, with forward slashes and without one at the end. */
export const repository = dirname(dirname(fileURLToPath(import.meta.url))).replaceAll("\\", "/");

/** The folder in which the files of a program made in memory seem to lie. */
export const projectFolder = "/project";

/** Parsed files from the disk: the library of TypeScript and the runtime. Parsing them is most of what a compile costs. */
const parsed = new Map<string, ts.SourceFile | undefined>();

const libraryFolder = dirname(ts.getDefaultLibFilePath({}));

/** The library of TypeScript as one file: going through some fifty for each program takes longer than most programs. */
const library = `${libraryFolder}/lib.d.ts`;

export interface MemoryProgram {
  readonly ts: typeof ts;
  readonly program: ts.Program;
  readonly options: ts.CompilerOptions;
  /** The source file of that name, relative to the project's folder. */
  file(name: string): ts.SourceFile;
  /** What TypeScript itself has against the program, as one text a diagnostic; empty for a valid program. */
  errors(): string[];
}

/**
 * A program out of texts: `makeProgram({ "main.ts": "…" })`. Names are relative to the project's folder; a name that
 * begins with `/` is taken as it is. `tsgrad` is the repository's `src/index.ts`. Files that are no `.ts` (a
 * `package.json`, a `.d.ts` of a package) are there for module resolution and are not roots.
 */
export function makeProgram(files: Readonly<Record<string, string>>, options: ts.CompilerOptions = {}): MemoryProgram {
  const texts = new Map<string, string>([[`${projectFolder}/package.json`, `{ "type": "module" }`]]);
  for (const [name, text] of Object.entries(files)) texts.set(absolute(name), text);
  const settings: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    types: [],
    strict: true,
    rootDir: "/",
    paths: { tsgrad: [`${repository}/src/index.ts`] },
    ...options,
  };
  const roots = [...texts.keys()].filter((name) => /\.[cm]?tsx?$/.test(name) && !name.includes("/node_modules/"));
  const program = ts.createProgram(roots, settings, memoryHost(texts));
  return {
    ts,
    program,
    options: settings,
    file: (name) => {
      const file = program.getSourceFile(absolute(name));
      if (file === undefined) throw new Error(`no file ${name} in the program`);
      return file;
    },
    errors: () => ts.getPreEmitDiagnostics(program).map((d) => ts.flattenDiagnosticMessageText(d.messageText, "\n")),
  };
}

function absolute(name: string): string {
  return name.startsWith("/") ? name : posix.join(projectFolder, name);
}

function memoryHost(texts: ReadonlyMap<string, string>): ts.CompilerHost {
  const folders = new Set<string>();
  for (const name of texts.keys()) for (let at = dirname(name); !folders.has(at); at = dirname(at)) folders.add(at);
  // Nothing outside the repository is looked for on the disk, so that a program is the same on every machine.
  const onDisk = (name: string): boolean => name.startsWith(`${repository}/`);
  const read = (name: string): string | undefined =>
    texts.get(name) ?? (name === library ? libraryText("lib.es2023.d.ts") : onDisk(name) ? ts.sys.readFile(name) : undefined);
  return {
    getSourceFile(name, languageVersion) {
      const text = texts.get(name);
      if (text !== undefined) return ts.createSourceFile(name, text, languageVersion, true);
      const format = typeof languageVersion === "object" ? languageVersion.impliedNodeFormat : undefined;
      const key = `${name} ${String(format)}`;
      if (!parsed.has(key)) {
        const source = read(name);
        parsed.set(key, source === undefined ? undefined : ts.createSourceFile(name, source, languageVersion, true));
      }
      return parsed.get(key);
    },
    fileExists: (name) => texts.has(name) || (onDisk(name) && ts.sys.fileExists(name)),
    readFile: read,
    directoryExists: (name) => folders.has(name) || (onDisk(name) && ts.sys.directoryExists(name)),
    getDirectories: () => [],
    getCurrentDirectory: () => projectFolder,
    getDefaultLibLocation: () => libraryFolder,
    getDefaultLibFileName: () => library,
    getCanonicalFileName: (name) => name,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => "\n",
    writeFile: () => undefined,
  };
}

/** What a file of the library says, with all that it refers to in front of it, each once. */
function libraryText(name: string, seen = new Set<string>()): string {
  if (seen.has(name)) return "";
  seen.add(name);
  const text = ts.sys.readFile(`${libraryFolder}/${name}`) ?? "";
  const others = [...text.matchAll(/^\/\/\/ <reference lib="(.*)" \/>$/gm)].map(([, other]) => libraryText(`lib.${other}.d.ts`, seen));
  return [...others, text.replace(/^\/\/\/ <reference lib=.*$/gm, "")].join("\n");
}
