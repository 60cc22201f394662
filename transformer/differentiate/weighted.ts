import { Builder, carry, lengthField, literal, region, variable, zero } from "../ir/build.js";
import type { Atom, Key } from "../ir/model.js";
import { bool, carriesReal, int, isReference, nonNull, real, type ReferenceType, type Type } from "../ir/types.js";

// s = 0; for (i …) s += g[i] * v[i]
/**
 * The sum of the numbers of a value, each times the one in the same place of `g`. `length`: of how many elements the value
 * is, where that is known.
 */
export function weighted(g: Atom, value: Atom, type: Type, b: Builder, length?: number): Atom {
  if (!isReference(type)) return b.let("*", [g, value], real);
  const places = placesOf(length === undefined || type.kind !== "array" ? type : { ...type, length });
  if (places === undefined) return overElements(g, value, type.kind === "array" ? type.element : real, b);
  let sum: Atom = zero;
  for (const [key, inner] of places) {
    if (!carriesReal(inner)) continue;
    const part = member(g, value, key, inner, b);
    sum = sum === zero ? part : b.let("+", [sum, part], real);
  }
  return sum;
}

/** The most elements of a tuple that are written out. */
const most = 16;

/** What stands at places that are known. */
function placesOf(type: ReferenceType): readonly (readonly [Key, Type])[] | undefined {
  if (type.kind === "record") return type.fields.map((f) => [{ kind: "field", name: f.name }, f.type]);
  if (type.kind !== "array" || type.length === undefined || type.length > most) return undefined;
  const { element } = type;
  return Array.from({ length: type.length }, (_, i) => [literal(i), element]);
}

function overElements(g: Atom, value: Atom, element: Type, b: Builder): Atom {
  const i = variable("i", int, b.origin);
  const sum = carry(variable("s", real, b.origin), literal(0, real));
  const bound = b.load(value, lengthField);
  const inner = new Builder(b.origin);
  const next = inner.let("+", [sum.param, member(g, value, i, element, inner)], real);
  b.add({ kind: "loop", counter: { var: i, start: zero, test: "<", bound, step: 1 }, carried: [sum], body: inner.block(region("weighted"), [zero, next]), ...(b.origin && { origin: b.origin }) });
  return sum.result;
}

// v.k === undefined ? 0 : g.k * v.k
function member(g: Atom, value: Atom, key: Key, type: Type, b: Builder): Atom {
  const part = b.load(value, key, "", type);
  if (type.nullable !== true) return weighted(b.load(g, key), part, type, b);
  const there = new Builder(b.origin);
  const present = nonNull(type);
  const weight = there.load(g, key);
  const product = weighted(weight.type.nullable === true ? there.let("identity", [weight], nonNull(weight.type)) : weight, there.let("identity", [part], present), present, there);
  const result = variable("", real, b.origin);
  b.if(b.let("isUndefined", [part], bool), { region: region("missing"), statements: [], yields: [literal(0, real)] }, there.block(region("present"), [product]), [result]);
  return result;
}
