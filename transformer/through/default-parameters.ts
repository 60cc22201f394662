import type ts from "typescript";
import type { Edit } from "./typed-text.js";

/**
 * Compilers for old engines write parameters with defaults out. Read as what they were they have types again:
 *
 *     function f(x) { var n = arguments.length > 1 && arguments[1] !== undefined ? arguments[1] : 3; … }
 *     becomes      function f(x, n = 3) { … }
 */
export function defaultParameters(compiler: typeof ts, fn: ts.FunctionDeclaration): Edit[] {
  const file = fn.getSourceFile();
  const edits: Edit[] = [];
  let count = fn.parameters.length;
  for (const statement of fn.body?.statements ?? []) {
    const declared = compiler.isVariableStatement(statement) ? statement.declarationList.declarations : [];
    const [only] = declared;
    const initial = declared.length === 1 ? only?.initializer : undefined;
    const fallback = initial && defaultOf(compiler, initial, count);
    if (only === undefined || fallback === undefined) break;
    const at = fn.parameters.end;
    edits.push({ start: at, end: at, text: `${count === 0 ? "" : ", "}${only.name.getText(file)} = ${fallback.getText(file)}` });
    edits.push({ start: statement.getStart(file), end: statement.getEnd(), text: "" });
    count++;
  }
  return edits;
}

/** The `D` of `arguments.length > k && arguments[k] !== undefined ? arguments[k] : D`. */
function defaultOf(compiler: typeof ts, node: ts.Expression, k: number): ts.Expression | undefined {
  if (!compiler.isConditionalExpression(node)) return undefined;
  const text = (part: ts.Node): string => part.getText().replace(/\s+/g, "").replaceAll("void0", "undefined");
  const given = `arguments[${String(k)}]`;
  const isIt = text(node.condition) === `arguments.length>${String(k)}&&${given}!==undefined` && text(node.whenTrue) === given;
  return isIt ? node.whenFalse : undefined;
}
