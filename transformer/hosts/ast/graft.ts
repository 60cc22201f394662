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
 * The text is parsed and its nodes are moved to position −1. Nodes that kept their positions would be printed as
 * whatever the user's file holds at these offsets: literals, templates, operators and lists alike. Moving them takes
 * less than to copy each.
 */
export class Grafter {
  readonly #ts: TypeScript;
  readonly #program: ts.Program;
  readonly #file: ts.SourceFile;
  readonly #sources = new Map<string, ts.SourceMapSource | undefined>();
  readonly #isMapped: boolean;

  constructor(ts: TypeScript, program: ts.Program, file: ts.SourceFile) {
    this.#ts = ts;
    this.#program = program;
    this.#file = file;
    const { sourceMap, inlineSourceMap } = program.getCompilerOptions();
    this.#isMapped = sourceMap === true || inlineSourceMap === true;
  }

  statements(emitted: Emitted, names: Names): ts.Statement[] {
    return this.#nodes(emitted.text, emitted.spans, names);
  }

  expression(emitted: Emitted, names: Names): ts.Expression {
    // Parentheses, so that a function or an object literal is not read as a statement.
    const spans = emitted.spans.map((span) => ({ ...span, start: span.start + 1, end: span.end + 1 }));
    const [statement] = this.#nodes(`(${emitted.text}\n)`, spans, names);
    const ts = this.#ts;
    if (statement === undefined || !ts.isExpressionStatement(statement)) throw new Error("no expression was emitted");
    const { expression } = statement;
    // What stands around adds parentheses where it needs them.
    return ts.isParenthesizedExpression(expression) ? expression.expression : expression;
  }

  #nodes(text: string, spans: readonly Span[], names: Names): ts.Statement[] {
    const ts = this.#ts;
    const kind = /\.[jt]sx$/.test(this.#file.fileName) ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
    const parsed = ts.createSourceFile("emitted.ts", text, { languageVersion: ts.ScriptTarget.Latest, jsDocParsingMode: ts.JSDocParsingMode.ParseNone }, false, kind);
    const { parseDiagnostics = [] } = parsed as { readonly parseDiagnostics?: readonly ts.Diagnostic[] };
    const [error] = parseDiagnostics;
    if (error !== undefined) {
      throw new Error(`emitted code is no TypeScript: ${ts.flattenDiagnosticMessageText(error.messageText, " ")}`);
    }
    return new Uprooting(ts, parsed, this.#isMapped ? spans : [], names, (name) => this.#source(name)).statements();
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

class Uprooting {
  readonly #ts: TypeScript;
  readonly #parsed: ts.SourceFile;
  readonly #names: Names;
  readonly #sourceOf: (fileName: string) => ts.SourceMapSource | undefined;
  readonly #free: FreeNames;
  /** The spans around the node that is taken, the innermost last. */
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

  statements(): ts.Statement[] {
    let taken: ts.Statement[] = [];
    this.#free.within(this.#parsed, () => (taken = this.#parsed.statements.map((statement) => this.#take(statement))));
    return taken;
  }

  #take<T extends ts.Node>(node: T): T {
    const around = this.#around;
    if (around.length === 0) return this.#takeWithin(node) as T;
    const outer = this.#innermost;
    const start = node.getStart(this.#parsed);
    this.#around = around.filter((span) => span.start < node.end && start < span.end);
    const span = smallest(this.#around, start, node.end);
    this.#innermost = span;
    const taken = this.#takeWithin(node);
    if (span !== undefined && (span !== outer || this.#ts.isStatement(node))) this.#map(taken, span);
    this.#around = around;
    this.#innermost = outer;
    return taken as T;
  }

  #takeWithin(node: ts.Node): ts.Node {
    const ts = this.#ts;
    // As it is written: the parser keeps the value of `1e-7`, and not how it looks.
    if (ts.isNumericLiteral(node)) return ts.factory.createNumericLiteral(node.getText(this.#parsed));
    if (ts.isIdentifier(node)) return this.#free.isFree(node) ? this.#takeName(node) : this.#uproot(node);
    if (ts.isShorthandPropertyAssignment(node) && this.#free.isFree(node.name)) {
      const value = this.#names.imported(node.name.text);
      if (value !== undefined) return ts.factory.createPropertyAssignment(node.name.text, value);
    }
    this.#free.within(node, () => {
      this.#takeParts(node);
    });
    const { pos, end } = node;
    this.#uproot(node);
    if (ts.isStatement(node)) this.#addComments(node, pos, end);
    return node;
  }

  /** Takes what a node is made of, and puts in whatever stands for a part now. */
  #takeParts(node: ts.Node): void {
    // Most nodes have no such part.
    let exchange: Map<unknown, ts.Node | ts.NodeArray<ts.Node>> | undefined;
    const take = (part: ts.Node): ts.Node => {
      const taken = this.#take(part);
      if (taken !== part) (exchange ??= new Map()).set(part, taken);
      return taken;
    };
    this.#ts.forEachChild(node, (part) => void take(part), (list) => {
      const taken = list.map(take);
      if (taken.every((part, i) => part === list[i])) return void this.#ts.setTextRange(list, nowhere);
      const nodes = this.#ts.factory.createNodeArray(taken, list.hasTrailingComma);
      (exchange ??= new Map()).set(list, this.#ts.setTextRange(nodes, nowhere));
    });
    if (exchange === undefined) return;
    for (const [key, part] of Object.entries(node)) {
      const instead = exchange.get(part);
      if (instead !== undefined) Object.assign(node, { [key]: instead });
    }
  }

  #takeName(node: ts.Identifier): ts.Expression {
    const imported = this.#names.imported(node.text);
    if (imported !== undefined) return imported;
    const declared = this.#names.declared(node.text);
    this.#uproot(node);
    return declared === undefined ? node : this.#ts.setOriginalNode(node, declared);
  }

  /** Forgets where the node stood in the emitted text. */
  #uproot<T extends ts.Node>(node: T): T {
    (node as { flags: ts.NodeFlags }).flags = node.flags | this.#ts.NodeFlags.Synthesized;
    return this.#ts.setTextRange(node, nowhere);
  }

  #map(node: ts.Node, span: Span): void {
    const source = this.#sourceOf(span.file);
    if (source === undefined) return;
    this.#ts.setSourceMapRange(node, { pos: span.pos, end: span.pos + span.length, source });
  }

  /** Comments belong to text and not to nodes: those before a statement and behind it on its line are written anew. */
  #addComments(node: ts.Node, pos: number, end: number): void {
    const ts = this.#ts;
    const { text } = this.#parsed;
    const content = ({ kind, pos, end }: ts.CommentRange): string =>
      text.slice(pos + 2, kind === ts.SyntaxKind.MultiLineCommentTrivia ? end - 2 : end);
    for (const comment of ts.getLeadingCommentRanges(text, pos) ?? []) {
      ts.addSyntheticLeadingComment(node, comment.kind, content(comment), comment.hasTrailingNewLine);
    }
    for (const comment of ts.getTrailingCommentRanges(text, end) ?? []) {
      ts.addSyntheticTrailingComment(node, comment.kind, content(comment), comment.hasTrailingNewLine);
    }
  }
}

const nowhere = { pos: -1, end: -1 };

/** The smallest of the spans that hold all from `start` to `end`. */
function smallest(spans: readonly Span[], start: number, end: number): Span | undefined {
  let best: Span | undefined;
  for (const span of spans) {
    if (span.start <= start && end <= span.end && (best === undefined || span.end - span.start <= best.end - best.start)) best = span;
  }
  return best;
}
