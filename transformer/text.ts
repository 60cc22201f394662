import type ts from "typescript";
import type { Container, Dropped, Emitted, FileChange, Import, Span } from "./compilation.js";
import { applyEdits, type Edit, type Edited } from "./text/edits.js";
import { dropImports, wholeLines } from "./text/imports.js";
import { indented, indentedBelow, parenthesized } from "./text/shape.js";

/**
 * The text of a file with its derivatives. `spans` tell where emitted text came from, `kept` which stretches are the
 * file's own.
 */
export function transformText(compiler: typeof ts, change: FileChange): Edited {
  const { file } = change;
  const { open, close, bodies } = braces(compiler, change);
  const indentationOf = (node: ts.Node): string => {
    const within = bodies.filter((body) => body.getStart(file) <= node.getStart(file) && node.getEnd() <= body.getEnd());
    return indentationAt(file.text, node.getStart(file)) + "  ".repeat(within.length);
  };
  const edits: Edit[] = [
    ...open,
    ...dropImports(compiler, file, change.dropped ?? []),
    ...change.replacements.map(({ node, emitted }) => ({
      start: node.getStart(file),
      end: node.getEnd(),
      emitted: indentedBelow(parenthesized(compiler, node, emitted), indentationOf(node)),
    })),
    ...importEdits(compiler, file, change.imports, change.dropped ?? []),
    ...additionEdits(compiler, change),
    ...close,
  ];
  return applyEdits(file.fileName, file.text, edits);
}

// import { __tsgrad_lossGrad as lossGrad } from "./loss.js";
function importEdits(
  compiler: typeof ts,
  file: ts.SourceFile,
  imports: readonly Import[],
  dropped: readonly Dropped[],
): Edit[] {
  if (imports.length === 0) return [];
  const text = imports
    .map(({ specifier, names }) => {
      const list = names.map(({ imported, local }) => (imported === local ? local : `${imported} as ${local}`));
      return `import { ${list.join(", ")} } from ${JSON.stringify(specifier)};\n`;
    })
    .join("");
  // Those at the top: behind one further down it could come too late where modules are loaded by `require`.
  const isImport = (s: ts.Statement): boolean => compiler.isImportDeclaration(s) || compiler.isImportEqualsDeclaration(s);
  const start = file.statements.findIndex(isImport);
  const behind = file.statements.findIndex((s, i) => i > start && !isImport(s));
  const last = start < 0 ? undefined : file.statements[(behind < 0 ? file.statements.length : behind) - 1];
  if (last === undefined) {
    // Directives ("use strict") only count at the very top, a licence stays there too.
    const first = file.statements.find((s) => !compiler.isExpressionStatement(s) || !compiler.isStringLiteral(s.expression));
    const at = (first ?? file.endOfFileToken).getStart(file);
    return [insertion(at, text)];
  }
  const line = wholeLines(file.text, last.getStart(file), last.getEnd());
  if (!dropped.some((node) => node === last)) return [insertion(last.getEnd(), `\n${text.slice(0, -1)}`)];
  return [insertion(line.end, line.whole ? text : text.slice(0, -1))];
}

/** Statements go before the brace that ends their block, or to the end of the file; behind them the exports. */
function additionEdits(compiler: typeof ts, { file, additions, exports }: FileChange): Edit[] {
  const edits: Edit[] = [];
  const blocks = new Map<Container, Emitted[]>();
  for (const { container, after, emitted } of additions) {
    if (after !== undefined) {
      const { text, spans } = indented(emitted, indentationAt(file.text, after.getStart(file)));
      edits.push({ start: after.getEnd(), end: after.getEnd(), emitted: joined([{ text: "\n", spans: [] }, { text, spans }]) });
    } else blocks.set(container, [...(blocks.get(container) ?? []), emitted]);
  }
  if (exports.length > 0) {
    const list = exports.map(({ local, exported }) => (local === exported ? local : `${local} as ${exported}`));
    const emitted = { text: `export { ${list.join(", ")} };`, spans: [] };
    blocks.set(file, [...(blocks.get(file) ?? []), emitted]);
  }
  for (const [container, parts] of blocks) {
    const lines = parts.flatMap((part) => [{ text: "\n", spans: [] }, part, { text: "\n", spans: [] }]);
    if (compiler.isSourceFile(container)) {
      const end = file.text.length;
      const ended = end === 0 || file.text.endsWith("\n");
      edits.push({ start: end, end, emitted: joined(ended ? lines : [{ text: "\n", spans: [] }, ...lines]) });
    } else if (compiler.isBlock(container) || compiler.isModuleBlock(container)) edits.push(blockEnd(file, container, joined(lines)));
  }
  return edits;
}

/**
 * Braces around what has none, with the statements that have to stand beside it:
 *
 *     (k) => vjp((x: number) => x * k)   becomes   (k) => { return …; function … }
 */
function braces(compiler: typeof ts, { file, additions }: FileChange): { readonly open: Edit[]; readonly close: Edit[]; readonly bodies: readonly Container[] } {
  const beside = new Map<Container, Emitted[]>();
  for (const { container, emitted } of additions) {
    const isBare = !compiler.isSourceFile(container) && !compiler.isBlock(container) && !compiler.isModuleBlock(container);
    if (isBare) beside.set(container, [...(beside.get(container) ?? []), emitted]);
  }
  // What ends at one place is closed from the inside out.
  const parted = [...beside].sort(([a], [b]) => b.getStart(file) - a.getStart(file));
  const open = parted.map(([node]) => insertion(node.getStart(file), `{\n${indentationAt(file.text, node.getStart(file))}  ${isResult(compiler, node) ? "return " : ""}`));
  const close = parted.map(([node, parts]): Edit => {
    const outer = indentationAt(file.text, node.getStart(file));
    const lines = parts.flatMap((part) => [{ text: "\n", spans: [] }, indented(part, `${outer}  `), { text: "\n", spans: [] }]);
    const end = isResult(compiler, node) ? ";\n" : "\n";
    return { start: node.getEnd(), end: node.getEnd(), emitted: joined([{ text: end, spans: [] }, ...lines, { text: `${outer}}`, spans: [] }]) };
  });
  return { open, close, bodies: parted.map(([node]) => node) };
}

/** The body of `(k) => …`. */
function isResult(compiler: typeof ts, body: ts.Node): boolean {
  return compiler.isArrowFunction(body.parent);
}

function blockEnd(file: ts.SourceFile, block: ts.Block | ts.ModuleBlock, emitted: Emitted): Edit {
  const brace = block.getEnd() - 1;
  const lineStart = file.text.lastIndexOf("\n", brace - 1) + 1;
  const outer = indentationAt(file.text, block.getStart(file));
  const first = block.statements[0];
  const inner =
    first !== undefined && first.getStart(file) >= afterLine(file.text, block.getStart(file))
      ? indentationAt(file.text, first.getStart(file))
      : `${outer}  `;
  const { text, spans } = indented(emitted, inner);
  // A brace alone on its line keeps its indentation; one behind statements gets a line of its own.
  if (file.text.slice(lineStart, brace).trim() === "") return { start: lineStart, end: lineStart, emitted: { text, spans } };
  return { start: brace, end: brace, emitted: joined([{ text: "\n", spans: [] }, { text: text + outer, spans }]) };
}

function insertion(at: number, text: string): Edit {
  return { start: at, end: at, emitted: { text, spans: [] } };
}

function joined(parts: readonly Emitted[]): Emitted {
  let text = "";
  const spans: Span[] = [];
  for (const part of parts) {
    for (const span of part.spans) spans.push({ ...span, start: span.start + text.length, end: span.end + text.length });
    text += part.text;
  }
  return { text, spans };
}

function indentationAt(text: string, at: number): string {
  const lineStart = text.lastIndexOf("\n", at - 1) + 1;
  return /^[ \t]*/.exec(text.slice(lineStart, at))?.[0] ?? "";
}

/** The start of the line behind the one that `at` is on. */
function afterLine(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end + 1;
}
