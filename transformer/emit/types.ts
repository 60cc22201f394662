import type { Field, RecordType, Type } from "../ir/types.js";

/** How a type is written in TypeScript. */
export function emitType(type: Type): string {
  return write(type, new Set());
}

/** Whether two types are the same once they are written down: integers and reals are both numbers. */
export function sameText(a: Type, b: Type): boolean {
  return a === b || emitType(a) === emitType(b);
}

/** A tuple type of the results of a function that has several. */
export function emitResultType(results: readonly Type[]): string {
  const [first] = results;
  if (first === undefined) return "void";
  return results.length === 1 ? emitType(first) : `[${results.map(emitType).join(", ")}]`;
}

function write(type: Type, within: ReadonlySet<readonly Field[]>): string {
  const text = writeNonNull(type, within);
  return type.nullable === true && text !== "any" ? `${text} | undefined` : text;
}

function writeNonNull(type: Type, within: ReadonlySet<readonly Field[]>): string {
  switch (type.kind) {
    case "real":
    case "int":
      return "number";
    case "bool":
      return "boolean";
    case "typed":
      return type.name;
    case "opaque":
      return type.text ?? "any";
    case "array": {
      const element = write(type.element, within);
      if (type.length !== undefined) return `[${new Array<string>(type.length).fill(element).join(", ")}]`;
      return /[ |&]/.test(element) && !/^[[{]/.test(element) ? `(${element})[]` : `${element}[]`;
    }
    case "record":
      return writeRecord(type, within);
  }
}

// A record without a name that contains itself cannot be written down where it repeats.
function writeRecord(type: RecordType, within: ReadonlySet<readonly Field[]>): string {
  if (type.name !== undefined && type.shape === "object") return type.name;
  if (within.has(type.fields)) return "any";
  const inner = new Set(within).add(type.fields);
  if (type.shape === "tuple") return `[${type.fields.map((f) => write(f.type, inner)).join(", ")}]`;
  if (type.fields.length === 0) return "{}";
  const fields = type.fields.map((f) => {
    const optional = f.type.nullable === true ? "?" : "";
    return `${propertyName(f.name)}${optional}: ${optional === "" ? write(f.type, inner) : writeNonNull(f.type, inner)}`;
  });
  return `{ ${fields.join("; ")} }`;
}

/** A property name as it stands in an object literal. */
export function propertyName(name: string): string {
  return isIdentifier(name) ? name : JSON.stringify(name);
}

export function isIdentifier(text: string): boolean {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(text);
}
