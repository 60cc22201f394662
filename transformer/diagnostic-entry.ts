import type ts from "typescript";
import type { Diagnostic } from "./compilation.js";

/** Something that can be said against a function. */
export interface Entry<Args extends readonly string[] = readonly string[]> {
  readonly code: number;
  readonly id: string;
  readonly severity: Diagnostic["severity"];
  /** The name of the fixture, and of the entry in the docs. */
  readonly fixture: string;
  readonly message: (...args: Args) => string;
  readonly advice: (...args: Args) => string;
}

type Text<Args extends readonly string[]> = (...args: Args) => string;

export function error<Args extends readonly string[]>(
  code: number,
  fixture: string,
  message: Text<Args>,
  advice: Text<Args>,
): Entry<Args> {
  return { code, id: `TSG${String(code)}`, severity: "error", fixture, message, advice };
}

export function warning<Args extends readonly string[]>(code: number, fixture: string, message: Text<Args>, advice: Text<Args>): Entry<Args> {
  return { ...error(code, fixture, message, advice), severity: "warning" };
}

/** The diagnostic of an entry, at the whole of `node`. */
export function diagnose<Args extends readonly string[]>(entry: Entry<Args>, node: ts.Node, ...args: Args): Diagnostic {
  const file = node.getSourceFile();
  const pos = node.getStart(file);
  return {
    code: entry.code,
    id: entry.id,
    severity: entry.severity,
    message: entry.message(...args),
    advice: entry.advice(...args),
    file,
    pos,
    length: node.getEnd() - pos,
  };
}
