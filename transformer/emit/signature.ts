import type { Var } from "../ir/model.js";
import { isNull, nonNull, type Type } from "../ir/types.js";
import type { Head } from "./patterns.js";

/** The widest head of a function in one line. */
const WIDEST = 110;

/** `(x: number, n?: number): [number, number]`, for a name of some length. */
export function signature(heads: readonly Head[], results: readonly Type[], nameOf: (v: Var) => string, type: (t: Type) => string, length: number): string {
  const params = heads.map((head, i) => {
    if (head.kind === "pattern") return `${pattern(head, nameOf)}: ${typeOfTuple(head.type, type)}`;
    if (head.isRest === true) return `...${nameOf(head)}: ${type(head.type)}`;
    return isOptional(heads, i) ? `${nameOf(head)}?: ${type(nonNull(head.type))}` : `${nameOf(head)}: ${type(head.type)}`;
  });
  const [first] = results;
  const result = first === undefined ? "void" : results.length === 1 ? type(first) : `[${results.map(type).join(", ")}]`;
  const line = `(${params.join(", ")}): ${result}`;
  if (line.length + length <= WIDEST || params.length === 0) return line;
  return `(\n${params.map((p) => `  ${p},\n`).join("")}): ${result}`;
}

// [x, , [a, b]]
function pattern(head: Head | undefined, nameOf: (v: Var) => string): string {
  if (head === undefined) return "";
  return head.kind === "var" ? nameOf(head) : `[${head.parts.map((part) => pattern(part, nameOf)).join(", ")}]`;
}

// [number[], number?]: as with parameters, only at the end something may be missing.
function typeOfTuple(tuple: Type, type: (t: Type) => string): string {
  const elements = tuple.kind === "array" ? new Array<Type>(tuple.length ?? 0).fill(tuple.element) : tuple.kind === "record" ? tuple.fields.map((f) => f.type) : [];
  const texts = elements.map((element, i) => {
    const isOptional = elements.slice(i).every((e) => e.nullable === true && !isNull(e) && e.kind !== "opaque");
    const text = type(isOptional ? nonNull(element) : element);
    return isOptional ? `${/[ |&]/.test(text) && !/^[[{]/.test(text) ? `(${text})` : text}?` : text;
  });
  return `[${texts.join(", ")}]`;
}

// Only at the end may arguments be missing.
function isOptional(heads: readonly Head[], i: number): boolean {
  return heads.slice(i).every((head) => head.kind === "var" && head.type.nullable === true && !isNull(head.type));
}
