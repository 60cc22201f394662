import { existsSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import type ts from "typescript";
import { readThrough } from "../through-option.js";
import { Failure } from "./failure.js";

type TypeScript = typeof ts;

/** A user's project, as its `tsconfig.json` describes it, and the file that a command is about. */
export interface Project {
  readonly ts: TypeScript;
  readonly configPath: string;
  readonly parsed: ts.ParsedCommandLine;
  readonly program: ts.Program;
  readonly file: ts.SourceFile;
  /** The packages that are differentiated through. */
  readonly through: readonly string[];
}

/** Opens the project that `fileName` belongs to. Everything that may be wrong with it is a `Failure`. */
export function openProject(fileName: string, project?: string): Project {
  const path = resolve(fileName);
  if (!existsSync(path) || !statSync(path).isFile()) throw new Failure(`there is no file ${fileName}`);
  const configPath = configFor(path, project);
  const ts = loadTypeScript(configPath);
  const parsed = parseConfig(ts, configPath);
  const program = ts.createProgram({
    rootNames: [...new Set([...parsed.fileNames, slashed(path)])],
    options: { ...parsed.options, plugins: [] },
    ...(parsed.projectReferences === undefined ? {} : { projectReferences: parsed.projectReferences }),
  });
  const file = program.getSourceFile(slashed(path));
  if (file === undefined || file.isDeclarationFile) throw new Failure(`${fileName} is no TypeScript source`);
  const { packages, problems } = readThrough(ts, program, {}, parsed.options.plugins);
  if (problems.length > 0) throw new Failure(problems.map(({ message }) => message).join("\n"));
  return { ts, configPath, parsed, program, file, through: packages };
}

/** The `tsconfig.json` given with `--project`, or the nearest one in the folders above `path`. */
function configFor(path: string, project: string | undefined): string {
  if (project !== undefined) {
    const given = resolve(project);
    const isFolder = existsSync(given) && statSync(given).isDirectory();
    const config = isFolder ? join(given, "tsconfig.json") : given;
    if (!existsSync(config)) throw new Failure(`there is no ${isFolder ? join(project, "tsconfig.json") : project}`);
    return config;
  }
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const config = join(folder, "tsconfig.json");
    if (existsSync(config)) return config;
    if (folder === dirname(folder)) throw new Failure(`no tsconfig.json in the folders above ${path}`);
  }
}

/** The TypeScript that the project itself uses; ours is none. */
export function loadTypeScript(configPath: string): TypeScript {
  const install = `npm install --save-dev typescript@6`;
  let loaded: Partial<TypeScript>;
  try {
    loaded = createRequire(configPath)("typescript") as Partial<TypeScript>;
  } catch {
    throw new Failure(`TypeScript is not installed beside ${configPath}: ${install}`);
  }
  const [major = 0, minor = 0] = (loaded.version ?? "0").split(".").map(Number);
  if (loaded.createProgram === undefined || major > 6 || major < 5 || (major === 5 && minor < 9)) {
    throw new Failure(`TypeScript ${loaded.version ?? ""} is installed, and tsgrad works with 5.9 and 6: ${install}`);
  }
  return loaded as TypeScript;
}

function parseConfig(ts: TypeScript, configPath: string): ts.ParsedCommandLine {
  const fail = (diagnostics: readonly ts.Diagnostic[]): never => {
    throw new Failure(`${configPath} cannot be used:\n${plain(ts, diagnostics)}`);
  };
  const host: ts.ParseConfigFileHost = {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: (diagnostic) => fail([diagnostic]),
  };
  const parsed = ts.getParsedCommandLineOfConfigFile(configPath, {}, host);
  if (parsed === undefined) throw new Failure(`${configPath} cannot be read`);
  // That nothing is included is no fault here: the file is named.
  const noInputs = 18003;
  const errors = parsed.errors.filter((d) => d.code !== noInputs && d.category === ts.DiagnosticCategory.Error);
  return errors.length > 0 ? fail(errors) : parsed;
}

/** Diagnostics as `tsc` prints them without colours, names relative to where the command runs. */
export function plain(ts: TypeScript, diagnostics: readonly ts.Diagnostic[]): string {
  return ts
    .formatDiagnostics(diagnostics, {
      getCurrentDirectory: () => process.cwd(),
      getCanonicalFileName: (name) => name,
      getNewLine: () => "\n",
    })
    .trimEnd();
}

function slashed(path: string): string {
  return path.replaceAll("\\", "/");
}
