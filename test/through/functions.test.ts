import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { expectDerivative, type Callable } from "../fixtures/compare.js";
import { format } from "../fixtures/emitted.js";
import { run, type Exports } from "../fixtures/run.js";
import { compiled } from "./calls.js";
import * as table from "./functions.js";

const { glMatrix } = createRequire(import.meta.url)("gl-matrix") as { readonly glMatrix: { setMatrixArrayType(type: unknown): void } };

/** Numbers between 0.3 and 0.9, none like another and none special. */
function point(size: number, seed: number): number[] {
  return Array.from({ length: size }, (_, i) => 0.3 + ((((i + 1) ** 2 * 0.6180339887 + seed * 0.37) * (i + 3)) % 1) * 0.6);
}

describe.each([
  ["gl-matrix", table.glMatrix],
  ["simple-statistics", table.simpleStatistics],
] as const)("functions of %s", (from, lines) => {
  const { files, calls, emission } = compiled(lines, from);

  it.each(lines.map((line, i) => [line, i] as const))("%s", (_, i) => {
    const file = files[i] ?? "";
    expect(emission.diagnostics.filter((d) => d.file.fileName === file).map(format)).toEqual([]);
    const { f, both } = run(emission.texts, file) as Exports & { f: (x: number[]) => number; both: (x: number[]) => [number, number[]] };
    for (const seed of [0, 1]) {
      const x = point(calls[i]?.size ?? 0, seed);
      // Single precision, gl-matrix's default, leaves nothing to compare differences with.
      glMatrix.setMatrixArrayType(Array);
      const [value, gradient] = both(x);
      expect(Object.is(value, f(x)), "the value bit for bit").toBe(true);
      expect(gradient).toHaveLength(x.length);
      expectDerivative(f as Callable, [x], new Map([[0, gradient]]));
      glMatrix.setMatrixArrayType(Float32Array);
      expect(Object.is(both(x)[0], f(x)), "the value in single precision").toBe(true);
    }
  });
});

describe("functions that are refused", () => {
  const lines = table.refused.map(([line]) => line);
  const { files, emission } = compiled(lines, "simple-statistics");
  it.each(table.refused.map(([line, id, why], i) => [line, id, why, i] as const))("%s", (_, id, why, i) => {
    const found = emission.diagnostics.filter((d) => d.file.fileName === files[i]);
    expect(found.map((d) => d.id)).toEqual([id]);
    expect(found[0]?.message).toMatch(why);
  });
});
