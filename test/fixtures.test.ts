import { readFileSync } from "node:fs";
import { posix } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { needlessArrays, needlessButKept } from "./fixtures/arrays.js";
import { runEmitted } from "./fixtures/emitted.js";
import { extended } from "./fixtures/extended.js";
import { fixtures, orphans, requestedBy } from "./fixtures/fixture.js";
import { askedBy, verifyForward, withPrimals } from "./fixtures/forward.js";
import { verifySparse, withDense } from "./fixtures/sparse.js";
import { keepTexts } from "./fixtures/texts.js";
import { verify } from "./fixtures/verify.js";
import { repository } from "./program.js";

describe.each(fixtures().map((fixture) => [fixture.name, fixture] as const))("%s", (_, fixture) => {
  // First the numbers, then the text: -u keeps no text whose numbers are wrong.
  it("has a right gradient, written as kept", () => {
    const requested = requestedBy(fixture);
    verify(runEmitted(extended(fixture, requested), fixture.file), requested);
    const arrays = needlessArrays(fixture, keepTexts(fixture), requested);
    const why = needlessButKept.get(fixture.name);
    expect(why === undefined ? arrays : arrays.length > 0, why).toEqual(why === undefined ? [] : true);
  });
});

describe.each(fixtures("forward").map((fixture) => [fixture.name, fixture] as const))("%s", (_, fixture) => {
  it("has right tangents, written as kept", () => {
    const asked = askedBy(fixture);
    verifyForward(runEmitted(withPrimals(fixture, asked), fixture.file), asked);
    keepTexts(fixture);
  });
});

describe.each(fixtures("sparse").map((fixture) => [fixture.name, fixture] as const))("%s", (_, fixture) => {
  it("has the numbers of the dense Jacobian in a right pattern, written as kept", () => {
    const asked = askedBy(fixture);
    verifySparse(runEmitted(withDense(fixture, asked), fixture.file), asked);
    keepTexts(fixture);
  });
});

it("keeps no text without a fixture", () => {
  expect(orphans()).toEqual([]);
});

it("type-checks what is emitted", { timeout: 120_000 }, () => {
  const config = posix.join(repository, "fixtures/tsconfig.json");
  const { config: json } = ts.readConfigFile(config, (name) => readFileSync(name, "utf8")) as { config: unknown };
  const { fileNames, options } = ts.parseJsonConfigFileContent(json, ts.sys, posix.join(repository, "fixtures"));
  const program = ts.createProgram(fileNames, options);
  const errors = ts.getPreEmitDiagnostics(program);
  const host = { getCanonicalFileName: (n: string) => n, getCurrentDirectory: () => repository, getNewLine: () => "\n" };
  expect(ts.formatDiagnostics(errors, host)).toBe("");
});
