import { existsSync, mkdirSync, rmSync, rmdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Does something with a folder of its own from which the packages of a project are found, and removes the folder: afterwards,
 * on an error, and where the command is told to end.
 */
export async function withFolder<T>(project: string, use: (folder: string) => Promise<T>): Promise<T> {
  const modules = join(baseOf(project), "node_modules");
  const folder = join(modules, ".cache", "tsgrad", `check-${String(process.pid)}`);
  const made = missing(folder);
  const remove = (): void => {
    rmSync(folder, { recursive: true, force: true });
    for (const parent of made) removeEmpty(parent);
  };
  const stop = (signal: NodeJS.Signals): void => {
    remove();
    process.exit(128 + (signal === "SIGINT" ? 2 : signal === "SIGTERM" ? 15 : 1));
  };
  for (const signal of signals) process.once(signal, stop);
  process.once("exit", remove);
  try {
    mkdirSync(folder, { recursive: true });
    return await use(folder);
  } finally {
    for (const signal of signals) process.off(signal, stop);
    process.off("exit", remove);
    remove();
  }
}

/** The nearest folder with packages, from the project upwards; without any the project itself. */
function baseOf(project: string): string {
  for (let folder = project; ; folder = dirname(folder)) {
    const modules = join(folder, "node_modules");
    if (existsSync(modules) && statSync(modules).isDirectory()) return folder;
    if (folder === dirname(folder)) return project;
  }
}

/** The folders above `path` that do not exist yet, the innermost first. */
function missing(path: string): string[] {
  const result: string[] = [];
  for (let folder = dirname(path); !existsSync(folder); folder = dirname(folder)) result.push(folder);
  return result;
}

function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Somebody else has put something into it meanwhile.
  }
}
