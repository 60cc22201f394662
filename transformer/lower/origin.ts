import type ts from "typescript";
import type { Origin } from "../ir/model.js";

const statementLimit = 80;

/** The origin of a node: its place, the statement around it on one line, and the comments before that statement. */
export function originOf(node: ts.Node, statement: string | undefined, comments: readonly string[]): Origin {
  const file = node.getSourceFile();
  return {
    file: file.fileName,
    pos: node.getStart(file),
    end: node.getEnd(),
    ...(statement === undefined ? {} : { statement }),
    ...(comments.length === 0 ? {} : { comments }),
  };
}

/** `for (let i = 0; i < n; i++)` for a loop, `if (x > 0)` for a branch, the whole text for a simple statement. */
export function oneLine(compiler: typeof ts, statement: ts.Node): string {
  const file = statement.getSourceFile();
  const start = statement.getStart(file);
  const text = file.text.slice(start, headEnd(compiler, statement, file)).replace(/\s+/g, " ").trim().replace(/;$/, "");
  return text.length <= statementLimit ? text : `${text.slice(0, statementLimit - 1)}…`;
}

function headEnd(compiler: typeof ts, statement: ts.Node, file: ts.SourceFile): number {
  if (compiler.isIfStatement(statement)) return statement.thenStatement.getStart(file);
  if (compiler.isIterationStatement(statement, false) && !compiler.isDoStatement(statement)) {
    return statement.statement.getStart(file);
  }
  if (compiler.isSwitchStatement(statement)) return statement.caseBlock.getStart(file);
  return statement.getEnd();
}

/** The comments that stand directly before a statement, as they are written. */
export function commentsBefore(compiler: typeof ts, statement: ts.Node): readonly string[] {
  const text = statement.getSourceFile().text;
  const ranges = compiler.getLeadingCommentRanges(text, statement.getFullStart()) ?? [];
  return ranges.map((r) => text.slice(r.pos, r.end));
}
