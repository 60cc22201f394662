import type ts from "typescript";
import { catalogue, excerpt } from "../../diagnostics.js";
import type { Atom } from "../../ir/model.js";
import { int, real, type Type } from "../../ir/types.js";
import { isCut } from "../../rules/activity.js";
import { ruleOf } from "../../rules/table.js";
import type { Closure, Library, Written } from "../closures.js";
import { roundingFunction } from "../facts/integers.js";
import { returnType } from "../function.js";
import type { Lowering } from "../lowering.js";
import { ownParameters } from "../parameters.js";
import { reject } from "../rejected.js";
import { bare, functionIn } from "../syntax.js";
import { entryOf, functionOf } from "./callee.js";
import { choose, condition } from "./conditions.js";
import { expression, type Want } from "./index.js";
import { libraryMember } from "./library.js";
import { absent, captured } from "./names.js";
import { opaque } from "./opaque.js";
import { isStop, stopped } from "./stopped.js";
import { callSpecialised, isRecursive } from "./specialised.js";
import { applyInPlace, callWith, isInPlace } from "./user-calls.js";

/** The function that an expression is or stands for here, as far as that is known. The test of `k ? f : g` is evaluated. */
export function closureOf(l: Lowering, node: ts.Expression): Closure | undefined {
  const { ts } = l;
  const inner = bare(ts, node);
  const symbol = ts.isIdentifier(inner) ? l.symbol(inner) : undefined;
  const bound = symbol && l.closures.of(l.values.get(symbol));
  if (bound !== undefined) return bound;
  if ((ts.isIdentifier(inner) || ts.isPropertyAccessExpression(inner)) && isLibrary(l, inner)) return { kind: "library", node: inner };
  const entry = ts.isPropertyAccessExpression(inner) ? l.symbol(inner.name)?.declarations?.map((d) => entryOf(l, d)).find((e) => e !== undefined) : undefined;
  if (entry !== undefined) return closureOf(l, entry);
  if (ts.isConditionalExpression(inner)) return choice(l, inner);
  if (ts.isCallExpression(inner) && l.facts.bodies.of(inner).size > 0) {
    return l.closures.of(expression(l, inner)) ?? reject(catalogue.unknownFunction, inner, excerpt(inner));
  }
  const declaration = functionOf(l, inner);
  return declaration && { kind: "written", declaration, values: new Map(l.values), calls: [...l.activations], ...(l.receiver && ts.isArrowFunction(declaration) && { receiver: l.receiver }), ...(ts.isIdentifier(inner) && { name: inner }) };
}

function choice(l: Lowering, node: ts.ConditionalExpression): Closure | undefined {
  const isKnown = (side: ts.Expression): boolean => l.facts.bodies.of(side).size > 0 || isLibrary(l, bare(l.ts, side));
  if (!isKnown(node.whenTrue) || !isKnown(node.whenFalse)) return undefined;
  const test = condition(l, node.condition);
  if (test.kind === "literal") return closureOf(l, test.value ? node.whenTrue : node.whenFalse);
  const then = closureOf(l, node.whenTrue);
  const otherwise = closureOf(l, node.whenFalse);
  return then && otherwise && { kind: "choice", test, then, otherwise };
}

function isLibrary(l: Lowering, node: ts.Expression): boolean {
  if (!l.ts.isIdentifier(node) && !l.ts.isPropertyAccessExpression(node)) return false;
  return isFunction(l, node) && (libraryMember(l, node)?.owner === "Math" || isStop(l, node));
}

/** An expression as a function that is known, under a variable that stands for it; nothing where it is no function. */
export function functionValue(l: Lowering, node: ts.Expression): Atom | undefined {
  if (!isFunction(l, node)) return undefined;
  const closure = closureOf(l, node);
  return closure && l.closures.variable(closure);
}

export function isFunction(l: Lowering, node: ts.Expression): boolean {
  return l.checker.getTypeAtLocation(node).getCallSignatures().length > 0;
}

/** Calls a function with values that are there already. */
export function applyClosure(l: Lowering, node: ts.Node, closure: Closure, args: readonly Atom[], returns: Type | undefined, want: Want = {}): Atom {
  switch (closure.kind) {
    case "library":
      return applyLibrary(l, closure, args, want);
    case "choice": {
      const side = (chosen: Closure) => (): Atom => applyClosure(l, node, chosen, args, returns, want);
      return choose(l, closure.test, side(closure.then), side(closure.otherwise), want.name);
    }
    case "written": {
      const { declaration } = closure;
      const given = ownParameters(l.ts, declaration).map((_, i) => args[i] ?? absent);
      const isHanded = given.some((a) => l.closures.of(a) !== undefined);
      if (isHanded && !l.facts.bodies.isNested(declaration) && isRecursive(l, declaration)) return callSpecialised(l, node, declaration, given, returns, want);
      const handles = isHanded || (l.ts.isCallExpression(node) && isFunction(l, node));
      if (handles || isInPlace(l, declaration)) return applyInPlace(l, node, closure, given, returns, want);
      return callWith(l, declaration, given, returns, want);
    }
  }
}

function applyLibrary(l: Lowering, { node }: Library, args: readonly Atom[], want: Want): Atom {
  if (isStop(l, node)) return stopped(l, args[0] ?? absent, want);
  const member = libraryMember(l, node);
  const name = `Math.${member?.name ?? ""}`;
  const used = args.slice(0, Math.max(1, l.checker.getTypeAtLocation(node).getCallSignatures()[0]?.parameters.length ?? 1));
  if (ruleOf(name, used.length) === undefined && !isCut(name)) return reject(catalogue.callback, node, excerpt(node));
  const type: Type = roundingFunction(member?.name ?? "") ? int : real;
  return l.let(name, used.map((a) => l.present(a)), type, want.name);
}

/** A function that is called with values, as methods of arrays do. */
type Callback = (args: readonly Atom[], want?: Want) => Atom;

/** The function that an argument is: written there, declared within, a function of the program or of `Math`. */
export function callbackOf(l: Lowering, node: ts.Expression): Callback {
  const closure = closureOf(l, node) ?? reject(catalogue.callback, node, excerpt(node));
  const returns = returnOf(l, closure);
  return (args, want = {}) => applyClosure(l, node, closure, args, returns, want);
}

/** The type that a function says it returns. */
function returnOf(l: Lowering, closure: Closure): Type | undefined {
  if (closure.kind === "choice") return returnOf(l, closure.then);
  return closure.kind === "library" ? real : returnType(l.context, closure.declaration, l.types);
}

/** A function as a value of the emitted code: its text, or its name where that has a meaning. */
export function functionText(l: Lowering, node: ts.Expression, closure: Closure): Atom {
  switch (closure.kind) {
    case "library":
      return opaque(l, closure.node);
    case "choice":
      return choose(l, closure.test, () => functionText(l, node, closure.then), () => functionText(l, node, closure.otherwise));
    case "written":
      return writtenText(l, closure);
  }
}

function writtenText(l: Lowering, { declaration, name }: Written): Atom {
  const symbol = name && l.symbol(name);
  if (name !== undefined && symbol !== undefined && functionIn(l.ts, name) === undefined && !l.isLocal(symbol)) return captured(l, name, symbol);
  return opaque(l, declaration);
}
