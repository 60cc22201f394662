import type { FnRef } from "../ir/model.js";
import { exprsOf, nodesOf, type Node } from "./nodes.js";
import { partsOf, type Expr } from "./tree.js";

/** What the language and its library call something: no variable may hide it. */
const fixed =
  "break case catch class const continue debugger default delete do else enum export extends false finally for function if " +
  "import in instanceof new null return super switch this throw true try typeof var void while with yield let static " +
  "implements interface package private protected public await " +
  "Math Number Array Object Error RangeError Infinity NaN undefined arguments eval " +
  "Float64Array Float32Array Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array";

/** The words that mean something else where a function stands: no variable may have them as its name. */
export function wordsIn(nodes: readonly Node[], callee: (ref: FnRef) => string): Set<string> {
  const words = new Set(fixed.split(" "));
  const text = (parts: readonly string[]): void => {
    for (const part of parts) for (const [word] of withoutStrings(part).matchAll(/(?<!(?<!\.\.)\.|[\p{ID_Continue}$])[\p{ID_Start}$_][\p{ID_Continue}$]*/gu)) words.add(word);
  };
  const visit = (e: Expr): void => {
    if (e.kind === "literal" && e.text !== undefined) text([e.text]);
    if (e.kind === "source") text(e.text);
    if (e.kind === "invocation") words.add(callee(e.callee));
    partsOf(e).forEach(visit);
  };
  for (const node of nodesOf(nodes)) {
    for (const e of exprsOf(node)) visit(e);
    if (node.kind === "leaf" && node.statement.kind === "effect") text(node.statement.text);
  }
  return words;
}

function withoutStrings(text: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, '""');
}
