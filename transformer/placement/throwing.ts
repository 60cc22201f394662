import type ts from "typescript";
import type { Diagnostic, Emitted } from "../compilation.js";

// ((..._args: unknown[]): never => { throw new Error("TSG3102: 'f' has no body … (src/main.ts:3:14)"); })
// A host may show no diagnostics at all. Then the call fails with the true reason, and not as if no plugin had run;
// and only where the derivative is called, so that a module with one bad request can still be loaded.
export function throwing(program: ts.Program, call: ts.CallExpression, diagnostic: Diagnostic): Emitted {
  const { id, message, advice, file, pos } = diagnostic;
  const { line, character } = file.getLineAndCharacterOfPosition(pos);
  const place = `${shortName(program, file)}:${String(line + 1)}:${String(character + 1)}`;
  const whole = `${id}: ${message} (${place})${advice === undefined ? "" : `\n${advice}`}`;
  const text = `((..._args: unknown[]): never => { throw new Error(${JSON.stringify(whole)}); })`;
  const start = call.getStart();
  const span = { start: 0, end: text.length, file: call.getSourceFile().fileName, pos: start, length: call.getEnd() - start };
  return { text, spans: [span] };
}

/** The name of a file as seen from where the build runs: output must not depend on the machine. */
function shortName(program: ts.Program, file: ts.SourceFile): string {
  const folder = `${program.getCurrentDirectory().replaceAll("\\", "/").replace(/\/$/, "")}/`;
  if (file.fileName.startsWith(folder)) return file.fileName.slice(folder.length);
  return file.fileName.slice(file.fileName.lastIndexOf("/") + 1);
}
