import type ts from "typescript";
import type { Compilation, Diagnostic } from "../compilation.js";
import type { Compile } from "./plugin.js";

type TypeScript = typeof ts;

/** The `source` of every diagnostic of ours. */
export const source = "tsgrad";

/** TypeScript uses codes below 100000; ours begin there. */
const firstCode = 100000;

/** What a host knows about one program. */
export interface Report {
  readonly compilation: Compilation;
  /** The errors in `file`, or all. */
  errors(file?: ts.SourceFile): readonly ts.Diagnostic[];
}

/** `Program` as it is inside the compiler: builders ask it for diagnostics in their own way. */
interface InnerProgram extends ts.Program {
  getBindAndCheckDiagnostics?: (file: ts.SourceFile, token?: ts.CancellationToken) => readonly ts.Diagnostic[];
}

/** Compiles each program once, makes its errors part of the program's own and prints its warnings. */
export class Reporter {
  readonly #compile: Compile;
  readonly #write: ((text: string) => void) | undefined;
  readonly #reports = new WeakMap<ts.Program, Report>();

  /** `write` prints warnings: where it is not given, as TypeScript prints. */
  constructor(compile: Compile, write?: (text: string) => void) {
    this.#compile = compile;
    this.#write = write;
  }

  /** `through`: the packages that are differentiated through. */
  report(ts: TypeScript, program: ts.Program, through: readonly string[] = []): Report {
    const known = this.#reports.get(program);
    if (known !== undefined) return known;
    const report = createReport(ts, this.#compileSafely(ts, program, through));
    this.#reports.set(program, report);
    patchDiagnostics(program, report);
    printWarnings(ts, program, report.compilation, this.#write);
    return report;
  }

  /** A fault of our own must not end the build with a stack trace: it becomes a diagnostic like any other. */
  #compileSafely(ts: TypeScript, program: ts.Program, through: readonly string[]): Compilation {
    try {
      return this.#compile({ ts, program, ...(through.length > 0 && { options: { through } }) });
    } catch (fault) {
      const file = program.getSourceFiles().find((f) => /["']tsgrad["']/.test(f.text) && !f.isDeclarationFile);
      const diagnostic = file === undefined ? [] : [ownFault(fault, file)];
      return { changes: new Map(), diagnostics: diagnostic, dependencies: new Map() };
    }
  }
}

function createReport(ts: TypeScript, compilation: Compilation): Report {
  const all: ts.Diagnostic[] = [];
  const byFile = new Map<ts.SourceFile, ts.Diagnostic[]>();
  for (const diagnostic of compilation.diagnostics) {
    if (diagnostic.severity !== "error") continue;
    const converted = toDiagnostic(ts, diagnostic);
    all.push(converted);
    const list = byFile.get(diagnostic.file) ?? [];
    list.push(converted);
    byFile.set(diagnostic.file, list);
  }
  return { compilation, errors: (file) => (file === undefined ? all : (byFile.get(file) ?? [])) };
}

/**
 * From here on the program's own list holds our errors too, so that `noEmitOnError`, builders and editors see them.
 * Both functions are patched: programs answer with the first, builder programs ask for the second.
 */
function patchDiagnostics(program: ts.Program, report: Report): void {
  const inner: InnerProgram = program;
  const semantic = inner.getSemanticDiagnostics.bind(inner);
  inner.getSemanticDiagnostics = (file, token) => [...semantic(file, token), ...report.errors(file)];
  const checked = inner.getBindAndCheckDiagnostics?.bind(inner);
  if (checked === undefined) return;
  inner.getBindAndCheckDiagnostics = (file, token) => [...checked(file, token), ...report.errors(file)];
}

/** A diagnostic of ours as one of TypeScript's: the code and the message, the advice on lines of its own below. */
export function toDiagnostic(ts: TypeScript, diagnostic: Diagnostic): ts.Diagnostic {
  const { severity, code, id, message, advice, file, pos, length, related = [] } = diagnostic;
  const category = severity === "error" ? ts.DiagnosticCategory.Error : ts.DiagnosticCategory.Warning;
  const chain = (messageText: string, next?: ts.DiagnosticMessageChain[]): ts.DiagnosticMessageChain => ({
    messageText,
    category,
    code: firstCode + code,
    ...(next === undefined ? {} : { next }),
  });
  const text = `${id}: ${message}`;
  return {
    source,
    category,
    code: firstCode + code,
    file,
    start: pos,
    length,
    messageText: advice === undefined ? text : chain(text, [chain(advice)]),
    relatedInformation: related.map((r) => ({
      category: ts.DiagnosticCategory.Message,
      code: firstCode + code,
      file: r.file,
      start: r.pos,
      length: r.length,
      messageText: r.message,
    })),
  };
}

/**
 * TypeScript counts whatever is in its lists as a failure, also what is only a warning. So warnings are printed here,
 * once for each program, and stay out of the lists.
 */
function printWarnings(ts: TypeScript, program: ts.Program, { diagnostics }: Compilation, write = (text: string) => ts.sys.write(text)): void {
  const warnings = diagnostics.filter((d) => d.severity === "warning").map((d) => toDiagnostic(ts, d));
  if (warnings.length > 0) write(formatDiagnostics(ts, program, warnings));
}

/** As `tsc` prints them. */
export function formatDiagnostics(
  ts: TypeScript,
  program: ts.Program,
  diagnostics: readonly ts.Diagnostic[],
): string {
  const host: ts.FormatDiagnosticsHost = {
    getCurrentDirectory: () => program.getCurrentDirectory(),
    getCanonicalFileName: (name) => name,
    getNewLine: () => ts.sys.newLine,
  };
  const pretty = program.getCompilerOptions().pretty ?? ts.sys.writeOutputIsTTY?.() ?? false;
  return pretty ? ts.formatDiagnosticsWithColorAndContext(diagnostics, host) : ts.formatDiagnostics(diagnostics, host);
}

function ownFault(fault: unknown, file: ts.SourceFile): Diagnostic {
  return {
    code: 3190,
    id: "TSG3190",
    severity: "error",
    message: `tsgrad itself failed: ${fault instanceof Error ? fault.message : String(fault)}`,
    advice: "Please report this, if you can with the function that is differentiated.",
    file,
    pos: 0,
    length: 0,
  };
}
