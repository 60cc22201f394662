import type ts from "typescript";
import { addDiagnostics } from "./extras.js";
import type { Extras, PluginConfig } from "./plugin.js";
import { formatDiagnostics, source } from "./reporter.js";
import { readThrough } from "./through-option.js";

type TypeScript = typeof ts;

/** Keys that belong to ts-patch and to language services. ts-patch leaves some of them in the configuration. */
const foreign = new Set([
  "transform",
  "after",
  "afterDeclarations",
  "name",
  "type",
  "transformProgram",
  "import",
  "tsConfig",
  "resolvePathAliases",
]);

/** Programs with the parts that are not in TypeScript's public types. */
interface InnerProgram extends ts.Program {
  /** There when a builder has taken the program, as it does under `incremental`, `--build` and `--watch`. */
  getBuildInfo?: unknown;
}

/** The plugin's own options. */
const known = new Set(["through"]);

/** Reports options of the plugin that do not exist or are wrong: a misspelt one would otherwise be ignored in silence. */
export function checkOptions(ts: TypeScript, program: ts.Program, config: PluginConfig, extras: Extras): void {
  const unknown = Object.keys(config).filter((key) => !foreign.has(key) && !known.has(key));
  const diagnostics = [
    ...unknown.map((key) => optionError(ts, program, key, `the plugin "tsgrad/transformer" has no option "${key}". Its only option besides those of ts-patch is "through".`)),
    ...readThrough(ts, program, config, []).problems.map(({ message, at }) => optionError(ts, program, at, message)),
  ];
  if (diagnostics.length === 0) return;
  const options = program.getOptionsDiagnostics.bind(program);
  program.getOptionsDiagnostics = (token) => [...options(token), ...diagnostics];
  const builder = (program as InnerProgram).getBuildInfo !== undefined;
  if (!builder) return addDiagnostics(extras, diagnostics);
  // A builder has already asked for the options' diagnostics, and would store these with a file, to be shown even
  // after they are mended. So the build ends here, as it does when `tsconfig.json` cannot be read.
  ts.sys.write(formatDiagnostics(ts, program, diagnostics));
  ts.sys.exit(1);
}

function optionError(ts: TypeScript, program: ts.Program, key: string, message: string): ts.Diagnostic {
  const file = program.getCompilerOptions().configFile as ts.JsonSourceFile | undefined;
  const plugins = file?.text.indexOf('"plugins"') ?? -1;
  const start = plugins < 0 ? -1 : (file?.text.indexOf(JSON.stringify(key), plugins) ?? -1);
  return {
    source,
    category: ts.DiagnosticCategory.Error,
    code: 103106,
    file: start < 0 ? undefined : file,
    start: start < 0 ? undefined : start,
    length: start < 0 ? undefined : key.length + 2,
    messageText: `TSG3106: ${message}`,
  };
}
