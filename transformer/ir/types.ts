/**
 * The types of IR values. Only what contains `real` has an adjoint.
 *
 * `int` is a number that is an integer by construction (a literal, a length, a counter, `| 0`): it cuts every
 * derivative. `nullable` says that the value may be missing at run time: it is `undefined` then, or `null` where `isNull` says so.
 */
export type Type = RealType | IntType | BoolType | ArrayType | TypedArrayType | RecordType | OpaqueType;

export interface RealType {
  readonly kind: "real";
  readonly nullable?: boolean;
  readonly isNull?: boolean;
}
export interface IntType {
  readonly kind: "int";
  readonly nullable?: boolean;
  readonly isNull?: boolean;
}
export interface BoolType {
  readonly kind: "bool";
  readonly nullable?: boolean;
  readonly isNull?: boolean;
}
/** A JavaScript array, or a tuple of one element type, whose length is then known. */
export interface ArrayType {
  readonly kind: "array";
  readonly element: Type;
  readonly length?: number;
  readonly nullable?: boolean;
  readonly isNull?: boolean;
}
export type TypedArrayName =
  | "Float64Array"
  | "Float32Array"
  | "Int8Array"
  | "Uint8Array"
  | "Uint8ClampedArray"
  | "Int16Array"
  | "Uint16Array"
  | "Int32Array"
  | "Uint32Array";
export interface TypedArrayType {
  readonly kind: "typed";
  readonly name: TypedArrayName;
  readonly nullable?: boolean;
  readonly isNull?: boolean;
}
/**
 * A record, or a tuple of several element types (`shape: "tuple"`, fields named "0", "1", …).
 * Records are compared by the identity of `fields`: a recursive record refers to itself through it, and a
 * record made by the compiler may still gain fields while the function that fills it is built.
 */
export interface RecordType {
  readonly kind: "record";
  readonly shape: "object" | "tuple";
  readonly name?: string;
  /** Where the program declares a type of this name, which this is. */
  readonly declared?: Declared;
  readonly fields: readonly Field[];
  /** Whether it stands for objects of several types: what not all of them have may be missing. */
  readonly isJoined?: boolean;
  readonly nullable?: boolean;
  readonly isNull?: boolean;
}
export interface Declared {
  readonly file: string;
  readonly pos: number;
}
export interface Field {
  readonly name: string;
  readonly type: Type;
  /** Whether TypeScript lets only its class say `o.name`; everyone may say `o["name"]`. */
  readonly hidden?: boolean;
  /** Whether it is the class of an object, which is none of its own members unless the object is made in a derivative. */
  readonly isTag?: boolean;
}
/** A value that is never differentiated and of which nothing is known: strings, dates, maps, functions. */
export interface OpaqueType {
  readonly kind: "opaque";
  /** Its TypeScript type, where it can be written down. */
  readonly text?: string;
  /** Of a function that a derivative gives: what it takes and what it gives. */
  readonly signature?: { readonly params: readonly { readonly name: string; readonly type: Type }[]; readonly result: Type };
  readonly nullable?: boolean;
  readonly isNull?: boolean;
}

/** Whether values of a type are texts: `string`, `"spring" | "damper"`. */
export function isText(type: Type): boolean {
  return type.kind === "opaque" && (type.text === "string" || type.text?.startsWith('"') === true);
}

export const real: RealType = { kind: "real" };
export const int: IntType = { kind: "int" };
export const bool: BoolType = { kind: "bool" };
export const opaque: OpaqueType = { kind: "opaque" };
export const float64Array: TypedArrayType = { kind: "typed", name: "Float64Array" };

export function arrayOf(element: Type, length?: number): ArrayType {
  return length === undefined ? { kind: "array", element } : { kind: "array", element, length };
}

export function recordOf(fields: readonly Field[], shape: "object" | "tuple" = "object", name?: string): RecordType {
  return { kind: "record", shape, fields, ...(name === undefined ? {} : { name }) };
}

/** A tuple type: an array of known length where all elements have one type, else a record with fields "0", "1", …. */
export function tupleOf(elements: readonly Type[]): ArrayType | RecordType {
  const [first] = elements;
  if (first !== undefined && elements.every((e) => sameType(e, first))) return arrayOf(first, elements.length);
  return recordOf(
    elements.map((type, i) => ({ name: String(i), type })),
    "tuple",
  );
}

export function nullable<T extends Type>(type: T): T {
  return type.nullable ? type : { ...type, nullable: true };
}
export function nonNull<T extends Type>(type: T): T {
  return type.nullable ? { ...type, nullable: false, isNull: false } : type;
}

/** The same type of what is null where it is missing. */
export function orNull<T extends Type>(type: T): T {
  return { ...type, nullable: true, isNull: true };
}
/** Whether what is missing is null. */
export function isNull(type: Type): boolean {
  return type.nullable === true && type.isNull === true;
}

/** Memory: what is passed by reference and may have a shadow. */
export type ReferenceType = ArrayType | TypedArrayType | RecordType;
export function isReference(type: Type): type is ReferenceType {
  return type.kind === "array" || type.kind === "typed" || type.kind === "record";
}
/** Whether a value of this type refers to further memory. */
export function holdsReferences(type: Type): boolean {
  if (type.kind === "record") return type.fields.some((f) => isReference(f.type));
  return type.kind === "array" && isReference(type.element);
}
/** Whether an array keeps numbers as they are: single precision rounds what is stored, and arrays of whole numbers cut it. */
export function keepsBits(type: Type): boolean {
  return type.kind === "array" || (type.kind === "typed" && type.name === "Float64Array");
}

/** An array or typed array that refers to no further memory: one index tells a place in it. */
export function isFlat(type: Type): boolean {
  return type.kind === "typed" || (type.kind === "array" && !isReference(type.element));
}
export function isNumeric(type: Type): type is RealType | IntType {
  return type.kind === "real" || type.kind === "int";
}

/** The type of `a[i]`. Integer typed arrays hold integers, which have no derivative. */
export function elementType(type: Type): Type {
  if (type.kind === "array") return type.element;
  if (type.kind === "typed") return isFloatArray(type) ? real : int;
  throw new Error(`no elements in a value of type ${printType(type)}`);
}
export function fieldType(type: Type, name: string): Type {
  const field = type.kind === "record" ? type.fields.find((f) => f.name === name) : undefined;
  if (field === undefined) throw new Error(`no field ${name} in a value of type ${printType(type)}`);
  return field.type;
}
export function isFloatArray(type: TypedArrayType): boolean {
  return type.name === "Float64Array" || type.name === "Float32Array";
}

/** Whether a value of this type can carry a derivative: it is real, or leads to something real. */
export function carriesReal(type: Type, seen: ReadonlySet<readonly Field[]> = new Set()): boolean {
  switch (type.kind) {
    case "real":
      return true;
    case "typed":
      return isFloatArray(type);
    case "array":
      return carriesReal(type.element, seen);
    case "record": {
      if (seen.has(type.fields)) return false;
      const inner = new Set(seen).add(type.fields);
      return type.fields.some((f) => carriesReal(f.type, inner));
    }
    default:
      return false;
  }
}

/** Whether objects of this type have objects of the same type within them: lists, trees. */
export function containsItself({ fields }: RecordType): boolean {
  const seen = new Set<readonly Field[]>();
  const leadsBack = (type: Type): boolean => {
    if (type.kind === "array") return leadsBack(type.element);
    if (type.kind !== "record" || seen.has(type.fields)) return false;
    seen.add(type.fields);
    return type.fields === fields || type.fields.some((f) => leadsBack(f.type));
  };
  return fields.some((f) => leadsBack(f.type));
}

/** Whether values of a type are, or have within them, objects that contain others of their own type: how deep they are is not known. */
export function isRecursive(type: Type, seen = new Set<readonly Field[]>()): boolean {
  if (type.kind === "array") return isRecursive(type.element, seen);
  if (type.kind !== "record" || seen.has(type.fields)) return false;
  seen.add(type.fields);
  return containsItself(type) || type.fields.some((f) => isRecursive(f.type, seen));
}

/** Whether one of these records stands within values of a type, as deep as types are gone through. */
export function reaches(type: Type, wanted: ReadonlySet<readonly Field[]>, isGoneThrough: (type: Type) => boolean = () => true, seen = new Set<readonly Field[]>()): boolean {
  const parts = type.kind === "array" ? [type.element] : type.kind === "record" && !seen.has(type.fields) ? type.fields.map((f) => f.type) : [];
  if (type.kind === "record") seen.add(type.fields);
  return parts.some((part) => isGoneThrough(part) && ((part.kind === "record" && wanted.has(part.fields)) || reaches(part, wanted, isGoneThrough, seen)));
}

export function sameType(a: Type, b: Type, around: readonly Pair[] = []): boolean {
  if (a.kind !== b.kind || Boolean(a.nullable) !== Boolean(b.nullable)) return false;
  if (a.kind === "array" && b.kind === "array") return a.length === b.length && sameType(a.element, b.element, around);
  if (a.kind === "typed" && b.kind === "typed") return a.name === b.name;
  if (a.kind === "record" && b.kind === "record") {
    if (areEqual(a, b, around)) return true;
    const within: readonly Pair[] = [...around, [a.fields, b.fields]];
    return (
      a.shape === b.shape &&
      a.fields.length === b.fields.length &&
      a.fields.every((f, i) => {
        const other = a.shape === "tuple" ? b.fields[i] : b.fields.find((g) => g.name === f.name);
        return other !== undefined && f.name === other.name && sameType(f.type, other.type, within);
      })
    );
  }
  return true;
}

/** Two records that are compared already, around these. */
export type Pair = readonly [readonly Field[], readonly Field[]];

/** Whether two records are one, or are within two that are them: what contains itself is the same where nothing differs. */
export function areEqual(a: RecordType, b: RecordType, around: readonly Pair[]): boolean {
  return a.fields === b.fields || around.some(([x, y]) => x === a.fields && y === b.fields);
}

export function printType(type: Type): string {
  const mark = type.nullable ? "?" : "";
  switch (type.kind) {
    case "array":
      return `${printType(type.element)}[${type.length ?? ""}]${mark}`;
    case "typed":
      return type.name + mark;
    case "record":
      return (type.name ?? `{ ${type.fields.map((f) => `${f.name}: ${f.type.kind}`).join(", ")} }`) + mark;
    default:
      return type.kind + mark;
  }
}
