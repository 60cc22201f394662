import type ts from "typescript";

/** How to make values of a type. It is plain data: the child that makes them knows no types. */
export type Recipe =
  | { readonly kind: "number" }
  | { readonly kind: "constant"; readonly value: string | number | boolean | null | undefined }
  | { readonly kind: "choice"; readonly of: readonly Recipe[] }
  | { readonly kind: "array"; readonly element: Recipe }
  | { readonly kind: "tuple"; readonly elements: readonly Recipe[] }
  | { readonly kind: "typed"; readonly name: TypedName }
  | { readonly kind: "record"; readonly fields: readonly (readonly [key: string, value: Recipe])[] };

const typedNames = [
  "Float64Array",
  "Float32Array",
  "Int8Array",
  "Uint8Array",
  "Uint8ClampedArray",
  "Int16Array",
  "Uint16Array",
  "Int32Array",
  "Uint32Array",
] as const;
export type TypedName = (typeof typedNames)[number];

/** Why no values of a type can be made: `holds a function`, to be put behind a name. */
export class NoRecipe {
  /** `endless`: only because the type contains itself, so that an array of it can still be empty. */
  constructor(
    readonly why: string,
    readonly endless = false,
  ) {}
}

/** Whether a value holds an array whose length is made up. */
export function isList(recipe: Recipe | undefined): boolean {
  switch (recipe?.kind) {
    case "array":
    case "typed":
      return true;
    case "tuple":
      return recipe.elements.some(isList);
    case "record":
      return recipe.fields.some(([, field]) => isList(field));
    case "choice":
      return recipe.of.some(isList);
    default:
      return false;
  }
}

export function isRecipe(made: Recipe | NoRecipe): made is Recipe {
  return !(made instanceof NoRecipe);
}

/** How often a type may stand within itself; from there on arrays are empty and optional fields left out. */
const mostWithin = 2;

/** The types of the objects that a type is part of. */
type Outer = readonly ts.Type[];

export function createCook(compiler: typeof ts, checker: ts.TypeChecker): (type: ts.Type) => Recipe | NoRecipe {
  const { TypeFlags, ElementFlags, SymbolFlags, IndexKind } = compiler;
  return (type) => recipe(type, []);

  function recipe(type: ts.Type, outer: Outer): Recipe | NoRecipe {
    if (type.isUnion() && !(type.flags & TypeFlags.Boolean)) return union(type.types, outer);
    const { flags } = type;
    if (flags & TypeFlags.Boolean) return { kind: "choice", of: [false, true].map((value) => ({ kind: "constant", value })) };
    if (flags & TypeFlags.BooleanLiteral) return { kind: "constant", value: checker.typeToString(type) === "true" };
    if (type.isNumberLiteral() || type.isStringLiteral()) return { kind: "constant", value: type.value };
    if (flags & TypeFlags.NumberLike) return { kind: "number" };
    if (flags & TypeFlags.Null) return { kind: "constant", value: null };
    if (flags & (TypeFlags.Undefined | TypeFlags.Void)) return { kind: "constant", value: undefined };
    // A brand: number & { __brand: "metres" }
    if (type.isIntersection() && type.types.some((part) => part.flags & TypeFlags.NumberLike)) return { kind: "number" };
    if (type.isTypeParameter()) {
      const constraint = checker.getBaseConstraintOfType(type);
      return constraint === undefined ? no(type) : recipe(constraint, outer);
    }
    return flags & (TypeFlags.Object | TypeFlags.Intersection) ? object(type, outer) : no(type);
  }

  /** Of a union what can be made; what stands for "missing" only where there is nothing else. */
  function union(types: readonly ts.Type[], outer: Outer): Recipe | NoRecipe {
    const isMissing = (type: ts.Type): boolean => (type.flags & (TypeFlags.Undefined | TypeFlags.Null)) !== 0;
    const all = types.filter((type) => !isMissing(type)).map((type) => recipe(type, outer));
    const made = all.filter(isRecipe);
    const [first] = made;
    if (first !== undefined) return made.length === 1 ? first : { kind: "choice", of: made };
    const missing = types.find(isMissing);
    return missing === undefined ? (all[0] ?? new NoRecipe("has no values")) : recipe(missing, outer);
  }

  function object(type: ts.Type, outer: Outer): Recipe | NoRecipe {
    const name = typedNames.find((typed) => typed === type.symbol?.name);
    if (name !== undefined) return { kind: "typed", name };
    if (checker.isTupleType(type)) return tuple(type as ts.TupleTypeReference, outer);
    const element = elementOf(type);
    if (element !== undefined) {
      const made = recipe(element, outer);
      if (isRecipe(made)) return { kind: "array", element: made };
      return made.endless ? { kind: "tuple", elements: [] } : made;
    }
    if (type.getCallSignatures().length + type.getConstructSignatures().length > 0) return new NoRecipe("is a function");
    if (type.symbol !== undefined && type.symbol.flags & SymbolFlags.Class) return new NoRecipe(`is of the class ${type.symbol.name}`);
    return record(type, outer);
  }

  /** The type of the elements of an array, and of whatever has a length and numbers for keys. */
  function elementOf(type: ts.Type): ts.Type | undefined {
    if (checker.isArrayType(type)) return checker.getTypeArguments(type as ts.TypeReference)[0];
    return type.getProperty("length") === undefined ? undefined : checker.getIndexTypeOfType(type, IndexKind.Number);
  }

  function tuple(type: ts.TupleTypeReference, outer: Outer): Recipe | NoRecipe {
    const elements: Recipe[] = [];
    for (const [i, element] of checker.getTypeArguments(type).entries()) {
      const repeated = ((type.target.elementFlags[i] ?? 0) & ElementFlags.Variable) !== 0;
      const made = recipe(element, outer);
      if (!isRecipe(made)) return made;
      elements.push(...(repeated ? [made, made] : [made]));
    }
    return { kind: "tuple", elements };
  }

  function record(type: ts.Type, outer: Outer): Recipe | NoRecipe {
    if (outer.filter((other) => other === type).length === mostWithin) return new NoRecipe("contains itself", true);
    const inner = [...outer, type];
    const fields: [string, Recipe][] = [];
    for (const property of checker.getPropertiesOfType(type)) {
      const made = recipe(checker.getTypeOfSymbol(property), inner);
      const optional = (property.flags & SymbolFlags.Optional) !== 0;
      if (!isRecipe(made)) {
        if (!optional) return new NoRecipe(`has '${property.name}', which ${made.why}`, made.endless);
      } else if (!optional || made.kind !== "constant" || made.value !== undefined) fields.push([property.name, made]);
    }
    const indexed = checker.getIndexTypeOfType(type, IndexKind.String);
    if (indexed === undefined) return { kind: "record", fields };
    const made = recipe(indexed, inner);
    return !isRecipe(made) ? made : { kind: "record", fields: [...fields, ["a", made], ["b", made]] };
  }

  function no(type: ts.Type): NoRecipe {
    return new NoRecipe(`is of type ${checker.typeToString(type)}`);
  }
}
