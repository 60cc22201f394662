import { readFileSync } from "node:fs";
import { posix } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { call, expectDerivative, expectKnown, expectSame, type Args, type Callable } from "./fixtures/compare.js";
import { emit, format } from "./fixtures/emitted.js";
import { extended, hasBuffer } from "./fixtures/extended.js";
import { expectedFile, fixtures, orphans, requestedBy, type Fixture, type Requested } from "./fixtures/fixture.js";
import { expectKept } from "./fixtures/kept.js";
import { refactored } from "./fixtures/refactored.js";
import { run, type Exports } from "./fixtures/run.js";
import { difference, isClose, numbersIn, show } from "./fixtures/values.js";
import { repository } from "./program.js";

/** What a fixture says about itself. */
interface Check {
  readonly at: readonly Args[];
  readonly order?: 2;
}
interface Answer {
  readonly at: Args;
  readonly value: number;
  readonly gradient: unknown;
}
interface Throw {
  readonly at: Args;
  readonly message: string;
}

describe.each(fixtures().map((fixture) => [fixture.name, fixture] as const))("%s", (_, fixture) => {
  it("has a right gradient, written as kept", () => {
    const requested = requestedBy(fixture);
    const second = /order: 2/.test(fixture.texts.get(fixture.file) ?? "");
    const harness = runEmitted(extended(fixture, requested, second), fixture.file);
    const { check, answers = [], throws = [] } = harness as { check: Check; answers?: Answer[]; throws?: Throw[] };
    expect(check.at.length + answers.length, "points to check at").toBeGreaterThan(0);

    for (const args of check.at) {
      compareFirst(harness, requested, args);
      if (check.order === 2) compareSecond(harness, requested, args);
    }
    for (const { at, value, gradient } of answers) {
      expectKnown(call(callable(harness, "harnessPrimal"), at, "the function"), value, `value at ${show(at)}`);
      expectKnown(call(callable(harness, "gradient"), at, "the gradient"), gradient, `gradient at ${show(at)}`);
      compareMarkers(harness, requested, at);
    }
    for (const { at, message } of throws) {
      expect(() => call(callable(harness, "gradient"), at, "the gradient")).toThrow(message);
      const copy = structuredClone(at) as unknown[];
      expect(() => callable(harness, "gradient")(...copy)).toThrow(message);
      expectSame(copy, at, `arguments after the throw at ${show(at)}`);
    }
    keepTexts(fixture);
  });

  it("has the same gradient when it is written differently", () => {
    const requested = requestedBy(fixture);
    const original = runEmitted(fixture.texts, fixture.file);
    for (const [how, texts] of refactored(fixture, requested)) {
      const other = runEmitted(texts, fixture.file);
      for (const args of (original as { check: Check }).check.at) {
        const want = call(callable(original, "gradient"), args, "the gradient");
        const got = call(callable(other, "gradient"), args, `the gradient with ${how}`);
        expect(difference(got, want, isClose), `with ${how} at ${show(args)}`).toBeUndefined();
      }
    }
  });
});

it("keeps no text without a fixture", () => {
  expect(orphans()).toEqual([]);
});

it("type-checks what is emitted", { timeout: 120_000 }, () => {
  const config = posix.join(repository, "fixtures/tsconfig.json");
  const { config: json } = ts.readConfigFile(config, (name) => readFileSync(name, "utf8")) as { config: unknown };
  const { fileNames, options } = ts.parseJsonConfigFileContent(json, ts.sys, posix.join(repository, "fixtures"));
  const program = ts.createProgram(fileNames.filter((name) => !name.includes("/errors/")), options);
  const errors = ts.getPreEmitDiagnostics(program);
  const host = { getCanonicalFileName: (n: string) => n, getCurrentDirectory: () => repository, getNewLine: () => "\n" };
  expect(ts.formatDiagnostics(errors, host)).toBe("");
});

function compareFirst(harness: Exports, requested: Requested, args: Args): void {
  const gradient = callable(harness, "gradient");
  const got = call(gradient, args, "the gradient");
  expectDerivative(callable(harness, "harnessPrimal"), args, placesOf(got, requested));
  expectSame(call(gradient, args, "the gradient"), got, `a second call at ${show(args)}`);
  compareMarkers(harness, requested, args);
}

/** The other markers give the same numbers, bit for bit. */
function compareMarkers(harness: Exports, requested: Requested, args: Args): void {
  const value = callable(harness, "harnessPrimal")(...(structuredClone(args) as unknown[]));
  const got = call(callable(harness, "gradient"), args, "the gradient");
  const both = call(callable(harness, "harnessValueAndGrad"), args, "valueAndGrad");
  expectSame(both, [value, got], `valueAndGrad at ${show(args)}`);
  const places = placesOf(got, requested);
  for (const i of requested.wrt) {
    const projection = call(callable(harness, `harnessWrt${i}`), args, `wrt ${i}`);
    expectSame(projection, places.get(i), `wrt ${i} at ${show(args)}`);
  }
  if (!hasBuffer(requested)) return;
  const out = filled(got);
  const returned = call((...rest) => callable(harness, "harnessGradInto")(out, ...rest), args, "gradInto");
  expectSame([returned, out], [value, got], `gradInto at ${show(args)}`);
  const [only] = structuredClone(args);
  if (args.length === 1 && Array.isArray(only) && [...numbersIn(only)].length > 0) {
    expect(() => callable(harness, "harnessGradInto")(only, only), "gradInto into its argument").toThrow();
  }
}

function compareSecond(harness: Exports, requested: Requested, args: Args): void {
  const got = call(callable(harness, "harnessSecond"), args, "the second derivative");
  expectDerivative(callable(harness, "harnessFirst"), args, placesOf(got, requested));
}

function runEmitted(texts: ReadonlyMap<string, string>, entry: string): Exports {
  const emission = emit(texts);
  expect(emission.diagnostics.filter((d) => d.severity === "error").map(format)).toEqual([]);
  return run(emission.texts, entry);
}

/** The emitted modules of the fixture itself; what imports one of them imports its kept text. */
function keepTexts(fixture: Fixture): void {
  const { texts } = emit(fixture.texts);
  for (const [name, text] of texts) {
    const kept = [...texts.keys()].reduce((result, other) => {
      const stem = posix.basename(other, ".ts");
      return result.replaceAll(`"./${stem}.js"`, `"./${stem}.expected.js"`);
    }, text);
    expectKept(expectedFile(name), kept);
  }
}

function placesOf(gradient: unknown, { wrt, tuple }: Requested): ReadonlyMap<number, unknown> {
  return new Map(wrt.map((parameter, i) => [parameter, tuple ? (gradient as unknown[])[i] : gradient]));
}

/** The shape of a gradient with other numbers in it, which `gradInto` has to replace. */
function filled(gradient: unknown): unknown {
  if (typeof gradient === "number") return 7;
  if (gradient instanceof Float64Array) return gradient.map(() => 7);
  return Array.isArray(gradient) ? gradient.map(filled) : gradient;
}

function callable(harness: Exports, name: string): Callable {
  const value = harness[name];
  if (typeof value !== "function") throw new Error(`${name} is no function`);
  return value as Callable;
}
