import type ts from "typescript";
import type { Type, TypedArrayName } from "../ir/types.js";
import type { Packages } from "../through.js";
import type { Classes } from "./facts/classes.js";
import type { Families } from "./facts/families.js";
import { holdsFunctions, isFunctionType } from "./facts/holders.js";

const typedArrays: ReadonlySet<string> = new Set<TypedArrayName>([
  "Float64Array",
  "Float32Array",
  "Int8Array",
  "Uint8Array",
  "Uint8ClampedArray",
  "Int16Array",
  "Uint16Array",
  "Int32Array",
  "Uint32Array",
]);

export function isTypedArrayName(name: string): name is TypedArrayName {
  return typedArrays.has(name);
}

/** Objects of the library that hold no numbers worth a derivative, or hide them. */
const closed: ReadonlySet<string> = new Set(
  "Map Set WeakMap WeakSet ReadonlyMap ReadonlySet Promise RegExp Date Error String Boolean Symbol".split(" "),
);

/** What can be asked of types of TypeScript. */
export class TypeQueries {
  protected readonly ts: typeof ts;
  protected readonly checker: ts.TypeChecker;
  protected readonly families: Families;
  private readonly packages: Packages;
  private readonly functions = new Map<ts.Type, boolean>();

  constructor(context: { readonly ts: typeof ts; readonly checker: ts.TypeChecker; readonly packages: Packages; readonly classes: Classes }) {
    this.ts = context.ts;
    this.checker = context.checker;
    this.packages = context.packages;
    this.families = context.classes.families;
  }

  /** Whether an expression may give a function, or something that holds functions. */
  holdsFunctions(node: ts.Node): boolean {
    const type = this.checker.getTypeAtLocation(node);
    let found = this.functions.get(type);
    if (found === undefined) this.functions.set(type, (found = holdsFunctions(this.ts, this.checker, type)));
    return found;
  }

  /** Whether a type shows members in its gradient's type that the gradient does not have, or hides some that it has. */
  hidesMembers(type: ts.Type, seen = new Set<ts.Type>()): boolean {
    if (seen.has(type)) return false;
    seen.add(type);
    if (type.isUnionOrIntersection()) return type.types.some((t) => this.hidesMembers(t, seen));
    if (this.families.of(type)?.some((made) => this.hidesMembers(this.families.typeOf(made), seen)) === true) return true;
    const element = this.elementsOf(type) ?? [];
    if (element.length > 0) return element.some((t) => this.hidesMembers(t, seen));
    if ((type.flags & this.ts.TypeFlags.Object) === 0 || this.libraryName(type) !== undefined) return false;
    return type.getProperties().some((p) => {
      const inner = this.checker.getTypeOfSymbol(p);
      const isOdd = (p.flags & this.ts.SymbolFlags.Accessor) !== 0 || this.isHidden(p);
      return (isOdd && this.holdsNumbers(inner)) || this.hidesMembers(inner, seen);
    });
  }

  /** Whether values of a type are objects of classes of the program, which have methods, or hold such objects. */
  holdsObjects(type: ts.Type, seen = new Set<ts.Type>()): boolean {
    if (seen.has(type)) return false;
    seen.add(type);
    if (type.isUnionOrIntersection()) return type.types.some((t) => this.holdsObjects(t, seen));
    const made = type.getSymbol()?.valueDeclaration;
    const isOfClass = made !== undefined && this.ts.isClassLike(made) && !made.getSourceFile().isDeclarationFile && type.getConstructSignatures().length === 0;
    if (isOfClass || this.families.of(type) !== undefined) return true;
    const element = this.elementsOf(type) ?? [];
    if (element.length > 0) return element.some((t) => this.holdsObjects(t, seen));
    if ((type.flags & this.ts.TypeFlags.Object) === 0 || this.libraryName(type) !== undefined) return false;
    return type.getProperties().some((p) => this.holdsObjects(this.checker.getTypeOfSymbol(p), seen));
  }

  /**
   * Whether a type says more of values than is written of a record or an array that stands for them: which one of a union
   * they are, what methods they have, that something is not missing.
   */
  isMoreThan(type: ts.Type, written: Type, seen = new Set<ts.Type>()): boolean {
    const present = this.checker.getNonNullableType(type);
    if (seen.has(present)) return false;
    seen.add(present);
    const elements = this.elementsOf(present);
    if (written.kind === "array") return elements?.some((t) => this.isMoreThan(t, written.element, seen)) === true;
    if (written.kind !== "record" || written.declared !== undefined) return false;
    if (written.shape === "tuple") return written.fields.some((f, i) => elements?.[i] !== undefined && this.isMoreThan(elements[i], f.type, seen));
    if (present.isUnion()) return true;
    const properties = present.getProperties();
    return properties.some((p) => this.isBehaviour(p) || this.isHidden(p)) || written.fields.some((f) => {
      const property = properties.find((p) => p.name === f.name);
      if (f.isTag === true || property === undefined) return true;
      const inner = this.checker.getTypeOfSymbol(property);
      const mayLack = (property.flags & this.ts.SymbolFlags.Optional) !== 0 || this.admitsUndefined(inner) || this.admitsNull(inner);
      return (f.type.nullable === true && !mayLack) || this.isMoreThan(inner, f.type, seen);
    });
  }

  /** Whether values of a type are objects of one of several types, or hold such objects in arrays. */
  protected isOneOfSeveral(type: ts.Type): boolean {
    const present = this.checker.getNonNullableType(type);
    if (present.isUnion()) return present.types.some((t) => this.isObject(t));
    return this.families.of(present) !== undefined || (this.elementsOf(present) ?? []).some((t) => this.isOneOfSeveral(t));
  }

  /** The types of what stands in an array or a tuple. */
  elementsOf(type: ts.Type): readonly ts.Type[] | undefined {
    if (this.checker.isTupleType(type)) return this.checker.getTypeArguments(type as ts.TypeReference);
    const element = this.elementOf(type);
    return element && [element];
  }

  /** Whether TypeScript takes what is written for a record or an array for a type that says more, if it is told to. */
  mayBeTaken(type: ts.Type, written: Type, seen = new Set<ts.Type>()): boolean {
    const present = this.checker.getNonNullableType(type);
    if (seen.has(present)) return true;
    seen.add(present);
    const elements = this.elementsOf(present);
    if (written.kind === "array") return elements === undefined || elements.every((t) => this.mayBeTaken(t, written.element, seen));
    if (written.kind !== "record") return true;
    if (written.shape === "tuple") return written.fields.every((f, i) => elements?.[i] === undefined || this.mayBeTaken(elements[i], f.type, seen));
    const members = present.isUnion() ? present.types : [present];
    return members.some((member) => {
      const properties = member.getProperties();
      return !properties.some((p) => this.isHidden(p)) && written.fields.every((f) => {
        const property = properties.find((p) => p.name === f.name);
        if (property === undefined) return f.isTag === true || f.type.nullable === true || member.getStringIndexType() !== undefined;
        return this.mayBeTaken(this.checker.getTypeOfSymbol(property), f.type, seen);
      });
    });
  }

  /** Whether a member is private or protected. */
  isHidden(property: ts.Symbol): boolean {
    const { Private, Protected } = this.ts.ModifierFlags;
    return (property.declarations ?? []).some((d) => this.ts.getCombinedModifierFlags(d) & (Private | Protected));
  }

  protected elementOf(type: ts.Type): ts.Type | undefined {
    const isArray = this.checker.isArrayType(type) || this.libraryName(type) === "ArrayLike";
    return isArray ? this.checker.getTypeArguments(type as ts.TypeReference)[0] : this.indexed(type);
  }

  /** The elements of `{ readonly length: number; [index: number]: number }`, which may say too that it can be iterated over. */
  private indexed(type: ts.Type): ts.Type | undefined {
    const element = type.getNumberIndexType();
    if (element === undefined || (type.flags & this.ts.TypeFlags.Object) === 0 || this.libraryName(type) !== undefined) return undefined;
    const properties = type.getProperties().filter((p) => !p.name.startsWith("__@iterator"));
    return properties.length === 1 && properties[0]?.name === "length" ? element : undefined;
  }

  /** Whether a file declares the language and what runs it: those functions are known, or keep nothing of what they are given. */
  isOfLanguage(file: ts.SourceFile): boolean {
    return this.packages.program.isSourceFileDefaultLibrary(file) || (file.isDeclarationFile && file.fileName.includes("/@types/"));
  }

  protected isObject(type: ts.Type): boolean {
    return (type.flags & this.ts.TypeFlags.Object) !== 0 && this.libraryName(type) === undefined;
  }

  /** The name of a type that is declared in the library of TypeScript. */
  libraryName(type: ts.Type): string | undefined {
    const symbol = type.getSymbol();
    const file = symbol?.declarations?.[0]?.getSourceFile();
    // Record<"a", number> and its like are types of no name, which the library computes.
    return file !== undefined && this.isLibrary(file) && symbol?.name !== "__type" ? symbol?.name : undefined;
  }

  /** Whether a file only declares what stands elsewhere: TypeScript's own library, and packages that are not read. */
  isLibrary(file: ts.SourceFile): boolean {
    return file.isDeclarationFile && !this.packages.isRead(file);
  }

  /** Whether values of the type hold numbers that someone could want a derivative by. */
  holdsNumbers(type: ts.Type, seen: ReadonlySet<ts.Type> = new Set()): boolean {
    const { TypeFlags } = this.ts;
    if (seen.has(type) || seen.size > 8) return false;
    if (type.flags & TypeFlags.NumberLike) return true;
    if (type.flags & (TypeFlags.Any | TypeFlags.Unknown)) return true;
    const inner = new Set(seen).add(type);
    if (type.isUnionOrIntersection()) return type.types.some((t) => this.holdsNumbers(t, inner));
    if (type.flags & TypeFlags.TypeParameter) {
      const constraint = this.checker.getBaseConstraintOfType(type);
      return constraint === undefined || this.holdsNumbers(constraint, inner);
    }
    if ((type.flags & TypeFlags.Object) === 0 || type.getCallSignatures().length > 0) return false;
    const name = this.libraryName(type);
    if (name !== undefined && isTypedArrayName(name)) return true;
    const elements = this.checker.isTupleType(type)
      ? this.checker.getTypeArguments(type as ts.TypeReference)
      : [this.elementOf(type) ?? type.getNumberIndexType() ?? type.getStringIndexType()].filter((t) => t !== undefined);
    if (elements.length > 0) return elements.some((t) => this.holdsNumbers(t, inner));
    if (name !== undefined && closed.has(name)) return false;
    const isOf = (one: ts.Type): boolean => one.getProperties().some((p) => this.holdsNumbers(this.checker.getTypeOfSymbol(p), inner));
    return isOf(type) || this.families.of(type)?.some((made) => isOf(this.families.typeOf(made))) === true;
  }

  /** Whether a value of the type may be undefined. */
  admitsUndefined(type: ts.Type): boolean {
    const absent = this.ts.TypeFlags.Undefined | this.ts.TypeFlags.Void;
    return type.isUnion() ? type.types.some((t) => t.flags & absent) : (type.flags & absent) !== 0;
  }

  admitsNull(type: ts.Type): boolean {
    const { Null } = this.ts.TypeFlags;
    return type.isUnion() ? type.types.some((t) => t.flags & Null) : (type.flags & Null) !== 0;
  }

  /** A text, whatever is known of it. */
  isText(type: ts.Type): boolean {
    return (type.isUnion() ? type.types : [type]).every((t) => t.flags & this.ts.TypeFlags.StringLike);
  }

  /** A boolean or nothing. */
  isDecision(type: ts.Type): boolean {
    const f = this.ts.TypeFlags;
    const cut = f.BooleanLike | f.Void | f.Undefined | f.Null | f.Never;
    return type.isUnion() ? type.types.every((t) => t.flags & cut) : (type.flags & cut) !== 0;
  }

  /** A boolean, a string or nothing: what cuts a derivative whatever it was made of. */
  isCut(type: ts.Type): boolean {
    const f = this.ts.TypeFlags;
    const cut = f.BooleanLike | f.StringLike | f.Void | f.Undefined | f.Null | f.Never | f.ESSymbolLike | f.BigIntLike;
    return type.isUnion() ? type.types.every((t) => t.flags & cut) : (type.flags & cut) !== 0;
  }

  /** A method, an accessor, or a field that holds a function. */
  protected isBehaviour(property: ts.Symbol): boolean {
    const { Method, Accessor } = this.ts.SymbolFlags;
    return (property.flags & (Method | Accessor)) !== 0 || isFunctionType(this.checker, this.checker.getTypeOfSymbol(property));
  }

  /** import * as m: what m is. */
  protected isModule(type: ts.Type): boolean {
    const { Module, Class, Interface } = this.ts.SymbolFlags;
    const flags = type.getSymbol()?.flags ?? 0;
    return (flags & Module) !== 0 && (flags & (Class | Interface)) === 0;
  }
}
