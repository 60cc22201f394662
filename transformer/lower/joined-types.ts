import { areEqual, arrayOf, carriesReal, isNull, isRecursive, isReference, isText, nonNull, nullable, opaque, orNull, real, recordOf, sameType, type Field, type OpaqueType, type Pair, type RecordType, type Type } from "../ir/types.js";

/** The longest type that lists texts. */
const LONGEST = 60;

/** Where types are joined. */
interface Within {
  /** Records of which the members are not known yet, so that nothing can be said of what they have in common with others. */
  readonly open: ReadonlySet<readonly Field[]>;
  /** The records that are being joined. */
  readonly around: readonly Pair[];
}

const nowhere: Within = { open: new Set(), around: [] };

/** The type of what is sometimes of type `a` and sometimes of type `b`; an int is a real as well. */
export function join(a: Type, b: Type): Type {
  return joinWithin(a, b, nowhere);
}

function joinWithin(a: Type, b: Type, within: Within): Type {
  const merged = joinKinds(nonNull(a), nonNull(b), within);
  if (isNull(a) || isNull(b)) return orNull(merged);
  return a.nullable || b.nullable ? nullable(merged) : merged;
}

/** The same of two types that are there. */
export function joinKinds(a: Type, b: Type, within = nowhere): Type {
  if (sameType(a, b)) return withTexts(a, b);
  if (a.nullable || b.nullable) return joinWithin(a, b, within);
  if ((a.kind === "int" && b.kind === "real") || (a.kind === "real" && b.kind === "int")) return real;
  if (a.kind === "array" && b.kind === "array") return arrayOf(joinWithin(a.element, b.element, within));
  if (a.kind === "record" && b.kind === "record") return joinRecords(a, b, within) ?? opaque;
  // number[] | Float64Array: read and written alike.
  if (isReference(a) && isReference(b) && a.kind !== "record" && b.kind !== "record") return arrayOf(real);
  return opaque;
}

/** Of two types that are the same, which may know different texts: `"spring"` and `"damper"` are `"spring" | "damper"`. */
function withTexts(a: Type, b: Type): Type {
  if (a.kind === "opaque" && b.kind === "opaque") return joinOpaque(a, b);
  if (a.kind === "array" && b.kind === "array") {
    const element = withTexts(a.element, b.element);
    return element === a.element ? a : { ...a, element };
  }
  if (a.kind !== "record" || b.kind !== "record" || a.fields === b.fields || a.name !== undefined || isRecursive(a)) return a;
  const types = a.fields.map((f, i) => withTexts(f.type, (b.fields.find((g) => g.name === f.name) ?? b.fields[i] ?? f).type));
  return types.every((t, i) => t === a.fields[i]?.type) ? a : { ...a, fields: a.fields.map((f, i) => ({ ...f, type: types[i] ?? f.type })) };
}

/** Of two things of which one is no text nothing is known. */
function joinOpaque(a: OpaqueType, b: OpaqueType): OpaqueType {
  if (a.text === b.text) return a;
  const rest: OpaqueType = a.nullable === true ? nullable(opaque) : opaque;
  if (!isText(a) || !isText(b)) return rest;
  const texts = [...new Set([a, b].flatMap(({ text = "" }) => text.match(/"(?:[^"\\]|\\.)*"|string/g) ?? []))];
  const text = texts.includes("string") ? "string" : texts.join(" | ");
  return text.length > LONGEST ? rest : { ...rest, text };
}

/** What is a record of one kind or of the other: what only one of them has may be absent. */
function joinRecords(a: RecordType, b: RecordType, { open, around }: Within): RecordType | undefined {
  if (a.shape !== "object" || b.shape !== "object") return undefined;
  // Of objects that contain themselves in different ways nothing is known.
  if (open.has(a.fields) || open.has(b.fields) || areEqual(a, b, around)) return undefined;
  const within: Within = { open, around: [...around, [a.fields, b.fields]] };
  const names = new Set([...a.fields, ...b.fields].map((f) => f.name));
  const fields = [...names].map((name): Field | undefined => {
    const [x, y] = [a, b].map((r) => r.fields.find((f) => f.name === name));
    if (x === undefined || y === undefined) {
      const only = x ?? y;
      return only && { ...only, type: nullable(only.type) };
    }
    const type = joinWithin(x.type, y.type, within);
    // One name for two things that have no shadow in common.
    return type.kind === "opaque" && (carriesReal(x.type) || carriesReal(y.type)) ? undefined : { ...x, type };
  });
  return fields.every((f) => f !== undefined) ? { ...recordOf(fields), isJoined: true } : undefined;
}
