import { literal, variable, zero } from "../ir/build.js";
import type { Allocate, Atom, Fn, Statement, Var } from "../ir/model.js";
import { rewriteBlock } from "../ir/rewrite.js";
import { elementType, isNumeric, isReference, type Type } from "../ir/types.js";
import { blocksOf, operands, statementsOf } from "../ir/walk.js";

/**
 * A record or a list that is made only to know the shape of its zeros is not needed:
 *
 *     r = [a, x]; dr = zeros like r   becomes   da = zeros like a; dr = [da, 0]
 */
export function zerosOfParts(fn: Fn): Fn {
  const shapes = shapesOf(fn);
  if (shapes.size === 0) return fn;
  const instead = (s: Statement): readonly Statement[] => {
    if (s.kind === "allocate" && shapes.has(s.result)) return [];
    const shape = s.kind === "allocate" && s.initial.kind === "zerosLike" && s.initial.source.kind === "var" ? shapes.get(s.initial.source) : undefined;
    return s.kind !== "allocate" || shape === undefined ? [s] : inParts(s, shape);
  };
  return { ...fn, body: rewriteBlock(fn.body, { atom: (a) => a, statement: instead }) };
}

function inParts(s: Allocate, { result: { type: from }, initial }: Allocate): readonly Statement[] {
  const { type } = s.result;
  if (initial.kind !== "elements" || type.kind !== from.kind) return [s];
  const parts: Statement[] = [];
  const part = (type: Type, source: Atom | undefined): Atom => {
    if (!isReference(type) || source?.kind !== "var") return isNumeric(type) && type.nullable !== true ? zero : literal(undefined, type);
    const result = variable("", type, s.origin);
    parts.push({ kind: "allocate", result, initial: { kind: "zerosLike", source }, ...(s.origin && { origin: s.origin }) });
    return result;
  };
  const isRecord = type.kind === "record" && from.kind === "record";
  const elements = isRecord ? type.fields.map((f) => part(f.type, initial.elements[from.fields.findIndex((g) => g.name === f.name)])) : initial.elements.map((e) => part(elementType(type), e));
  return [...parts, { ...s, initial: { kind: "elements", elements } }];
}

/** The records, and lists of memory, of which it is known which parts are there, and of which nothing but zeros is asked. */
function shapesOf(fn: Fn): ReadonlyMap<Var, Allocate> {
  const shapes = new Map<Var, Allocate>();
  const statements = statementsOf(fn.body);
  for (const s of statements) {
    if (s.kind !== "allocate" || s.initial.kind !== "elements") continue;
    const { type } = s.result;
    const types = type.kind === "record" ? type.fields.map((f) => f.type) : s.initial.elements.map(() => elementType(type));
    const isWhole = s.initial.elements.every((e, i) => types[i]?.kind === "opaque" || types[i]?.nullable !== true || (e.kind === "literal" && e.value === undefined));
    if (isWhole && (type.kind === "record" || isReference(elementType(type)))) shapes.set(s.result, s);
  }
  if (shapes.size === 0) return shapes;
  const zeroed = new Set<Atom>();
  const reject = (a: Atom): void => void (a.kind === "var" && shapes.delete(a));
  for (const s of statements) {
    if (s.kind === "allocate" && s.initial.kind === "zerosLike") zeroed.add(s.initial.source);
    else operands(s).forEach(reject);
    for (const block of blocksOf(s)) block.yields.forEach(reject);
  }
  fn.body.yields.forEach(reject);
  for (const v of [...shapes.keys()]) if (!zeroed.has(v)) shapes.delete(v);
  return shapes;
}
