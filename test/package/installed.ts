import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Project } from "../hosts/process/project.js";
import { repository } from "../program.js";

/** The package as it would be published: `tarball` in a folder of its own. */
export interface Packed {
  readonly folder: string;
  readonly tarball: string;
}

/** Packs what is built. */
export function pack(): Packed {
  const folder = mkdtempSync(join(tmpdir(), "tsgrad-pack-"));
  const output = run("npm", ["pack", "--ignore-scripts", "--json", "--pack-destination", folder], repository);
  const [{ filename }] = JSON.parse(output) as [{ filename: string }];
  return { folder, tarball: join(folder, filename) };
}

/** A project with the packed package among its modules, and nothing of the repository but TypeScript and ts-patch. */
export function install({ tarball }: Packed): Project {
  const project = new Project({ real: true });
  const place = join(project.folder, "node_modules/tsgrad");
  rmSync(place);
  mkdirSync(place);
  run("tar", ["-xzf", tarball, "-C", place, "--strip-components=1"], project.folder);
  return project;
}

/** What a program prints; it must succeed. */
export function run(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: "utf8", shell: process.platform === "win32" });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed:\n${stdout}${stderr}${error?.message ?? ""}`);
  return stdout;
}
