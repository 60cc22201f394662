import type ts from "typescript";
import { catalogue, excerpt } from "../../diagnostics.js";
import type { Atom } from "../../ir/model.js";
import { arrayOf } from "../../ir/types.js";
import type { Lowering } from "../lowering.js";
import { reject } from "../rejected.js";
import { expression, type Want } from "./index.js";
import { opaque } from "./opaque.js";
import { value } from "./values.js";

/** Array.of(a, b)   is   [a, b] */
export function lowerArrayLiteralOf(l: Lowering, node: ts.CallExpression, want: Want): Atom {
  const type = l.types.at(node);
  if (type.kind !== "array") return opaque(l, node, want);
  const spread = node.arguments.find((a) => l.ts.isSpreadElement(a));
  if (spread !== undefined) reject(catalogue.spread, spread, excerpt(spread));
  const { element } = type;
  const elements = node.arguments.map((a) => (element.kind === "opaque" ? expression(l, a) : value(l, a, element)));
  return l.allocate(arrayOf(element), { kind: "elements", elements }, want.name ?? "");
}
