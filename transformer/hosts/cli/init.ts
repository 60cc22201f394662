import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
// The package's other form loads its parts at run time, where a bundle has none.
import {
  applyEdits,
  findNodeAtLocation,
  getNodeValue,
  modify,
  parseTree,
  printParseErrorCode,
  type ParseError,
} from "jsonc-parser/lib/esm/main.js";
import { Failure } from "./failure.js";
import type { Options } from "./main.js";
import { loadTypeScript } from "./project.js";

const transform = "tsgrad/transformer";

/** What is to stand in `compilerOptions.plugins`. */
type Entry = Readonly<Record<string, unknown>>;
const entry: Entry = { transform };
/** Builds that skip what is up to date need it too: only this one can tell them what depends on what. */
const programEntry: Entry = { transform, transformProgram: true };

/** Adds the plugin to `tsconfig.json`, leaves all else in it as it is, comments too, and says what was added. */
export function init({ project = "." }: Options): number {
  const given = resolve(project);
  const path = existsSync(given) && statSync(given).isDirectory() ? join(given, "tsconfig.json") : given;
  const shown = relative(process.cwd(), path) || path;
  if (!existsSync(path)) {
    throw new Failure(`there is no ${shown}; make one with "npx tsc --init", then run "npx tsgrad init" again`);
  }
  const before = readFileSync(path, "utf8");
  const errors: ParseError[] = [];
  const tree = parseTree(before, errors, { allowTrailingComma: true });
  const [error] = errors;
  if (error !== undefined || tree?.type !== "object") {
    const line = before.slice(0, error?.offset ?? 0).split("\n").length;
    const what = error === undefined ? "it is no object" : printParseErrorCode(error.error);
    throw new Failure(`${shown} cannot be read: ${what} in line ${String(line)}`);
  }

  const place = ["compilerOptions", "plugins"];
  const options = findNodeAtLocation(tree, ["compilerOptions"]);
  if (options !== undefined && options.type !== "object") throw new Failure(`"compilerOptions" in ${shown} is no object`);
  const own = findNodeAtLocation(tree, place);
  if (own !== undefined && own.type !== "array") throw new Failure(`"plugins" in ${shown} is no list`);
  const { plugins: inherited, incremental } = inheritedOptions(path);
  // A list of one's own hides the one that "extends" brings: what is there stays in force.
  const present = own === undefined ? inherited : (getNodeValue(own) as Entry[]);
  const wanted = incremental ? [entry, programEntry] : [entry];
  const missing = wanted.filter((w) => !present.some((p) => isSame(p, w)));
  if (missing.length === 0) return say(`${shown} has the plugin already; nothing was changed.\n`);

  const formattingOptions = formattingOf(before);
  let after = before;
  if (own === undefined) {
    after = applyEdits(after, modify(after, place, [...present, ...missing], { formattingOptions }));
  } else {
    for (const [i, plugin] of missing.entries()) {
      const at = [...place, present.length + i];
      after = applyEdits(after, modify(after, at, plugin, { formattingOptions, isArrayInsertion: true }));
    }
  }
  writeFileSync(path, after);
  const kept = own === undefined && present.length > 0 ? `The plugins that it inherits were copied into it.\n` : "";
  const added = missing.map((plugin) => `  ${JSON.stringify(plugin)}\n`).join("");
  return say(`${shown}: added to compilerOptions.plugins\n${added}${kept}Build with "npx tspc" in place of "npx tsc".\n`);
}

/** What a configuration says with all that it extends. Without TypeScript at hand nothing is inherited. */
function inheritedOptions(path: string): { readonly plugins: readonly Entry[]; readonly incremental: boolean } {
  try {
    const ts = loadTypeScript(path);
    const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined };
    const parsed = ts.getParsedCommandLineOfConfigFile(path, {}, host);
    if (parsed === undefined) return { plugins: [], incremental: false };
    const { options, projectReferences } = parsed;
    const incremental = options.incremental ?? options.composite ?? projectReferences !== undefined;
    return { plugins: (options.plugins as readonly Entry[] | undefined) ?? [], incremental };
  } catch {
    return { plugins: [], incremental: false };
  }
}

function isSame(present: unknown, wanted: Entry): boolean {
  if (typeof present !== "object" || present === null) return false;
  const { transform: name, transformProgram = false } = present as Entry;
  return name === wanted["transform"] && transformProgram === (wanted["transformProgram"] ?? false);
}

/** The indentation and the line ends of the file. */
function formattingOf(text: string): { insertSpaces: boolean; tabSize: number; eol: string } {
  const [, indentation = "  "] = /\n([ \t]+)\S/.exec(text) ?? [];
  const insertSpaces = !indentation.includes("\t");
  return { insertSpaces, tabSize: insertSpaces ? indentation.length : 1, eol: text.includes("\r\n") ? "\r\n" : "\n" };
}

function say(text: string): number {
  process.stdout.write(text);
  return 0;
}
