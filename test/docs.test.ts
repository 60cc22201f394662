import { readFileSync } from "node:fs";
import { posix } from "node:path";
import { expect, it } from "vitest";
import { catalogue } from "../transformer/diagnostics.js";
import { diagnosticsPage } from "./docs/diagnostics.js";
import { functionsPage } from "./docs/functions.js";
import { expectKept } from "./fixtures/kept.js";
import { repository } from "./program.js";

// The pages are printed from the code; npm test -- -u writes them.
it.each([
  ["supported-functions.md", functionsPage],
  ["diagnostics.md", diagnosticsPage],
])("%s is up to date", (name, page) => {
  expectKept(posix.join(repository, "docs", name), page());
});

it("lists every diagnostic of the language among the limits", () => {
  const page = readFileSync(posix.join(repository, "docs/limits.md"), "utf8");
  const entries = Object.values(catalogue).filter((entry) => entry.id !== "TSG3190");
  expect(entries.filter((entry) => !page.includes(entry.id)).map((entry) => entry.id)).toEqual([]);
  const known = new Set(entries.map((entry) => entry.id));
  expect((page.match(/TSG\d+/g) ?? []).filter((id) => !known.has(id))).toEqual([]);
});
