import type { Fn, Var } from "../ir/model.js";
import { nonNull, type Type } from "../ir/types.js";

/** The widest head of a function in one line. */
const WIDEST = 110;

/** `(x: number, n?: number): [number, number]`, for a name of some length. */
export function signature(fn: Fn, names: readonly string[], type: (t: Type) => string, length: number): string {
  const params = fn.params.map((p, i) => {
    const name = names[i] ?? p.name;
    return isOptional(fn.params, i) ? `${name}?: ${type(nonNull(p.type))}` : `${name}: ${type(p.type)}`;
  });
  const [first] = fn.results;
  const result = first === undefined ? "void" : fn.results.length === 1 ? type(first) : `[${fn.results.map(type).join(", ")}]`;
  const line = `(${params.join(", ")}): ${result}`;
  if (line.length + length <= WIDEST || params.length === 0) return line;
  return `(\n${params.map((p) => `  ${p},\n`).join("")}): ${result}`;
}

// Only at the end may arguments be missing.
function isOptional(params: readonly Var[], i: number): boolean {
  return params.slice(i).every((p) => p.type.nullable === true);
}
