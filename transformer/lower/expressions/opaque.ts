import type ts from "typescript";
import { catalogue, excerpt } from "../../diagnostics.js";
import { literal } from "../../ir/build.js";
import type { Atom } from "../../ir/model.js";
import { arrayOf, isNull, isText, nullable, opaque as opaqueType, tupleOf, type Type } from "../../ir/types.js";
import type { Lowering } from "../lowering.js";
import { reject, Rejected } from "../rejected.js";
import { typeOfMade } from "./arrays.js";
import type { Want } from "./index.js";
import { makesMemory, isPure, onlyReads } from "./read-only.js";
import { refuseCarried } from "./refused.js";
import { rereads } from "./reread.js";
import { sourceText, type SourceText } from "./source-text.js";

/**
 * R5: an expression that carries no derivative stays source text, evaluated once, where it stands. It may read
 * differentiated memory; it must not assign variables of the function.
 */
export function opaque(l: Lowering, node: ts.Expression | ts.FunctionLikeDeclaration, want: Want = {}): Atom {
  return l.from(node, () => {
    if (l.facts.taint.carries(node)) refuseCarried(l, node as ts.Expression);
    // m.get(k)! says of itself that it is there.
    const whole = l.ts.isNonNullExpression(node.parent) ? node.parent : node;
    return given(l, node, sourceText(l, whole), typeOf(l, whole, want), want);
  });
}

/** The value of text that is known to be allowed. */
export function given(l: Lowering, node: ts.Node, source: SourceText, type: Type, want: Want, made = makesMemory(l, node)): Atom {
  const result = l.variable(want.name ?? "", type);
  const pure = isPure(l, node);
  const readsOnly = pure || onlyReads(l, node);
  const again = pure ? rereads(l, node) : undefined;
  const { kept, ...text } = source;
  l.add({ kind: "opaque", result, ...text, ...((!readsOnly || (type.kind === "opaque" && !isText(type))) && { kept }), ...(pure && { pure }), ...(readsOnly && { readsOnly }), ...(again && { rereads: again }), ...(made && { made }) });
  return result;
}

/** Text that is run for what it does. */
export function run(l: Lowering, node: ts.Expression): void {
  if (isPure(l, node)) return;
  const source = sourceText(l, node);
  if (onlyReads(l, node)) l.add({ kind: "effect", ...source });
  else l.add({ kind: "opaque", ...source });
}

/** The text of an expression within a statement such as `throw`. It may read whatever it likes. */
export function effectText(l: Lowering, node: ts.Expression): SourceText {
  return sourceText(l, node);
}

/** for…of over a constant set, map or string: Array.from(e). */
export function opaqueElements(l: Lowering, node: ts.Expression): Atom {
  const type = l.checker.getTypeAtLocation(node);
  const element = elementsOf(l, type);
  // What a container holds has been refused where it was put in.
  if (l.facts.taint.carries(node) && element !== undefined) throw new Rejected();
  if (element === undefined) {
    reject(catalogue.iterable, node, excerpt(node), l.checker.typeToString(type));
  }
  const source = sourceText(l, node);
  const wrapped = source.text.map((t, i) => `${i === 0 ? "Array.from(" : ""}${t}${i === source.text.length - 1 ? ")" : ""}`);
  return given(l, node, { ...source, text: wrapped }, arrayOf(element), {}, true);
}

function elementsOf(l: Lowering, type: ts.Type): Type | undefined {
  if (type.flags & l.ts.TypeFlags.StringLike) return { ...opaqueType, text: "string" };
  const name = l.types.libraryName(type) ?? "";
  const args = l.checker.getTypeArguments(type as ts.TypeReference).map((t) => l.types.from(t));
  const [first, second] = args;
  if (/^(Readonly)?Map$/.test(name) && first && second) return tupleOf([first, second]);
  return /^((Readonly)?Set|.*Iterator|Iterable(Iterator)?|Generator)$/.test(name) ? first : undefined;
}

function typeOf(l: Lowering, node: ts.Expression | ts.FunctionLikeDeclaration, want: Want): Type {
  if (l.ts.isFunctionLike(node)) return opaqueType;
  const type = l.checker.getTypeAtLocation(node);
  const found = want.type === undefined ? l.types.from(type) : typeOfMade(l, node as ts.Expression, want);
  if (l.types.admitsNull(type) && !isNull(found)) return found.kind === "opaque" ? nullable(found) : { ...opaqueType, nullable: true };
  const wanted = found.kind === "opaque" && want.type?.kind === "opaque" && want.type.text?.startsWith("Record<") === true ? want.type : found;
  return want.optional ? nullable(wanted) : wanted;
}

/** `undefined`, for what gives nothing. */
export const nothing: Atom = literal(undefined);
/** For a call that never returns. */
export const never: Atom = literal(undefined);
