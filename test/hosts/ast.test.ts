import ts from "typescript";
import { describe, expect, it } from "vitest";
import { compile } from "../../transformer/compile.js";
import { emit } from "./emit.js";

const commonjs: ts.CompilerOptions = { module: ts.ModuleKind.CommonJS, moduleResolution: ts.ModuleResolutionKind.Bundler };

describe("derivatives in the tree", () => {
  it("replaces the call, adds the function, keeps comments, drops the import", () => {
    const { "main.js": text } = emit({
      "main.ts": `// A licence.

import { grad } from "tsgrad";

export function f(x: number): number {
  // body: 2 * x ** 0x1F + 1e-3
  return x * x;
}
export const df = grad(f);
export const here = grad(f)(3) + 1;
`,
    });
    expect(text).toBe(`// A licence.
export function f(x) {
    // body: 2 * x ** 0x1F + 1e-3
    return x * x;
}
export const df = fGrad;
export const here = fGrad(3) + 1;
/** The gradient. */
function fGrad(x) {
    // from: it
    const result = 2 * x ** 0x1F + 1e-3;
    return result;
}
`);
  });

  it("copies literals, templates, operators and lists without their positions", () => {
    const { "main.js": text } = emit({
      "main.ts": `import { grad } from "tsgrad";
function f(x: number): number {
  // body: [1_000, \`a\${x}b\`.length, 'it\\'s'.length, x | 0x10, x >>> 2, ...[{ x, y: [x,] }]].length as number
  return x;
}
export const df = grad(f);
`,
    });
    expect(text).toContain(
      "const result = [1_000, `a${x}b`.length, \"it's\".length, x | 0x10, x >>> 2, ...[{ x, y: [x,] }]].length;",
    );
  });

  it("puts the function into the block where its function stands", () => {
    const { "main.js": text } = emit({
      "main.ts": `import { grad } from "tsgrad";
export function outer(k: number): number {
  function f(x: number): number {
    // body: k
    return k * x;
  }
  return grad(f)(k);
}
`,
    });
    expect(text).toContain("return fGrad(k);");
    expect(text?.indexOf("function fGrad")).toBeGreaterThan(text?.indexOf("return fGrad(k)") ?? 0);
    expect(text?.trimEnd().endsWith("}\nexport {};")).toBe(false);
  });

  it("puts braces around what has none where the function has to stand in it", () => {
    const text = `import { vjp } from "tsgrad";
export const by = (k: number) => vjp((x: number) => x * x * k);
for (const k of [1, 2]) console.log(vjp((x: number) => x * k)(1));
`;
    expect(emit({ "main.ts": text }, {}, compile)["main.js"]).toBe(`export const by = (k) => {
    return x => [x * x * k, g => lambdaPullback(g, x)];
    function lambdaPullback(g, x) {
        return 2 * (g * k * x);
    }
};
for (const k of [1, 2]) {
    console.log((x => [x * k, g => lambdaPullback(g, x)])(1));
    function lambdaPullback(g, x) {
        return g * k;
    }
}
`);
  });

  it("puts it into a namespace, where exported names are written differently", () => {
    const { "main.js": text } = emit({
      "main.ts": `import { grad } from "tsgrad";
export namespace Model {
  export const scale = 2;
  function f(x: number): number {
    // body: scale * x
    return scale * x * x;
  }
  export const df = grad(f);
}
`,
    });
    expect(text).toContain("const result = Model.scale * x;");
    expect(text).toContain("Model.df = fGrad;");
  });

  it("keeps what is still used of the import", () => {
    const { "main.js": text } = emit({
      "main.ts": `import { grad, checkGrad } from "tsgrad";
function f(x: number): number { return x; }
export const df = grad(f);
export const report = checkGrad(f, df, [1]);
`,
    });
    expect(text).toContain(`import { checkGrad } from "tsgrad";`);
    const { "main.js": whole } = emit({
      "main.ts": `import * as tsgrad from "tsgrad";
function f(x: number): number { return x; }
export const df = tsgrad.grad(f);
`,
    });
    expect(whole).not.toContain(`"tsgrad"`);
  });

  it("prints no names of types that are left", () => {
    const { "main.js": text } = emit({
      "main.ts": `import { grad, checkGrad, type Gradient } from "tsgrad";
function f(x: number): number { return x; }
export const df: (x: number) => Gradient<number> = grad(f);
export const report = checkGrad(f, df, [1]);
`,
    });
    expect(text).toContain(`import { checkGrad } from "tsgrad";`);
    expect(emit({ "main.ts": `import { grad, type Gradient } from "tsgrad";
function f(x: number): number { return x; }
export const df: (x: number) => Gradient<number> = grad(f);
` })["main.js"]).not.toContain("import");
  });

  it("does so under verbatimModuleSyntax too", () => {
    const { "main.js": text } = emit(
      {
        "main.ts": `import { grad, type Grad } from "tsgrad";
function f(x: number): number { return x; }
export const df = grad(f);
export type D = Grad;
`,
      },
      { verbatimModuleSyntax: true },
    );
    expect(text).not.toContain("grad,");
    expect(text).not.toContain("{ grad }");
  });
});

describe("derivatives across modules", () => {
  const files = {
    "model.ts": `import { half } from "./half.js";
export let scale = 2;
export function f(x: number): number {
  // body: half(scale) * x
  return scale * x * half(x);
}
`,
    "half.ts": `export function half(x: number): number { return x / 2; }
`,
    "main.ts": `import { grad } from "tsgrad";
import { f } from "./model.js";
export const df = grad(f);
export const value = grad(f)(1);
export const table = { f: grad(f) };
`,
  };

  it("imports as a namespace in modules", () => {
    const outputs = emit(files);
    expect(outputs["main.js"]).toBe(`import { f } from "./model.js";
import * as model_1 from "./model.js";
export const df = model_1.__tsgrad_fGrad;
export const value = model_1.__tsgrad_fGrad(1);
export const table = { f: model_1.__tsgrad_fGrad };
`);
    expect(outputs["model.js"]).toContain("export { fGrad as __tsgrad_fGrad };");
    expect(outputs["model.js"]).toContain("const result = half(scale) * x;");
  });

  it("imports and exports in CommonJS, and names what the user imports and exports as TypeScript does", () => {
    const outputs = emit(files, commonjs);
    expect(outputs["main.js"]).toContain(`const model_1 = require("./model.js");
exports.df = model_1.__tsgrad_fGrad;
exports.value = model_1.__tsgrad_fGrad(1);
`);
    expect(outputs["model.js"]).toContain("(0, half_js_1.half)(exports.scale) * x");
    expect(outputs["model.js"]).toContain("exports.__tsgrad_fGrad = fGrad");
  });
});
