import type ts from "typescript";
import { packageOf } from "../through/resolve.js";

/** The option `"through": ["gl-matrix"]` of the plugin: the packages whose functions are differentiated from their source. */
export interface Through {
  readonly packages: readonly string[];
  /** What is wrong with it, each with the text that is meant. */
  readonly problems: readonly { readonly message: string; readonly at: string }[];
}

type TypeScript = typeof ts;

/** An entry of `plugins` in `tsconfig.json`. */
type Entry = Readonly<Record<string, unknown>>;

/**
 * Reads the option. The plugin may stand in `plugins` twice, as a transformer of files and of programs: what either says
 * holds for both. `entry` is one that is not among the options of the program.
 */
export function readThrough(compiler: TypeScript, program: ts.Program, entry: Entry, plugins: unknown = program.getCompilerOptions().plugins): Through {
  const options = program.getCompilerOptions();
  const entries = [entry, ...((plugins ?? []) as readonly Entry[]).filter(isOurs)];
  const packages = new Set<string>();
  const problems: { message: string; at: string }[] = [];
  for (const { through } of entries) {
    if (through === undefined) continue;
    if (!Array.isArray(through) || !through.every((name) => typeof name === "string")) {
      problems.push({ message: `"through" is a list of names of packages: "through": ["gl-matrix"].`, at: "through" });
      continue;
    }
    for (const name of through) packages.add(name);
  }
  const folder = (options["configFilePath"] as string | undefined)?.replace(/[/\\][^/\\]*$/, "") ?? program.getCurrentDirectory();
  for (const name of packages) {
    const why = packageOf(name) !== name ? "is no name of a package" : isInstalled(compiler, name, folder) ? undefined : `is not installed: look at how it is written, or run npm install ${name}`;
    if (why !== undefined) problems.push({ message: `the package "${name}" in "through" ${why}.`, at: name });
  }
  return { packages: [...packages], problems: distinct(problems) };
}

function isOurs({ transform }: Entry): boolean {
  return typeof transform === "string" && /(^|[/\\])tsgrad[/\\](dist[/\\])?transformer(\.cjs)?$/.test(transform);
}

function isInstalled({ sys }: TypeScript, name: string, folder: string): boolean {
  for (let at = folder.replaceAll("\\", "/"); ; ) {
    if (sys.fileExists(`${at}/node_modules/${name}/package.json`)) return true;
    const end = at.lastIndexOf("/");
    if (end < 0) return false;
    at = at.slice(0, end);
  }
}

function distinct<T extends { readonly message: string }>(list: readonly T[]): T[] {
  return list.filter((one, i) => list.findIndex((other) => other.message === one.message) === i);
}
