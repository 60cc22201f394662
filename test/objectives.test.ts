import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { Case } from "../examples/objectives/cases.js";
import { emit, format } from "./fixtures/emitted.js";
import { run } from "./fixtures/run.js";
import { repository } from "./program.js";

const folder = posix.join(repository, "examples/objectives");

describe.each(["llsq", "lse", "gmm", "lstm", "ba"])("%s", (name) => {
  let cases: readonly Case[] = [];
  beforeAll(() => {
    const casesOf = compiled().casesOf as Record<string, (data: unknown) => Case[]>;
    cases = casesOf[name]?.(JSON.parse(readFileSync(posix.join(folder, `data/${name}.json`), "utf8"))) ?? [];
  });

  it("has its known values and gradients", () => {
    expect(cases.length).toBeGreaterThanOrEqual(3);
    for (const one of cases) {
      const [value, gradient] = one.gradient();
      expect(value).toBe(one.value());
      expect(gradient).toHaveLength(one.wantedGradient.length);
      expectClose(value, one.wantedValue, one.name);
      gradient.forEach((got, i) => {
        expectClose(got, one.wantedGradient[i] as number, `${one.name}, ${i}`);
      });
      if (one.into !== undefined) expect(one.into()).toBe(value);
    }
  });

  it("passes the check", () => {
    for (const one of cases) expect(String(one.check())).not.toMatch(/wrong/);
  });
});

function expectClose(got: number, want: number, what: string): void {
  expect(Math.abs(got - want) / Math.max(1, Math.abs(got) + Math.abs(want)), what).toBeLessThanOrEqual(1e-10);
}

let exports: ReturnType<typeof run> | undefined;
/** The example's modules with their derivatives, but for the program that reads files and prints. */
function compiled(): ReturnType<typeof run> {
  if (exports !== undefined) return exports;
  const names = readdirSync(folder).filter((name) => name.endsWith(".ts") && name !== "main.ts");
  const files = names.map((name) => [posix.join(folder, name), readFileSync(posix.join(folder, name), "utf8")] as const);
  const { texts, diagnostics } = emit(new Map(files));
  expect(diagnostics.map(format)).toEqual([]);
  exports = run(texts, posix.join(folder, "cases.ts"));
  return exports;
}
