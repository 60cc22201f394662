/** Thrown by what `grad` and its relatives return in a program that was built without the plugin. */
export class NotCompiledError extends Error {
  override readonly name = "NotCompiledError";
}

/**
 * The stand-in for a generated function. Making it must not fail, because `const df = grad(f)` at the top of a module runs
 * whether or not it is ever called.
 */
export function notCompiled(marker: string, f: unknown, options: unknown): () => never {
  const name = typeof f === "function" && f.name !== "" ? f.name : "…";
  const call = options === undefined ? `${marker}(${name})` : `${marker}(${name}, …)`;
  return () => {
    throw new NotCompiledError(
      `${call} was not compiled: add { "transform": "tsgrad/transformer" } to compilerOptions.plugins in tsconfig.json ` +
        `and build with tspc instead of tsc.`,
    );
  };
}
