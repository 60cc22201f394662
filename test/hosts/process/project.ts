import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { repository } from "../../program.js";
import { stubPlugin } from "../build.js";

/** What a process said and how it ended. */
export interface Outcome {
  readonly status: number;
  readonly output: string;
}

/** One entry for the plugin; two for builds that look at what is up to date. */
export const oneEntry = [{ transform: "tsgrad/transformer" }];
export const twoEntries = [...oneEntry, { transform: "tsgrad/transformer", transformProgram: true }];

/** A user's project in a folder of its own, outside of the repository. */
export class Project {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), "tsgrad-")));

  /** `real`: with the package as it is built; else with the plugin around the stub. */
  constructor({ real }: { readonly real: boolean }) {
    const modules = join(this.folder, "node_modules");
    mkdirSync(modules);
    for (const name of ["typescript", "ts-patch", "@types"]) symlinkSync(join(repository, "node_modules", name), join(modules, name));
    if (real) symlinkSync(repository, join(modules, "tsgrad"));
    else this.#writeStub();
  }

  #writeStub(): void {
    this.write({
      "node_modules/tsgrad/package.json": JSON.stringify({
        name: "tsgrad",
        type: "module",
        exports: { ".": { types: "./index.d.ts" }, "./transformer": "./stub.cjs" },
      }),
      "node_modules/tsgrad/stub.cjs": readFileSync(stubPlugin, "utf8"),
      "node_modules/tsgrad/index.d.ts": "export declare function grad<F>(f: F): F;\n",
    });
  }

  write(files: Readonly<Record<string, string | object>>): void {
    for (const [name, content] of Object.entries(files)) {
      const path = join(this.folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content, null, 2));
    }
  }

  /** A `tsconfig.json` with the plugin. */
  configure(options: object, plugins: readonly object[] = oneEntry): void {
    this.write({
      "package.json": { type: "module" },
      "tsconfig.json": {
        compilerOptions: {
          target: "es2022",
          module: "nodenext",
          rootDir: "src",
          outDir: "out",
          types: [],
          strict: true,
          // The library of TypeScript is not what is tested, and to check it takes longer than all the rest.
          skipLibCheck: true,
          plugins,
          ...options,
        },
        include: ["src"],
      },
    });
  }

  exists(name: string): boolean {
    return existsSync(join(this.folder, name));
  }

  read(name: string): string {
    return readFileSync(join(this.folder, name), "utf8");
  }

  tspc(...args: readonly string[]): Promise<Outcome> {
    return this.run(join(repository, "node_modules/ts-patch/bin/tspc.js"), ...args);
  }

  start(script: string, ...args: readonly string[]): ChildProcess {
    return spawn(process.execPath, [script, ...args], { cwd: this.folder, env: { ...process.env, NO_COLOR: "1" } });
  }

  run(script: string, ...args: readonly string[]): Promise<Outcome> {
    return new Promise((resolve) => {
      const child = this.start(script, ...args);
      let output = "";
      child.stdout?.on("data", (data: Buffer) => (output += data.toString()));
      child.stderr?.on("data", (data: Buffer) => (output += data.toString()));
      child.on("close", (status) => resolve({ status: status ?? -1, output }));
    });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
