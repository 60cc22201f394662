import type ts from "typescript";
import type { Dropped } from "../compilation.js";
import type { Edit } from "./edits.js";

const nothing = { text: "", spans: [] };

/** Takes imports out: a whole one with its line, of several names those that are dropped. */
export function dropImports(compiler: typeof ts, file: ts.SourceFile, dropped: readonly Dropped[]): Edit[] {
  const edits: Edit[] = [];
  const lists = new Map<ts.NamedImports, Set<ts.ImportSpecifier>>();
  for (const node of dropped) {
    if (compiler.isImportSpecifier(node)) lists.set(node.parent, (lists.get(node.parent) ?? new Set()).add(node));
    else {
      const { start, end } = wholeLines(file.text, node.getStart(file), node.getEnd());
      edits.push({ start, end, emitted: nothing });
    }
  }
  for (const [list, gone] of lists) {
    const names = list.elements.filter((element) => !gone.has(element)).map((element) => element.getText(file));
    edits.push({ start: list.getStart(file), end: list.getEnd(), emitted: { text: `{ ${names.join(", ")} }`, spans: [] } });
  }
  return edits;
}

/** With the line break behind, where nothing else stands on the lines. Comments stay. */
export function wholeLines(text: string, start: number, end: number): { start: number; end: number; whole: boolean } {
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  const rest = /^[ \t]*\r?\n/.exec(text.slice(end));
  if (text.slice(lineStart, start).trim() !== "" || rest === null) return { start, end, whole: false };
  const lineEnd = end + rest[0].length;
  // What stood at the very top leaves no empty line behind.
  const blank = lineStart === 0 ? (/^(?:[ \t]*\r?\n)+/.exec(text.slice(lineEnd))?.[0].length ?? 0) : 0;
  return { start: lineStart, end: lineEnd + blank, whole: true };
}
