import { describe, expect, test } from "vitest";
import { compileMain, compileStubbed } from "./stubs.js";

/** The body that the stub gives to a function of one parameter. */
const body = "(x: number): any {\n  return 1;\n}\n";

describe("where a derivative stands", () => {
  test("at the end of the file for a function of the file, once for all its requests", () => {
    const { text, diagnostics } = compileMain(
      `export const a = grad(loss);\nfunction loss(x: number) { return x; }\nexport const b = grad(loss)(2);`,
    );
    expect(diagnostics).toEqual([]);
    expect(text("main.ts")).toBe(
      `export const a = lossGrad;\nfunction loss(x: number) { return x; }\nexport const b = lossGrad(2);\n` +
        `\nfunction lossGrad${body}`,
    );
  });

  test("as a function for a const too", () => {
    const { text } = compileMain(`const loss = (x: number) => x;\nexport const a = grad(loss);`);
    expect(text("main.ts")).toContain(`function lossGrad${body}`);
  });

  test("at the end of the block for a local function", () => {
    const { text } = compileMain(
      `export function outer(k: number) {\n    const inner = (x: number) => k * x;\n    return grad(inner)(1);\n}`,
    );
    expect(text("main.ts")).toBe(
      `export function outer(k: number) {\n    const inner = (x: number) => k * x;\n    return innerGrad(1);\n\n` +
        `    function innerGrad(x: number): any {\n      return 1;\n    }\n}\n`,
    );
  });

  test("on lines of its own in a block of one line", () => {
    const { text } = compileMain(`export function outer() { const f = (x: number) => x; return grad(f)(1); }`);
    expect(text("main.ts")).toBe(
      `export function outer() { const f = (x: number) => x; return fGrad(1); \n\n  function fGrad(x: number): any {\n    return 1;\n  }\n}\n`,
    );
  });

  test("in place for a lambda, in parentheses only where it is called", () => {
    const { text } = compileMain(`const a = grad((x: number) => x);\nexport const b = a(1) + grad((x: number) => x)(2);`);
    expect(text("main.ts")).toBe(`const a = (x: number): any => 1;\nexport const b = a(1) + ((x: number): any => 1)(2);\n`);
  });

  test("beside the constant for the derivative of a derivative of a lambda", () => {
    const { text } = compileMain(`const df = grad((x: number) => x);\nexport const b = grad(df)(1);`);
    expect(text("main.ts")).toContain("const df = (x: number): any => 1;\nexport const b = dfGrad(1);\n");
    expect(text("main.ts")).toContain(`function dfGrad${body}`);
  });

  test("once for grad(grad(f)) and grad(df)", () => {
    const { text } = compileMain(
      `const f = (x: number) => x;\nconst df = grad(f);\nexport const all = [df, grad(df), grad(grad(f))];`,
    );
    expect(text("main.ts")).toContain("const df = fGrad;\nexport const all = [df, fGradGrad, fGradGrad];");
    expect(text("main.ts").match(/function fGradGrad/g)).toHaveLength(1);
  });

  test("within a namespace, exported from it on demand", () => {
    const { text, diagnostics, errors } = compileMain(
      `namespace N {\n  export function f(x: number) { return x; }\n  export const a = grad(f);\n}\nexport const b = [N.a, grad(N.f)];`,
    );
    expect(diagnostics).toEqual([]);
    expect(errors()).toEqual([]);
    expect(text("main.ts")).toBe(
      `namespace N {\n  export function f(x: number) { return x; }\n  export const a = fGrad;\n\n  function fGrad(x: number): any {\n    return 1;\n  }\n` +
        `\n  export const __tsgrad_fGrad = fGrad;\n}\nexport const b = [N.a, N.__tsgrad_fGrad];\n`,
    );
  });

  test("a lambda that asks for derivatives itself is replaced as a whole", () => {
    const { text } = compileMain(`export const a = grad((x: number) => x * grad((y: number) => x + y)(1));`);
    expect(text("main.ts")).toBe(`export const a = (x: number): any => 1;\n`);
  });

  test("a statement that begins with a lambda is not read as a call of the line before", () => {
    const { text } = compileMain(`let b = 1\ngrad((x: number) => x)(b)\nb = 2`);
    expect(text("main.ts")).toBe(`let b = 1\nvoid ((x: number): any => 1)(b)\nb = 2\n`);
  });
});

describe("what it is called", () => {
  const nameOf = (text: string, before = ""): string | undefined =>
    /=> g = (\w+)|g = (\w+)/.exec(compileMain(`${before}\nfunction loss(w: number, b: number) { return w + b; }\nexport const g = ${text};`).text("main.ts"))?.[2];

  test.each([
    ["grad(loss)", "lossGrad"],
    ["valueAndGrad(loss)", "lossValueAndGrad"],
    ["gradInto(loss)", "lossGradInto"],
    ["grad(loss, { wrt: 0 })", "lossGradOfW"],
    ["grad(loss, { wrt: [0, 1] })", "lossGradOfWB"],
    ["grad(grad(loss, { wrt: 0 }), { wrt: 1 })", "lossGradOfWGradOfB"],
    ["grad(gradInto(loss), { wrt: 1 })", "lossGradIntoGradOfW"],
  ])("%s is %s", (text, name) => {
    expect(nameOf(text)).toBe(name);
  });

  test("a name of the file is not taken away", () => {
    expect(nameOf("grad(loss)", "export const lossGrad = 1;")).toBe("lossGrad2");
    expect(nameOf("grad(loss)", "export const lossGrad = 1, lossGrad2 = 2;")).toBe("lossGrad3");
    expect(nameOf("grad(loss)", "export type lossGrad = number;")).toBe("lossGrad2");
  });

  test("the name that users themselves give to it", () => {
    const { text } = compileMain(`function loss(x: number) { return x; }\nexport const lossGrad = grad(loss);`);
    expect(text("main.ts")).toContain("export const lossGrad = lossGrad2;");
  });

  test("nor one that only a request sees", () => {
    const { text } = compileMain(
      `function loss(x: number) { return x; }\nexport function use(lossGrad: number) { return grad(loss)(lossGrad); }`,
    );
    expect(text("main.ts")).toContain("return lossGrad2(lossGrad);");
  });

  test("blocks side by side use the same name, a block within another does not", () => {
    const { text } = compileMain(
      `export function a() { const f = (x: number) => x; return grad(f); }\nexport function b() { const f = (x: number) => x; return grad(f); }`,
    );
    expect(text("main.ts").match(/return fGrad;/g)).toHaveLength(2);
    const nested = compileMain(
      `function f(x: number) { return x; }\nexport const g = grad(f);\nexport function b() { const f = (x: number) => x; return grad(f); }`,
    );
    expect(nested.text("main.ts")).toContain("return fGrad2;");
  });

  test("an export without a name", () => {
    const { text } = compileStubbed({
      "loss.ts": `export default (x: number) => x;\n`,
      "main.ts": `import { grad } from "tsgrad";\nimport loss from "./loss.js";\nexport const g = grad(loss);\n`,
    });
    expect(text("loss.ts")).toBe(
      `export default (x: number) => x;\n\nfunction defaultGrad${body}\nexport { defaultGrad as __tsgrad_defaultGrad };\n`,
    );
    expect(text("main.ts")).toContain("export const g = defaultGrad;");
  });

  test("does not depend on the order of the requests", () => {
    const files = (first: string, second: string) => ({
      "a.ts": `import { grad, valueAndGrad } from "tsgrad";\nimport { f } from "./f.js";\nexport const a = ${first};\n`,
      "b.ts": `import { grad, valueAndGrad } from "tsgrad";\nimport { f } from "./f.js";\nexport const b = ${second};\n`,
      "f.ts": `export const f = (x: number) => x;\n`,
    });
    const one = compileStubbed(files("grad(f)", "valueAndGrad(f)")).text("f.ts");
    expect(compileStubbed(files("valueAndGrad(f)", "grad(f)")).text("f.ts")).toBe(one);
  });
});
