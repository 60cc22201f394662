import type ts from "typescript";
import { catalogue, excerpt } from "../../diagnostics.js";
import { literal } from "../../ir/build.js";
import type { Atom } from "../../ir/model.js";
import { arrayOf, elementType, isNumeric, isReference, nonNull, nullable, sameType, type Type } from "../../ir/types.js";
import type { Lowering } from "../lowering.js";
import { ownParameters, parameterType } from "../parameters.js";
import { reject } from "../rejected.js";
import { elementAt } from "../statements/declarations.js";
import { bare } from "../syntax.js";
import { array, overRange } from "./arrays.js";
import { functionValue } from "./function-values.js";
import { heldList, heldValue, listOf } from "./held.js";
import { expression } from "./index.js";
import { opaqueElements } from "./opaque.js";
import { refuseSpread } from "./refused.js";
import { sequenceOf, type Sequence } from "./sequences.js";
import { value } from "./values.js";

/** An argument as it is written, or what a spread one has given: a value, or the elements of an array from a place on. */
type Given = { readonly node: ts.Expression } | { readonly atom: Atom; readonly of: ts.SpreadElement } | Spread;
interface Spread {
  readonly sequence: Sequence;
  readonly from: number;
  readonly of: ts.SpreadElement;
}

/** The arguments in their order; what is left out is undefined, and the rest is put into an array. */
export function argumentsFor(l: Lowering, node: ts.CallExpression | ts.NewExpression, callee: ts.FunctionLikeDeclaration): Atom[] {
  const given = new Arguments(l, node.arguments ?? []);
  const args = ownParameters(l.ts, callee).map((p): Atom => {
    const type = parameterType(l.types, l.checker, p);
    if (p.dotDotDotToken === undefined) return given.next(type);
    return l.types.holdsFunctions(p) ? listOf(l, given.held()) : given.rest(type);
  });
  // What is given beyond the parameters is evaluated all the same.
  given.end();
  return args;
}

/** The arguments for parameters of these types. */
export function argumentsOfTypes(l: Lowering, node: ts.CallExpression, types: readonly Type[]): Atom[] {
  const given = new Arguments(l, node.arguments);
  return types.map((type) => given.next(type, true));
}

/**
 * The arguments of a call, taken one by one and evaluated in their order. Of those that are spread, tuples and literals
 * give their elements:
 *
 *     f(...p, x)   becomes   f(p[0], p[1], x)
 *     f(...a)      becomes   f(a[0], a[1], a.slice(2))   where `f` takes two numbers and the rest
 */
export class Arguments {
  private readonly left: Given[];

  constructor(
    private readonly l: Lowering,
    args: readonly ts.Expression[],
  ) {
    this.left = args.map((node) => ({ node }));
  }

  /** The next one, for a parameter of this type. With `isPlain` a function is taken as text. */
  next(type: Type, isPlain = false): Atom {
    const { l } = this;
    const given = this.head();
    if (given === undefined) return literal(undefined, nullable(type));
    if ("sequence" in given) return this.element(given, type);
    this.left.shift();
    if ("atom" in given) return fitting(l, given.atom, type, given.of);
    const known = isPlain ? undefined : functionValue(l, given.node);
    return known ?? (type.kind === "opaque" ? expression(l, given.node) : value(l, given.node, type));
  }

  /** All that are left, each as a value of this type. */
  all(type: Type): readonly Atom[] {
    const found: Atom[] = [];
    for (let given = this.head(); given !== undefined; given = this.head()) found.push("sequence" in given ? refuseSpread(given.of) : this.next(type, true));
    return found;
  }

  /** All that are left, as a new array or tuple of this type. */
  rest(type: Type, name = ""): Atom {
    const { l } = this;
    if (type.kind === "record") return l.allocate(type, { kind: "elements", elements: type.fields.map((f) => this.next(f.type)) });
    const element = isReference(type) ? elementType(type) : type;
    const first: Atom[] = [];
    let given = this.head();
    for (; given !== undefined && !("sequence" in given); given = this.head()) first.push(this.next(element, true));
    const made = arrayOf(element);
    if (given === undefined) return l.allocate(made, { kind: "elements", elements: first }, name);
    const isCopy = first.length === 0 && given.sequence.isWhole === true && sameType(given.sequence.array.type, made);
    const rest = isCopy ? this.copied(given, name) : l.allocate(made, { kind: "elements", elements: first }, name);
    for (let more = this.head(); more !== undefined; more = this.head()) {
      if ("sequence" in more) this.append(rest, more, element);
      else l.add({ kind: "push", of: rest, value: this.next(element, true) });
    }
    return rest;
  }

  /** All that are left, each as what is known of it: a function, or an object that holds some. */
  held(): readonly Atom[] {
    const found: Atom[] = [];
    for (let given = this.head(); given !== undefined; given = this.head()) {
      if ("sequence" in given) return refuseSpread(given.of);
      this.left.shift();
      found.push("atom" in given ? given.atom : heldValue(this.l, given.node));
    }
    return found;
  }

  /** Evaluates what is left, which nobody takes. */
  end(): void {
    for (let given = this.head(); given !== undefined; given = this.head()) {
      this.left.shift();
      if ("node" in given) expression(this.l, given.node);
    }
  }

  /** The next one, with what is spread taken apart. */
  private head(): Given | undefined {
    for (;;) {
      const [given] = this.left;
      if (given === undefined || !("node" in given) || !this.l.ts.isSpreadElement(given.node)) return given;
      this.left.splice(0, 1, ...this.opened(given.node));
    }
  }

  private opened(of: ts.SpreadElement): readonly Given[] {
    const { l } = this;
    const node = bare(l.ts, of.expression);
    if (l.ts.isArrayLiteralExpression(node) && !node.elements.some((e) => l.ts.isOmittedExpression(e))) return node.elements.map((e) => ({ node: e }));
    if (l.types.holdsFunctions(node)) return (heldList(l, node) ?? refuseSpread(of)).map((atom) => ({ atom, of }));
    const places = this.placesOf(node);
    if (places !== undefined) {
      const tuple = array(l, node);
      return places.map((isOptional, i) => ({ atom: elementAt(l, tuple, i, "", isOptional), of }));
    }
    const type = l.types.at(node);
    if (type.kind === "record") return refuseSpread(of);
    const isList = type.kind === "array" || type.kind === "typed";
    return [{ sequence: sequenceOf(l, node) ?? wholeOf(l, isList ? array(l, node) : opaqueElements(l, node)), from: 0, of }];
  }

  /** The elements of a tuple, each whether it may be missing: of the last argument the last ones may. */
  private placesOf(node: ts.Expression): readonly boolean[] | undefined {
    const { checker, ts } = this.l;
    const type = checker.getTypeAtLocation(node);
    if (!checker.isTupleType(type)) return undefined;
    const flags = ((type as ts.TypeReference).target as ts.TupleType).elementFlags;
    const { Required, Optional } = ts.ElementFlags;
    const isKnown = flags.every((f) => f === Required || (f === Optional && this.left.length === 1));
    return isKnown ? flags.map((f) => f === Optional) : undefined;
  }

  /** The next element of an array. Where more stands behind it, that is put into one array before. */
  private element({ sequence, from, of }: Spread, type: Type): Atom {
    const list = this.left.length > 1 || sequence.isWhole !== true ? this.rest(arrayOf(nonNull(type))) : sequence.array;
    this.left[0] = { sequence: wholeOf(this.l, list), from: from + 1, of };
    return fitting(this.l, elementAt(this.l, list, from, "", type.nullable === true), type, of);
  }

  private copied({ sequence: { array: of }, from }: Spread, name: string): Atom {
    this.left.shift();
    const result = this.l.variable(name, of.type);
    this.l.add({ kind: "copy", result, of, depth: 1, ...(from > 0 && { from: literal(from) }) });
    return result;
  }

  private append(to: Atom, { sequence, from, of }: Spread, element: Type): void {
    const { l } = this;
    this.left.shift();
    overRange(l, literal(from), l.length(sequence.array), (k) => {
      l.add({ kind: "push", of: to, value: fitting(l, sequence.at(k), element, of) });
    });
  }
}

function wholeOf(l: Lowering, of: Atom): Sequence {
  return { array: of, at: (k, name = "") => l.load(of, k, name), isWhole: true };
}

/** A value that is a number where one is wanted, and memory where that is. */
function fitting(l: Lowering, atom: Atom, type: Type, of: ts.SpreadElement): Atom {
  if (l.closures.isKnown(atom) || type.kind === "opaque") return atom;
  const isOther = isNumeric(type) ? !isNumeric(atom.type) : isReference(type) && !isReference(atom.type);
  if (isOther) reject(catalogue.elementType, of.expression, excerpt(of.expression));
  return type.nullable ? atom : l.present(atom);
}
