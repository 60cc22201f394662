import type { Fn, Var } from "../ir/model.js";
import { nonNull, type Type } from "../ir/types.js";

/** `(x: number, n?: number): [number, number]`. */
export function signature(fn: Fn, names: readonly string[], type: (t: Type) => string): string {
  const params = fn.params.map((p, i) => {
    const name = names[i] ?? p.name;
    return isOptional(fn.params, i) ? `${name}?: ${type(nonNull(p.type))}` : `${name}: ${type(p.type)}`;
  });
  const [first] = fn.results;
  const result = first === undefined ? "void" : fn.results.length === 1 ? type(first) : `[${fn.results.map(type).join(", ")}]`;
  return `(${params.join(", ")}): ${result}`;
}

// Only at the end may arguments be missing.
function isOptional(params: readonly Var[], i: number): boolean {
  return params.slice(i).every((p) => p.type.nullable === true);
}
