import { isLiteral } from "../ir/build.js";
import type { Atom, Fn, Load, Var } from "../ir/model.js";
import { rewriteBlock } from "../ir/rewrite.js";
import type { Type } from "../ir/types.js";
import { blocksWithin, operands } from "../ir/walk.js";

/** How a parameter is written: under its name, or taken apart at once. */
export type Head = Var | Pattern;
export interface Pattern {
  readonly kind: "pattern";
  readonly type: Type;
  readonly parts: readonly (Head | undefined)[];
}

// f(args) { … args[0] … args[1] … }   becomes   f([x, y]) { … x … y … }
/** A function whose parameters are what its own tuples hold, and how they are written. */
export function takenApart(fn: Fn): { readonly fn: Fn; readonly heads: readonly Head[] } {
  const heads: Head[] = [];
  const names = new Map<Var, Var>();
  const loads = new Set<Load>();
  const head = (v: Var): Head => {
    const found = v.isTuple === true && v.type.nullable !== true ? loadsOf(v, fn) : undefined;
    if (found === undefined) return v;
    const parts = new Map<number, Var>();
    for (const s of found) {
      loads.add(s);
      const at = Number(s.key.kind === "field" ? s.key.name : s.key.kind === "literal" && s.key.value);
      const before = parts.get(at);
      if (before === undefined) parts.set(at, s.result);
      else names.set(s.result, before);
    }
    const length = Math.max(...parts.keys()) + 1;
    const inner = Array.from({ length }, (_, i) => parts.get(i)).map((part) => part && head(part));
    return { kind: "pattern", type: v.type, parts: inner };
  };
  for (const p of fn.params) heads.push(head(p));
  if (loads.size === 0) return { fn, heads };
  const results = new Set(Array.from(loads, (s) => s.result));
  const body = rewriteBlock(fn.body, {
    atom: (a) => (a.kind === "var" ? (names.get(a) ?? a) : a),
    statement: (s) => (s.kind === "load" && results.has(s.result) ? [] : [s]),
  });
  return { fn: { ...fn, params: heads.flatMap(variablesOf), body }, heads };
}

export function variablesOf(head: Head | undefined): readonly Var[] {
  if (head === undefined) return [];
  return head.kind === "var" ? [head] : head.parts.flatMap(variablesOf);
}

/** The loads of a tuple that is used for nothing else. */
function loadsOf(v: Var, fn: Fn): readonly Load[] | undefined {
  const loads: Load[] = [];
  const isUsed = (a: Atom): boolean => a === v;
  for (const block of blocksWithin(fn.body)) {
    if (block.yields.some(isUsed)) return undefined;
    for (const s of block.statements) {
      if (!operands(s).some(isUsed)) continue;
      if (s.kind !== "load" || !isPlace(s) || !isSameNullity(s, v)) return undefined;
      loads.push(s);
    }
  }
  return loads.length === 0 ? undefined : loads;
}

function isPlace({ key }: Load): boolean {
  if (key.kind === "field") return /^\d+$/.test(key.name);
  return isLiteral(key) && typeof key.value === "number";
}

/** What is asserted to be there is written where it is read. */
function isSameNullity({ key, result }: Load, { type }: Var): boolean {
  const at = key.kind === "field" ? key.name : "";
  const element = type.kind === "array" ? type.element : type.kind === "record" ? type.fields.find((f) => f.name === at)?.type : undefined;
  return Boolean(element?.nullable) === Boolean(result.type.nullable);
}
