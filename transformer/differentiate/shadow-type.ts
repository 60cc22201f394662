import { arrayOf, carriesReal, float64Array, isReference, opaque, real, type Field, type Type } from "../ir/types.js";

/**
 * The type of a shadow: the same shape with adjoints in the place of numbers. Shadows of typed arrays are
 * `Float64Array`s, since a sum of single precision stops growing; what carries no derivative is left undefined.
 */
export function shadowType(type: Type, known = new Map<readonly Field[], Type>()): Type {
  const shadow = shapeOf(type, known);
  return type.nullable && isReference(type) ? { ...shadow, nullable: true } : shadow;
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
      const shadow: Type = { kind: "record", shape: type.shape, fields, ...(type.name ? { name: `${type.name}Adjoint` } : {}) };
      known.set(type.fields, shadow);
      for (const f of type.fields) fields.push({ name: f.name, type: shadowType(f.type, known) });
      return shadow;
    }
    default:
      return type;
  }
}
