import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { repository } from "../../program.js";
import { Project, type Outcome } from "./project.js";

const projects: Project[] = [];
afterAll(() => {
  for (const project of projects.splice(0)) project.remove();
});

/** A project that is configured, with the files given. */
function makeProject(files: Readonly<Record<string, string>> = {}): Project {
  const project = new Project({ real: true });
  projects.push(project);
  project.configure({});
  project.write(files);
  return project;
}

/** Runs the command line; whatever happens, nobody is shown a stack trace. */
async function tsgrad(project: Project, ...args: readonly string[]): Promise<Outcome> {
  const outcome = await project.run(join(repository, "dist/cli.cjs"), ...args);
  expect(outcome.output).not.toContain("    at ");
  expect(outcome.output).not.toContain("please report");
  return outcome;
}

const main = `import { grad } from "tsgrad";
import { f } from "./model.js";
export const df = grad(f);
`;
const model = `export function f(x: number, y: number): number {
  return (2 * x + 3 * y) ** 2 + 3;
}
`;

describe("init", () => {
  const plugin = `{ "transform": "tsgrad/transformer" }`;
  const config = `// What we build with.
{
\t"compilerOptions": {
\t\t"strict": true, // always
\t\t/* for the server */ "target": "es2022",
\t},
}
`;

  it.concurrent("adds the plugin, leaves the rest, and changes nothing the second time", async () => {
    const project = makeProject({ "tsconfig.json": config });
    const first = await tsgrad(project, "init");
    expect(first.output).toContain("tsconfig.json: added to compilerOptions.plugins\n");
    expect(first.status).toBe(0);
    const added = project.read("tsconfig.json");
    for (const kept of ["// What we build with.", "// always", "/* for the server */", "\t\t\"strict\": true"]) expect(added).toContain(kept);
    expect(added.replace(/\s+/g, " ")).toContain(plugin);

    const second = await tsgrad(project, "init");
    expect(second.output).toBe("tsconfig.json has the plugin already; nothing was changed.\n");
    expect(second.status).toBe(0);
    expect(project.read("tsconfig.json")).toBe(added);
  });

  it.concurrent("adds the second entry for incremental builds, and keeps the plugins that are there and inherited", async () => {
    const project = makeProject({
      "tsconfig.json": `{ "compilerOptions": { "incremental": true, "plugins": [{ "name": "other" }] } }\n`,
      "base.json": `{ "compilerOptions": { "plugins": [{ "name": "inherited" }] } }\n`,
      "app/tsconfig.json": `{ "extends": "../base.json" }\n`,
    });
    expect((await tsgrad(project, "init")).status).toBe(0);
    const { compilerOptions } = JSON.parse(project.read("tsconfig.json")) as { compilerOptions: { plugins: unknown } };
    expect(compilerOptions.plugins).toEqual([
      { name: "other" },
      { transform: "tsgrad/transformer" },
      { transform: "tsgrad/transformer", transformProgram: true },
    ]);
    const { status, output } = await tsgrad(project, "init", "-p", "app");
    expect(output).toContain("The plugins that it inherits were copied into it.");
    expect(status).toBe(0);
    expect(JSON.parse(project.read("app/tsconfig.json"))).toEqual({
      extends: "../base.json",
      compilerOptions: { plugins: [{ name: "inherited" }, { transform: "tsgrad/transformer" }] },
    });
  });

  it.concurrent("says what is missing or broken", async () => {
    const project = makeProject({ "broken/tsconfig.json": `{\n  "compilerOptions": {\n    nope\n`, "empty/main.ts": "" });
    const missing = await tsgrad(project, "init", "--project", "empty");
    expect(missing.output).toBe(
      `tsgrad: there is no ${join("empty", "tsconfig.json")}; make one with "npx tsc --init", then run "npx tsgrad init" again\n`,
    );
    expect(missing.status).toBe(2);
    const broken = await tsgrad(project, "init", "--project", "broken");
    expect(broken.output).toMatch(/^tsgrad: broken.tsconfig\.json cannot be read: \w+ in line 3\n$/);
    expect(broken.status).toBe(2);
    project.write({ "broken/tsconfig.json": `{ "compilerOptions": null }` });
    const empty = await tsgrad(project, "init", "--project", "broken");
    expect(empty).toEqual({ status: 2, output: `tsgrad: "compilerOptions" in ${join("broken", "tsconfig.json")} is no object\n` });
  });
});

describe("emit", () => {
  it.concurrent("prints a file with its derivatives", async () => {
    const project = makeProject({ "src/main.ts": main, "src/model.ts": model });
    const asking = await tsgrad(project, "emit", "src/main.ts");
    expect(asking.output).toContain("export const df = fGrad;");
    expect(asking.status).toBe(0);
    const asked = await tsgrad(project, "emit", "src/model.ts");
    expect(asked.output).toContain(model);
    expect(asked.output).toContain("function fGrad(");
    expect(asked.status).toBe(0);
  });

  it.concurrent("prints one derivative, by the name of its function", async () => {
    const project = makeProject({ "src/main.ts": main, "src/model.ts": model });
    const { status, output } = await tsgrad(project, "emit", "src/model.ts#f");
    expect(output).toContain("function fGrad(x: number, y: number)");
    expect(output).not.toContain("export function f(");
    expect(status).toBe(0);
  });

  it.concurrent("says what it cannot print", async () => {
    const project = makeProject({ "src/main.ts": main, "src/model.ts": model, "src/plain.ts": "export const x = 1;\n" });
    const unknown = await tsgrad(project, "emit", "src/model.ts#g");
    expect(unknown.output).toBe(`tsgrad: "g" of src/model.ts is not differentiated; these are: f\n`);
    expect(unknown.status).toBe(2);
    const missing = await tsgrad(project, "emit", "src/gone.ts");
    expect(missing).toEqual({ status: 2, output: "tsgrad: there is no file src/gone.ts\n" });
    const plain = await tsgrad(project, "emit", "src/plain.ts");
    expect(plain.output).toContain("tsgrad: nothing in src/plain.ts is differentiated\n");
    expect(plain.output).toContain("export const x = 1;\n");
    expect(plain.status).toBe(0);
  });

  it.concurrent("prints files that have no part in what is refused elsewhere", async () => {
    const project = makeProject({
      "src/main.ts": main,
      "src/model.ts": model,
      "src/other.ts": `import { grad } from "tsgrad";\nimport { g } from "./rough.js";\nexport const dg = grad(g);\n`,
      "src/rough.ts": `export function g(x: number): number {\n  return parseFloat(x.toFixed(2)) * x;\n}\n`,
    });
    const refused = await tsgrad(project, "emit", "src/other.ts");
    expect(refused.output).toContain("tsgrad: not everything can be differentiated:\nsrc/rough.ts(2,");
    expect(refused.status).toBe(2);
    for (const file of ["src/main.ts", "src/model.ts"]) expect((await tsgrad(project, "emit", file)).status).toBe(0);
  });

  it.concurrent("shows errors of TypeScript and of our own as tsc does", async () => {
    const project = makeProject({
      "src/types.ts": `export const text: string = 1;\n`,
      "src/unknown.ts": `import { grad } from "tsgrad";\ndeclare function f(x: number): number;\nexport const df = grad(f);\n`,
      "bad/tsconfig.json": "{ nope",
      "bad/main.ts": "",
    });
    const types = await tsgrad(project, "emit", "src/types.ts");
    expect(types.output).toContain("tsgrad: TypeScript finds errors:\nsrc/types.ts(1,14): error TS2322");
    expect(types.status).toBe(2);
    const unknown = await tsgrad(project, "emit", "src/unknown.ts");
    expect(unknown.output).toContain("tsgrad: not everything can be differentiated:\nsrc/unknown.ts(3,24): error TS103102: TSG3102:");
    expect(unknown.status).toBe(2);
    const config = await tsgrad(project, "emit", "bad/main.ts");
    expect(config.output).toMatch(/^tsgrad: .*tsconfig\.json cannot be used:\n/);
    expect(config.status).toBe(2);
  });
});

describe("trace", () => {
  it.concurrent("prints every stage of a derivative, and the code at last", async () => {
    const project = makeProject({ "src/main.ts": main, "src/model.ts": model });
    const { status, output } = await tsgrad(project, "trace", "src/model.ts");
    const stages = [...output.matchAll(/^── fGrad: (\w+)$/gm)].map(([, stage]) => stage);
    expect(stages).toEqual(["lower", "optimise", "grad", "optimise", "emit"]);
    expect(output).toContain("function fGrad(x: number, y: number)");
    expect(status).toBe(0);
    const none = makeProject({ "src/plain.ts": "export const x = 1;\n" });
    expect(await tsgrad(none, "trace", "src/plain.ts")).toEqual({
      status: 0,
      output: "tsgrad: no function of src/plain.ts is differentiated\n",
    });
  });
});

describe("the command", () => {
  it.concurrent("explains itself", async () => {
    const project = makeProject();
    for (const args of [["--help"], ["-h"], []]) {
      const { status, output } = await tsgrad(project, ...args);
      for (const name of ["init", "emit", "check", "trace"]) expect(output).toContain(`  tsgrad ${name} `);
      expect(status).toBe(0);
    }
    expect((await tsgrad(project, "--version")).output).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it.concurrent("names what it does not know", async () => {
    const project = makeProject();
    const command = await tsgrad(project, "chekc", "src/main.ts");
    expect(command).toEqual({ status: 2, output: `tsgrad: there is no command "chekc"; the commands are init, emit, check, trace\n` });
    const inherited = await tsgrad(project, "toString");
    expect(inherited.output).toContain(`there is no command "toString"`);
    const option = await tsgrad(project, "emit", "--projekt", "x", "src/main.ts");
    expect(option).toEqual({ status: 2, output: "tsgrad: Unknown option '--projekt'; see tsgrad --help\n" });
    const operand = await tsgrad(project, "check");
    expect(operand).toEqual({ status: 2, output: "tsgrad: usage: tsgrad check FILE\n" });
    const value = await tsgrad(project, "emit", "src/main.ts", "--project");
    expect(value.output).toMatch(/^tsgrad: .*--project.*\n$/);
    expect(value.status).toBe(2);
    project.write({ "src/main.ts": main, "src/model.ts": model });
    const folder = await tsgrad(project, "emit", "src/main.ts", "--project", "src");
    expect(folder).toEqual({ status: 2, output: `tsgrad: there is no ${join("src", "tsconfig.json")}\n` });
  });

  it.concurrent("ends in silence where nobody reads on", async () => {
    const project = makeProject({ "src/main.ts": main, "src/model.ts": model });
    const child = project.start(join(repository, "dist/cli.cjs"), "trace", "src/model.ts");
    child.stdout?.destroy();
    let complaints = "";
    child.stderr?.on("data", (data: Buffer) => (complaints += data.toString()));
    const status = await new Promise((resolve) => child.on("close", resolve));
    expect({ status, complaints }).toEqual({ status: 0, complaints: "" });
  });
});
