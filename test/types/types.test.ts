import { readdirSync } from "node:fs";
import { posix } from "node:path";
import ts from "typescript";
import { expect, it } from "vitest";
import { repository } from "../program.js";

const folder = posix.join(repository, "test/types");
const names = readdirSync(folder).filter((name) => !name.endsWith(".test.ts"));

it("gives gradients the types that are claimed, and refuses what cannot be meant", { timeout: 120_000 }, () => {
  const { config } = ts.readConfigFile(posix.join(repository, "tsconfig.json"), (name) => ts.sys.readFile(name)) as { config: object };
  const parsed = ts.parseJsonConfigFileContent({ ...config, include: names.map((name) => posix.join(folder, name)) }, ts.sys, repository);
  expect(parsed.fileNames).toHaveLength(names.length);
  const program = ts.createProgram(parsed.fileNames, { ...parsed.options, types: [] });
  const errors = parsed.fileNames.flatMap((name) => {
    const file = program.getSourceFile(name);
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
  });
  const host: ts.FormatDiagnosticsHost = {
    getCurrentDirectory: () => repository,
    getCanonicalFileName: (name) => name,
    getNewLine: () => "\n",
  };
  expect(ts.formatDiagnostics(errors, host)).toBe("");
});
