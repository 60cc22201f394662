import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { Fit } from "../examples/curve-fitting/fits.js";
import type { DataSet } from "../examples/curve-fitting/nist.js";
import { functionIn, withBlocks } from "./docs/blocks.js";
import { printed } from "./docs/printed.js";
import { emit, format } from "./fixtures/emitted.js";
import { expectKept } from "./fixtures/kept.js";
import { run } from "./fixtures/run.js";
import { repository } from "./program.js";

const folder = posix.join(repository, "examples/curve-fitting");
const data = posix.join(repository, "examples/data/nist");
const example = posix.join(folder, "example.ts");
const sets = ["Misra1a", "Thurber", "MGH09", "Hahn1", "Eckerle4"];

let texts: ReadonlyMap<string, string>;
let exports: {
  parse(text: string): DataSet;
  fitsOf(set: DataSet): Fit[];
  readonly head: readonly string[];
  cellsOf(fit: Fit): string[];
  aligned(rows: readonly (readonly string[])[]): string[];
  minimiseRosenbrock(n: number): { x: number[]; value: number };
};
beforeAll(() => {
  const names = readdirSync(folder).filter((name) => name.endsWith(".ts") && name !== "main.ts");
  const files = new Map(names.map((name) => [posix.join(folder, name), readFileSync(posix.join(folder, name), "utf8")]));
  const entry = posix.join(folder, "all.ts");
  files.set(entry, `export * from "./fits.js"; export * from "./nist.js"; export * from "./rosenbrock.js"; export * from "./table.js";`);
  const emission = emit(files);
  texts = emission.texts;
  expect(emission.diagnostics.map(format)).toEqual([]);
  exports = run(texts, entry) as unknown as typeof exports;
});

function read(name: string): DataSet {
  return exports.parse(readFileSync(posix.join(data, `${name}.dat`), "utf8"));
}

describe("curve fitting", () => {
  it.each(sets)("finds the certified parameters of %s to six digits", (name) => {
    const fits = exports.fitsOf(read(name)).filter(({ method }) => method.exact && method.name !== "fmin's CG");
    expect(fits.map(({ method }) => method.name)).toEqual(["Levenberg-Marquardt", "L-BFGS", "Newton-CG"]);
    for (const fit of fits) {
      expect(fit.iteration, fit.method.name).toBeDefined();
      expect(fit.digits, fit.method.name).toBeGreaterThanOrEqual(6);
    }
  });

  it("reads NIST's files", () => {
    const { x, y, starts, certified } = read("Misra1a");
    expect([x.length, y.length, x[0], y[13]]).toEqual([14, 14, 77.6, 81.78]);
    expect(starts).toEqual([[500, 0.0001], [250, 0.0005]]);
    expect(certified).toEqual([238.94212918, 5.5015643181e-4]);
    expect(sets.map((name) => read(name).x.length)).toEqual([14, 37, 11, 236, 35]);
    expect(() => exports.parse("Data: none")).toThrow("no file of NIST's");
  });

  it("finds the minimum of Rosenbrock's function of ten variables", () => {
    const { x, value } = exports.minimiseRosenbrock(10);
    expect(value).toBeLessThan(1e-9);
    for (const v of x) expect(v).toBeCloseTo(1, 4);
  });

  it("is told of in docs/curve-fitting.md", () => {
    const page = posix.join(repository, "docs/curve-fitting.md");
    const problems = readFileSync(posix.join(folder, "problems.ts"), "utf8");
    const blocks = new Map([
      ["examples/curve-fitting/example.ts", readFileSync(example, "utf8")],
      ["node examples/curve-fitting/dist/example.js", printed(texts, example)],
      ["npx tsgrad emit examples/curve-fitting/example.ts#volume", functionIn(texts.get(example) ?? "", "volumeJacobianOfB")],
      ["examples/curve-fitting/problems.ts#misfit", functionIn(problems, "misfit")],
      ["npm run curve-fitting", table(sets.flatMap((name) => exports.fitsOf(read(name))).filter(isShown))],
    ]);
    // npm test -- -u writes them.
    expectKept(page, withBlocks(readFileSync(page, "utf8"), (name) => blocks.get(name)));
  });
});

/** The lines of the page: where a method fails, the digits that it gets to are an accident of rounding. */
function isShown({ method, iteration }: Fit): boolean {
  return iteration !== undefined && (method.exact || method.name === "Levenberg-Marquardt");
}

/** The table that the program prints, without the times. */
function table(fits: readonly Fit[]): string {
  return exports.aligned([exports.head, ...fits.map(exports.cellsOf)]).join("\n");
}
