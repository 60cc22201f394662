import type ts from "typescript";
import { catalogue, excerpt } from "../../diagnostics.js";
import type { Atom } from "../../ir/model.js";
import { heldTwice } from "../../differentiate/aliases.js";
import { bool, isRecursive, isReference, nonNull } from "../../ir/types.js";
import type { Lowering } from "../lowering.js";
import { reject } from "../rejected.js";
import { overElements } from "./arrays.js";
import { expression, type Want } from "./index.js";
import { throwIf } from "./indices.js";
import { libraryMember } from "./library.js";

/** structuredClone(a), JSON.parse(JSON.stringify(a)): what is cloned; nothing for any other call. */
export function clonedBy(l: Lowering, node: ts.CallExpression): ts.Expression | undefined {
  const [first] = node.arguments;
  if (first === undefined) return undefined;
  const called = nameOf(l, node);
  if (called === "structuredClone") return first;
  return called === "JSON.parse" && l.ts.isCallExpression(first) && nameOf(l, first) === "JSON.stringify" ? first.arguments[0] : undefined;
}

function nameOf(l: Lowering, node: ts.CallExpression): string {
  const member = libraryMember(l, node);
  return member === undefined ? "" : member.owner === "" ? member.name : `${member.owner}.${member.name}`;
}

/** { p: a.p.slice(), v: { x: a.v.x } } */
export function clone(l: Lowering, node: ts.Expression, want: Want, call: ts.CallExpression): Atom {
  const of = l.present(expression(l, node));
  if (nameOf(l, call) === "structuredClone") refuseHeldTwice(l, of);
  return cloneOf(l, of, node, want.name);
}

// if (o.v === o.w) throw …
/** What is there twice is so in the clone of the library, and would be two in this one. */
function refuseHeldTwice(l: Lowering, of: Atom): void {
  const text = of.kind === "var" && isReference(of.type) ? heldTwice(of) : undefined;
  if (text === undefined) return;
  const test = l.variable("", bool);
  l.add({ kind: "opaque", result: test, text, args: text.slice(1).map(() => of), pure: true, readsOnly: true });
  throwIf(l, test, `Error("structuredClone: an object or array is reached from two places: clone the parts one by one")`);
}

function cloneOf(l: Lowering, of: Atom, node: ts.Node, name = ""): Atom {
  const { type } = of;
  if (!isReference(type)) return of;
  if (type.nullable || isRecursive(type) || l.closures.holderOf(of) !== undefined) return reject(catalogue.expression, node, excerpt(node));
  if (type.kind === "record") {
    if (type.fields.some((f) => f.isTag)) return reject(catalogue.expression, node, excerpt(node));
    const elements = type.fields.map((f) => cloneOf(l, l.loadField(of, f.name), node));
    return l.allocate(type, { kind: "elements", elements }, name);
  }
  if (type.kind === "typed" || !isReference(type.element)) {
    const result = l.variable(name, nonNull(type));
    l.add({ kind: "copy", result, of, depth: 1 });
    return result;
  }
  const result = l.allocate({ kind: "array", element: type.element }, { kind: "elements", elements: [] }, name);
  overElements(l, of, (k) => {
    const element = cloneOf(l, l.load(of, k), node);
    l.add({ kind: "push", of: result, value: element });
  });
  return result;
}
