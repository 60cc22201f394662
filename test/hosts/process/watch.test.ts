import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { repository } from "../../program.js";
import { Project, twoEntries } from "./project.js";

const main = `import { grad } from "tsgrad";
import { f } from "./model.js";
export const df = grad(f);
`;
const unknown = "export const f = (x: number): number => x * x;\n";
const known = "export function f(x: number): number {\n  return x * x;\n}\n";

describe("--watch", () => {
  const project = new Project({ real: false });
  const children: ChildProcess[] = [];
  afterAll(() => {
    for (const child of children) child.kill();
    project.remove();
  });

  it("shows errors, takes them back, and follows changes in other files", async () => {
    project.configure({}, twoEntries);
    project.write({ "src/main.ts": main, "src/model.ts": unknown });
    const child = project.start(join(repository, "node_modules/ts-patch/bin/tspc.js"), "-w", "--preserveWatchOutput");
    children.push(child);
    let output = "";
    child.stdout?.on("data", (data: Buffer) => (output += data.toString()));
    const finished = async (): Promise<string> => {
      for (;;) {
        if (/Found \d+ errors?\. Watching/.test(output)) break;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      const said = output;
      output = "";
      return said;
    };

    const failed = await finished();
    expect(failed).toContain("src/main.ts(3,24): error TS103101: TSG3101: 'f' is not known.");
    expect(failed).toContain("Found 1 error.");

    project.write({ "src/model.ts": known });
    expect(await finished()).toContain("Found 0 errors.");
    expect(project.read("out/model.js")).toContain("const result = 0;");

    project.write({ "src/main.ts": "export const nothing = 0;\n" });
    expect(await finished()).toContain("Found 0 errors.");
    expect(project.read("out/model.js")).not.toContain("fGrad");

    project.write({ "src/main.ts": main });
    expect(await finished()).toContain("Found 0 errors.");
    expect(project.read("out/model.js")).toContain("function fGrad");

    project.write({ "src/model.ts": unknown });
    expect(await finished()).toContain("TSG3101");
  });
});
