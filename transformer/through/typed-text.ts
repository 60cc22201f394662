import type ts from "typescript";
import { isAssignment, isUpdate } from "../lower/facts/writes.js";
import { symbolAt } from "../lower/syntax.js";
import { defaultParameters } from "./default-parameters.js";

/** The source of a package, in which functions and variables that its declarations describe have the types given there. */
export interface TypedText {
  readonly text: string;
  /** Where a position of it is in the text of the package. */
  original(position: number): number;
}

/** A stretch of the text with what comes in its place. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Writes types into JavaScript where its own say less than the declarations that users see, or name what is nowhere
 * declared; and `const` for the `var` at the top of a module that is never assigned again, as it is in what compilers write:
 *
 *     export function add(out, a, b) {       becomes   /** @type {typeof import("gl-matrix").vec3.add} *\/ export function …
 *     export var sub = subtract;             becomes   export const sub = subtract;
 *
 * `types` has the type for the name of a declaration, where there is one.
 */
export function typedText(compiler: typeof ts, checker: ts.TypeChecker, file: ts.SourceFile, types: ReadonlyMap<ts.Node, string>): TypedText {
  const edits: Edit[] = [];
  const assigned = assignedIn(compiler, checker, file);
  const isConstant = ({ name, initializer }: ts.VariableDeclaration): boolean => {
    const symbol = checker.getSymbolAtLocation(name);
    return initializer !== undefined && symbol !== undefined && !assigned.has(symbol);
  };
  for (const statement of file.statements) {
    const start = statement.getStart(file);
    const declaration = described(compiler, statement);
    const type = declaration && types.get(declaration);
    if (type !== undefined) {
      // What was said there before would count more.
      for (const { pos } of compiler.getLeadingCommentRanges(file.text, statement.pos) ?? []) {
        if (file.text.startsWith("/**", pos)) edits.push({ start: pos, end: pos + 3, text: "/* " });
      }
      edits.push({ start, end: start, text: `/** @type {${type}} */ ` });
    }
    if (compiler.isFunctionDeclaration(statement)) edits.push(...defaultParameters(compiler, statement));
    const list = compiler.isVariableStatement(statement) ? statement.declarationList : undefined;
    if (list === undefined || list.flags & compiler.NodeFlags.BlockScoped) continue;
    const at = list.getStart(file);
    if (list.declarations.every(isConstant)) edits.push({ start: at, end: at + "var".length, text: "const" });
  }
  edits.sort((a, b) => a.start - b.start);
  let text = "";
  let end = 0;
  for (const edit of edits) {
    text += file.text.slice(end, edit.start) + edit.text;
    end = edit.end;
  }
  return { text: text + file.text.slice(end), original: (position) => originalOf(edits, position) };
}

/** What a statement at the top of a module declares alone: a function or a variable. */
function described(compiler: typeof ts, statement: ts.Statement): ts.Declaration | undefined {
  if (compiler.isFunctionDeclaration(statement)) return statement;
  if (!compiler.isVariableStatement(statement)) return undefined;
  const { declarations } = statement.declarationList;
  return declarations.length === 1 ? declarations[0] : undefined;
}

/** The variables of a file that are assigned after they were declared; a second `var` is an assignment too. */
function assignedIn(compiler: typeof ts, checker: ts.TypeChecker, file: ts.SourceFile): ReadonlySet<ts.Symbol> {
  const assigned = new Set<ts.Symbol>();
  const add = (target: ts.Node): void => {
    const symbol = compiler.isIdentifier(target) ? symbolAt(compiler, checker, target) : undefined;
    if (symbol !== undefined) assigned.add(symbol);
    else if (!compiler.isPropertyAccessExpression(target) && !compiler.isElementAccessExpression(target)) compiler.forEachChild(target, add);
  };
  const visit = (node: ts.Node): void => {
    if (compiler.isBinaryExpression(node) && isAssignment(compiler, node.operatorToken.kind)) add(node.left);
    else if (isUpdate(compiler, node)) add(node.operand);
    else if ((compiler.isForOfStatement(node) || compiler.isForInStatement(node)) && !compiler.isVariableDeclarationList(node.initializer)) add(node.initializer);
    else if (compiler.isVariableDeclaration(node)) {
      const symbol = symbolAt(compiler, checker, node.name);
      if (symbol !== undefined && (symbol.declarations?.length ?? 0) > 1) assigned.add(symbol);
    }
    compiler.forEachChild(node, visit);
  };
  visit(file);
  return assigned;
}

function originalOf(edits: readonly Edit[], position: number): number {
  let moved = 0;
  for (const { start, end, text } of edits) {
    if (start + moved > position) break;
    if (start + moved + text.length > position) return start;
    moved += text.length - (end - start);
  }
  return position - moved;
}
