import type ts from "typescript";
import type { Extras } from "./plugin.js";
import { source } from "./reporter.js";

/**
 * Takes our own diagnostics out of the program's list. ts-patch attaches that list to the result of every file
 * emitted, and under `incremental` TypeScript stores it with that file.
 */
export function removeDiagnostics({ diagnostics, removeDiagnostic }: Extras): void {
  if (diagnostics === undefined || removeDiagnostic === undefined) return;
  for (let i = diagnostics.length - 1; i >= 0; i--) if (diagnostics[i]?.source === source) removeDiagnostic(i);
}

export function addDiagnostics({ addDiagnostic }: Extras, diagnostics: readonly ts.Diagnostic[]): void {
  for (const diagnostic of diagnostics) addDiagnostic?.(diagnostic);
}
