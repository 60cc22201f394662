import { basename } from "node:path";
import { describe, expect, it } from "vitest";
import { catalogue } from "../transformer/diagnostics.js";
import { emit, format } from "./fixtures/emitted.js";
import { fixtures } from "./fixtures/fixture.js";
import { compiler, packages } from "./fixtures/packages.js";
import { expectKept } from "./fixtures/kept.js";

/** Said only when the compiler itself fails, so no program shows it. */
const withoutFixture = new Set(["own-fault"]);

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
