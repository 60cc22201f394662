import { readFileSync } from "node:fs";
import { posix } from "node:path";
import { expect, it } from "vitest";
import { catalogue } from "../transformer/diagnostics.js";
import { diagnosticsPage } from "./docs/diagnostics.js";
import { functionIn, withBlocks } from "./docs/blocks.js";
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

// <!-- fixtures/forward/polar.ts -->   is a fixture without the points where it is checked, and
// <!-- fixtures/forward/polar.expected.ts#polarJvp -->   a function in what is emitted for it.
it.each(["jacobians.md", "rules.md", "checkpoint.md"])("%s shows programs of the fixtures, and what is emitted for them", (name) => {
  const page = posix.join(repository, "docs", name);
  const contentOf = (shown: string): string => {
    const [file = shown, member] = shown.split("#");
    const text = readFileSync(posix.join(repository, file), "utf8");
    return member === undefined ? text.replace(/\n(?:\/\*\*[^\n]*\n)?export const (check|answers) [^]*/, "") : functionIn(text, member);
  };
  expectKept(page, withBlocks(readFileSync(page, "utf8"), contentOf));
});
