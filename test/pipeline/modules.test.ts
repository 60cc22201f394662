import ts from "typescript";
import { describe, expect, test } from "vitest";
import { compileStubbed } from "./stubs.js";

const loss = `export function loss(x: number) { return x; }\n`;
const asks = (specifier: string): string =>
  `import { grad } from "tsgrad";\nimport { loss } from "${specifier}";\nexport const g = grad(loss);\n`;

describe("a request in another module", () => {
  test("exports on demand and imports from the function's own file, not through the barrel", () => {
    const { text, diagnostics, compilation, file } = compileStubbed({
      "lib/loss.ts": loss,
      "lib/index.ts": `export * from "./loss.js";\n`,
      "main.ts": asks("./lib/index.js"),
    });
    expect(diagnostics).toEqual([]);
    expect(text("lib/loss.ts")).toBe(
      `${loss}\nfunction lossGrad(x: number): any {\n  return 1;\n}\n\nexport { lossGrad as __tsgrad_lossGrad };\n`,
    );
    expect(text("main.ts")).toBe(
      `import { loss } from "./lib/index.js";\nimport { __tsgrad_lossGrad as lossGrad } from "./lib/loss.js";\nexport const g = lossGrad;\n`,
    );
    const ofMain = [...(compilation.dependencies.get(file("main.ts")) ?? [])].map((f) => f.fileName);
    expect(ofMain).toContain("/project/lib/loss.ts");
    expect(ofMain).toContain("/project/lib/index.ts");
    expect([...(compilation.dependencies.get(file("lib/loss.ts")) ?? [])]).toContain(file("main.ts"));
  });

  test("the transformed files are a valid program", () => {
    const files = { "loss.ts": loss, "main.ts": asks("./loss.js") };
    const { text } = compileStubbed(files);
    const again = compileStubbed({ "loss.ts": text("loss.ts"), "main.ts": text("main.ts") });
    expect(again.errors()).toEqual([]);
  });

  test("one export serves several modules, several names one import", () => {
    const two = `import { grad, valueAndGrad } from "tsgrad";\nimport { loss } from "./loss.js";\nexport const g = [grad(loss), valueAndGrad(loss)];\n`;
    const { text } = compileStubbed({ "loss.ts": loss, "a.ts": two, "b.ts": asks("./loss.js") });
    expect(text("loss.ts")).toContain(
      `export { lossGrad as __tsgrad_lossGrad, lossValueAndGrad as __tsgrad_lossValueAndGrad };`,
    );
    expect(text("a.ts")).toContain(
      `import { __tsgrad_lossGrad as lossGrad, __tsgrad_lossValueAndGrad as lossValueAndGrad } from "./loss.js";`,
    );
  });

  test("the local name of an import keeps clear of the file's own", () => {
    const { text } = compileStubbed({
      "loss.ts": loss,
      "main.ts": `import { grad } from "tsgrad";\nimport { loss } from "./loss.js";\nexport const lossGrad = grad(loss);\n`,
    });
    expect(text("main.ts")).toContain("export const lossGrad = lossGrad2;");
  });

  test("a renamed import and a namespace import", () => {
    const { text } = compileStubbed({
      "loss.ts": loss,
      "a.ts": `import { grad } from "tsgrad";\nimport { loss as f } from "./loss.js";\nexport const g = grad(f);\n`,
      "b.ts": `import { grad } from "tsgrad";\nimport * as lib from "./loss.js";\nexport const g = grad(lib.loss);\n`,
    });
    for (const name of ["a.ts", "b.ts"]) expect(text(name)).toContain("export const g = lossGrad;");
  });

  test("a derivative that another module holds is found through its constant", () => {
    const { text, diagnostics } = compileStubbed({
      "loss.ts": loss,
      "first.ts": `import { grad } from "tsgrad";\nimport { loss } from "./loss.js";\nexport const dloss = grad(loss);\n`,
      "main.ts": `import { grad } from "tsgrad";\nimport { dloss } from "./first.js";\nexport const g = grad(dloss);\n`,
    });
    expect(diagnostics).toEqual([]);
    expect(text("main.ts")).toContain(`import { __tsgrad_lossGradGrad as lossGradGrad } from "./loss.js";`);
    expect(text("first.ts")).toContain("export const dloss = lossGrad;");
  });

  test("a function in a namespace of another module", () => {
    const { text, diagnostics } = compileStubbed({
      "lib.ts": `export namespace N {\n  export const f = (x: number) => x;\n}\n`,
      "main.ts": `import { grad } from "tsgrad";\nimport { N } from "./lib.js";\nexport const g = grad(N.f);\n`,
    });
    expect(diagnostics).toEqual([]);
    expect(text("main.ts")).toContain("export const g = N.__tsgrad_fGrad;");
    expect(text("lib.ts")).toContain("  export const __tsgrad_fGrad = fGrad;\n}");
  });

  test("a function of a script is global", () => {
    const files = {
      "script.ts": `function loss(x: number) { return x; }\n`,
      "main.ts": `import { grad } from "tsgrad";\nexport const g = grad(loss);\n`,
    };
    const { text, diagnostics } = compileStubbed(files, { moduleDetection: ts.ModuleDetectionKind.Legacy });
    expect(diagnostics).toEqual([]);
    expect(text("main.ts")).toBe("export const g = lossGrad;\n");
    expect(text("script.ts")).not.toContain("export");
  });

  test("`export =` leaves no room for an export", () => {
    const { text, diagnostics } = compileStubbed({
      "loss.cts": `function loss(x: number) { return x; }\nexport = loss;\n`,
      "main.ts": `import { grad } from "tsgrad";\nimport loss from "./loss.cjs";\nexport const g = grad(loss);\n`,
    });
    expect(diagnostics).toEqual(["TSG3108 main.ts:3:18"]);
    expect(text("main.ts")).toContain("TSG3108");
  });
});

describe("modules that export * from one another", () => {
  test("derivatives of the same name do not make each other vanish", () => {
    const { text } = compileStubbed({
      "a.ts": `export const f = (x: number) => x;\n`,
      "b.ts": `const f = (x: number) => 2 * x;\nexport { f as g };\n`,
      "all.ts": `export * from "./a.js";\nexport * from "./b.js";\n`,
      "main.ts": `import { grad } from "tsgrad";\nimport { f, g } from "./all.js";\nexport const both = [grad(f), grad(g)];\n`,
    });
    expect(text("a.ts")).toContain("export { fGrad as __tsgrad_fGrad };");
    expect(text("b.ts")).toContain("export { fGrad as __tsgrad_fGrad2 };");
    expect(text("main.ts")).toContain("export const both = [fGrad, fGrad2];");
  });

  test("a name that a barrel exports is not used in the module below", () => {
    const { text } = compileStubbed({
      "loss.ts": loss,
      "all.ts": `export * from "./loss.js";\nexport const lossGrad = 1;\n`,
      "main.ts": asks("./all.js"),
    });
    expect(text("loss.ts")).toContain("function lossGrad2(");
  });
});

describe("how a module is written", () => {
  const specifier = (files: Record<string, string>, main: string, options: ts.CompilerOptions = {}): string | undefined =>
    /import \{ __tsgrad_.* from "(.*)";/.exec(compileStubbed(files, options).text(main))?.[1];
  const barrel = (path: string): string => `export { loss } from "${path}";\n`;

  test("as the file writes it already", () => {
    const paths = { tsgrad: ["/project/tsgrad.ts"], "@/*": ["/project/*"] };
    const tsgrad = `export function grad<F>(f: F): F { return f; }\n`;
    expect(specifier({ "tsgrad.ts": tsgrad, "lib/loss.ts": loss, "a/main.ts": asks("@/lib/loss.js") }, "a/main.ts", { paths })).toBe(
      "@/lib/loss.js",
    );
  });

  test("with the ending of the output for Node", () => {
    expect(specifier({ "lib/loss.ts": loss, "lib/all.ts": barrel("./loss.js"), "main.ts": asks("./lib/all.js") }, "main.ts")).toBe(
      "./lib/loss.js",
    );
    expect(specifier({ "lib/loss.mts": loss, "lib/all.ts": barrel("./loss.mjs"), "a/main.ts": asks("../lib/all.js") }, "a/main.ts")).toBe(
      "../lib/loss.mjs",
    );
  });

  test("without one for bundlers and CommonJS, if that is how the file does it", () => {
    const bundler = { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler };
    const files = { "loss.ts": loss, "all.ts": barrel("./loss"), "main.ts": asks("./all") };
    expect(specifier(files, "main.ts", bundler)).toBe("./loss");
    expect(specifier({ ...files, "main.ts": asks("./all.js") }, "main.ts", bundler)).toBe("./loss.js");
    expect(specifier({ ...files, "main.ts": asks("./all.ts") }, "main.ts", { ...bundler, allowImportingTsExtensions: true })).toBe(
      "./loss.ts",
    );
    const commonjs = { module: ts.ModuleKind.CommonJS, moduleResolution: ts.ModuleResolutionKind.Bundler };
    expect(specifier(files, "main.ts", commonjs)).toBe("./loss");
  });
});
