import { readdirSync } from "node:fs";
import { posix } from "node:path";
import ts from "typescript";
import { expect, it } from "vitest";
import { repository } from "../program.js";

const folder = posix.join(repository, "test/types");
const names = readdirSync(folder).filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"));

function programOf(names: readonly string[]): { readonly program: ts.Program; readonly fileNames: readonly string[] } {
  const { config } = ts.readConfigFile(posix.join(repository, "tsconfig.json"), (name) => ts.sys.readFile(name)) as { config: object };
  const parsed = ts.parseJsonConfigFileContent({ ...config, include: names.map((name) => posix.join(folder, name)) }, ts.sys, repository);
  return { program: ts.createProgram(parsed.fileNames, { ...parsed.options, types: [] }), fileNames: parsed.fileNames };
}

it("gives gradients the types that are claimed, and refuses what cannot be meant", { timeout: 120_000 }, () => {
  const { program, fileNames } = programOf(names);
  expect(fileNames).toHaveLength(names.length);
  const errors = fileNames.flatMap((name) => {
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

it("shows types that are written out", { timeout: 120_000 }, async () => {
  const { program } = programOf(["hover.ts"]);
  const checker = program.getTypeChecker();
  const shown: string[] = [];
  program.getSourceFile(posix.join(folder, "hover.ts"))?.forEachChild(function visit(node): void {
    if (ts.isPropertyAssignment(node)) shown.push(`${node.name.getText()}: ${checker.typeToString(checker.getTypeAtLocation(node.initializer), undefined, ts.TypeFormatFlags.NoTruncation)}\n`);
    node.forEachChild(visit);
  });
  await expect(shown.join("")).toMatchFileSnapshot("hover.txt");
});
