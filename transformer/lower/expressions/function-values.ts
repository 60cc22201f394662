import type ts from "typescript";
import { catalogue, excerpt } from "../../diagnostics.js";
import type { Atom } from "../../ir/model.js";
import { int, isNumeric, real, type Type } from "../../ir/types.js";
import { isCut } from "../../rules/activity.js";
import { ruleOf } from "../../rules/table.js";
import type { Closure, Library, Written } from "../closures.js";
import { holdsFunctions, isFunctionType } from "../facts/holders.js";
import { roundingFunction } from "../facts/integers.js";
import { returnType } from "../function.js";
import { isLifted, liftedFor, variedOf } from "../lifted.js";
import type { Lowering } from "../lowering.js";
import { ownParameters } from "../parameters.js";
import { reject } from "../rejected.js";
import { bare, functionIn } from "../syntax.js";
import { entryOf, functionOf, isFunctionOfTable } from "./callee.js";
import { choose, condition } from "./conditions.js";
import { heldBy } from "./held.js";
import { expression, type Want } from "./index.js";
import { libraryMember } from "./library.js";
import { absent, captured } from "./names.js";
import { never, opaque } from "./opaque.js";
import { completed } from "./arrays.js";
import { checkpointCallOf, customCallOf, customRef } from "../custom.js";
import { applyCustom } from "./custom-calls.js";
import { pullBack } from "./pullback-calls.js";
import { functionName } from "../functions.js";
import { callAgain } from "./checkpoints.js";
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
  if (ts.isPropertyAccessExpression(inner) || ts.isElementAccessExpression(inner)) {
    const held = heldBy(l, inner);
    if (held !== undefined) return l.closures.of(held);
  }
  if (ts.isBinaryExpression(inner)) return alternative(l, inner);
  const entry = ts.isPropertyAccessExpression(inner) ? l.symbol(inner.name)?.declarations?.map((d) => entryOf(l, d)).find((e) => e !== undefined) : undefined;
  if (entry !== undefined) return closureOf(l, entry);
  const custom = customCallOf(l.context, inner);
  if (custom !== undefined) return { kind: "custom", call: custom, node: inner };
  const again = checkpointCallOf(l.context, inner)?.arguments[0];
  if (again !== undefined) return checkpointed(closureOf(l, again));
  if (ts.isConditionalExpression(inner)) return choice(l, inner);
  if (ts.isCallExpression(inner) && l.facts.bodies.of(inner).size > 0) {
    return l.closures.of(expression(l, inner)) ?? reject(catalogue.unknownFunction, inner, excerpt(inner));
  }
  const declaration = functionOf(l, inner);
  return declaration && { kind: "written", declaration, values: new Map(l.values), calls: [...l.activations], ...(l.receiver && ts.isArrowFunction(declaration) && !isOfModule(l, declaration) && { receiver: l.receiver }), ...(ts.isIdentifier(inner) && { name: inner }) };
}

/** Whether an arrow function stands outside of all classes and functions that have a `this`. */
function isOfModule({ ts }: Lowering, arrow: ts.Node): boolean {
  for (let at = arrow.parent; !ts.isSourceFile(at); at = at.parent) if (ts.isClassElement(at) || (ts.isFunctionLike(at) && !ts.isArrowFunction(at))) return false;
  return true;
}

/** What has a rule of its own, or a derivative in the table, saves nothing anyway. */
function checkpointed(closure: Closure | undefined): Closure | undefined {
  if (closure?.kind === "choice") return { ...closure, then: checkpointed(closure.then) ?? closure.then, otherwise: checkpointed(closure.otherwise) ?? closure.otherwise };
  return closure?.kind === "written" ? { ...closure, checkpoint: true } : closure;
}

/** f ?? g, f || g where it is known whether there is an f. */
function alternative(l: Lowering, node: ts.BinaryExpression): Closure | undefined {
  const { QuestionQuestionToken, BarBarToken } = l.ts.SyntaxKind;
  const { kind } = node.operatorToken;
  if (kind !== QuestionQuestionToken && kind !== BarBarToken) return undefined;
  const left = closureOf(l, node.left);
  return left ?? (isAbsentFunction(l, node.left) ? closureOf(l, node.right) : undefined);
}

/** Whether what may be a function is known to be none. */
export function isAbsentFunction(l: Lowering, node: ts.Expression): boolean {
  const { ts } = l;
  const inner = bare(ts, node);
  const symbol = ts.isIdentifier(inner) ? l.symbol(inner) : undefined;
  const isAccess = ts.isPropertyAccessExpression(inner) || ts.isElementAccessExpression(inner);
  const value = symbol !== undefined ? l.values.get(symbol) : isAccess ? heldBy(l, inner) : undefined;
  return value?.kind === "literal" && value.value === undefined;
}

function choice(l: Lowering, node: ts.ConditionalExpression): Closure | undefined {
  const isKnown = (side: ts.Expression): boolean => l.facts.bodies.of(side).size > 0 || isLibrary(l, bare(l.ts, side)) || customCallOf(l.context, side) !== undefined;
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
  return isFunctionType(l.checker, l.checker.getTypeAtLocation(node));
}

/** Calls a function with values that are there already. */
export function applyClosure(l: Lowering, node: ts.Node, closure: Closure, args: readonly Atom[], returns: Type | undefined, want: Want = {}): Atom {
  switch (closure.kind) {
    case "library":
      return applyLibrary(l, closure, args, want);
    case "custom":
      return applyCustom(l, node, closure.call, args, want);
    case "lost":
      return reject(catalogue.unknownFunction, node, excerpt(l.ts.isCallExpression(node) ? node.expression : node));
    case "none":
      l.add({ kind: "effect", text: [`throw new TypeError(${JSON.stringify(`${closure.text} is not a function`)})`], args: [], throws: true });
      return never;
    case "pullback":
      return pullBack(l, closure, args[0] ?? absent, want);
    case "choice": {
      const side = (chosen: Closure) => (): Atom => applyClosure(l, node, chosen, args, returns, want);
      return choose(l, closure.test, side(closure.then), side(closure.otherwise), want.name);
    }
    case "written": {
      if (closure.checkpoint === true) {
        const plain = { ...closure, checkpoint: false };
        return callAgain(l, functionName(l.context, closure.declaration), () => applyClosure(l, node, plain, args, returns, want));
      }
      const { declaration } = closure;
      const given = ownParameters(l.ts, declaration).map((_, i) => args[i] ?? absent);
      const isHanded = given.some((a) => l.closures.isKnown(a));
      const isNested = l.facts.bodies.isNested(declaration);
      const gives = l.ts.isCallExpression(node) && l.types.holdsFunctions(node);
      // What hands functions on or gives some is lowered where it is called, if it stands here.
      if (isLifted(l, declaration) && (isHanded || gives) && !isNested) return reject(catalogue.recursiveClosure, node, excerpt(l.ts.isCallExpression(node) ? node.expression : node));
      if (isLifted(l, declaration) && !isHanded && !gives) return callLifted(l, node, closure, given, returns, want);
      if (isHanded && !isNested && isRecursive(l, declaration)) return callSpecialised(l, node, declaration, given, returns, want);
      const isMethod = closure.receiver !== undefined || isMethodOfLiteral(l, declaration);
      if (isHanded || gives || isMethod || isInPlace(l, declaration) || mayBeHanded(l, declaration)) return applyInPlace(l, node, closure, given, returns, want);
      return callWith(l, declaration, given, returns, want);
    }
  }
}

/** A function that calls itself is given what it uses of the function around it. */
function callLifted(l: Lowering, node: ts.Node, closure: Written, args: readonly Atom[], returns: Type | undefined, want: Want): Atom {
  const { lifted, values } = liftedFor(l, node, closure);
  return callWith(l, closure.declaration, [...args, ...values], returns, want, { lifted, varied: variedOf(l, closure.declaration, lifted) });
}

/** { f() { … } }, whose `this` is the object that it is called on. */
export function isMethodOfLiteral(l: Lowering, declaration: ts.FunctionLikeDeclaration): boolean {
  return l.ts.isMethodDeclaration(declaration) && l.ts.isObjectLiteralExpression(declaration.parent) && !isFunctionOfTable(l, declaration);
}

/** Whether a function takes others, which it may do without. */
function mayBeHanded(l: Lowering, declaration: ts.FunctionLikeDeclaration): boolean {
  const takes = declaration.parameters.some((p) => holdsFunctions(l.ts, l.checker, l.checker.getTypeAtLocation(p)));
  return takes && l.facts.bodies.isHere(declaration) && !isRecursive(l, declaration);
}

function applyLibrary(l: Lowering, { node }: Library, args: readonly Atom[], want: Want): Atom {
  if (isStop(l, node)) return stopped(l, args[0] ?? absent, want);
  const member = libraryMember(l, node);
  const name = `Math.${member?.name ?? ""}`;
  const params = l.checker.getTypeAtLocation(node).getCallSignatures()[0]?.parameters ?? [];
  const last = params.at(-1)?.valueDeclaration;
  // Math.max takes all that it is given: of a method also the index and the array, of which it makes NaN.
  const takesAll = last !== undefined && l.ts.isParameter(last) && last.dotDotDotToken !== undefined;
  const used = takesAll ? args : args.slice(0, Math.max(1, params.length));
  const isNumber = (a: Atom): boolean => isNumeric(a.type);
  if ((ruleOf(name, used.length) === undefined && !isCut(name)) || (takesAll && !used.every(isNumber))) return reject(catalogue.callback, node, excerpt(node));
  const type: Type = roundingFunction(member?.name ?? "") ? int : real;
  return l.let(name, used.map((a) => l.present(a)), type, want.name);
}

/** A function that is called with values, as methods of arrays do. */
type Callback = (args: readonly Atom[], want?: Want) => Atom;

/**
 * The function that an argument is: written there, declared within, a function of the program or of `Math`. `wanted`: what it
 * gives is put where something of that type is wanted.
 */
export function callbackOf(l: Lowering, node: ts.Expression, wanted?: Type): Callback {
  const closure = closureOf(l, node) ?? reject(catalogue.callback, node, excerpt(node));
  const own = returnOf(l, closure);
  const isHere = functionIn(l.ts, node) !== undefined;
  const returns = own !== undefined && wanted !== undefined && isHere ? completed(own, wanted) : own;
  return (args, want = {}) => applyClosure(l, node, closure, args, returns, want);
}

/** The type that a function says it returns. */
function returnOf(l: Lowering, closure: Closure): Type | undefined {
  if (closure.kind === "choice") return returnOf(l, closure.then);
  if (closure.kind === "pullback") return closure.ref.fn().results[0];
  if (closure.kind === "custom") return customRef(l.context, closure.call).fn().results[0];
  if (closure.kind === "none" || closure.kind === "lost") return undefined;
  return closure.kind === "library" ? real : returnType(l.context, closure.declaration, l.types);
}

/** A function as a value of the emitted code: its text, or its name where that has a meaning. */
export function functionText(l: Lowering, node: ts.Expression, closure: Closure): Atom {
  switch (closure.kind) {
    case "library":
    case "custom":
      return opaque(l, closure.node);
    case "lost":
      return reject(catalogue.unknownFunction, node, excerpt(node));
    case "none":
      return absent;
    case "choice":
      return choose(l, closure.test, () => functionText(l, node, closure.then), () => functionText(l, node, closure.otherwise));
    case "pullback":
      return reject(catalogue.callback, node, excerpt(node));
    case "written":
      return writtenText(l, closure);
  }
}

function writtenText(l: Lowering, { declaration, name }: Written): Atom {
  const symbol = name && l.symbol(name);
  if (name !== undefined && symbol !== undefined && functionIn(l.ts, name) === undefined && !l.isLocal(symbol)) return captured(l, name, symbol);
  return opaque(l, declaration);
}
