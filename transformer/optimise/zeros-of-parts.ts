import { literal, variable, zero } from "../ir/build.js";
import type { Allocate, Atom, Fn, Statement, Var } from "../ir/model.js";
import { rewriteBlock } from "../ir/rewrite.js";
import { isReference } from "../ir/types.js";
import { blocksOf, operands, statementsOf } from "../ir/walk.js";

/**
 * A record that is made only to know the shape of its zeros is not needed:
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
  if (type.kind !== "record" || from.kind !== "record" || initial.kind !== "elements") return [s];
  const parts: Statement[] = [];
  const elements = type.fields.map((f): Atom => {
    const source = initial.elements[from.fields.findIndex((g) => g.name === f.name)];
    if (!isReference(f.type) || source === undefined || source.kind === "literal") return f.type.kind === "real" || f.type.kind === "int" ? zero : literal(undefined, f.type);
    const result = variable("", f.type, s.origin);
    parts.push({ kind: "allocate", result, initial: { kind: "zerosLike", source }, ...(s.origin && { origin: s.origin }) });
    return result;
  });
  return [...parts, { ...s, initial: { kind: "elements", elements } }];
}

/** The records whose parts are all there and of which nothing but zeros is asked. */
function shapesOf(fn: Fn): ReadonlyMap<Var, Allocate> {
  const shapes = new Map<Var, Allocate>();
  const statements = statementsOf(fn.body);
  for (const s of statements) {
    const isWhole = s.kind === "allocate" && s.initial.kind === "elements" && s.result.type.kind === "record" && s.result.type.fields.every((f) => f.type.nullable !== true);
    if (isWhole) shapes.set(s.result, s);
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
