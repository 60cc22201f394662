import ts from "typescript";
import type { RandomProgram } from "./programs.js";

/** Finds those of many programs that still fail; asked for many at once because one compile answers them all. */
export type FailsStill = (programs: readonly RandomProgram[]) => readonly boolean[];

/** Makes the text of a failing program smaller, edit by edit, for as long as it fails in the same way. */
export function reduced(program: RandomProgram, failsStill: FailsStill, rounds = 60): RandomProgram {
  let best = program;
  for (let round = 0; round < rounds; round++) {
    const texts = [...new Set(smaller(best.text))].sort((a, b) => a.length - b.length);
    let next: RandomProgram | undefined;
    for (let at = 0; at < texts.length && next === undefined; at += 40) {
      const candidates = texts.slice(at, at + 40).map((text) => ({ ...best, text }));
      const fails = failsStill(candidates);
      next = candidates.find((_, i) => fails[i] === true);
    }
    if (next === undefined) return best;
    best = next;
  }
  return best;
}

/** The texts that one edit makes of a text: a statement or a block's frame left out, an expression replaced by a part. */
function smaller(text: string): string[] {
  const file = ts.createSourceFile("f.ts", text, ts.ScriptTarget.ES2022, true);
  const texts: string[] = [];
  const replace = (node: ts.Node, by: string): void => {
    const edited = text.slice(0, node.getStart()) + by + text.slice(node.getEnd());
    if (edited.length < text.length) texts.push(edited);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isStatement(node) && !ts.isBlock(node) && !isSubject(node)) {
      replace(node, ts.isBlock(node.parent) || ts.isSourceFile(node.parent) || ts.isCaseOrDefaultClause(node.parent) ? "" : "{}");
      for (const part of parts(node)) replace(node, part.getText());
    }
    if (ts.isBlock(node) || ts.isSourceFile(node)) runs(node.statements, (first, last) => texts.push(text.slice(0, first) + text.slice(last)));
    if (ts.isCaseOrDefaultClause(node)) replace(node, "");
    if (ts.isBlock(node) && node.statements.length > 0) {
      if (ts.isBlock(node.parent)) replace(node, node.statements.map((s) => s.getText()).join("\n"));
    }
    if (ts.isExpression(node) && !ts.isNumericLiteral(node) && !isTarget(node)) {
      replace(node, "1");
      ts.forEachChild(node, (child) => {
        if (ts.isExpression(child)) replace(node, child.getText());
      });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return texts.map((t) => t.replace(/\n\s*\n/g, "\n"));
}

/** Halves, quarters and eighths of a list of statements. */
function runs(statements: readonly ts.Statement[], leaveOut: (first: number, last: number) => void): void {
  const ends = statements.filter((s) => !isSubject(s) && !ts.isReturnStatement(s));
  for (let size = ends.length; size > 1; size >>= 1) {
    for (let at = 0; at < ends.length; at += size) {
      const [first, last] = [ends[at], ends[Math.min(at + size, ends.length) - 1]];
      const isBetween = statements.some((s) => isSubject(s) && first !== undefined && last !== undefined && s.pos > first.pos && s.pos < last.pos);
      if (first !== undefined && last !== undefined && !isBetween) leaveOut(first.getStart(), last.getEnd());
    }
  }
}

function isSubject(node: ts.Node): boolean {
  return ts.isFunctionDeclaration(node) && node.name?.text === "f";
}

function isTarget(node: ts.Node): boolean {
  const { parent } = node;
  return ts.isExpressionStatement(parent) || (ts.isBinaryExpression(parent) && parent.left === node && parent.operatorToken.kind >= ts.SyntaxKind.FirstAssignment && parent.operatorToken.kind <= ts.SyntaxKind.LastAssignment);
}

function parts(node: ts.Statement): ts.Node[] {
  if (ts.isIfStatement(node)) return node.elseStatement === undefined ? [node.thenStatement] : [node.thenStatement, node.elseStatement];
  if (ts.isIterationStatement(node, false) || ts.isLabeledStatement(node)) return [node.statement];
  return [];
}
