import type ts from "typescript";
import { literal } from "../../ir/build.js";
import type { Atom } from "../../ir/model.js";
import { bool, opaque as opaqueType } from "../../ir/types.js";
import { branch, type Side } from "../branch.js";
import { instanceSymbol } from "../facts/facts.js";
import { dead, normal } from "../jumps.js";
import type { Lowering } from "../lowering.js";
import { bare } from "../syntax.js";
import { choose } from "./conditions.js";
import { expression, type Want } from "./index.js";
import { capturedClass } from "./names.js";
import { nothing, opaque } from "./opaque.js";

type ClassLike = ts.ClassLikeDeclaration;

/** One body of several that a member may have, and the classes that have it. */
export interface Way<Body> {
  readonly body: Body;
  readonly classes: readonly ClassLike[];
}

/** The way for each class of a family. */
export function waysOf<Body>(family: readonly ClassLike[], bodyIn: (made: ClassLike) => Body): readonly Way<Body>[] {
  const ways = new Map<Body, ClassLike[]>();
  for (const made of family) {
    const body = bodyIn(made);
    ways.set(body, [...(ways.get(body) ?? []), made]);
  }
  return [...ways].map(([body, classes]) => ({ body, classes }));
}

/** The classes of which an object of a type may be, where it can be told which: nothing where it cannot. Objects without numbers are constants. */
export function familyOf(l: Lowering, of: Atom, type: ts.Type): readonly ClassLike[] | undefined {
  const isConstant = of.type.kind === "opaque" && of.type.nullable !== true && !l.closures.isKnown(of) && !l.closures.isUnbound(of);
  const isTold = of.type.kind === "record" && of.type.fields.some((f) => f.isTag === true && f.type.nullable !== true);
  if (!isTold && !isConstant) return undefined;
  const family = l.among.get(of) ?? l.context.classes.families.of(type);
  // What was made as a Wave, and is kept as a Shape, has no radius.
  return of.type.kind === "record" ? family?.filter((made) => l.types.mayBe(of.type, made)) : family;
}

// o.constructor
function kindOf(l: Lowering, of: Atom): Atom {
  if (of.type.kind === "record") return l.loadField(of, "constructor", "kind");
  const kind = l.variable("kind", { ...opaqueType, text: "Function" });
  l.add({ kind: "opaque", result: kind, text: ["", ".constructor"], args: [of], pure: true, readsOnly: true });
  return kind;
}

/**
 * Runs the body that an object has by its class:
 *
 *     if (s.constructor === Circle) { … } else if (s.constructor === Square) { … } else throw …
 */
export function byClass<Body>(l: Lowering, of: Atom, ways: readonly Way<Body>[], what: string, run: (body: Body) => Atom, want: Want, isVoid: boolean): Atom {
  const isSure = l.among.has(of);
  if (isSure && ways.length === 1 && ways[0] !== undefined) return run(ways[0].body);
  const kind = kindOf(l, of);
  const side = (way: Way<Body>): Side => {
    const outer = l.among.get(of);
    l.among.set(of, way.classes);
    const value = run(way.body);
    if (outer === undefined) l.among.delete(of);
    else l.among.set(of, outer);
    if (value !== nothing) return { flow: normal, value };
    return { flow: isVoid ? normal : dead };
  };
  const from = (i: number): Side => {
    const way = ways[i];
    if (way !== undefined && isSure && i === ways.length - 1) return side(way);
    if (way === undefined) {
      l.add({ kind: "effect", text: [`throw new Error(${JSON.stringify(`${what} is called on an object of none of the classes that have it`)})`], args: [], throws: true });
      return { flow: dead };
    }
    return branch(l, isOneOf(l, kind, way.classes), () => side(way), () => from(i + 1), want.name);
  };
  return from(0).value ?? nothing;
}

/** kind === Circle || kind === Square */
function isOneOf(l: Lowering, kind: Atom, classes: readonly ClassLike[]): Atom {
  const [first, ...rest] = classes;
  const value = first && classValue(l, first);
  if (value === undefined) return literal(false);
  const isIt = l.let("===", [kind, value], bool);
  return rest.length === 0 ? isIt : choose(l, isIt, () => literal(true), () => isOneOf(l, kind, rest));
}

/** The class itself; nothing where it has no name that reaches the function. */
export function classValue(l: Lowering, made: ClassLike): Atom | undefined {
  const key = instanceSymbol(l.checker, made);
  const symbol = made.name && l.symbol(made.name);
  return made.name === undefined || key === undefined || symbol === undefined || l.isLocal(symbol) ? undefined : capturedClass(l, made.name, key);
}

/** o instanceof A, of an object of one of several classes   becomes   o.constructor === A || o.constructor === B, B being below A */
export function lowerInstanceOf(l: Lowering, node: ts.BinaryExpression, want: Want): Atom {
  const { classes } = l.context;
  const wanted = classes.named(node.right);
  const type = l.checker.getTypeAtLocation(node.left);
  if (wanted === undefined || classes.families.of(type) === undefined || (!l.facts.taint.mayHold(bare(l.ts, node.left)) && l.types.at(node.left).kind !== "record")) return opaque(l, node, want);
  const of = expression(l, node.left);
  const isOf = (made: ClassLike): boolean => classes.chain(made)?.includes(wanted) === true;
  const made = l.made.get(of);
  if (made !== undefined) return literal(isOf(made));
  const all = of.type.nullable === true ? undefined : familyOf(l, of, type);
  const told = all?.filter(isOf);
  if (all === undefined || told === undefined || told.some((one) => classValue(l, one) === undefined)) return opaque(l, node, want);
  if (told.length === 0) return literal(false);
  return told.length === all.length ? literal(true) : isOneOf(l, kindOf(l, of), told);
}
