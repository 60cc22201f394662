import { arrayOf, carriesReal, float64Array, isNull, isReference, nullable, opaque, real, recordOf, type Field, type RecordType, type Type } from "../ir/types.js";

/**
 * The type of a shadow: the same shape with adjoints in the place of numbers. Shadows of typed arrays are
 * `Float64Array`s, since a sum of single precision stops growing; what carries no derivative is left undefined.
 */
export function shadowType(type: Type, known = new Map<readonly Field[], Type>()): Type {
  const shadow = shapeOf(type, known);
  return type.nullable && isReference(type) ? { ...shadow, nullable: true } : shadow;
}

/** The type of a gradient that is given from outside: numbers that the argument may lack it may lack as well. */
export function gradientType(type: Type, known = new Map<readonly Field[], Type>()): Type {
  if (type.kind === "array") {
    const element = gradientType(type.element, known);
    return arrayOf(type.element.nullable && isReference(type.element) ? nullable(element) : element, type.length);
  }
  if (type.kind !== "record") return shadowType(type);
  const before = known.get(type.fields);
  if (before !== undefined) return before;
  const fields: Field[] = [];
  const gradient: Type = { ...recordOf(fields, type.shape), ...nameOf(type) };
  known.set(type.fields, gradient);
  for (const f of type.fields) {
    if (type.shape !== "tuple" && !carriesReal(f.type)) continue;
    const inner = gradientType(f.type, known);
    fields.push({ name: f.name, type: f.type.nullable && carriesReal(f.type) ? nullable(inner) : inner });
  }
  return gradient;
}

/** A shadow has a name of its own, unless it is in all respects like what it is of. */
function nameOf(type: RecordType): Pick<RecordType, "name" | "declared"> {
  if (type.name === undefined) return {};
  const { name, declared } = type;
  return declared !== undefined && isOwnShadow(type) ? { name, declared } : { name: `${name}Adjoint` };
}

/** Whether values of a type are what shadows of such values are: numbers all through. */
function isOwnShadow(type: Type, seen = new Set<readonly Field[]>()): boolean {
  if (type.kind === "array") return type.element.nullable !== true && isOwnShadow(type.element, seen);
  if (type.kind === "typed") return type.name === "Float64Array";
  if (type.kind !== "record") return type.kind === "real";
  if (seen.has(type.fields)) return true;
  seen.add(type.fields);
  return type.shape === "object" && type.fields.every((f) => f.hidden !== true && !isNull(f.type) && isOwnShadow(f.type, seen));
}

/** What an object may lack its shadow lacks too. */
function memberType(type: Type, shadow: Type, shape: RecordType["shape"]): Type {
  return type.nullable && shape === "object" ? nullable(shadow) : shadow;
}

function shapeOf(type: Type, known: Map<readonly Field[], Type>): Type {
  if (!carriesReal(type)) return { ...opaque, nullable: true, text: "undefined" };
  switch (type.kind) {
    case "real":
      return real;
    case "typed":
      return float64Array;
    case "array":
      return arrayOf(shadowType(type.element, known), type.length);
    case "record": {
      const before = known.get(type.fields);
      if (before !== undefined) return before;
      // A record may refer to itself: its shadow is known before its fields are.
      const fields: Field[] = [];
      const shadow: Type = { ...recordOf(fields, type.shape), ...nameOf(type) };
      known.set(type.fields, shadow);
      // What is no number is left out of objects, and keeps its place in tuples.
      for (const f of type.fields) if (type.shape === "tuple" || carriesReal(f.type)) fields.push({ name: f.name, type: memberType(f.type, shadowType(f.type, known), type.shape) });
      return shadow;
    }
    default:
      return type;
  }
}
