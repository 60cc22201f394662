import type ts from "typescript";
import { catalogue, excerpt } from "../../diagnostics.js";
import type { Atom } from "../../ir/model.js";
import { isReference, real } from "../../ir/types.js";
import type { Closure, Written } from "../closures.js";
import { handlesFunctions, mutators } from "../facts/writes.js";
import { isLifted } from "../lifted.js";
import type { Lowering } from "../lowering.js";
import { fromPackage } from "../../through/refusal.js";
import { ownParameters } from "../parameters.js";
import { typeArguments } from "../type-arguments.js";
import { reject, Rejected } from "../rejected.js";
import { bare } from "../syntax.js";
import { Arguments, argumentsFor, argumentsOfTypes } from "./arguments.js";
import { lowerArrayMethod } from "./array-methods.js";
import { calleeOf } from "./callee.js";
import { callIfThere } from "./chains.js";
import { isCopy } from "./copied.js";
import { callDerivative } from "./derivative-calls.js";
import { expression, type Want } from "./index.js";
import { libraryMember } from "./library.js";
import { lowerLibraryCall } from "./library-calls.js";
import { callMethod } from "./methods.js";
import { never, nothing, opaque, run } from "./opaque.js";
import { onlyReads } from "./read-only.js";
import { applyClosure, closureOf, isAbsentFunction, isMethodOfLiteral } from "./function-values.js";
import { customCallOf } from "../custom.js";
import { callCustom } from "./custom-calls.js";
import { callStopped, isStop } from "./stopped.js";
import { callFunction, isInPlace, isWritten, returnedBy } from "./user-calls.js";

/** A call, by what it calls: a derivative, a function of the library, a method of arrays, a function of the program. */
export function lowerCall(l: Lowering, node: ts.CallExpression, want: Want, isDiscarded = false): Atom {
  const value = valueOf(l, node, want, isDiscarded);
  return value === nothing && (l.checker.getTypeAtLocation(node).flags & l.ts.TypeFlags.Never) !== 0 ? never : value;
}

function valueOf(l: Lowering, node: ts.CallExpression, want: Want, isDiscarded: boolean): Atom {
  if (node.expression.kind === l.ts.SyntaxKind.SuperKeyword) reject(catalogue.thisValue, node, excerpt(node));
  const isPlain = isConstantCall(l, node) && onlyReads(l, node);
  const ifThere = isPlain && !isOnRecord(l, node) ? undefined : callIfThere(l, node, want, () => lowerCall(l, node, want, isDiscarded));
  if (ifThere !== undefined) return ifThere;
  if (isStop(l, node.expression)) return callStopped(l, node, want);
  const custom = customCallOf(l.context, node.expression);
  if (custom !== undefined) return callCustom(l, node, custom, want);
  const derivative = callDerivative(l, node, want);
  if (derivative !== undefined) return derivative;
  const member = libraryMember(l, node);
  if (member !== undefined) return lowerLibraryCall(l, node, member, want, isDiscarded);
  const method = lowerArrayMethod(l, node, want, isDiscarded);
  if (method !== undefined) return method;
  // What may write to an object has to be seen. An object that is given may be a copy, which has no methods.
  const called = isPlain ? l.attempt(() => (isOnRecord(l, node) ? callMethod(l, node, want) : undefined)) : callMethod(l, node, want);
  if (called !== undefined) return called;
  const closure = closureOf(l, node.expression);
  if (closure === undefined) return l.ts.isCallChain(node) && isAbsentFunction(l, node.expression) ? nothing : unknown(l, node, want, isDiscarded);
  refuseUnforeseen(l, node, closure);
  return closure.kind === "written" ? callWritten(l, node, closure, want, isDiscarded) : applied(l, node, closure, want);
}

/** What a function may write is known beforehand only where it is known beforehand that it may be called. */
function refuseUnforeseen(l: Lowering, node: ts.CallExpression, closure: Closure): void {
  const { bodies } = l.facts;
  if (closure.kind === "choice") for (const side of [closure.then, closure.otherwise]) refuseUnforeseen(l, node, side);
  if (closure.kind !== "written" || !bodies.isHere(closure.declaration)) return;
  if (!bodies.of(node.expression).has(closure.declaration)) reject(catalogue.unknownFunction, node.expression, excerpt(node.expression));
}

function callWritten(l: Lowering, node: ts.CallExpression, closure: Written, want: Want, isDiscarded: boolean): Atom {
  const { declaration } = closure;
  refuseAsync(l, node, declaration);
  if (isInPlace(l, declaration) || isLifted(l, declaration) || isMethodOfLiteral(l, declaration)) return applied(l, node, closure, want);
  const isNamed = calleeOf(l, node) === declaration && !l.facts.bodies.isNested(declaration);
  if (isNamed && !isPrivate(l, node, declaration) && isConstant(l, node, declaration)) {
    // What gives functions is followed where that is possible: they may be called with what is differentiated.
    const inPlace = (): Atom => applied(l, node, closure, want);
    const text = (): Atom => asText(l, node, want, isDiscarded);
    if (l.types.holdsFunctions(node)) return l.attempt(inPlace) ?? text();
    return node.arguments.some((a) => l.types.holdsFunctions(a)) ? (l.attempt(text) ?? inPlace()) : text();
  }
  return handlesFunctions(l.ts, l.checker, node) ? applied(l, node, closure, want) : callFunction(l, node, closure, want);
}

/** Whether a function of a package is out of reach for the code that is emitted, which has to contain it then. */
function isPrivate(l: Lowering, node: ts.CallExpression, declaration: ts.FunctionLikeDeclaration): boolean {
  const { packages } = l.context;
  const callee = bare(l.ts, node.expression);
  const symbol = packages.isSource(declaration.getSourceFile().fileName) ? l.symbol(l.ts.isPropertyAccessExpression(callee) ? callee.name : callee) : undefined;
  return symbol !== undefined && packages.wayTo(symbol) === undefined;
}

/** f(x) of a function that is known by what it is bound to */
function applied(l: Lowering, node: ts.CallExpression, closure: Closure, want: Want): Atom {
  const returns = returnedBy(l, node);
  const given = closure.kind === "written" ? typeArguments(l.ts, l.checker, node, closure.declaration) : new Map<ts.Type, ts.Type>();
  return l.types.where(given, () => applyClosure(l, node, closure, argumentsOf(l, node, closure), returns, want));
}

function argumentsOf(l: Lowering, node: ts.CallExpression, closure: Closure): readonly Atom[] {
  if (closure.kind === "choice") return argumentsOfAll(l, node, sidesOf(closure));
  if (closure.kind === "none" || closure.kind === "lost") return [];
  if (closure.kind === "pullback") return argumentsOfTypes(l, node, [closure.ref.fn().params[0]?.type ?? real]);
  return closure.kind === "written" ? argumentsFor(l, node, closure.declaration) : new Arguments(l, node.arguments).all(real);
}

/** The arguments of a call of one of several functions: those of the one that takes most. */
function argumentsOfAll(l: Lowering, node: ts.CallExpression, sides: readonly Closure[]): readonly Atom[] {
  const written = sides.filter((side) => side.kind === "written");
  const [longest] = written.toSorted((a, b) => b.declaration.parameters.length - a.declaration.parameters.length);
  const restOf = (side: Closure): number => (side.kind === "written" ? ownParameters(l.ts, side.declaration).findIndex((p) => p.dotDotDotToken !== undefined) : -1);
  if (new Set(sides.map(restOf)).size > 1) return reject(catalogue.unknownFunction, node.expression, excerpt(node.expression));
  const other = sides.find((side) => side.kind !== "written");
  if (longest === undefined || (other !== undefined && longest.declaration.parameters.length < node.arguments.length)) return other === undefined ? [] : argumentsOf(l, node, other);
  return argumentsFor(l, node, longest.declaration);
}

/** The functions that a choice is between, where there is one. */
function sidesOf(closure: Closure): readonly Closure[] {
  if (closure.kind === "choice") return [...sidesOf(closure.then), ...sidesOf(closure.otherwise)];
  return closure.kind === "none" || closure.kind === "lost" ? [] : [closure];
}

/** Neither what a call is given nor what it is called on is differentiated. */
function isConstantCall(l: Lowering, node: ts.CallExpression): boolean {
  const parts = l.ts.isPropertyAccessExpression(node.expression) ? [node.expression.expression, ...node.arguments] : node.arguments;
  return !parts.some((part) => l.facts.taint.carries(part) || isTainted(l, part));
}

function isOnRecord(l: Lowering, node: ts.CallExpression): boolean {
  return l.ts.isPropertyAccessExpression(node.expression) && l.types.at(node.expression.expression).kind === "record";
}

/** A call that is given nothing differentiated, and gives a number that is a constant. */
function isConstant(l: Lowering, node: ts.CallExpression, callee: ts.FunctionLikeDeclaration): boolean {
  if (node.arguments.some((a) => l.facts.taint.carries(a) || isTainted(l, a))) return false;
  return !isSelf(l, callee) && !isWritten(l, node) && !node.arguments.some((a) => isCopy(l, node, a));
}

function isTainted(l: Lowering, node: ts.Expression): boolean {
  return isReference(l.types.at(node)) && l.facts.aliases.roots(node).some((root) => l.facts.taint.has(root));
}

function isSelf(l: Lowering, callee: ts.FunctionLikeDeclaration): boolean {
  return callee === l.root;
}

export function asText(l: Lowering, node: ts.CallExpression, want: Want, isDiscarded: boolean): Atom {
  const givesNothing = (l.checker.getTypeAtLocation(node).flags & l.ts.TypeFlags.Never) !== 0;
  if (!isDiscarded && !givesNothing) return opaque(l, node, want);
  run(l, node);
  return nothing;
}

function refuseAsync(l: Lowering, node: ts.CallExpression, callee: ts.FunctionLikeDeclaration): void {
  const isAsync = callee.modifiers?.some((m) => m.kind === l.ts.SyntaxKind.AsyncKeyword) ?? false;
  const kind = isAsync ? "an async" : callee.asteriskToken !== undefined ? "a generator" : undefined;
  const isConstantCall = !node.arguments.some((a) => l.facts.taint.carries(a) || isTainted(l, a));
  if (kind !== undefined && !isConstantCall) reject(catalogue.asyncFunction, node, excerpt(node.expression), kind);
}

/** A function that has no body here, or is not known: constants may be handed to it. */
function unknown(l: Lowering, node: ts.CallExpression, want: Want, isDiscarded: boolean): Atom {
  const callee = bare(l.ts, node.expression);
  const { taint } = l.facts;
  const written = onlyReads(l, node) ? undefined : node.arguments.find((a) => isTainted(l, a));
  const carries = taint.carries(node) || node.arguments.some((a) => taint.carries(a));
  const givesNumber = !l.types.isCut(l.checker.getTypeAtLocation(node));
  if (!(carries && givesNumber) && written === undefined) return asText(l, node, want, isDiscarded);
  refuseContainer(l, callee);
  refusePackage(l, callee);
  if (l.ts.isPropertyAccessExpression(callee)) refuseMember(l, callee);
  const name = excerpt(callee);
  const declaration = l.ts.isIdentifier(callee) ? l.symbol(callee)?.declarations?.[0] : undefined;
  if (declaration !== undefined && isBodyless(l, declaration)) {
    if (carries && givesNumber) reject(catalogue.noRule, node, name);
    if (written !== undefined) reject(catalogue.mayWrite, written, name, excerpt(written));
  }
  return reject(catalogue.unknownFunction, callee, name);
}

/** What a package declares. Methods of the objects that it gives are none of its functions. */
function refusePackage(l: Lowering, callee: ts.Expression): void {
  const name = l.ts.isPropertyAccessExpression(callee) ? callee.name : callee;
  const declaration = l.symbol(name)?.declarations?.[0];
  if (declaration === undefined || l.ts.isTypeElement(declaration) || l.ts.isClassElement(declaration)) return;
  const refused = fromPackage(l.ts, l.context.packages, callee, declaration.getSourceFile());
  if (refused !== undefined) throw new Rejected(refused);
}

function isBodyless(l: Lowering, declaration: ts.Declaration): boolean {
  if (l.ts.isFunctionDeclaration(declaration)) return declaration.body === undefined;
  return declaration.getSourceFile().isDeclarationFile || (l.ts.getCombinedModifierFlags(declaration) & l.ts.ModifierFlags.Ambient) !== 0;
}

/** s.add(x), m.set(k, x). What is got out of such a container has been refused where it was put in. */
function refuseContainer(l: Lowering, callee: ts.Expression): void {
  if (!l.ts.isPropertyAccessExpression(callee) || !l.facts.taint.carries(callee.expression)) return;
  const container = l.types.libraryName(l.checker.getTypeAtLocation(callee.expression)) ?? "";
  if (!/^(Weak)?(Map|Set)$/.test(container)) return;
  if (!mutators.has(callee.name.text)) throw new Rejected();
  reject(catalogue.construction, callee.expression, excerpt(callee.expression));
}

function refuseMember(l: Lowering, callee: ts.PropertyAccessExpression): void {
  const { taint } = l.facts;
  // A better reason may be in what the method is called on.
  if (taint.carries(callee.expression)) expression(l, callee.expression);
  const symbol = l.symbol(callee.name);
  const declaration = symbol?.declarations?.[0];
  if (declaration?.getSourceFile().isDeclarationFile) reject(catalogue.noRule, callee, excerpt(callee));
  reject(catalogue.method, callee.name, callee.name.text, excerpt(callee.expression));
}
