import { isNull, type Field, type RecordType, type Type } from "../ir/types.js";

/** How a type is written in TypeScript. A record is written by its name where that is known. */
export function emitType(type: Type, isKnown: Place["isKnown"] = () => true): string {
  return write(type, { within: new Set(), isKnown });
}

interface Place {
  readonly within: ReadonlySet<readonly Field[]>;
  /** Whether a record can be written by its name. */
  isKnown(name: string, declared: RecordType["declared"]): boolean;
}

/** Whether two types are the same once they are written down: integers and reals are both numbers. */
export function sameText(a: Type, b: Type): boolean {
  return a === b || emitType(a) === emitType(b);
}

/** Whether TypeScript finds that no value can be of both types, so that it compares none of them: `"sine" === "r0"`, other objects. */
export function areApart(a: Type, b: Type): boolean {
  if (a.kind === "opaque" && b.kind === "opaque") return isOneOf(a.text) && isOneOf(b.text) && !a.text.split(" | ").some((text) => b.text?.split(" | ").includes(text));
  if (a.kind === "array" && b.kind === "array") return areApart(a.element, b.element);
  if (a.kind !== "record" || b.kind !== "record" || a.fields === b.fields) return false;
  return lacksMember(a, b) && lacksMember(b, a);
}

function isOneOf(text: string | undefined): text is string {
  return text?.startsWith('"') === true;
}

function lacksMember(of: RecordType, from: RecordType): boolean {
  return from.fields.some((f) => f.type.nullable !== true && !of.fields.some((g) => g.name === f.name));
}

/** Whether undefined may stand where a value of a type is wanted. Where it may not, nothing is read of it: it is written `undefined!`. */
export function takesUndefined(type: Type): boolean {
  return type.nullable === true || (type.kind === "opaque" && type.signature === undefined && (type.text === undefined || type.text === "undefined"));
}

function write(type: Type, place: Place): string {
  const text = writeNonNull(type, place);
  return type.nullable === true && text !== "any" && text !== "unknown" ? `${text} | ${isNull(type) ? "null" : "undefined"}` : text;
}

function writeNonNull(type: Type, place: Place): string {
  switch (type.kind) {
    case "real":
    case "int":
      return "number";
    case "bool":
      return "boolean";
    case "typed":
      return type.name;
    case "opaque":
      if (type.signature !== undefined) {
        const params = type.signature.params.map((p) => `${p.name}: ${write(p.type, place)}`).join(", ");
        return `(${params}) => ${write(type.signature.result, place)}`;
      }
      // What stands in a shadow for what has no derivative is never looked at.
      return type.text === "undefined" ? "unknown" : (type.text ?? "any");
    case "array": {
      const element = write(type.element, place);
      if (type.length !== undefined) return `[${new Array<string>(type.length).fill(element).join(", ")}]`;
      return /[ |&]/.test(element) && (type.element.nullable === true || !/^[[{]/.test(element)) ? `(${element})[]` : `${element}[]`;
    }
    case "record":
      return writeRecord(type, place);
  }
}

// A record without a name that contains itself cannot be written down where it repeats.
function writeRecord(type: RecordType, place: Place): string {
  if (type.name !== undefined && type.shape === "object" && place.isKnown(type.name, type.declared)) return type.name;
  // What one function saves for another leads to what it calls saves, and so on: only the outermost is written out.
  if (place.within.has(type.fields) || (place.within.size > 0 && isMade(type))) return "any";
  const inner: Place = { ...place, within: new Set(place.within).add(type.fields) };
  if (type.shape === "tuple") return `[${type.fields.map((f) => write(f.type, inner)).join(", ")}]`;
  if (type.fields.length === 0) return "{}";
  const fields = type.fields.map((f) => {
    const optional = f.type.nullable === true && !isNull(f.type) ? "?" : "";
    return `${propertyName(f.name)}${optional}: ${optional === "" ? write(f.type, inner) : writeNonNull(f.type, inner)}`;
  });
  return `{ ${fields.join("; ")} }`;
}

/** A record that the compiler made for values saved between two functions. */
function isMade({ name }: RecordType): boolean {
  return name?.endsWith("Saved") === true;
}

/** A property name as it stands in an object literal. */
export function propertyName(name: string): string {
  return isIdentifier(name) ? name : JSON.stringify(name);
}

export function isIdentifier(text: string): boolean {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(text);
}
