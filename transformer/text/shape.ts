import type ts from "typescript";
import type { Emitted, Span } from "../compilation.js";

/** The emitted expression as it may stand in place of `node`: an arrow function is called, or read on, in parentheses. */
export function parenthesized(compiler: typeof ts, node: ts.Expression, emitted: Emitted): Emitted {
  if (/^[\w$.]*$/.test(emitted.text) || emitted.text.startsWith("((") || standsAlone(compiler, node)) return emitted;
  // A line that begins with a parenthesis would go on the statement before, where that has no semicolon.
  const opening = beginsStatement(compiler, node) ? "void (" : "(";
  return { text: `${opening}${emitted.text})`, spans: shifted(emitted.spans, opening.length) };
}

/** Whether what stands around takes any expression short of a comma. */
function standsAlone(compiler: typeof ts, node: ts.Expression): boolean {
  const { parent } = node;
  if (compiler.isVariableDeclaration(parent) || compiler.isPropertyAssignment(parent)) return parent.initializer === node;
  if (compiler.isCallExpression(parent)) return parent.expression !== node;
  return (
    compiler.isReturnStatement(parent) ||
    compiler.isArrayLiteralExpression(parent) ||
    compiler.isParenthesizedExpression(parent) ||
    compiler.isExportAssignment(parent) ||
    compiler.isArrowFunction(parent)
  );
}

function beginsStatement(compiler: typeof ts, node: ts.Expression): boolean {
  let outer: ts.Node = node;
  while (outer.parent.getStart() === node.getStart() && !compiler.isStatement(outer)) outer = outer.parent;
  return compiler.isExpressionStatement(outer);
}

/** Every line moved to the right. A template literal would change by that, so text that holds one stays. */
export function indented(emitted: Emitted, indentation: string): Emitted {
  if (indentation === "" || emitted.text.includes("`")) return emitted;
  const starts: number[] = [];
  const text = emitted.text.replace(/^(?=[^\n])/gm, (_match, at: number) => {
    starts.push(at);
    return indentation;
  });
  const moved = (at: number): number => at + indentation.length * starts.filter((start) => start <= at).length;
  // A span ends before the indentation of the line behind it.
  const spans = emitted.spans.map((s) => ({ ...s, start: moved(s.start), end: s.end > s.start ? moved(s.end - 1) + 1 : moved(s.end) }));
  return { text, spans };
}

function shifted(spans: readonly Span[], by: number): Span[] {
  return spans.map((span) => ({ ...span, start: span.start + by, end: span.end + by }));
}

/** The same of all lines but the first, which stands behind something. */
export function indentedBelow(emitted: Emitted, indentation: string): Emitted {
  const all = indented(emitted, indentation);
  if (all === emitted) return emitted;
  const by = indentation.length;
  return { text: all.text.slice(by), spans: all.spans.map((s) => ({ ...s, start: s.start - by, end: s.end - by })) };
}
