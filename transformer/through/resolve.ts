import type ts from "typescript";

/** Finds the source that a package ships for what a program imports: JavaScript or TypeScript, never declarations. */
export type SourceResolver = (specifier: string, from: string) => ts.ResolvedModuleFull | undefined;

/**
 * TypeScript's own resolution on a disk where packages have no declarations and their `package.json` says nothing of
 * types: what is left is the code. Where there are several forms of it, modules come before CommonJS.
 */
export function createSourceResolver(compiler: typeof ts, options: ts.CompilerOptions): SourceResolver {
  const { sys } = compiler;
  const host: ts.ModuleResolutionHost = {
    fileExists: (name) => !/\.d(\.[^./\\]+)?\.[cm]?ts$/.test(name) && sys.fileExists(name),
    directoryExists: (name) => sys.directoryExists(name),
    readFile: (name) => {
      const text = sys.readFile(name);
      return text !== undefined && /[/\\]package\.json$/.test(name) ? withoutTypes(text) : text;
    },
    ...(sys.realpath && { realpath: (name: string) => sys.realpath?.(name) ?? name }),
  };
  const settings: ts.CompilerOptions = {
    allowJs: true,
    module: compiler.ModuleKind.ESNext,
    moduleResolution: compiler.ModuleResolutionKind.Bundler,
    customConditions: [...(options.customConditions ?? []), "module", "node"],
  };
  return (specifier, from) => {
    const { resolvedModule } = compiler.resolveModuleName(specifier, from, settings, host);
    return resolvedModule !== undefined && /\.[cm]?[jt]sx?$/.test(resolvedModule.resolvedFileName) ? resolvedModule : undefined;
  };
}

/** The text of a `package.json` without its types, and with the module as what it has to offer. */
function withoutTypes(text: string): string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return text;
  }
  if (typeof parsed !== "object" || parsed === null) return text;
  const kept = Object.entries(parsed).filter(([key]) => !["types", "typings", "typesVersions"].includes(key));
  const { main, module, exports } = parsed as { readonly main?: unknown; readonly module?: unknown; readonly exports?: unknown };
  return JSON.stringify({ ...Object.fromEntries(kept), main: module ?? main, exports: withoutTypesCondition(exports) });
}

function withoutTypesCondition(target: unknown): unknown {
  if (Array.isArray(target)) return target.map(withoutTypesCondition);
  if (typeof target !== "object" || target === null) return target;
  const kept = Object.entries(target).filter(([key]) => key !== "types" && !key.startsWith("types@"));
  return Object.fromEntries(kept.map(([key, value]) => [key, withoutTypesCondition(value)]));
}

/** The package that a file belongs to, by where it is installed; declarations in `@types` belong to what they describe. */
export function packageAt(fileName: string): string | undefined {
  const [, inside] = /^.*\/node_modules\/(.*)$/.exec(fileName) ?? [];
  const name = inside === undefined ? undefined : packageOf(inside);
  return name?.replace(/^@types\/(.*?)__/, "@$1/").replace(/^@types\//, "");
}

/** The package that a specifier names: `gl-matrix` of `gl-matrix/vec3`; nothing for a path. */
export function packageOf(specifier: string): string | undefined {
  if (/^[./#]/.test(specifier) || /^\w:/.test(specifier)) return undefined;
  const [first = "", second] = specifier.split("/");
  return first.startsWith("@") && second !== undefined ? `${first}/${second}` : first;
}
