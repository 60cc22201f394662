import type ts from "typescript";
import { catalogue, excerpt } from "../../diagnostics.js";
import { zero } from "../../ir/build.js";
import type { Atom } from "../../ir/model.js";
import { arrayOf, bool, elementType, int, type ArrayType, type TypedArrayType } from "../../ir/types.js";
import { mayResizeBelow } from "../facts/invariants.js";
import type { Lowering } from "../lowering.js";
import { reject } from "../rejected.js";
import { bare } from "../syntax.js";
import { isTypedArrayName } from "../type-queries.js";
import { writesOut } from "./array-methods.js";
import { choose } from "./conditions.js";
import { callbackOf } from "./function-values.js";
import { typeOfMade } from "./arrays.js";
import { Arguments } from "./arguments.js";
import { expression, type Want } from "./index.js";
import { build } from "./iteration.js";
import type { Member } from "./library.js";
import { absent } from "./names.js";
import { opaqueElements } from "./opaque.js";
import { refuseSpread } from "./refused.js";
import { sequenceOf } from "./sequences.js";
import { numeric, value } from "./values.js";

/**
 * Array.of, Array.from and those of typed arrays, where something differentiated is or will be in it, or its function assigns
 * variables; nothing for anything else.
 */
export function lowerArrayMaker(l: Lowering, node: ts.CallExpression, { owner, name }: Member, want: Want): Atom | undefined {
  const isMaker = (owner === "Array" || isTypedArrayName(owner)) && (name === "from" || name === "of");
  const type = typeOfMade(l, node, want);
  const [, fn] = node.arguments;
  const isTakenApart = l.facts.taint.mayHold(node) || (name === "from" && fn !== undefined && writesOut(l, fn));
  if (!isMaker || !isTakenApart || (type.kind !== "array" && type.kind !== "typed")) return undefined;
  const spread = node.arguments.find((a) => l.ts.isSpreadElement(a));
  if (spread !== undefined && name === "of" && type.kind === "array") return new Arguments(l, node.arguments).rest(type, want.name);
  if (spread !== undefined) refuseSpread(spread);
  return name === "of" ? arrayWith(l, node, type, want) : arrayFrom(l, node, type, want);
}

/** Array.of(a, b)   is   [a, b] */
function arrayWith(l: Lowering, node: ts.CallExpression, type: ArrayType | TypedArrayType, want: Want): Atom {
  const element = elementType(type);
  const elements = node.arguments.map((a) => (element.kind === "opaque" ? expression(l, a) : value(l, a, element)));
  return l.allocate(type.kind === "array" ? arrayOf(element) : type, { kind: "elements", elements }, want.name);
}

/** Array.from(a, f)   becomes   r = new Array(a.length); for (…) r[i] = f(a[i], i) */
function arrayFrom(l: Lowering, node: ts.CallExpression, type: ArrayType | TypedArrayType, want: Want): Atom {
  const [source, fn] = node.arguments;
  if (source === undefined) return reject(catalogue.expression, node, excerpt(node));
  const { size, at } = elementsOf(l, source);
  if (fn !== undefined && mayResizeBelow(l, source, fn, undefined)) reject(catalogue.resized, source, excerpt(source), "Array.from");
  const call = fn && callbackOf(l, fn, type.kind === "array" ? type.element : undefined);
  const made = type.kind === "array" ? arrayOf(type.element) : type;
  return build(l, fn ?? node, made, size, (i) => (call === undefined ? at(i) : call([at(i), i])), want.name);
}

/** So many elements, and each of them: of { length: n } there is none, and constants may be in anything. */
function elementsOf(l: Lowering, source: ts.Expression): { readonly size: Atom; readonly at: (i: Atom) => Atom } {
  const literal = bare(l.ts, source);
  const [only] = l.ts.isObjectLiteralExpression(literal) && literal.properties.length === 1 ? literal.properties : [];
  if (only !== undefined && l.ts.isPropertyAssignment(only) && only.name.getText() === "length") {
    return { size: sizeOf(l, only.initializer), at: () => absent };
  }
  const sequence = sequenceOf(l, source);
  if (sequence !== undefined) return { size: l.length(sequence.array), at: sequence.at };
  const array = opaqueElements(l, source);
  return { size: l.length(array), at: (i) => l.load(array, i) };
}

// n > 0 ? Math.trunc(n) : 0
/** The length of what is made: a whole number that is not negative, 0 for NaN. */
function sizeOf(l: Lowering, node: ts.Expression): Atom {
  const inner = bare(l.ts, node);
  const isLength = l.ts.isPropertyAccessExpression(inner) && inner.name.text === "length";
  const size = numeric(l, node);
  if (size.type.kind !== "int") return choose(l, l.let(">", [size, zero], bool), () => l.let("Math.trunc", [size], int), () => zero);
  return size.kind === "literal" || isLength ? size : l.let("Math.max", [size, zero], int);
}
