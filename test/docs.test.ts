import { readFileSync } from "node:fs";
import { posix } from "node:path";
import { expect, it } from "vitest";
import { catalogue } from "../transformer/diagnostics.js";
import { functionIn, withBlocks } from "./docs/blocks.js";
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

// The programs of the page are fixtures, without the points where they are checked, and what is emitted for them.
it("rules.md shows fixtures", () => {
  const name = posix.join(repository, "docs/rules.md");
  const page = readFileSync(name, "utf8");
  const blocks = new Map<string, string>();
  for (const [, shown = ""] of page.matchAll(/<!-- (fixtures\/.*) -->/g)) {
    const [file = "", emitted] = shown.split("#");
    const text = readFileSync(posix.join(repository, file), "utf8");
    blocks.set(shown, emitted === undefined ? text.replace(/\n(?:\/\*\*[^\n]*\n)?export const (check|answers) [^]*/, "") : functionIn(text, emitted));
  }
  expectKept(name, withBlocks(page, blocks));
});

it("lists every diagnostic of the language among the limits", () => {
  const page = readFileSync(posix.join(repository, "docs/limits.md"), "utf8");
  const entries = Object.values(catalogue).filter((entry) => entry.severity === "error" && entry.id !== "TSG3190");
  expect(entries.filter((entry) => !page.includes(entry.id)).map((entry) => entry.id)).toEqual([]);
  const known = new Set(entries.map((entry) => entry.id));
  expect((page.match(/TSG\d+/g) ?? []).filter((id) => !known.has(id))).toEqual([]);
});
