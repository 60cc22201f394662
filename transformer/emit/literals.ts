import type { Literal } from "../ir/model.js";
import { isNull } from "../ir/types.js";
import { level } from "./precedence.js";

/** A literal as it is printed, and how tightly that binds: `-1` is a sign before a number. */
export function printLiteral(literal: Literal): { readonly text: string; readonly level: number } {
  const text = literal.text ?? (literal.value === undefined && isNull(literal.type) ? "null" : valueText(literal.value));
  return { text, level: text.startsWith("-") ? level.unary : isPlain(text) ? level.primary : level.anything };
}

// Names, members, numbers and strings; any other text of the source might be an expression.
function isPlain(text: string): boolean {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$.]*$/u.test(text) || /^[\d.][\w.+-]*$/.test(text) || /^"([^"\\]|\\.)*"$/.test(text);
}

function valueText(value: Literal["value"]): string {
  if (Object.is(value, -0)) return "-0";
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}
