import { basename } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { catalogue } from "../transformer/diagnostics.js";
import { emit, format } from "./fixtures/emitted.js";
import { fixtures } from "./fixtures/fixture.js";
import { expectKept } from "./fixtures/kept.js";

/** Said only when the compiler itself fails, so no program shows it. */
const withoutFixture = new Set(["own-fault"]);

/** Packages that are nowhere installed: one without source, and two with, of which one is differentiated through. */
const packages = new Map<string, string>(
  Object.entries({
    "springs/package.json": `{ "name": "springs", "version": "1.0.0", "types": "index.d.ts" }`,
    "springs/index.d.ts": `export declare function springEnergy(x: number): number;`,
    "rods/package.json": `{ "name": "rods", "version": "1.0.0", "main": "index.js" }`,
    "rods/index.d.ts": `export declare function rodEnergy(x: number): number;`,
    "rods/index.js": `export function rodEnergy(x) { return x * x; }`,
    "beams/package.json": `{ "name": "beams", "version": "1.0.0", "main": "index.js" }`,
    "beams/index.d.ts": `export declare function bend(x: number): number;\nexport declare function settled(x: number): number;`,
    "beams/index.js": `let calls = 0;\nexport function bend(x) { try { return x * x; } finally { calls++; } }\nexport function settled(x) { return x * calls; }`,
  }).map(([name, text]) => [`/project/node_modules/${name}`, text] as const),
);

/** TypeScript on a disk where these packages are. */
const folders = new Set([...packages.keys()].flatMap((name) => name.split("/").map((_, i, parts) => parts.slice(0, i).join("/"))));
const compiler = Object.create(ts, {
  sys: {
    value: {
      ...ts.sys,
      fileExists: (name: string) => packages.has(name) || ts.sys.fileExists(name),
      directoryExists: (name: string) => folders.has(name) || ts.sys.directoryExists(name),
      readFile: (name: string) => packages.get(name) ?? ts.sys.readFile(name),
      realpath: (name: string) => name,
    } satisfies ts.System,
  },
}) as typeof ts;

describe.each(fixtures("errors").map((fixture) => [basename(fixture.name), fixture] as const))("%s", (name, fixture) => {
  it("is reported in its place", () => {
    // The programs stand in a project of their own, so that the package is found from there.
    const texts = [...fixture.texts].map(([file, text]) => [`/project/${basename(file)}`, text] as const);
    const { diagnostics } = emit(new Map([...texts, ...packages]), { through: ["beams"] }, compiler);
    const entry = Object.values(catalogue).find((e) => e.fixture === name);
    expect(entry, "an entry of the catalogue").toBeDefined();
    expect(diagnostics.map((d) => d.id), diagnostics.map(format).join("\n")).toContain(entry?.id);
    expectKept(fixture.file.replace(/\.ts$/, ".expected.txt"), `${diagnostics.map(format).join("\n\n")}\n`);
  });
});

it("has a fixture for every diagnostic", () => {
  const names = new Set(fixtures("errors").map((fixture) => basename(fixture.name)));
  const missing = Object.values(catalogue).filter((e) => !names.has(e.fixture) && !withoutFixture.has(e.fixture));
  expect(missing.map((e) => e.fixture)).toEqual([]);
});
