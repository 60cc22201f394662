import type ts from "typescript";
import type { Emitted, Span } from "../../compilation.js";
import { FreeNames } from "./names.js";

type TypeScript = typeof ts;

/** What stands for a free name of emitted text in the user's file. */
export interface Names {
  /** The expression to write in its place: a derivative that stands in another module. */
  imported(name: string): ts.Expression | undefined;
  /** The user's identifier that declares it. */
  declared(name: string): ts.Identifier | undefined;
}

/**
 * Makes nodes for the user's file out of emitted text.
 *
 * The text is parsed and then copied node by node to position −1. Nodes that kept their positions would be printed
 * as whatever the user's file holds at these offsets: literals, templates, operators and lists alike.
 */
export class Grafter {
  readonly #ts: TypeScript;
  readonly #program: ts.Program;
  readonly #file: ts.SourceFile;
  readonly #sources = new Map<string, ts.SourceMapSource | undefined>();

  constructor(ts: TypeScript, program: ts.Program, file: ts.SourceFile) {
    this.#ts = ts;
    this.#program = program;
    this.#file = file;
  }

  statements(emitted: Emitted, names: Names): ts.Statement[] {
    return this.#copies(emitted.text, emitted.spans, names);
  }

  expression(emitted: Emitted, names: Names): ts.Expression {
    // Parentheses, so that a function or an object literal is not read as a statement.
    const spans = emitted.spans.map((span) => ({ ...span, start: span.start + 1, end: span.end + 1 }));
    const [statement] = this.#copies(`(${emitted.text}\n)`, spans, names);
    const ts = this.#ts;
    if (statement === undefined || !ts.isExpressionStatement(statement)) throw new Error("no expression was emitted");
    const { expression } = statement;
    // What stands around adds parentheses where it needs them.
    return ts.isParenthesizedExpression(expression) ? expression.expression : expression;
  }

  #copies(text: string, spans: readonly Span[], names: Names): ts.Statement[] {
    const ts = this.#ts;
    const kind = /\.[jt]sx$/.test(this.#file.fileName) ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
    const parsed = ts.createSourceFile("emitted.ts", text, ts.ScriptTarget.Latest, true, kind);
    const { parseDiagnostics = [] } = parsed as { readonly parseDiagnostics?: readonly ts.Diagnostic[] };
    const [error] = parseDiagnostics;
    if (error !== undefined) {
      throw new Error(`emitted code is no TypeScript: ${ts.flattenDiagnosticMessageText(error.messageText, " ")}`);
    }
    const copier = new Copier(ts, parsed, spans, names, (name) => this.#source(name));
    return parsed.statements.map((statement) => copier.copy(statement));
  }

  /** The text of another file of the program, as source maps want it. */
  #source(fileName: string): ts.SourceMapSource | undefined {
    if (fileName === this.#file.fileName) return this.#file;
    if (!this.#sources.has(fileName)) {
      const text = this.#program.getSourceFile(fileName)?.text;
      this.#sources.set(fileName, text === undefined ? undefined : this.#ts.createSourceMapSource(fileName, text));
    }
    return this.#sources.get(fileName);
  }
}

class Copier {
  readonly #ts: TypeScript;
  readonly #parsed: ts.SourceFile;
  readonly #names: Names;
  readonly #sourceOf: (fileName: string) => ts.SourceMapSource | undefined;
  readonly #free: FreeNames;
  /** The spans around the node that is copied, the innermost last. */
  #around: readonly Span[];
  #innermost: Span | undefined;

  constructor(
    ts: TypeScript,
    parsed: ts.SourceFile,
    spans: readonly Span[],
    names: Names,
    sourceOf: (fileName: string) => ts.SourceMapSource | undefined,
  ) {
    this.#ts = ts;
    this.#parsed = parsed;
    this.#names = names;
    this.#sourceOf = sourceOf;
    this.#free = new FreeNames(ts);
    this.#around = spans;
  }

  copy<T extends ts.Node>(node: T): T {
    const around = this.#around;
    const outer = this.#innermost;
    const start = node.getStart(this.#parsed);
    this.#around = around.filter((span) => span.start < node.end && start < span.end);
    const span = smallest(this.#around.filter((s) => s.start <= start && node.end <= s.end));
    this.#innermost = span;
    const copy = this.#copyWithin(node);
    if (span !== undefined && (span !== outer || this.#ts.isStatement(node))) this.#map(copy, span);
    if (this.#ts.isStatement(node)) this.#copyComments(node, copy);
    this.#around = around;
    this.#innermost = outer;
    return copy as T;
  }

  #copyWithin(node: ts.Node): ts.Node {
    const ts = this.#ts;
    const { factory } = ts;
    if (ts.isNumericLiteral(node)) return factory.createNumericLiteral(node.getText(this.#parsed));
    if (ts.isIdentifier(node) && this.#free.isFree(node)) return this.#copyName(node);
    if (ts.isShorthandPropertyAssignment(node) && this.#free.isFree(node.name)) {
      const value = this.#names.imported(node.name.text);
      if (value !== undefined) return factory.createPropertyAssignment(node.name.text, value);
    }
    const visit = (child: ts.Node): ts.Node => this.copy(child);
    const visitNodes = ((nodes: ts.NodeArray<ts.Node> | undefined) =>
      nodes && factory.createNodeArray(nodes.map(visit), nodes.hasTrailingComma)) as typeof ts.visitNodes;
    const visited = ts.visitEachChild(node, visit, undefined, visitNodes, visit) ?? node;
    return this.#detach(visited === node ? this.#clone(node) : visited);
  }

  #copyName(node: ts.Identifier): ts.Expression {
    const imported = this.#names.imported(node.text);
    if (imported !== undefined) return imported;
    const copy = this.#detach(this.#clone(node));
    const declared = this.#names.declared(node.text);
    return declared === undefined ? copy : this.#ts.setOriginalNode(copy, declared);
  }

  #clone<T extends ts.Node>(node: T): T {
    return (this.#ts.factory as ts.NodeFactory & { cloneNode<N extends ts.Node>(node: N): N }).cloneNode(node);
  }

  /** Forgets where the node stood in the emitted text. */
  #detach<T extends ts.Node>(node: T): T {
    this.#ts.setTextRange(node, { pos: -1, end: -1 });
    return this.#ts.setOriginalNode(node, undefined);
  }

  #map(node: ts.Node, span: Span): void {
    const source = this.#sourceOf(span.file);
    if (source === undefined) return;
    this.#ts.setSourceMapRange(node, { pos: span.pos, end: span.pos + span.length, source });
  }

  /** Comments belong to text and not to nodes: those before a statement and behind it on its line are written anew. */
  #copyComments(node: ts.Node, copy: ts.Node): void {
    const ts = this.#ts;
    const { text } = this.#parsed;
    const content = ({ kind, pos, end }: ts.CommentRange): string =>
      text.slice(pos + 2, kind === ts.SyntaxKind.MultiLineCommentTrivia ? end - 2 : end);
    for (const comment of ts.getLeadingCommentRanges(text, node.pos) ?? []) {
      ts.addSyntheticLeadingComment(copy, comment.kind, content(comment), comment.hasTrailingNewLine);
    }
    for (const comment of ts.getTrailingCommentRanges(text, node.end) ?? []) {
      ts.addSyntheticTrailingComment(copy, comment.kind, content(comment), comment.hasTrailingNewLine);
    }
  }
}

function smallest(spans: readonly Span[]): Span | undefined {
  let best: Span | undefined;
  for (const span of spans) if (best === undefined || span.end - span.start <= best.end - best.start) best = span;
  return best;
}
