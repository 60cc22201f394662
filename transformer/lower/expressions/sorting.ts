import type ts from "typescript";
import { catalogue, excerpt } from "../../diagnostics.js";
import type { Atom, Var } from "../../ir/model.js";
import { arrayOf, elementType, int, isNumeric } from "../../ir/types.js";
import type { Lowering } from "../lowering.js";
import { reject } from "../rejected.js";
import { bare, functionIn } from "../syntax.js";
import { build } from "./iteration.js";
import { isAccessor, isLibraryMethod, isPure, onlyReads } from "./read-only.js";
import { copied, put, type Method } from "./rearranging.js";
import { overElements } from "./arrays.js";
import { sourceText, type SourceText } from "./source-text.js";

// order = …; b = a.slice(); for (let k = 0; k < order.length; k++) a[k] = b[order[k]]
// a.slice().sort(), which nobody else holds: a.toSorted()
export const sort: Method = (l, of, args, want, node) => {
  if (isMadeHere(l, node)) return toSorted(l, of, args, want, node);
  const order = orderOf(l, of, args, node);
  const before = copied(l, of);
  overElements(l, order, (k) => {
    put(l, of, k, l.load(before, l.load(order, k)));
  });
  return of;
};

// order = …; b = new Array(n); for (let k = 0; k < order.length; k++) b[k] = a[order[k]]
export const toSorted: Method = (l, of, args, want, node) => {
  const order = orderOf(l, of, args, node);
  const type = of.type.kind === "typed" ? of.type : arrayOf(elementType(of.type));
  return build(l, node, type, l.length(order), (k) => l.load(of, l.load(order, k)), want.name);
};

/** Whether the array has just been made by the expression that it is sorted in, and so has no name. */
function isMadeHere(l: Lowering, node: ts.CallExpression): boolean {
  const { ts: c } = l;
  const callee = bare(c, node.expression);
  const made = c.isPropertyAccessExpression(callee) ? bare(c, callee.expression) : node;
  if (c.isArrayLiteralExpression(made)) return made.elements.length === 1 && made.elements.every((e) => c.isSpreadElement(e));
  return c.isCallExpression(made) && c.isPropertyAccessExpression(made.expression) && /^(?:slice|map|filter|concat)$/.test(made.expression.name.text) && isLibraryMethod(l, made);
}

/** Where each element comes from: the order is a constant, and what decides it is run as it is written. */
function orderOf(l: Lowering, of: Atom, [compare]: readonly ts.Expression[], node: ts.CallExpression): Var {
  if (elementType(of.type).nullable === true) return reject(catalogue.arrayMethod, node, "sort", excerpt(node));
  const { text, args, follows } = compare === undefined ? byDefault(of) : comparing(l, of, compare);
  const result = l.variable("order", arrayOf(int));
  const pure = compare === undefined || isPure(l, compare);
  const readsOnly = compare === undefined || onlyReads(l, compare);
  const [first = "", ...rest] = text;
  const whole = ["Array.from(", `.keys()).sort((i_, j_) => ${first}`, ...rest.slice(0, -1), `${rest.at(-1) ?? ""})`];
  l.add({ kind: "opaque", result, text: whole, args: [of, ...args], pure, readsOnly, fresh: true, ...(follows && { follows }) });
  return result;
}

interface Comparison extends SourceText {
  /** It looks at nothing but the elements. */
  readonly follows?: boolean;
}

// compare(a[i], a[j])   or, of (x, y) => x - y,   a[i] - a[j]
function comparing(l: Lowering, of: Atom, compare: ts.Expression): Comparison {
  const written = writtenOut(l, of, compare);
  if (written !== undefined) return written;
  const { text, args } = sourceText(l, compare);
  const [open, close] = functionIn(l.ts, compare) === undefined ? ["", ""] : ["(", ")"];
  const [first = "", ...rest] = text;
  const last = `${rest.length === 0 ? open + first : (rest.at(-1) ?? "")}${close}(`;
  const head = rest.length === 0 ? [] : [open + first, ...rest.slice(0, -1)];
  return { text: [...head, last, "[i_], ", "[j_])"], args: [...args, of, of] };
}

/** What an arrow gives, with the elements in the place of its parameters, where nothing else has a name in it. */
function writtenOut(l: Lowering, of: Atom, compare: ts.Expression): Comparison | undefined {
  const { ts: c } = l;
  const fn = bare(c, compare);
  if (!c.isArrowFunction(fn) || c.isBlock(fn.body) || fn.parameters.length !== 2) return undefined;
  const params = fn.parameters.map((p) => (c.isIdentifier(p.name) && p.initializer === undefined && p.dotDotDotToken === undefined ? l.symbol(p.name) : undefined));
  const { body } = fn;
  const source = body.getSourceFile().text;
  const text: string[] = [];
  let [tail, at] = ["", body.getStart()];
  const isKnown = (n: ts.Node): boolean => {
    if (c.isNumericLiteral(n)) return true;
    const place = c.isIdentifier(n) ? params.findIndex((p) => p !== undefined && p === l.symbol(n)) : -1;
    if (place >= 0) {
      text.push(tail + source.slice(at, n.getStart()));
      [tail, at] = [place === 0 ? "[i_]" : "[j_]", n.getEnd()];
      return true;
    }
    if (c.isBinaryExpression(n)) return /^(?:[-+*/%]|\*\*|\|\|)$/.test(n.operatorToken.getText()) && isKnown(n.left) && isKnown(n.right);
    if (c.isElementAccessExpression(n)) return isKnown(n.expression) && isKnown(n.argumentExpression);
    return (c.isParenthesizedExpression(n) || (c.isPropertyAccessExpression(n) && !isAccessor(l, n))) && isKnown(n.expression);
  };
  if (!isKnown(body)) return undefined;
  return { text: [...text, tail + source.slice(at, body.getEnd())], args: text.map(() => of), follows: true };
}

/** Typed arrays are sorted as numbers, -0 before 0; others as texts. */
function byDefault(of: Atom): Comparison {
  if (of.type.kind === "typed") return { text: ["", "[i_] - ", "[j_] || 1 / ", "[i_] - 1 / ", "[j_] || 0"], args: [of, of, of, of], follows: true };
  return {
    text: ["(String(", "[i_]) < String(", "[j_]) ? -1 : Number(String(", "[j_]) < String(", "[i_])))"],
    args: [of, of, of, of],
    follows: isNumeric(elementType(of.type)),
  };
}
