import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { build } from "rolldown";
import { repository } from "../program.js";

/** Where the plugin around the stub lies, for tests that run real processes. */
export const stubPlugin = join(repository, "node_modules/.cache/tsgrad/stub.cjs");

/** Makes what processes need: the package's `dist`, where it is older than its sources, and the stub. */
export default async function setup(): Promise<void> {
  const built = join(repository, "dist/cli.cjs");
  const sources = ["src", "transformer", "build"].map((folder) => newest(join(repository, folder)));
  if (!existsSync(built) || statSync(built).mtimeMs < Math.max(...sources)) {
    const result = spawnSync(process.execPath, [join(repository, "build/build.js")], { encoding: "utf8" });
    if (result.status !== 0) throw new Error(`the build failed:\n${result.stdout}${result.stderr}`);
  }
  await build({
    input: join(repository, "test/hosts/process/stub-plugin.ts"),
    platform: "node",
    external: [/^node:/, "typescript"],
    output: { file: stubPlugin, format: "cjs", exports: "default" },
    logLevel: "warn",
  });
}

function newest(folder: string): number {
  let time = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isFile()) time = Math.max(time, statSync(join(entry.parentPath, entry.name)).mtimeMs);
  }
  return time;
}
