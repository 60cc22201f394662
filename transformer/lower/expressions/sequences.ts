import type ts from "typescript";
import { literal } from "../../ir/build.js";
import type { Atom } from "../../ir/model.js";
import { arrayOf, bool, opaque as opaqueType, tupleOf, type Type } from "../../ir/types.js";
import { branch, type Side } from "../branch.js";
import { dead, normal } from "../jumps.js";
import type { Lowering } from "../lowering.js";
import { bare } from "../syntax.js";
import { join } from "../joined-types.js";
import { array } from "./arrays.js";
import { choose } from "./conditions.js";
import { libraryMember } from "./library.js";
import { nothing } from "./opaque.js";
import { isLibraryMethod } from "./read-only.js";

/** What `for…of` and `Array.from` go through: the elements of an array, their indices, or both; the members of an object. */
export interface Sequence {
  /** What has its length. */
  readonly array: Atom;
  /** The expression of the array, where its length can change. */
  readonly node?: ts.Expression;
  at(index: Atom, name?: string): Atom;
  /** Whether its elements are those of the array. */
  readonly isWhole?: true;
  /** Whether its elements are indices. */
  readonly isIndex?: true;
  /** Index or name and element, where each turn has both. */
  readonly parts?: (index: Atom, name?: string) => readonly [Atom, Atom];
}

/** a, a.values(), a.keys() or a.entries() of an array, Object.entries(r); nothing for anything else. */
export function sequenceOf(l: Lowering, expression: ts.Expression): Sequence | undefined {
  const node = bare(l.ts, expression);
  if (l.ts.isCallExpression(node) && libraryMember(l, node)?.owner === "Object") return membersOf(l, node);
  const isCall = l.ts.isCallExpression(node) && isLibraryMethod(l, node);
  const callee = isCall ? bare(l.ts, node.expression) : undefined;
  const method = callee !== undefined && l.ts.isPropertyAccessExpression(callee) ? callee : undefined;
  if (method !== undefined && ["keys", "values", "entries"].includes(method.name.text)) {
    return isList(l, method.expression) ? iterated(l, method.expression, method.name.text) : undefined;
  }
  return isList(l, node) ? iterated(l, expression, "values") : undefined;
}

function isList(l: Lowering, node: ts.Expression): boolean {
  const { kind } = l.types.at(node);
  return kind === "array" || kind === "typed";
}

function iterated(l: Lowering, node: ts.Expression, method: string): Sequence {
  const of = array(l, node);
  const load = (index: Atom, name = ""): Atom => l.load(of, index, name);
  if (method === "values") return { array: of, node, at: load, isWhole: true };
  if (method === "keys") return { array: of, node, at: (index) => index, isIndex: true };
  const parts = (index: Atom, name = ""): readonly [Atom, Atom] => [index, load(index, name)];
  return { array: of, node, at: (index, name) => paired(l, parts(index), { kind: "real" }, name), parts };
}

function paired(l: Lowering, [first, second]: readonly [Atom, Atom], type: Type, name = ""): Atom {
  return l.allocate(tupleOf([type, second.type]), { kind: "elements", elements: [first, second] }, name);
}

/** for (const k in r): the names of its members, of an object that holds numbers. */
export function namesOf(l: Lowering, node: ts.Expression): Atom | undefined {
  const type = l.types.at(node);
  if (type.kind !== "record" || type.shape !== "object" || l.types.holdsFunctions(node)) return undefined;
  return keysOf(l, array(l, node));
}

function keysOf(l: Lowering, record: Atom): Atom {
  const keys = l.variable("keys", arrayOf({ ...opaqueType, text: "string" }));
  l.add({ kind: "opaque", result: keys, text: ["Object.keys(", ")"], args: [record], pure: true, readsOnly: true, fresh: true, follows: true });
  return keys;
}

/**
 * Object.keys(r), Object.values(r), Object.entries(r) where all members are of one type:
 *
 *     for (const k of Object.keys(r)) { v = k === "x" ? r.x : k === "y" ? r.y : …
 *
 * The names come from the object itself: it may have them in another order than its type.
 */
export function membersOf(l: Lowering, node: ts.CallExpression): Sequence | undefined {
  const method = libraryMember(l, node)?.name ?? "";
  const [of] = node.arguments;
  if (of === undefined || !["keys", "values", "entries"].includes(method) || !l.facts.taint.mayHold(of)) return undefined;
  const type = l.types.at(of);
  // What may be left out of an object has no place of its own.
  if (type.kind !== "record" || type.shape !== "object" || type.fields.some((f) => f.type.nullable === true || f.isTag === true)) return undefined;
  const element = type.fields.map((f) => f.type).reduce(join);
  if (element.kind === "opaque") return undefined;
  const record = array(l, of);
  const keys = keysOf(l, record);
  const key = (index: Atom, name = ""): Atom => l.load(keys, index, name);
  const value = (k: Atom, name = ""): Atom => memberOf(l, record, type.fields.map((f) => f.name), k, name);
  if (method === "keys") return { array: keys, at: key };
  if (method === "values") return { array: keys, at: (index, name) => value(key(index), name) };
  const parts = (index: Atom, name = ""): readonly [Atom, Atom] => {
    const k = key(index);
    return [k, value(k, name)];
  };
  return { array: keys, at: (index, name) => paired(l, parts(index), { ...opaqueType, text: "string" }, name), parts };
}

/** k === "x" ? r.x : k === "y" ? r.y : … : throw */
export function memberOf(l: Lowering, of: Atom, names: readonly string[], key: Atom, hint: string): Atom {
  const [name, ...others] = names;
  if (name === undefined) return noSuchMember(l);
  const test = l.let("===", [key, literal(name)], bool);
  return choose(l, test, () => l.present(l.loadField(of, name)), () => memberOf(l, of, others, key, hint), hint);
}

/** if (k === "x") r.x = v; else if (k === "y") r.y = v; else … throw */
export function storeMember(l: Lowering, of: Atom, names: readonly string[], key: Atom, stored: Atom): void {
  const [name, ...others] = names;
  if (name === undefined) return void noSuchMember(l);
  const test = l.let("===", [key, literal(name)], bool);
  const here = (): Side => {
    l.add({ kind: "store", of, key: { kind: "field", name }, value: stored });
    return { flow: normal };
  };
  branch(l, test, here, () => {
    storeMember(l, of, others, key, stored);
    return { flow: others.length === 0 ? dead : normal };
  });
}

function noSuchMember(l: Lowering): Atom {
  l.add({ kind: "effect", text: ["throw new Error(\"an object has a member that its type does not have\")"], args: [], throws: true });
  return nothing;
}
