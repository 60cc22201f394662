import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { repository } from "../../program.js";
import { Project } from "./project.js";

const projects: Project[] = [];
afterAll(() => {
  for (const project of projects.splice(0)) project.remove();
});

/** A project with gl-matrix, a package written in TypeScript, and this option of the plugin. */
function makeProject(through: unknown, options: object = {}, others: readonly object[] = []): Project {
  const project = new Project({ real: true });
  projects.push(project);
  project.configure(options, [{ transform: "tsgrad/transformer", through }, ...others]);
  symlinkSync(join(repository, "node_modules/gl-matrix"), join(project.folder, "node_modules/gl-matrix"));
  project.write({
    "node_modules/springs/package.json": { name: "springs", version: "1.0.0", type: "module", exports: { types: "./dist/index.d.ts", default: "./src/index.ts" } },
    "node_modules/springs/dist/index.d.ts": "export declare function springEnergy(x: number, k?: number): number;\n",
    "node_modules/springs/src/index.ts": "const half = 0.5;\nexport function springEnergy(x: number, k = 2): number {\n  return half * k * x * x;\n}\n",
    "src/main.ts": `import { glMatrix, vec3 } from "gl-matrix";
import { grad } from "tsgrad";
import { stretched } from "./stretched.js";

export function miss(p: number[], target: number[]): number {
  return vec3.distance(vec3.fromValues(p[0]!, p[1]!, p[2]!), target) + vec3.length(p);
}
export const dmiss = grad(miss, { wrt: 0 });
export const dstretched = grad(stretched);
glMatrix.setMatrixArrayType(Array);
`,
    "src/stretched.ts": `import { springEnergy } from "springs";
export const stretched = (x: number): number => springEnergy(x - 1) + springEnergy(x, 3);
`,
    "src/show.ts": `import { dmiss, dstretched } from "./main.js";\nconsole.log(dmiss([3, 4, 0], [0, 4, 4]).map((d) => d.toFixed(6)).join(), dstretched(2));\n`,
  });
  return project;
}

const both = ["gl-matrix", "springs"];
const gradients = "1.200000,0.800000,-0.800000 8\n";

/** What the program shows. springs is written in TypeScript, which Node does not run within packages: nothing needs to be run of it. */
async function shown(project: Project): Promise<string> {
  project.write({
    "node_modules/springs/package.json": { name: "springs", type: "module", exports: "./index.js" },
    "node_modules/springs/index.js": "export function springEnergy() { throw new Error(); }\n",
  });
  return (await project.run(join(project.folder, "out/show.js"))).output;
}

describe("through", () => {
  it.concurrent.each([
    ["esm", {}],
    ["commonjs", { module: "commonjs", moduleResolution: "bundler" }],
  ] as const)("is honoured by tspc, %s", async (format, options) => {
    const project = makeProject(both, { ...options, ignoreDeprecations: "6.0" });
    if (format === "commonjs") project.write({ "package.json": { type: "commonjs" } });
    const built = await project.tspc();
    expect(built.output).toBe("");
    expect(await shown(project)).toBe(gradients);
  });

  it.concurrent("is honoured where an entry for programs has none, in incremental builds", async () => {
    const project = makeProject(both, { incremental: true }, [{ transform: "tsgrad/transformer", transformProgram: true }]);
    expect((await project.tspc()).output).toBe("");
    expect(await shown(project)).toBe(gradients);
  });

  it.concurrent("is honoured by the command line", async () => {
    const project = makeProject(both);
    const emitted = await project.run(join(repository, "dist/cli.cjs"), "emit", "src/main.ts");
    expect(emitted.output).toContain("new glMatrix.ARRAY_TYPE(3)");
    const checked = await project.run(join(repository, "dist/cli.cjs"), "check", "src/stretched.ts");
    expect(checked.output).toContain("nothing in src/stretched.ts asks for a derivative");
  });

  it.concurrent("says what to do without it", async () => {
    const project = makeProject(["springs"]);
    const built = await project.tspc();
    expect(built.status).not.toBe(0);
    expect(built.output).toContain(`src/main.ts(6,10): error TS103103: TSG3103: 'vec3.distance' comes from the package 'gl-matrix', which is not compiled with the program.`);
    expect(built.output).toContain(`"through": ["gl-matrix"]`);
  });

  it.concurrent("says once that a package is not there", async () => {
    const project = makeProject([...both, "gl-matirx"], {}, [{ transform: "tsgrad/transformer", transformProgram: true }]);
    const message = `the package "gl-matirx" in "through" is not installed: look at how it is written, or run npm install gl-matirx.`;
    const built = await project.tspc();
    expect(built.status).not.toBe(0);
    expect(built.output.split(message)).toHaveLength(2);
    expect(built.output).toMatch(/^tsconfig\.json\(\d+,\d+\): error TS103106: TSG3106/);
    const emitted = await project.run(join(repository, "dist/cli.cjs"), "emit", "src/main.ts");
    expect(emitted).toEqual({ status: 2, output: `tsgrad: ${message}\n` });
  });

  it.concurrent("is a list of names", async () => {
    const built = await makeProject("gl-matrix").tspc();
    expect(built.output).toContain(`TSG3106: "through" is a list of names of packages: "through": ["gl-matrix"].`);
  });
});
