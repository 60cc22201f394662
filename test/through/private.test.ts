import { expect, it } from "vitest";
import { emit, format } from "../fixtures/emitted.js";
import { compiler, packages } from "../fixtures/packages.js";

it("calls what is private to a package as part of the derivative, and copies its constants", () => {
  const main = `// @ts-ignore\nimport { load } from "columns";\nimport { grad } from "tsgrad";\nexport const gradient = grad((x: number) => load(x, 2));\n`;
  const { texts, diagnostics } = emit(new Map([["/project/main.ts", main], ...packages]), { through: ["columns"] }, compiler);
  expect(diagnostics.map(format)).toEqual([]);
  expect(texts.get("/project/main.ts")).toMatchInlineSnapshot(`
    "// @ts-ignore
    import { load } from "columns";
    const steps = [0.5, 2];
    export const gradient = (x: number): number => {
      // from: return x * x * half(3) + half(x) * steps[1]
      const t = 3 / 2 * x;
      return steps[1] / 2 + t + t;
    };
    "
  `);
});
