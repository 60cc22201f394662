import { containsItself, isReference, isText, type Type } from "../ir/types.js";
import type { Expr, Source } from "./tree.js";
import { sameText } from "./types.js";

/** Whether the type of a variable has to be written: what TypeScript infers from its first value is another, or none. */
export function annotated(value: Expr, type: Type, declares: "let" | "const", isInLoop: boolean): boolean {
  if (type.kind === "opaque") return type.text?.startsWith("Record<") === true && value.kind === "source" && /^[([]*\{/.test(value.text[0] ?? "");
  if (declares === "let" && (type.nullable === true || holdsTyped(type, new Set()))) return true;
  if (value.kind === "literal") return value.value === undefined;
  if (value.kind === "source" && (isLooser(value, type) || (type.kind === "array" && value.text.some(holdsEmpty)))) return true;
  if (declares === "let" && (mayBeNarrow(value) || (value.kind === "var" && isReference(type) && !sameText(value.type, type)))) return true;
  if (value.kind === "fresh" && value.initial === "elements") {
    if (value.args.some((a) => mayBeNarrow(a) || (type.kind === "record" && isEmpty(a)))) return true;
    return (value.args.length === 0 && type.kind === "array") || isExact(type, new Set());
  }
  if ((value.kind === "fresh" && value.initial === "zerosLike") || value.kind === "duplicate") return isExact(type, new Set());
  // const value2 = value ?? 1; value = value2;   In a loop TypeScript would infer each from the other.
  return isInLoop && (isNarrowed(value) || isNextOf(value) || isEndless(type));
}

/** Whether TypeScript takes text for one member of a union, or what it holds for any text or number. */
function isLooser({ text }: Source, type: Type): boolean {
  return isJoined(type, new Set()) || (/^[([{]*[[{]/.test(text[0] ?? "") && (isExact(type, new Set()) || (type.kind === "array" && isText(type.element))));
}

/** Whether objects of several types, for which one record stands, are within values of a type. */
function isJoined(type: Type, seen: Set<unknown>): boolean {
  if (type.kind === "array") return isJoined(type.element, seen);
  if (type.kind !== "record" || type.declared !== undefined || seen.has(type.fields)) return false;
  seen.add(type.fields);
  return type.isJoined === true || type.fields.some((f) => f.isTag === true || isJoined(f.type, seen));
}

/** const at2 = at!.next; at = at2; */
function isNextOf(e: Expr): boolean {
  if (e.kind !== "read" || e.type.kind !== "record" || !containsItself(e.type)) return false;
  const of = e.of.kind === "operation" && e.of.op === "identity" ? e.of.args[0] : e.of;
  return of?.kind === "var" && of.type.nullable === true;
}

/** `() => []`, and not `number[]`. */
function holdsEmpty(text: string): boolean {
  return /(?<![\w\])])\[\]/.test(text);
}

/** { parents: [] }, where nothing says what is put into it. */
function isEmpty(e: Expr): boolean {
  return e.kind === "fresh" && e.initial === "elements" && e.args.length === 0 && e.type.kind === "array";
}

/** Whether a part of an object is written as any, since the object contains itself: at = at.next */
function isEndless(type: Type): boolean {
  return type.kind === "record" && type.declared === undefined && containsItself(type);
}

/** `Mode.Fast` is inferred as a `Mode`, `table.mass` of constants as their union: no other number may then be assigned. */
function mayBeNarrow(e: Expr): boolean {
  return e.kind === "source" && (e.type.kind === "real" || e.type.kind === "int") && e.text.every((part) => /^[\w$.[\]"]*$/.test(part));
}

/** Whether a type says more than literals do: tuples, optional fields, arrays of typed arrays, one of several words. */
function isExact(type: Type, seen: Set<unknown>): boolean {
  if (type.kind === "opaque") return isText(type) && type.text !== "string";
  if (type.kind === "array") {
    const { element } = type;
    return type.length !== undefined || element.nullable === true || element.kind === "typed" || isExact(element, seen);
  }
  if (type.kind !== "record" || seen.has(type.fields)) return false;
  seen.add(type.fields);
  return type.shape === "tuple" || type.fields.some((f) => f.type.nullable === true || f.type.kind === "typed" || isExact(f.type, seen));
}

/** A new typed array is inferred as one on an `ArrayBuffer`, and no other may then be assigned. */
function holdsTyped(type: Type, seen: Set<unknown>): boolean {
  if (type.kind === "array") return holdsTyped(type.element, seen);
  if (type.kind !== "record" || seen.has(type.fields)) return type.kind === "typed";
  seen.add(type.fields);
  return type.fields.some((f) => holdsTyped(f.type, seen));
}

/** Whether the type of an expression is what is left of a variable's type where it stands. */
function isNarrowed(e: Expr): boolean {
  if (e.kind === "var") return e.type.nullable === true;
  if (e.kind === "choice") return isNarrowed(e.then) || isNarrowed(e.else);
  return e.kind === "operation" && e.op === "identity" && e.args.some(isNarrowed);
}
