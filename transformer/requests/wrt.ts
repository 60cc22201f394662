import type ts from "typescript";
import { catalogue, diagnose } from "../diagnostics.js";
import { skipOuter } from "./markers.js";
import type { Mode, Outcome, Wrt } from "./request.js";

/**
 * Reads `wrt` from the options of a marker: `{ wrt: 0 }`, `{ wrt: [0, 2] }`. An element may also be a constant whose
 * type is one number (`const WEIGHTS = 1`); nothing else is known while the program is built.
 */
export function readWrt(
  compiler: typeof ts,
  checker: ts.TypeChecker,
  options: ts.Expression | undefined,
  parameterCount: number,
): Outcome<Wrt | undefined> {
  if (options === undefined) return { ok: undefined };
  const literal = skipOuter(compiler, options);
  if (!compiler.isObjectLiteralExpression(literal))
    return { refused: diagnose(catalogue.wrt, options, "The options must be written as an object literal where they are used") };
  let value: ts.Expression | undefined;
  for (const property of literal.properties) {
    if (compiler.isSpreadAssignment(property))
      return { refused: diagnose(catalogue.wrt, property, "The options cannot contain a spread") };
    if (property.name.getText() !== "wrt") continue;
    if (compiler.isPropertyAssignment(property)) value = skipOuter(compiler, property.initializer);
    else if (compiler.isShorthandPropertyAssignment(property)) value = property.name;
    else return { refused: diagnose(catalogue.wrt, property, "`wrt` must be a number or an array of numbers") };
  }
  if (value === undefined) return { ok: undefined };

  const single = !compiler.isArrayLiteralExpression(value);
  const elements = compiler.isArrayLiteralExpression(value) ? value.elements : [value];
  if (elements.length === 0) return { refused: diagnose(catalogue.wrt, value, "`wrt` names no parameter") };
  const parameters: number[] = [];
  for (const element of elements) {
    const index = numberOf(element);
    if (index === undefined)
      return { refused: diagnose(catalogue.wrt, element, "`wrt` must be known when the program is built") };
    if (!Number.isInteger(index) || index < 0 || index >= parameterCount)
      return { refused: diagnose(catalogue.wrt, element, `There is no parameter ${String(index)}: ${countOf(parameterCount)}`) };
    if (parameters.includes(index))
      return { refused: diagnose(catalogue.wrt, element, `Parameter ${String(index)} is named twice`) };
    parameters.push(index);
  }
  return { ok: { parameters, single } };

  function numberOf(element: ts.Expression): number | undefined {
    if (compiler.isSpreadElement(element) || compiler.isOmittedExpression(element)) return undefined;
    const inner = skipOuter(compiler, element);
    if (compiler.isNumericLiteral(inner)) return Number(inner.text);
    // The type of an expression of several steps can be a literal too, but only a `const` cannot have another value.
    const symbol = compiler.isShorthandPropertyAssignment(inner.parent) && inner.parent.name === inner
      ? checker.getShorthandAssignmentValueSymbol(inner.parent)
      : undefined;
    const type = symbol === undefined ? checker.getTypeAtLocation(inner) : checker.getTypeOfSymbol(symbol);
    return type.isNumberLiteral() ? type.value : undefined;
  }
}

/** Reads `mode` from the options of a Jacobian: `{ mode: "reverse" }`. */
export function readMode(compiler: typeof ts, options: ts.Expression | undefined): Outcome<Mode | undefined> {
  const { property, value } = optionOf(compiler, options, "mode");
  if (property === undefined) return { ok: undefined };
  const text = value !== undefined && compiler.isStringLiteralLike(value) ? value.text : undefined;
  if (text === "forward" || text === "reverse") return { ok: text };
  return { refused: diagnose(catalogue.mode, property, '`mode` must be written as "forward" or "reverse"') };
}

/** Reads `sparse` from the options of a Jacobian: `{ sparse: true }`. */
export function readSparse(compiler: typeof ts, options: ts.Expression | undefined): Outcome<boolean> {
  const { property, value } = optionOf(compiler, options, "sparse");
  if (property === undefined || value?.kind === compiler.SyntaxKind.FalseKeyword) return { ok: false };
  if (value?.kind === compiler.SyntaxKind.TrueKeyword) return { ok: true };
  return { refused: diagnose(catalogue.sparse, property, "`sparse` must be written as true or false") };
}

/** An option as it is written, and its value where that is written too. */
function optionOf(compiler: typeof ts, options: ts.Expression | undefined, name: string): { property?: ts.ObjectLiteralElementLike; value?: ts.Expression } {
  const literal = options && skipOuter(compiler, options);
  if (literal === undefined || !compiler.isObjectLiteralExpression(literal)) return {};
  const property = literal.properties.find((p) => p.name?.getText() === name);
  if (property === undefined) return {};
  return compiler.isPropertyAssignment(property) ? { property, value: skipOuter(compiler, property.initializer) } : { property };
}

function countOf(parameters: number): string {
  if (parameters === 0) return "the function has none";
  return parameters === 1 ? "the function has one, number 0" : `the function has ${String(parameters)}, numbers 0 to ${String(parameters - 1)}`;
}
