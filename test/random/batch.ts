import { createContext, Script } from "node:vm";
import ts from "typescript";
import { compile } from "../../transformer/compile.js";
import { transformText } from "../../transformer/text.js";
import { extended } from "../fixtures/extended.js";
import { gradientOptions } from "../fixtures/fixture.js";
import { format } from "../fixtures/emitted.js";
import { makeProgram } from "../program.js";
import type { Finding } from "./finding.js";
import type { RandomProgram } from "./programs.js";

/** A program as it can be run, or why it cannot. Not every loop can be cut into blocks of turns: that is no failure. */
export type Compiled = { readonly isRefused: true } | { readonly file: string; readonly text: string; readonly wrongTypes?: Finding } | { readonly finding: Finding };

const sandbox: { task?: () => void } = createContext({});
const script = new Script("task()");

/** Runs a task for so long at most; then it is ended by an exception. */
export function within(milliseconds: number, task: () => void): void {
  sandbox.task = task;
  script.runInContext(sandbox, { timeout: milliseconds });
}

/** The module with all that is asked of it. */
export function moduleOf({ text, requested, isSecond, isBrief }: RandomProgram): string {
  const lines = [`import { grad } from "tsgrad";`, text, `export const gradient = grad(f${gradientOptions(requested)});`];
  if (isBrief) return [...lines, `export const harnessPrimal = f;`].join("\n");
  if (isSecond) lines.push(`// order: 2`);
  const fixture = { name: "random", file: "f.ts", texts: new Map([["f.ts", lines.join("\n")]]) };
  return `${extended(fixture, requested).get("f.ts") ?? ""}${forward(requested.options, isSecond)}`;
}

/** Forward mode over the program, and over its gradient where that is differentiated again. */
function forward(options: string, isSecond: boolean): string {
  const second = isSecond ? [`import { hvp as harnessHvp } from "tsgrad";`, `export const harnessProduct = harnessHvp(f${options});`] : [];
  return [`import { jvp as harnessForward } from "tsgrad";`, `export const harnessTangent = harnessForward(f${options});`, ...second, ""].join("\n");
}

/** Compiles all programs as the modules of one; where that fails as a whole, halves are tried until the culprit is found. */
export function compileAll(programs: readonly RandomProgram[], checksTypes: boolean): Compiled[] {
  if (programs.length === 0) return [];
  let results: Compiled[] = [];
  try {
    within(10_000 + programs.length * 1_500, () => {
      results = compileTogether(programs, checksTypes);
    });
    return results;
  } catch (error) {
    if (programs.length === 1) {
      const kind = (error as { code?: string }).code === "ERR_SCRIPT_EXECUTION_TIMEOUT" ? "compiler hangs" : "compiler throws";
      return [{ finding: { kind, text: error instanceof Error ? (error.stack ?? "") : String(error) } }];
    }
    const half = programs.length >> 1;
    return [...compileAll(programs.slice(0, half), checksTypes), ...compileAll(programs.slice(half), checksTypes)];
  }
}

function compileTogether(programs: readonly RandomProgram[], checksTypes: boolean): Compiled[] {
  const files = new Map(programs.map((program, i) => [`/project/random${i}.ts`, moduleOf(program)]));
  const made = makeProgram(Object.fromEntries(files), { skipLibCheck: true });
  const invalid = errorsOf(made.program, [...files.keys()]);
  const { changes, diagnostics } = compile({ ts, program: made.program, options: {} });
  const texts = new Map(files);
  for (const [file, change] of changes) texts.set(file.fileName, transformText(ts, change).text);
  // What is emitted is TypeScript too.
  const emitted = checksTypes ? errorsOf(makeProgram(Object.fromEntries(texts), { skipLibCheck: true }).program, [...files.keys()]) : new Map<string, string[]>();
  return [...files.keys()].map((file, i): Compiled => {
    const text = texts.get(file) ?? "";
    const errors = invalid.get(file) ?? [];
    if (errors.length > 0) return { finding: { kind: "invalid program", text: errors.join("\n") } };
    const refused = diagnostics.filter((d) => d.severity === "error" && d.file.fileName === file);
    if (refused.length > 0 && programs[i]?.requested.checkpoint !== undefined && refused.every(({ id }) => id === "TSG3165" || id === "TSG3166")) return { isRefused: true };
    if (refused[0] !== undefined) return { finding: { kind: refused[0].id, text: refused.map(format).join("\n") } };
    const wrong = emitted.get(file) ?? [];
    if (wrong.length === 0) return { file, text };
    return { file, text, wrongTypes: { kind: "emitted types", text: `${wrong.join("\n")}\n${text}` } };
  });
}

function errorsOf(program: ts.Program, files: readonly string[]): Map<string, string[]> {
  return new Map(
    files.map((name) => {
      const file = program.getSourceFile(name);
      const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
      return [name, found.map((d) => `${ts.flattenDiagnosticMessageText(d.messageText, "\n")} | ${file?.text.slice(d.start, (d.start ?? 0) + 60).split("\n")[0] ?? ""}`)];
    }),
  );
}
