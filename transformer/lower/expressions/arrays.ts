import type ts from "typescript";
import { catalogue, excerpt } from "../../diagnostics.js";
import { isLiteral, literal, zero } from "../../ir/build.js";
import type { Atom, Counter, Var } from "../../ir/model.js";
import { arrayOf, bool, elementType, isNumeric, isReference, isText, nonNull, nullable, opaque as opaqueType, real, sameType, type ArrayType, type RecordType, type Type } from "../../ir/types.js";
import { Draft } from "../draft.js";
import { normal } from "../jumps.js";
import type { Lowering } from "../lowering.js";
import { reject } from "../rejected.js";
import { bare } from "../syntax.js";
import { isTypedArrayName } from "../type-queries.js";
import { whereStands } from "./chains.js";
import { choose } from "./conditions.js";
import { construct, givesItself } from "./construction.js";
import { functionText } from "./function-values.js";
import { expression, type Want } from "./index.js";
import { readAccessor } from "./methods.js";
import { isFilled } from "./listed.js";
import { heldBy, heldList, heldValue, listOf } from "./held.js";
import { isGlobal, libraryMember, type Member } from "./library.js";
import { number } from "./names.js";
import { given, opaque } from "./opaque.js";
import { refuseCarried, refuseSpread } from "./refused.js";
import { sourceText } from "./source-text.js";
import { memberOf, sequenceOf, type Sequence } from "./sequences.js";
import { numeric, value } from "./values.js";

/** [a, b, ...c]   becomes   allocate [a, b]; for (k …) push c[k],   and [...a, b]   becomes   copy a; push b */
export function lowerArrayLiteral(l: Lowering, node: ts.ArrayLiteralExpression, want: Want): Atom {
  if ((l.types.holdsFunctions(node) || isFilled(l, node) || node.elements.some((e) => l.types.holdsFunctions(e))) && !replacesObjects(l, node)) return heldElements(l, node);
  const type = literalType(l, node, want);
  if (type === undefined) return opaque(l, node, want);
  const [first, ...rest] = node.elements;
  if (first !== undefined && l.ts.isSpreadElement(first) && type.kind === "array") return spreadFirst(l, first, rest, type, want);
  const firstSpread = node.elements.findIndex((e) => l.ts.isSpreadElement(e));
  const plain = firstSpread < 0 ? node.elements : node.elements.slice(0, firstSpread);
  const elements = plain.map((e, i) => element(l, e, type.kind === "record" ? type.fields[i]?.type : type.element));
  const array = l.allocate(type, { kind: "elements", elements }, want.name ?? "");
  if (firstSpread >= 0) addElements(l, array, node.elements.slice(firstSpread), type);
  return array;
}

/** objects = [objects[1], new A(x)], of an array of which it is not known what is in it. */
function replacesObjects(l: Lowering, node: ts.ArrayLiteralExpression): boolean {
  const { parent } = node;
  if (!l.ts.isBinaryExpression(parent) || parent.right !== node || !l.ts.isIdentifier(parent.left)) return false;
  const symbol = l.symbol(parent.left);
  const before = symbol && l.values.get(symbol);
  if (before === undefined || before.type.kind !== "array" || l.closures.isUnbound(before)) return false;
  const { element } = before.type;
  return element.kind === "record" && element.fields.some((f) => f.isTag === true);
}

function addElements(l: Lowering, array: Atom, elements: readonly ts.Expression[], type: Type): void {
  for (const e of elements) {
    if (l.ts.isSpreadElement(e)) spread(l, array, sequenceOf(l, e.expression), e);
    else l.add({ kind: "push", of: array, value: element(l, e, elementType(type)) });
  }
}

function spreadFirst(l: Lowering, first: ts.SpreadElement, rest: readonly ts.Expression[], type: ArrayType, want: Want): Atom {
  const sequence = sequenceOf(l, first.expression);
  let array: Var;
  if (sequence?.isWhole === true && sameType(sequence.array.type, type)) {
    array = l.variable(want.name ?? "", type);
    l.add({ kind: "copy", result: array, of: sequence.array, depth: 1 });
  } else {
    array = l.allocate(type, { kind: "elements", elements: [] }, want.name ?? "");
    spread(l, array, sequence, first);
  }
  addElements(l, array, rest, type);
  return array;
}

/** [f, g, ...h]: an array of functions, or of objects that hold some, is known by its elements. */
function heldElements(l: Lowering, node: ts.ArrayLiteralExpression): Atom {
  const elements: Atom[] = [];
  for (const e of node.elements) {
    if (!l.ts.isSpreadElement(e)) elements.push(heldValue(l, e));
    else elements.push(...(heldList(l, e.expression) ?? reject(catalogue.callback, e, excerpt(e))));
  }
  return listOf(l, elements);
}

/** The type of a literal; nothing where its elements are no numbers, so that text does as well. */
function literalType(l: Lowering, node: ts.ArrayLiteralExpression, want: Want): ArrayType | RecordType | undefined {
  if (node.elements.some((e) => l.ts.isOmittedExpression(e))) return undefined;
  const isWanted = want.type?.kind === "array" || (want.type?.kind === "record" && want.type.shape === "tuple");
  const type = isWanted ? want.type : l.types.at(node);
  if (type?.kind === "record") return type;
  if (type?.kind !== "array") return l.facts.taint.carries(node) ? arrayOf({ kind: "real" }) : undefined;
  const isText = type.element.kind === "opaque" && !l.facts.taint.carries(node);
  if (isText && node.elements.length > 0) return undefined;
  if (!node.elements.some((e) => l.ts.isSpreadElement(e))) return type.length === undefined || type.length === node.elements.length ? type : arrayOf(type.element);
  return arrayOf(type.element);
}

function element(l: Lowering, node: ts.Expression, type: Type | undefined): Atom {
  return type === undefined || type.kind === "opaque" ? expression(l, node) : value(l, node, type);
}

function spread(l: Lowering, to: Atom, sequence: Sequence | undefined, e: ts.SpreadElement): void {
  if (sequence === undefined) return append(l, to, expression(l, e.expression), e);
  overElements(l, sequence.array, (k) => {
    l.add({ kind: "push", of: to, value: sequence.at(k) });
  });
}

/** for (k …) to.push(from[k]) */
export function append(l: Lowering, to: Atom, from: Atom, node: ts.Node): void {
  if (from.type.kind !== "array" && from.type.kind !== "typed") refuseSpread(node);
  overElements(l, from, (k) => {
    const v = l.load(from, k);
    l.add({ kind: "push", of: to, value: v });
  });
}

/** for (let k = 0; k < a.length; k++) { … } */
export function overElements(l: Lowering, of: Atom, body: (k: Var) => void): void {
  overRange(l, zero, l.length(of), body);
}

export function overRange(l: Lowering, start: Atom, bound: Atom, body: (k: Var) => void): void {
  countedBy(l, { start, test: "<", bound, step: 1 }, body);
}
/** for (let k = start; k >= bound; k--) { … } */
export function overRangeDown(l: Lowering, start: Atom, bound: Atom, body: (k: Var) => void): void {
  countedBy(l, { start, test: ">=", bound, step: -1 }, body);
}
function countedBy(l: Lowering, counter: Omit<Counter, "var">, body: (k: Var) => void): void {
  const k = l.variable("k", { kind: "int" });
  const { statements } = l.inBlock(() => {
    body(k);
    return normal;
  });
  l.add({ kind: "loop", counter: { ...counter, var: k }, carried: [], body: l.block("turn", statements, [zero]) });
}

/** a[i]. With `optional` the element may be missing. */
export function lowerElement(l: Lowering, node: ts.ElementAccessExpression, want: Want): Atom {
  const constant = constantMember(l, node) ?? heldAt(l, node);
  if (constant !== undefined) return constant;
  const type = l.types.at(node.expression);
  const index = bare(l.ts, node.argumentExpression);
  const name = literalKey(l, index);
  const member = name === undefined ? undefined : lowerMember(l, node, name, type, want);
  if (member !== undefined) return member;
  const named = l.ts.isOptionalChain(node) ? undefined : memberByName(l, node, type);
  if (named !== undefined) return named;
  if (!isReference(type) || !isNumeric(l.types.at(index))) {
    if (type.kind === "opaque" && l.facts.taint.carries(node)) expression(l, node.expression);
    return opaque(l, node, want);
  }
  const read = (of: Atom): Atom => loadAt(l, of, placeIn(l, of, node), want);
  return !l.ts.isOptionalChain(node) ? read(array(l, node.expression)) : ifThere(l, node, read, want);
}

/** What is known of a member: a function becomes its text. */
function heldAt(l: Lowering, node: ts.ElementAccessExpression | ts.PropertyAccessExpression): Atom | undefined {
  if (l.ts.isOptionalChain(node)) return undefined;
  const held = heldBy(l, node);
  const closure = l.closures.of(held);
  return closure === undefined ? held : functionText(l, node, closure);
}

/** a?.[i], a?.length, r?.x, and what is behind it in r?.x[i]   becomes   a === undefined ? undefined : a[i] */
function ifThere(l: Lowering, node: ts.ElementAccessExpression | ts.PropertyAccessExpression, read: (of: Atom) => Atom, want: Want): Atom {
  const of = expression(l, node.expression, { optional: true });
  if (!isReference(of.type)) return of.kind === "literal" ? literal(undefined, nullable(l.types.at(node))) : opaque(l, node, want);
  const isAbsent = l.let("isUndefined", [of], bool);
  return choose(l, isAbsent, () => literal(undefined), () => read(l.present(of)), want.name);
}

/** The type of an array that is made: of what TypeScript says less of its elements than is wanted, it is what is wanted. */
export function typeOfMade(l: Lowering, node: ts.Expression, want: Want): Type {
  const found = l.types.at(node);
  return want.type?.kind === "array" ? completed(found, want.type) : found;
}

/**
 * What a value is where something of a type is wanted: of `[]` and `null` it is said nowhere else, and `{ next: null }` is an object
 * whose `next` may be another one later.
 */
export function completed(found: Type, wanted: Type): Type {
  if (found.kind === "opaque") return found.text === undefined && found.signature === undefined ? wanted : found;
  if (found.kind === "array" && wanted.kind === "array") {
    const element = completed(found.element, wanted.element);
    return element === found.element ? found : { ...found, element };
  }
  if (found.kind !== "record" || wanted.kind !== "record" || found.shape !== "object" || wanted.shape !== "object" || sameType(found, wanted)) return found;
  const isLess = wanted.fields.every(({ name, type }) => {
    const own = found.fields.find((f) => f.name === name);
    if (own === undefined || (own.type.nullable === true && type.nullable !== true)) return own === undefined && type.nullable === true;
    return sameType(nonNull(completed(own.type, type)), nonNull(type));
  });
  return isLess && found.fields.every((f) => wanted.fields.some(({ name }) => name === f.name)) ? { ...wanted, nullable: found.nullable === true } : found;
}

/** A reference, known not to be undefined. */
export function array(l: Lowering, node: ts.Expression): Atom {
  const atom = l.present(expression(l, node));
  if (isReference(atom.type)) return atom;
  return reject(catalogue.notArray, node, excerpt(node), l.checker.typeToString(l.checker.getTypeAtLocation(node)));
}

/** The index of `a[i]`: of a tuple of several types only a literal. */
export function placeIn(l: Lowering, of: Atom, node: ts.ElementAccessExpression): Atom {
  const key = numeric(l, node.argumentExpression);
  if (of.type.kind === "record" && !isLiteral(key)) reject(catalogue.expression, node, excerpt(node));
  return key;
}

export function loadAt(l: Lowering, of: Atom, key: Atom, want: Want): Atom {
  if (of.type.kind === "record" && key.kind === "literal") {
    return l.loadField(of, String(key.value), want.name, want.optional);
  }
  return l.load(of, key, want.name, want.optional);
}

export function storeAt(l: Lowering, of: Atom, key: Atom, stored: Atom): void {
  if (of.type.kind === "record" && key.kind === "literal") {
    l.add({ kind: "store", of, key: { kind: "field", name: String(key.value) }, value: stored });
  } else l.store(of, key, stored);
}

/** a.length, Math.PI, and members of constants as text. */
export function lowerProperty(l: Lowering, node: ts.PropertyAccessExpression, want: Want): Atom {
  const pending = l.receiver instanceof Draft && node.expression.kind === l.ts.SyntaxKind.ThisKeyword ? l.receiver.get(node.name.text) : undefined;
  if (pending !== undefined) return pending;
  const constant = constantMember(l, node) ?? heldAt(l, node);
  if (constant !== undefined) return constant;
  const type = memberTypes(l, node.expression, node.name.text);
  if (node.name.text === "length" && isReference(type) && !(type.kind === "record" && type.shape === "object")) {
    const read = (of: Atom): Atom => {
      if (of.type.kind === "record") return literal(of.type.fields.length);
      return of.type.kind === "array" && of.type.length !== undefined ? literal(of.type.length) : l.length(of, want.name);
    };
    return !l.ts.isOptionalChain(node) ? read(array(l, node.expression)) : ifThere(l, node, read, want);
  }
  const member = lowerMember(l, node, node.name.text, type, want);
  if (member !== undefined) return member;
  if (l.facts.taint.carries(node.expression)) {
    const isIfThere = l.ts.isOptionalChain(node) && isReference(type);
    const read = isIfThere ? ifThere(l, node, (of) => whereStands(l, node.expression, of, () => readAccessor(l, node, want) ?? opaque(l, node, want)), want) : readAccessor(l, node, want);
    if (read !== undefined) return read;
  }
  // The reason why a part of it is refused is the better one.
  if (l.facts.taint.carries(node) || node.expression.kind === l.ts.SyntaxKind.ThisKeyword) expression(l, node.expression);
  return opaque(l, node, want);
}

/** The type of what has a member. Of a union TypeScript may have left those that hold no numbers: what the name stands for is the record of all. */
function memberTypes(l: Lowering, of: ts.Expression, name: string): Type {
  const type = l.types.at(of);
  const inner = bare(l.ts, of);
  const symbol = type.kind === "opaque" && l.ts.isIdentifier(inner) ? l.symbol(inner) : undefined;
  const held = symbol && l.isLocal(symbol) ? l.values.get(symbol)?.type : undefined;
  return held?.kind === "record" && held.shape === "object" && held.fields.some((f) => f.name === name) ? held : type;
}

/** r.x of a record; r?.x where the record may be undefined. */
function lowerMember(l: Lowering, node: ts.PropertyAccessExpression | ts.ElementAccessExpression, name: string, type: Type, want: Want): Atom | undefined {
  if (type.kind !== "record" || type.shape !== "object") return undefined;
  const declared = type.fields.find((f) => f.name === name);
  if (declared === undefined) return undefined;
  const read = (of: Atom): Atom => {
    // Of a union, an object of another kind.
    const held = of.type.kind === "record" ? of.type.fields.find((f) => f.name === name) : undefined;
    if (held === undefined) return reject(catalogue.expression, node, excerpt(node));
    // Where it is known which member of a union the object is, what that member has is there.
    // The word that tells the members of a union apart is one value in all tests of it.
    return declared.type.nullable ? l.loadField(of, name, want.name, want.optional) : l.loadPresent(of, name, want.name, want.optional === true && !(isText(held.type) && held.type.nullable !== true));
  };
  return !l.ts.isOptionalChain(node) ? read(array(l, node.expression)) : ifThere(l, node, read, want);
}

/** The name that a key can only be, where reading it does nothing: "x", or k of the type "x". */
export function literalKey(l: Lowering, key: ts.Expression): string | undefined {
  const type = l.checker.getTypeAtLocation(key);
  const isPlain = l.ts.isStringLiteralLike(key) || l.ts.isIdentifier(key);
  return isPlain && type.isStringLiteral() ? type.value : undefined;
}

/** r[k] where k is one of the names of its members, which are of one type   becomes   k === "x" ? r.x : k === "y" ? r.y : … */
function memberByName(l: Lowering, node: ts.ElementAccessExpression, type: Type): Atom | undefined {
  const named = namesOf(l, node, type);
  if (named === undefined) return undefined;
  const of = array(l, node.expression);
  return memberOf(l, of, named.names, expression(l, node.argumentExpression), "");
}

/** The members, all of one type, of which `k` in r[k] is the name of one. */
export function namesOf(l: Lowering, node: ts.ElementAccessExpression, type: Type): { readonly names: readonly string[]; readonly type: Type } | undefined {
  const key = l.checker.getTypeAtLocation(node.argumentExpression);
  if (type.kind !== "record" || type.shape !== "object" || type.fields.some((f) => f.type.nullable) || !key.isUnion()) return undefined;
  const names = key.types.flatMap((t) => (t.isStringLiteral() ? [t.value] : []));
  const fields = type.fields.filter((f) => names.includes(f.name));
  const [first] = fields;
  if (first === undefined || fields.length !== key.types.length || !fields.every((f) => f.type.kind === first.type.kind) || first.type.kind === "opaque") return undefined;
  return { names, type: first.type };
}

/** Math.PI, Number.EPSILON, a member of a constant enum. */
function constantMember(l: Lowering, node: ts.PropertyAccessExpression | ts.ElementAccessExpression): Atom | undefined {
  const member = libraryMember(l, node);
  const known = member && libraryConstant(member);
  if (known !== undefined) return known;
  if ((l.checker.getTypeAtLocation(node).flags & l.ts.TypeFlags.EnumLike) === 0) return undefined;
  const enumerated = l.checker.getConstantValue(node);
  return typeof enumerated === "number" ? number(enumerated, String(enumerated)) : undefined;
}

/** Math.PI, Number.EPSILON */
function libraryConstant({ owner, name }: Member): Atom | undefined {
  const known: unknown = owner === "Math" || owner === "Number" ? Reflect.get(owner === "Math" ? Math : Number, name) : undefined;
  return typeof known === "number" ? number(known, `${owner}.${name}`) : undefined;
}

/** A member of the library as a value: a number, or a function as it is written. */
export function libraryValue(l: Lowering, member: Member): Atom {
  const known = libraryConstant(member);
  if (known !== undefined) return known;
  const result = l.variable("", opaqueType);
  l.add({ kind: "opaque", result, text: [member.owner === "" ? member.name : `${member.owner}.${member.name}`], args: [], pure: true, readsOnly: true });
  return result;
}

/** new Array(n), new Float64Array(n) or of an array; anything else as text. */
export function lowerNew(l: Lowering, node: ts.NewExpression, want: Want): Atom {
  const callee = bare(l.ts, node.expression);
  const name = l.ts.isIdentifier(callee) && isGlobal(l, callee) ? callee.text : "";
  const args = node.arguments ?? [];
  const isSpread = args.some((a) => l.ts.isSpreadElement(a));
  if (name === "Array" && !isSpread) return newArray(l, node, args, want);
  const [first, second] = args;
  if (isTypedArrayName(name) && second === undefined && !isSpread) {
    const type: Type = { kind: "typed", name };
    if (first === undefined) return l.allocate(type, { kind: "fill", length: zero, value: zero }, want.name);
    const elements = name === "Float64Array" ? numbersOf(l, first) : undefined;
    if (elements !== undefined) return l.allocate(type, { kind: "elements", elements }, want.name);
    const from = l.types.at(first);
    if (isNumeric(from)) return l.allocate(type, { kind: "fill", length: numeric(l, first), value: zero }, want.name);
    if (from.kind === "array" || from.kind === "typed") return typedCopy(l, array(l, first), type, want);
  }
  const made = l.context.classes.named(node.expression);
  const object = made && construct(l, node, made, want);
  if (object !== undefined) return object;
  if (l.facts.taint.carries(node)) refuseCarried(l, node);
  const constant = newOfSomeKind(l, node, want) ?? opaque(l, node, want);
  if (made !== undefined && givesItself(l, made)) l.made.set(constant, made);
  return constant;
}

// new A(3), A being Array or Float32Array as the program decides   becomes   new A(3) as number[], of the length 3
function newOfSomeKind(l: Lowering, node: ts.NewExpression, want: Want): Atom | undefined {
  const [length, ...more] = node.arguments ?? [];
  const kinds = l.checker.getTypeAtLocation(node);
  if (!kinds.isUnion() || length === undefined || more.length > 0 || !l.ts.isNumericLiteral(length)) return undefined;
  if (!kinds.types.every((kind) => isReference(l.types.from(kind)) && l.types.libraryName(kind) !== undefined)) return undefined;
  const source = sourceText(l, node);
  const cast = [...source.text.slice(0, -1), `${source.text.at(-1) ?? ""} as number[]`];
  return given(l, node, { ...source, text: cast }, arrayOf(real, Number(length.text)), want);
}

/** The elements of `[x, 2]`. */
function numbersOf(l: Lowering, node: ts.Expression): Atom[] | undefined {
  const array = bare(l.ts, node);
  if (!l.ts.isArrayLiteralExpression(array) || array.elements.some((e) => l.ts.isSpreadElement(e) || !isNumeric(l.types.at(e)))) return undefined;
  return array.elements.map((e) => element(l, e, { kind: "real" }));
}

/** t = new Float64Array(a)   becomes   t = new Float64Array(a.length); for (k …) t[k] = a[k] */
function typedCopy(l: Lowering, from: Atom, type: Type, want: Want): Atom {
  if (from.type.kind === "record" || !isNumeric(elementType(from.type))) throw new Error("no numbers to copy");
  const length = l.length(from);
  const result = l.allocate(type, { kind: "fill", length, value: zero }, want.name);
  overRange(l, zero, length, (k) => {
    l.store(result, k, l.present(l.load(from, k)));
  });
  return result;
}

export function newArray(l: Lowering, node: ts.NewExpression | ts.CallExpression, args: readonly ts.Expression[], want: Want): Atom {
  const found = want.type?.kind === "array" ? want.type : l.types.at(node);
  const type = found.kind === "array" ? arrayOf(found.element) : arrayOf({ kind: "real" });
  const [first, ...more] = args;
  if (first !== undefined && more.length === 0) {
    return l.allocate(type, { kind: "fill", length: numeric(l, first), value: literal(undefined, type.element) }, want.name);
  }
  return l.allocate(type, { kind: "elements", elements: args.map((a) => element(l, a, type.element)) }, want.name);
}
