import { afterAll, describe, expect, it } from "vitest";
import { oneEntry, Project, twoEntries } from "./project.js";

const projects: Project[] = [];
afterAll(() => {
  for (const project of projects.splice(0)) project.remove();
});
function makeProject(): Project {
  const project = new Project({ real: false });
  projects.push(project);
  return project;
}

const main = `import { grad } from "tsgrad";
import { f } from "./model.js";
export const df = grad(f);
export const value: number = df(1);
`;
const unknown = "export const f = (x: number): number => x * x;\n";
const known = "export function f(x: number): number {\n  return x * x;\n}\n";

interface Mode {
  readonly name: string;
  readonly options: object;
  readonly args?: readonly string[];
  /** What TypeScript's builders take for up to date is only known to the transformer of programs. */
  readonly builder?: boolean;
  readonly emits?: boolean;
}
const build = ["-b"];
const modes: readonly Mode[] = [
  { name: "default", options: {}, emits: true },
  { name: "noEmit", options: { noEmit: true } },
  { name: "emitDeclarationOnly", options: { declaration: true, emitDeclarationOnly: true } },
  { name: "noEmitOnError", options: { noEmitOnError: true }, emits: true },
  { name: "incremental", options: { incremental: true }, builder: true, emits: true },
  { name: "incremental, noEmit", options: { incremental: true, noEmit: true }, builder: true },
  { name: "incremental, noEmitOnError", options: { incremental: true, noEmitOnError: true }, builder: true, emits: true },
  { name: "--build", options: { composite: true }, args: build, builder: true, emits: true },
  { name: "--build, noEmit", options: { incremental: true, noEmit: true }, args: build, builder: true },
];

describe("an error", () => {
  for (const { name, options, args = ["-p", "."], builder = false, emits = false } of modes) {
    it.concurrent(`fails the build, and is gone when its cause in another file is: ${name}`, async () => {
      const project = makeProject();
      project.configure(options, builder ? twoEntries : oneEntry);
      project.write({ "src/main.ts": main, "src/model.ts": unknown });
      const failed = await project.tspc(...args);
      expect(failed.output).toContain("src/main.ts(3,24): error TS103101: TSG3101: 'f' is not known.\n  Declare it.");
      expect(failed.output.split("TSG3101")).toHaveLength(2);
      expect(failed.output).not.toContain("    at ");
      expect(failed.status).not.toBe(0);
      if (name.includes("noEmitOnError")) expect(project.exists("out/main.js")).toBe(false);

      if (builder) {
        const again = await project.tspc(...args);
        expect(again.output).toContain("TSG3101");
        expect(again.status).not.toBe(0);
      }

      project.write({ "src/model.ts": known });
      const mended = await project.tspc(...args);
      expect(mended).toEqual({ status: 0, output: "" });
      if (emits) expect(project.read("out/main.js")).toContain("__tsgrad_fGrad");
    });
  }

  it.concurrent("fails incremental builds with one entry too", async () => {
    const project = makeProject();
    project.configure({ incremental: true }, oneEntry);
    project.write({ "src/main.ts": main.replace("grad(f)", "grad(g)").replace("{ f }", "{ f as g }"), "src/model.ts": unknown });
    const failed = await project.tspc();
    expect(failed.output).toContain("src/main.ts(3,24): error TS103101: TSG3101");
    expect(failed.status).not.toBe(0);
    project.write({ "src/main.ts": "export const mended = 1;\n" });
    const mended = await project.tspc();
    expect(mended.output).not.toContain("TSG3101");
    expect(mended.status).toBe(0);
  });

  it.concurrent("stands beside the errors of TypeScript", async () => {
    const project = makeProject();
    project.configure({});
    project.write({ "src/main.ts": `${main}export const text: string = f;\n`, "src/model.ts": unknown });
    const { status, output } = await project.tspc();
    expect(output).toContain("src/main.ts(3,24): error TS103101");
    expect(output).toContain("src/main.ts(5,14): error TS2322");
    expect(status).not.toBe(0);
  });

  it.concurrent("names an option that does not exist", async () => {
    for (const [options, plugins] of [
      [{}, [{ ...oneEntry[0], speed: 9 }]],
      [{ incremental: true }, [{ ...oneEntry[0], speed: 9 }]],
      [{ incremental: true, noEmit: true }, [...oneEntry, { ...twoEntries[1], speed: 9 }]],
    ] as const) {
      const project = makeProject();
      project.configure(options, plugins);
      project.write({ "src/main.ts": main, "src/model.ts": known });
      const failed = await project.tspc();
      expect(failed.output).toContain(`error TS103106: TSG3106: the plugin "tsgrad/transformer" has no option "speed"`);
      expect(failed.output).toMatch(/^tsconfig\.json\(\d+,\d+\)/);
      expect(failed.output.split("TSG3106")).toHaveLength(2);
      expect(failed.status).not.toBe(0);
      project.configure(options, twoEntries);
      expect(await project.tspc()).toEqual({ status: 0, output: "" });
    }
  });
});

describe("a warning", () => {
  it.concurrent("is printed and does not fail the build", async () => {
    const project = makeProject();
    project.configure({ incremental: true }, twoEntries);
    project.write({ "src/main.ts": main, "src/model.ts": known.replace("return", "// warn\n  return") });
    const { status, output } = await project.tspc();
    expect(output).toBe("src/model.ts(1,17): warning TS103140: TSG3140: 'f' is odd.\n");
    expect(status).toBe(0);
  });
});

describe("a derivative", () => {
  for (const { name, options, args = ["-p", "."], builder = false, emits = false } of modes) {
    if (!emits || !builder) continue;
    it.concurrent(`is made when only the file that asks for it has changed: ${name}`, async () => {
      const project = makeProject();
      project.configure(options, twoEntries);
      project.write({ "src/main.ts": "export const nothing = 0;\n", "src/model.ts": known });
      expect(await project.tspc(...args)).toEqual({ status: 0, output: "" });
      expect(project.read("out/model.js")).not.toContain("fGrad");
      project.write({ "src/main.ts": main });
      expect(await project.tspc(...args)).toEqual({ status: 0, output: "" });
      expect(project.read("out/model.js")).toContain("export { fGrad as __tsgrad_fGrad }");
      project.write({ "src/main.ts": "export const nothing = 0;\n" });
      expect(await project.tspc(...args)).toEqual({ status: 0, output: "" });
      expect(project.read("out/model.js")).not.toContain("fGrad");
    });
  }
});
