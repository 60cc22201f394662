import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Project } from "../hosts/process/project.js";
import { repository } from "../program.js";
import { install, pack, run, type Packed } from "./installed.js";

let packed: Packed;
const projects: Project[] = [];
beforeAll(() => {
  packed = pack();
});
afterAll(() => {
  projects.forEach((project) => { project.remove(); });
  rmSync(packed.folder, { recursive: true });
});

function made(): Project {
  const project = install(packed);
  projects.push(project);
  return project;
}

const example = readFileSync(join(repository, "examples/readme/example.ts"), "utf8");
const tsc = join(repository, "node_modules/typescript/bin/tsc");

/** Builds `src/main.ts` from nothing, in a project of its own or in one that is there. */
async function build(type: "module" | "commonjs", options: object, files: Readonly<Record<string, string>>, { plain = false, project = made() } = {}): Promise<Project> {
  for (const folder of ["src", "out"]) rmSync(join(project.folder, folder), { recursive: true, force: true });
  project.configure({ types: ["node"], ...options });
  project.write({ ...files, "package.json": { type } });
  expect(await (plain ? project.run(tsc) : project.tspc())).toEqual({ status: 0, output: "" });
  return project;
}

describe("the example of the README", () => {
  it.concurrent.each([
    ["in modules", "module", { skipLibCheck: false }],
    ["in CommonJS", "commonjs", {}],
    ["in CommonJS as older configurations have it", "commonjs", { module: "commonjs", moduleResolution: "bundler" }],
  ] as const)("runs %s", async (_name, type, options) => {
    const project = await build(type, options, { "src/main.ts": example });
    const written = project.read("out/main.js");
    if (type === "commonjs") expect(written).toContain(`require("tsgrad")`);
    else expect(written).toContain(`from "tsgrad"`);
    const { status, output } = await project.run("out/main.js");
    expect(output).toMatch(/^124\n\[ 44, 66 \]\n\[ 43\.99999999999906, 65\.99999999999824 \]\ngradient of f, value 124: 2 ok\n/);
    expect(status).toBe(0);
  });

  it.concurrent("says once that it was not compiled where the plugin did not run", async () => {
    const project = await build("module", {}, { "src/main.ts": example }, { plain: true });
    const { status, output } = await project.run("out/main.js");
    expect(output).toMatch(/^124\n/);
    expect(output.match(/^\w*Error: /gm)).toEqual(["NotCompiledError: "]);
    expect(output).toContain(
      `NotCompiledError: grad(f) was not compiled: add { "transform": "tsgrad/transformer" } to compilerOptions.plugins ` +
        `in tsconfig.json and build with tspc instead of tsc.`,
    );
    expect(status).toBe(1);
  });

  it.concurrent("needs nothing of the package where only gradients are used", async () => {
    const text = `import { grad } from "tsgrad";\nexport const df = grad((x: number) => x * x);\nconsole.log(df(3));\n`;
    const project = await build("module", {}, { "src/main.ts": text });
    expect(project.read("out/main.js")).not.toContain("tsgrad");
    expect(await project.run("out/main.js")).toEqual({ status: 0, output: "6\n" });
  });
});

describe("an error thrown within a derivative", () => {
  const model = `export function root(x: number): number {
  if (x < 0) {
    throw new RangeError(\`\${x} has no root\`);
  }
  return Math.sqrt(x);
}
`;
  const main = `import { grad } from "tsgrad";
import { root } from "./model.js";

const df = grad(root);
try {
  df(-1);
} catch (error) {
  console.log(error instanceof Error ? error.stack : error);
}
`;

  it.concurrent.each([["module"], ["commonjs"]] as const)("points to the source of the function: %s", async (type) => {
    const project = await build(type, { sourceMap: true }, { "src/main.ts": main, "src/model.ts": model });
    const { output } = await project.run("out/main.js");
    expect(output).toMatch(/^RangeError: -1 has no root\n/);
    const [, name, line, column] = /at (?:\S+ \()?.*\b(model|main)\.js:(\d+):(\d+)\)?\n/.exec(output) ?? [];
    expect(name).toBe("model");
    const map = new TraceMap(project.read("out/model.js.map"));
    const origin = originalPositionFor(map, { line: Number(line), column: Number(column) - 1 });
    expect(origin).toMatchObject({ source: "../src/model.ts", line: 3 });
  });
});

describe("the compiler's code", () => {
  const text = `import { grad } from "tsgrad";\nconsole.log(grad((x: number) => x * x)(3));\n`;
  const result = async (project: Project): Promise<string> => {
    await build("module", {}, { "src/main.ts": text }, { project });
    return (await project.run("out/main.js")).output;
  };

  it.concurrent("is kept within the package for the next build", async () => {
    const project = made();
    const cache = join(project.folder, "node_modules/tsgrad/dist/cache");
    rmSync(cache, { recursive: true, force: true });
    expect(await result(project)).toBe("6\n");
    const [name, ...others] = readdirSync(cache);
    expect(others).toEqual([]);
    const kept = readFileSync(join(cache, name!));
    expect(await result(project)).toBe("6\n");
    expect(readFileSync(join(cache, name!)).equals(kept)).toBe(true);

    writeFileSync(join(cache, name!), kept.subarray(0, kept.length / 2));
    expect(await result(project)).toBe("6\n");
    expect(readFileSync(join(cache, name!)).length).toBeGreaterThan(kept.length / 2);
  });

  it.concurrent("is made anew where nothing can be written", async () => {
    const project = made();
    const cache = join(project.folder, "node_modules/tsgrad/dist/cache");
    rmSync(cache, { recursive: true, force: true });
    writeFileSync(cache, "");
    expect(await result(project)).toBe("6\n");
    expect(readFileSync(cache, "utf8")).toBe("");
    rmSync(cache);
  });
});

describe("what is published", () => {
  it("is found to be sound", () => {
    const bin = join(repository, "node_modules/.bin");
    const project = made();
    const found = join(project.folder, "node_modules/tsgrad");
    expect(run(join(bin, "publint"), ["--strict", found], project.folder)).toContain("All good!");
    // What the profile leaves out is shown and counts as no problem; anything else fails the command.
    const rows = run(join(bin, "attw"), [packed.tarball, "--profile", "esm-only", "--no-color"], project.folder).split("\n");
    expect(rows.filter((row) => /⚠|💀|❌|🤨|🥴/u.test(row) && !row.includes("(ignored"))).toEqual([]);
  });

  it("holds what is needed and nothing else", () => {
    const files = run("tar", ["-tzf", packed.tarball], packed.folder).trim().split("\n");
    const kinds = new Set(files.map((name) => name.replace(/^package\//, "").replace(/^dist\/(?:[\w-]+\/)*[\w-]+(\.d\.ts|\.js|\.cjs|\.d\.cts)$/, "dist/*$1")));
    const { length } = files;
    expect(length).toBeLessThan(80);
    expect([...kinds].filter((kind) => !["CHANGELOG.md", "README.md"].includes(kind)).sort()).toEqual(
      ["LICENSE", "dist/*.cjs", "dist/*.d.cts", "dist/*.d.ts", "dist/*.js", "package.json"].sort(),
    );
  });
});
