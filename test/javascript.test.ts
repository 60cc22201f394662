import { posix } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { compile } from "../transformer/compile.js";
import { transformText } from "../transformer/text.js";
import { expectDerivative, type Callable } from "./fixtures/compare.js";
import { run } from "./fixtures/run.js";
import { makeProgram, repository } from "./program.js";

/** Modules in JavaScript with what they export compiled and run; and the diagnostics, by the file and the id. */
function compiled(files: Readonly<Record<string, string>>, options: ts.CompilerOptions): { exports: Readonly<Record<string, unknown>>; diagnostics: string[] } {
  const texts = new Map(Object.entries(files).map(([name, text]) => [posix.join(repository, "test", name), text]));
  const { program } = makeProgram(Object.fromEntries(texts), { allowJs: true, skipLibCheck: true, ...options });
  const { changes, diagnostics } = compile({ ts, program });
  for (const [file, change] of changes) texts.set(file.fileName, transformText(ts, change).text);
  const found = diagnostics.map(({ file, id }) => `${posix.basename(file.fileName)} ${id}`);
  return { exports: found.length > 0 ? {} : run(texts, posix.join(repository, "test/main.ts")), diagnostics: found };
}

const springs = `
const SCALE = 0.5;

/**
 * The energy of springs.
 * @param {number[]} x
 * @param {number} [k]
 */
export function energy(x, k = 2) {
  var sum = 0;
  for (var i = 0; i < x.length; i++) sum += SCALE * k * x[i] * x[i];
  return sum;
}

/** @param {{ a: number, b: number }} p */
export const ratio = (p) => p.a / p.b;

export class Body {
  /** @param {number} mass */
  constructor(mass) {
    this.mass = mass;
  }
  /** @param {number} v */
  kinetic(v) {
    return this.mass * v * v / 2;
  }
}
`;

const requests = `
import { grad } from "tsgrad";
import { Body, energy, ratio } from "./springs.js";

/** @type {(x: number[], m: number) => number} */
export const total = (x, m) => energy(x) * ratio({ a: x[0], b: m }) + new Body(m).kinetic(x[1]);
export const dtotal = grad(total);
export const denergy = grad(energy);
`;

describe.each([{}, { checkJs: true }, { strict: false }])("JavaScript under %o", (options) => {
  it("is differentiated by the types of its JSDoc, from JavaScript and from TypeScript", () => {
    const main = `import { valueAndGrad } from "tsgrad";\nimport { total } from "./requests.js";\nexport { denergy, dtotal, total } from "./requests.js";\nexport const both = valueAndGrad(total);\n`;
    const { exports, diagnostics } = compiled({ "main.ts": main, "requests.js": requests, "springs.js": springs }, options);
    expect(diagnostics).toEqual([]);
    const { total, dtotal, both, denergy } = exports as Record<string, Callable>;
    const at = [[0.7, -1.3], 2.5];
    const gradient = dtotal!(...at) as readonly unknown[];
    expectDerivative(total!, at, new Map(gradient.entries()));
    expect(both!(...at)).toEqual([total!(...at), gradient]);
    expect(denergy!([1, 2])).toEqual([[2, 4], 2.5]);
  });

  it("needs types where numbers are", () => {
    const main = `import { grad } from "tsgrad";\nimport { square } from "./square.js";\nexport const g = grad(square);\n`;
    const { diagnostics } = compiled({ "main.ts": main, "square.js": "export function square(x) { return x * x; }\n" }, options);
    expect(diagnostics).toEqual(["square.js TSG3130"]);
  });
});
