import type { Type } from "../ir/types.js";
import type { Expr } from "./tree.js";

/** Whether the type of a variable has to be written: what TypeScript infers from its first value is another. */
export function annotated(value: Expr, type: Type, declares: "let" | "const"): boolean {
  if (type.kind === "opaque") return false;
  if (declares === "let" && type.nullable === true) return true;
  if (value.kind === "literal") return value.value === undefined;
  if (value.kind === "fresh" && value.initial === "elements") {
    return (value.args.length === 0 && type.kind === "array") || isExact(type, new Set());
  }
  if (value.kind === "fresh" && value.initial === "zerosLike") return isExact(type, new Set());
  if (value.kind === "duplicate") return isExact(type, new Set());
  return false;
}

/** Whether a type says more than literals do: tuples, optional fields. */
function isExact(type: Type, seen: Set<unknown>): boolean {
  if (type.kind === "array") return type.length !== undefined || type.element.nullable === true || isExact(type.element, seen);
  if (type.kind !== "record" || seen.has(type.fields)) return false;
  seen.add(type.fields);
  return type.shape === "tuple" || type.fields.some((f) => f.type.nullable === true || isExact(f.type, seen));
}
