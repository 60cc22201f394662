import type ts from "typescript";
import {
  arrayOf,
  bool,
  carriesReal,
  isNull,
  nullable,
  opaque,
  orNull,
  reaches,
  real,
  recordOf,
  sameType,
  tupleOf,
  type Field,
  type OpaqueType,
  type RecordType,
  type Type,
} from "../ir/types.js";
import type { Packages } from "../through.js";
import type { Classes } from "./facts/classes.js";
import { joinKinds } from "./joined-types.js";
import { declarationOf } from "./named-types.js";
import type { TypeArguments } from "./type-arguments.js";
import { isTypedArrayName, TypeQueries } from "./type-queries.js";

/** What tells the classes of objects apart: `o.constructor`, which objects that are made in a derivative have of their own. */
const tag: Field = { name: "constructor", type: { ...opaque, text: "Function" }, isTag: true };

/** The types of TypeScript as types of the IR. What is neither a number nor a boolean nor an array is opaque. */
export class Types extends TypeQueries {
  private records = new Map<ts.Type, Type>();
  /** The members of records that are being looked through, which are not known yet. */
  private open = new Set<readonly Field[]>();
  /** The types at places: they are asked for again and again. */
  private places = new Map<ts.Node, Type>();

  constructor(
    context: { readonly ts: typeof ts; readonly checker: ts.TypeChecker; readonly packages: Packages; readonly classes: Classes },
    private given: TypeArguments = new Map(),
  ) {
    super(context);
  }

  /** What type parameters stand for here, with further ones. */
  with(given: TypeArguments): TypeArguments {
    return new Map([...this.given, ...given]);
  }

  at(node: ts.Node): Type {
    let found = this.places.get(node);
    if (found === undefined) this.places.set(node, (found = this.from(this.checker.getTypeAtLocation(node))));
    return found;
  }

  /** The type of an object that is made of a class: one of several may hold no numbers of its own. */
  made(node: ts.Expression): Type {
    const found = this.at(node);
    const type = this.checker.getTypeAtLocation(node);
    const fields = found.kind === "opaque" && this.families.of(type) !== undefined ? this.fieldsOf(type, 0) : undefined;
    return fields === undefined ? found : recordOf(fields);
  }

  /** Whether an object of a type may be one of a class: it has all members that those of the class have. */
  mayBe(type: Type, made: ts.ClassLikeDeclaration): boolean {
    const members = this.families.typeOf(made).getProperties().filter((p) => !this.isBehaviour(p));
    return type.kind === "record" && members.every((p) => type.fields.some((f) => f.name === p.name));
  }

  /** Runs `run` where type parameters stand for these types. */
  where<T>(given: TypeArguments, run: () => T): T {
    if (given.size === 0) return run();
    const outer = { given: this.given, records: this.records, open: this.open, places: this.places };
    this.given = this.with(given);
    this.records = new Map();
    this.open = new Set();
    this.places = new Map();
    try {
      return run();
    } finally {
      this.given = outer.given;
      this.records = outer.records;
      this.open = outer.open;
      this.places = outer.places;
    }
  }

  from(type: ts.Type, depth = 0): Type {
    const { TypeFlags } = this.ts;
    if (depth > 8) return opaque;
    if (type.isUnion() && (type.flags & (TypeFlags.NumberLike | TypeFlags.BooleanLike)) === 0) {
      return this.union(type, depth);
    }
    if (type.flags & TypeFlags.NumberLike) return real;
    if (type.flags & TypeFlags.BooleanLike) return bool;
    if (type.flags & TypeFlags.StringLike) return this.text(type);
    if (type.flags & (TypeFlags.Undefined | TypeFlags.Void)) return nullable(opaque);
    if (type.flags & TypeFlags.TypeParameter) {
      const constraint = this.given.get(type) ?? this.checker.getBaseConstraintOfType(type);
      return constraint === undefined ? opaque : this.from(constraint, depth + 1);
    }
    if (type.isIntersection() && type.types.every((t) => this.isObject(t) && this.elementsOf(t) === undefined)) return this.record(type, depth);
    if (type.isIntersection()) {
      // A brand: number & { readonly unit: "m" }.
      return type.types.map((t) => this.from(t, depth + 1)).find((t) => t.kind !== "opaque") ?? opaque;
    }
    return this.object(type, depth);
  }

  /** A text, of which it may be known which it is. What a member of an enumeration or a pattern is cannot be said of a text. */
  private text(type: ts.Type): Type {
    const { TypeFlags } = this.ts;
    if (type.flags & TypeFlags.String) return { ...opaque, text: "string" };
    return type.isStringLiteral() && (type.flags & TypeFlags.EnumLiteral) === 0 ? { ...opaque, text: JSON.stringify(type.value) } : opaque;
  }

  /** What stands in an array. Of one that may be null it could not be told from one that is not there. */
  private element(type: ts.Type, depth: number): Type {
    const found = this.from(type, depth + 1);
    return isNull(found) ? opaque : found;
  }

  private object(type: ts.Type, depth: number): Type {
    const { checker, ts } = this;
    if (checker.isTupleType(type)) {
      const target = (type as ts.TypeReference).target as ts.TupleType;
      const elements = checker.getTypeArguments(type as ts.TypeReference).map((t) => this.element(t, depth));
      const plain = target.elementFlags.every((f) => f === ts.ElementFlags.Required || f === ts.ElementFlags.Optional);
      const [first] = elements;
      if (first === undefined || !plain) return arrayOf(first ?? real);
      return elements.every((e) => sameType(e, first)) ? arrayOf(elements.reduce((a, b) => joinKinds(a, b)), elements.length) : tupleOf(elements);
    }
    const element = this.elementOf(type);
    if (element !== undefined) return arrayOf(this.element(element, depth));
    const name = this.libraryName(type);
    if (name !== undefined && isTypedArrayName(name)) return { kind: "typed", name };
    return name === undefined ? this.record(type, depth) : opaque;
  }

  /**
   * Objects of the program that hold numbers are records of their own data properties, which may have functions beside
   * them. Those with #private or computed members are none: they stay opaque.
   */
  private record(type: ts.Type, depth: number): Type {
    const known = this.records.get(type);
    if (known !== undefined) return known;
    if (this.contains(type, type, new Set())) return this.tied(type, () => this.fieldsOf(type, depth));
    const fields = this.fieldsOf(type, depth);
    const found = fields?.some((f) => carriesReal(f.type)) === true ? recordOf(fields) : this.lookup(type);
    this.records.set(type, found);
    return found;
  }

  /** An object with any texts for keys is a constant. What it holds is said of it, so that it may be asked for a text. */
  private lookup(type: ts.Type): OpaqueType {
    const { Number, String } = this.ts.TypeFlags;
    const held = type.getProperties().length === 0 ? type.getStringIndexType() : undefined;
    return held === undefined || (held.flags & (Number | String)) === 0 ? opaque : { ...opaque, text: `Record<string, ${held.flags & Number ? "number" : "string"}>` };
  }

  /** `next: Cell | undefined`, which is always written, where a member that is missing is left out. */
  private isSaidMissing(property: ts.Symbol): boolean {
    return (property.flags & this.ts.SymbolFlags.Optional) === 0 && this.admitsUndefined(this.checker.getTypeOfSymbol(property));
  }

  /** The record of a type that contains itself: its members, which are found while it is known already, go into it last. */
  private tied(type: ts.Type, find: () => readonly Field[] | undefined): Type {
    const before = new Set(this.records.keys());
    const fields: Field[] = [];
    const made: RecordType = { ...recordOf(fields), ...(type.isUnion() && { isJoined: true }), ...declarationOf(this.ts, type, (p) => this.isBehaviour(p) || this.isHidden(p) || this.isSaidMissing(p) || this.isOneOfSeveral(this.checker.getTypeOfSymbol(p))) };
    this.records.set(type, made);
    this.open.add(fields);
    const found = find();
    this.open.delete(fields);
    fields.push(...(found ?? []));
    const isKnown = found !== undefined && (carriesReal(made) || reaches(made, this.open));
    // { next: Ring; value: number }: only what runs in a circle is such an object.
    if (isKnown && !reaches(made, new Set([fields]), (type) => type.kind === "record" && type.nullable !== true)) return made;
    // What was found on the way counts on it.
    for (const key of [...this.records.keys()]) if (!before.has(key)) this.records.delete(key);
    this.records.set(type, opaque);
    return opaque;
  }

  /** The data properties of an object, where all of them have a place in a record and there are some: of one of several classes those of each. */
  private fieldsOf(type: ts.Type, depth: number): readonly Field[] | undefined {
    const family = this.families.of(type);
    if (family === undefined) {
      const own = this.ownFields(type, depth);
      return own?.length === 0 ? undefined : own;
    }
    const members = family.map((made): Type => {
      const fields = this.ownFields(this.families.typeOf(made), depth);
      return fields === undefined ? opaque : recordOf([...fields, tag]);
    });
    const joined = members.reduce((a, b) => joinKinds(a, b, { open: this.open, around: [] }));
    return joined.kind === "record" ? joined.fields : undefined;
  }

  /** The data properties of a plain object, where all of them have a place in a record. */
  private ownFields(type: ts.Type, depth: number): readonly Field[] | undefined {
    const isPlain = type.getCallSignatures().length === 0 && type.getConstructSignatures().length === 0 && !this.isModule(type);
    const isIndexed = type.getStringIndexType() !== undefined || type.getNumberIndexType() !== undefined;
    if (!isPlain || isIndexed) return undefined;
    const fields = type.getProperties().filter((p) => !this.isBehaviour(p)).map((p) => this.field(p, depth));
    return fields.every((f) => f !== undefined) ? fields : undefined;
  }

  private field(property: ts.Symbol, depth: number): Field | undefined {
    const { SymbolFlags } = this.ts;
    if (property.name.startsWith("__")) return undefined;
    const type = this.from(this.checker.getTypeOfSymbol(property), depth + 1);
    const isOptional = (property.flags & SymbolFlags.Optional) !== 0;
    return { name: property.name, type: isOptional ? nullable(type) : type, ...(this.isHidden(property) && { hidden: true }) };
  }

  /** Whether a type of object, or a union of some, stands within values of a type. */
  private contains(type: ts.Type, wanted: ts.Type, seen: Set<ts.Type>): boolean {
    if (seen.has(type)) return false;
    seen.add(type);
    return this.partsOf(type).some((part) => {
      const inner = part.isUnion() ? this.checker.getNonNullableType(part) : part;
      return inner === wanted || this.contains(inner, wanted, seen);
    });
  }

  /** The types of what stands in values of a type. */
  private partsOf(type: ts.Type): readonly ts.Type[] {
    if (type.isUnionOrIntersection()) return type.types;
    if (this.checker.isTupleType(type)) return this.checker.getTypeArguments(type as ts.TypeReference);
    const element = this.elementOf(type);
    if (element !== undefined) return [element];
    if ((type.flags & this.ts.TypeFlags.Object) === 0 || this.libraryName(type) !== undefined) return [];
    const family = (this.families.of(type) ?? []).map((made) => this.families.typeOf(made)).filter((t) => t !== type);
    return [...family, ...type.getProperties().filter((p) => !this.isBehaviour(p)).map((p) => this.checker.getTypeOfSymbol(p))];
  }

  private union(type: ts.UnionType, depth: number): Type {
    const { TypeFlags } = this.ts;
    const absent = TypeFlags.Undefined | TypeFlags.Void;
    const mayBeNull = type.types.some((t) => t.flags & TypeFlags.Null) && !type.types.some((t) => t.flags & absent);
    const present = type.types.filter((t) => (t.flags & (mayBeNull ? TypeFlags.Null : absent)) === 0);
    const merged = this.tiedUnion(type, present, depth) ?? this.merged(present, depth);
    // Of a text or a date that may be null nothing is asked but in text.
    if (mayBeNull) return merged === undefined || merged.kind === "opaque" ? opaque : orNull(merged);
    return present.length < type.types.length ? nullable(merged ?? opaque) : (merged ?? opaque);
  }

  private merged(present: readonly ts.Type[], depth: number): Type | undefined {
    const kinds = present.map((t) => this.from(t, depth + 1));
    return kinds.some((k) => k.kind === "record") ? this.members(present, kinds, depth) : kinds.reduce<Type | undefined>((a, b) => (a === undefined ? b : joinKinds(a, b)), undefined);
  }

  /** A union of objects that have such objects within them: `{ kind: "sum"; a: Term; b: Term } | { kind: "number"; value: number }`. */
  private tiedUnion(type: ts.UnionType, present: readonly ts.Type[], depth: number): Type | undefined {
    const whole = this.checker.getNonNullableType(type);
    const known = this.records.get(whole);
    if (known !== undefined || present.length < 2 || !present.every((t) => this.isObject(t)) || !this.contains(whole, whole, new Set())) return known;
    return this.tied(whole, () => {
      const members = present.map((t): Type => {
        const fields = this.fieldsOf(t, depth);
        return fields === undefined ? opaque : recordOf(fields);
      });
      // Of members that are not known yet it is not known what they have in common.
      const joined = members.reduce((a, b) => joinKinds(a, b, { open: this.open, around: [] }));
      return joined.kind === "record" ? joined.fields : undefined;
    });
  }

  /** `{ kind: "a"; x: number } | { kind: "b" }`: a record, of which a member without numbers may be one as well. */
  private members(types: readonly ts.Type[], kinds: readonly Type[], depth: number): Type {
    const records = kinds.map((k, i): Type => {
      const type = types[i];
      if (k.kind !== "opaque" || type === undefined || !this.isObject(type) || this.holdsNumbers(type)) return k;
      const fields = this.fieldsOf(type, depth);
      return fields === undefined ? k : recordOf(fields);
    });
    return records.reduce((a, b) => joinKinds(a, b));
  }
}
