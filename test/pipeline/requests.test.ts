import { describe, expect, test } from "vitest";
import { compileMain, compileStubbed, type Compiled } from "./stubs.js";

/** The message of the only diagnostic of a program, with its code. */
function only({ compilation: { diagnostics } }: Compiled): string {
  expect(diagnostics.map((d) => d.id)).toHaveLength(1);
  return diagnostics.map((d) => `${d.id} ${d.message}`).join();
}

describe("markers are found by symbol", () => {
  const f = "function f(x: number) { return x; }";

  test.each([
    ["a renamed import", `import { grad as D } from "tsgrad";\n${f}\nexport const g = D(f);`],
    ["a namespace import", `import * as t from "tsgrad";\n${f}\nexport const g = t.grad(f);`],
    ["parentheses and assertions", `import { grad } from "tsgrad";\n${f}\nexport const g = (grad)(f as typeof f);`],
    ["a re-export", `import { grad } from "./ad.js";\n${f}\nexport const g = grad(f);`],
    ["a renamed re-export", `import { derive } from "./ad.js";\n${f}\nexport const g = derive(f);`],
    ["a default export", `import any from "./default.js";\n${f}\nexport const g = any(f);`],
    ["a re-export of the module", `import { ad } from "./space.js";\n${f}\nexport const g = ad.grad(f);`],
    ["export *", `import { grad } from "./all.js";\n${f}\nexport const g = grad(f);`],
  ])("%s", (_name, main) => {
    const { text, diagnostics } = compileStubbed({
      "ad.ts": `export { grad } from "tsgrad";\nexport { grad as derive } from "tsgrad";\n`,
      "default.ts": `import { grad } from "tsgrad";\nexport default grad;\n`,
      "space.ts": `export * as ad from "tsgrad";\n`,
      "all.ts": `export * from "tsgrad";\n`,
      "main.ts": `${main}\n`,
    });
    expect(diagnostics).toEqual([]);
    expect(text("main.ts")).toContain("export const g = fGrad;");
    expect(text("main.ts")).not.toContain('"tsgrad"');
  });

  test("another grad is none of ours", () => {
    const { compilation } = compileMain(
      `export function use(grad: (f: unknown) => void) { grad(1); }\nexport const o = { grad: 1 };\nexport const n = o.grad;`,
    );
    expect(compilation.changes.size).toBe(0);
    expect(compilation.diagnostics).toEqual([]);
  });

  test("a type that mentions a marker is no use of it, and keeps the import", () => {
    const { text, diagnostics } = compileMain(`${f}\nexport type G = typeof grad;\nexport const g = grad(f);`);
    expect(diagnostics).toEqual([]);
    expect(text("main.ts")).toContain(`import { grad } from "tsgrad";`);
  });

  test("what else the import brings in stays", () => {
    const { text } = compileStubbed({
      "main.ts": `// licence\nimport { grad, checkGrad } from "tsgrad";\n${f}\nexport const r = checkGrad(f, grad(f), [1]);\n`,
    });
    expect(text("main.ts")).toContain(`// licence\nimport { checkGrad } from "tsgrad";\n`);
    expect(text("main.ts")).toContain("checkGrad(f, fGrad, [1])");
  });
});

describe("what can be differentiated", () => {
  test.each([
    ["overloads", "function f(x: number): number;\nfunction f(x: number, y?: number) { return x; }"],
    ["a function expression", "const f = function (x: number) { return x; };"],
    ["another name", "const h = (x: number) => x;\nconst f = h;"],
    ["an assertion", "const f = ((x: number) => x) satisfies (x: number) => number;"],
  ])("%s", (_name, declaration) => {
    const { diagnostics, text } = compileMain(`${declaration}\nexport const g = grad(f);`);
    expect(diagnostics).toEqual([]);
    expect(text("main.ts")).toMatch(/export const g = [fh]Grad;/);
  });
});

describe("what cannot", () => {
  test.each([
    ["a parameter", "export const g = (f: (x: number) => number) => grad(f);", "TSG3101", "'f' is a parameter"],
    ["a variable", "let f = (x: number) => x;\nexport const g = grad(f);", "TSG3101", "not a `const`"],
    ["a choice", "const a = (x: number) => x;\nexport const g = grad(Math.random() > 0.5 ? a : a);", "TSG3101", "chosen"],
    ["a call", "const make = () => (x: number) => x;\nexport const g = grad(make());", "TSG3101", "result of a call"],
    ["a constant of a call", "const make = () => (x: number) => x;\nconst f = make();\nexport const g = grad(f);", "TSG3101", "'make()'"],
    ["a pattern", "const { f } = { f: (x: number) => x };\nexport const g = grad(f);", "TSG3101", "taken out"],
    ["a circle", "const f: (x: number) => number = f;\nexport const g = grad(f);", "TSG3101", "defined by itself"],
    ["a declaration", "declare function f(x: number): number;\nexport const g = grad(f);", "TSG3102", "'f'"],
    ["a declared constant", "declare const f: (x: number) => number;\nexport const g = grad(f);", "TSG3102", "'f'"],
    ["the library", "export const g = grad(Math.sin);", "TSG3102", "'Math.sin'"],
    ["a member of an object", "const o = { f: (x: number) => x };\nexport const g = grad(o.f);", "TSG3104", "'o.f'"],
    ["a method", "class A { f(x: number) { return x; } }\nexport const g = grad(new A().f);", "TSG3104", "'new A().f'"],
    ["type parameters", "function f<T extends number>(x: T): number { return x; }\nexport const g = grad(f);", "TSG3107", "'f'"],
    ["a clause", "switch (1 as number) { case 1: const f = (x: number) => x; grad(f); }", "TSG3108", "`switch`"],
    ["the marker itself", "export const g = [grad].map((d) => d((x: number) => x));", "TSG3106", "'grad'"],
    ["a marker by another name", "const d = grad;\nexport const g = d((x: number) => x);", "TSG3106", "'grad'"],
  ])("%s", (_name, text, id, part) => {
    const message = only(compileMain(text));
    expect(message).toMatch(new RegExp(`^${id} `));
    expect(message).toContain(part);
  });

  test("a function of a package or of a declaration file", () => {
    const compiled = compileStubbed({
      "node_modules/pack/package.json": `{ "name": "pack", "types": "index.d.ts", "type": "module" }`,
      "node_modules/pack/index.d.ts": `export declare function f(x: number): number;\n`,
      "node_modules/source/package.json": `{ "name": "source", "exports": "./index.ts", "type": "module" }`,
      "node_modules/source/index.ts": `export function f(x: number): number { return x; }\n`,
      "local.d.ts": `export declare function f(x: number): number;\n`,
      "main.ts": `import { grad } from "tsgrad";\nimport { f as a } from "pack";\nimport { f as b } from "source";\nimport { f as c } from "./local.js";\nexport const g = [\n  grad(a),\n  grad(b),\n  grad(c),\n];\n`,
    });
    expect(compiled.diagnostics).toEqual(["TSG3171 main.ts:6:8", "TSG3103 main.ts:7:8", "TSG3102 main.ts:8:8"]);
  });

  test("the others are still answered, and the call fails with the true reason", () => {
    const { text, diagnostics } = compileMain(
      `declare function f(x: number): number;\nexport const g = [grad(f), grad((x: number) => x)];`,
    );
    expect(diagnostics).toEqual(["TSG3102 main.ts:3:24"]);
    expect(text("main.ts")).toContain(
      `export const g = [((..._args: unknown[]): never => { throw new Error("TSG3102: 'f' has no body in this program, so there is nothing to differentiate. (main.ts:3:24)\\n`,
    );
    expect(text("main.ts")).toContain(`, (x: number): any => 1];`);
  });

  test("an exception in a stage is our own fault", () => {
    const { compilation } = compileStubbed(
      { "main.ts": `import { grad } from "tsgrad";\nexport const g = grad((x: number) => x);\n` },
      {},
      { lower: () => { throw new TypeError("boom"); }, differentiate: (fn) => fn, optimise: (f) => f, emit: () => ({ text: "", spans: [] }) },
    );
    expect(compilation.diagnostics.map((d) => `${d.id} ${d.message}`)).toEqual(["TSG3190 The compiler failed on this call: boom"]);
  });
});

describe("wrt", () => {
  const f = "function f(x: number, name: string, y: number) { return x + y; }\nconst one = 2;\nlet some = 1;\n";
  test.each([
    ["{ wrt: 0 }", undefined],
    ["{ wrt: [0, 2] }", undefined],
    ["{ wrt: [0, 2] as const }", undefined],
    ["{ wrt: one }", undefined],
    ["{}", undefined],
    ["{ wrt: some }", "must be known"],
    ["{ wrt: 3 }", "There is no parameter 3: the function has 3, numbers 0 to 2"],
    ["{ wrt: -1 }", "There is no parameter -1"],
    ["{ wrt: 0.5 }", "There is no parameter 0.5"],
    ["{ wrt: [] }", "names no parameter"],
    ["{ wrt: [0, 0] }", "named twice"],
    ["{ wrt: [...[0]] }", "must be known"],
    ["{ ...{ wrt: 0 } }", "spread"],
    ["JSON.parse('{}')", "object literal"],
    ["{ wrt: 1 }", "Parameter 1, 'name', holds no numbers"],
  ])("%s", (options, message) => {
    const compiled = compileMain(`${f}export const g = grad(f, ${options});`);
    if (message === undefined) expect(compiled.diagnostics).toEqual([]);
    else {
      expect(only(compiled)).toContain(message);
      expect(compiled.compilation.diagnostics[0]?.id).toBe("TSG3105");
    }
  });
});
