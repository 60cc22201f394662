import type ts from "typescript";
import { catalogue, excerpt } from "../../diagnostics.js";
import type { Atom } from "../../ir/model.js";
import { isNumeric, isReference, type Type } from "../../ir/types.js";
import { lowerItems } from "../control.js";
import { hoist } from "../hoist.js";
import type { Target } from "../jumps.js";
import { declarationsOf, type Activation, type Written } from "../closures.js";
import { Draft } from "../draft.js";
import { enterScope, freeVariables } from "../scopes.js";
import type { Lowering } from "../lowering.js";
import { resultOf } from "../function.js";
import { refTo, type Signature } from "../functions.js";
import { bindParameter, ownParameters, parameterType } from "../parameters.js";
import { reject } from "../rejected.js";
import { returnValue } from "../statements/leaving.js";
import { typeArguments, type TypeArguments } from "../type-arguments.js";
import { functionIn, isWithin } from "../syntax.js";
import { argumentsFor } from "./arguments.js";
import { callAgain } from "./checkpoints.js";
import { constructorItems } from "./construction.js";
import { copiedParameters } from "./copied.js";
import { isHarmless } from "./harmless.js";
import type { Want } from "./index.js";
import { absent } from "./names.js";
import { nothing } from "./opaque.js";
import { readsOf } from "./read-only.js";

/** A function of the program is called by name: the optimiser pastes it where it is small. */
export function callFunction(l: Lowering, node: ts.CallExpression, { declaration: callee, checkpoint }: Written, want: Want): Atom {
  const args = argumentsFor(l, node, callee);
  const varied = variedParameters(l, node, callee);
  const type = returnedBy(l, node);
  const returned = type && resultOf(l.ts, callee, type);
  const kind = { ...(varied && { varied }), written: isWritten(l, node), copies: copiedParameters(l, node, callee) };
  const run = (): Atom => callWith(l, callee, args, returned, want, kind, typeArguments(l.ts, l.checker, node, callee));
  return checkpoint === true ? callAgain(l, "", run) : run();
}

/** Whether a call gives memory that something differentiated is put into: then it has to be seen where it is made. */
export function isWritten(l: Lowering, node: ts.CallExpression): boolean {
  if (!isReference(l.types.at(node))) return false;
  const { writes, taint, aliases, given } = l.facts;
  if (given.some((e) => isWithin(node, e)) || isHandedOn(l, node)) return true;
  const isPut = (to: ts.Symbol): boolean => writes.some((w) => w.kind === "memory" && w.value !== undefined && taint.carries(w.value) && aliases.same(w.to, to));
  return writes.some((w) => w.value !== undefined && isWithin(node, w.value) && taint.has(w.to) && (!taint.carries(node) || isPut(w.to)));
}

/** Whether what a call gives is handed at once to a function that may put something differentiated into it: move(made(1), x). */
function isHandedOn(l: Lowering, node: ts.CallExpression): boolean {
  const { parent } = node;
  if (!l.ts.isCallExpression(parent) || !parent.arguments.includes(node) || !isReference(l.types.at(node))) return false;
  return parent.arguments.some((a) => l.facts.taint.carries(a)) && readsOf(l, parent) === "unknown" && !isHarmless(l, parent);
}

/** The parameters that are given something differentiated; nothing where that is all that hold numbers. */
function variedParameters(l: Lowering, node: ts.CallExpression, callee: ts.FunctionLikeDeclaration): ReadonlySet<number> | undefined {
  const { taint, aliases } = l.facts;
  const params = ownParameters(l.ts, callee);
  const isVaried = (a: ts.Expression | undefined): boolean =>
    a !== undefined && (taint.carries(a) || (!isNumeric(l.types.at(a)) && aliases.roots(a).some((root) => taint.has(root))));
  const spread = node.arguments.findIndex((a) => l.ts.isSpreadElement(a));
  const given = (p: ts.ParameterDeclaration, i: number): readonly (ts.Expression | undefined)[] => {
    if (spread >= 0 && spread <= i) return node.arguments.slice(spread);
    return p.dotDotDotToken === undefined ? [node.arguments[i] ?? p.initializer] : node.arguments.slice(i);
  };
  const varied = new Set([...params.keys()].filter((i) => params.slice(i, i + 1).some((p) => given(p, i).some(isVaried))));
  // A default may be made of the parameters before it.
  const hasDefaults = params.some((p, i) => p.initializer !== undefined && (spread >= 0 || node.arguments[i] === undefined));
  const isAll = params.every((p, i) => varied.has(i) || !l.types.holdsNumbers(l.checker.getTypeAtLocation(p)));
  return isAll || hasDefaults || params.length !== callee.parameters.length ? undefined : varied;
}

/** A call with values that are there already. */
export function callWith(l: Lowering, callee: ts.FunctionLikeDeclaration, args: readonly Atom[], returned: Type | undefined, want: Want, { varied, written = false, copies = new Set(), lifted }: Pick<Signature, "varied" | "written" | "copies" | "lifted"> = {}, types: TypeArguments = new Map()): Atom {
  const [declared, kinds] = l.types.where(types, () => [ownParameters(l.ts, callee).map((p) => parameterType(l.types, l.checker, p)), (callee.typeParameters ?? []).map((p) => l.types.at(p))]);
  const given = declared.map((type, i) => specific(type, args[i]?.type));
  const isOther = kinds.length > 0 || lifted !== undefined || given.some((type, i) => type !== declared[i]);
  const generic = { given: l.types.with(types), kinds };
  const signature: Signature | undefined = isOther || varied !== undefined || written || copies.size > 0 ? { params: given, returns: returned, ...(varied && { varied }), ...(written && { written }), ...(copies.size > 0 && { copies }), ...(kinds.length > 0 && { generic }), ...(lifted && { lifted }) } : undefined;
  const ref = refTo(l.context, callee, signature);
  l.callees.add(ref);
  const results = returned === undefined ? [] : [l.variable(want.name ?? "", returned)];
  l.add({ kind: "call", callee: ref, args, results });
  return results[0] ?? nothing;
}

/** Where a parameter takes several kinds of arrays, or any, the function is read anew for the kind that it is given. */
function specific(declared: Type, given: Type | undefined): Type {
  if (given === undefined || !isReference(given)) return declared;
  if (declared.kind === "opaque") return { ...given, nullable: declared.nullable === true };
  if (declared.kind !== "array") return declared;
  if (given.kind === "typed") return { ...given, nullable: declared.nullable === true };
  const isLess = given.kind === "array" && declared.element.kind === "opaque" && given.element.kind !== "opaque";
  return isLess ? { ...given, nullable: declared.nullable === true } : declared;
}

/** The type that the function of a call returns; nothing where it returns nothing. Of o?.m() it is that of m, whether there is an `o` or not. */
export function returnedBy(l: Lowering, node: ts.CallExpression): Type | undefined {
  const { Void, Never, Undefined } = l.ts.TypeFlags;
  const type = l.checker.getTypeAtLocation(node);
  const there = l.ts.isCallChain(node) ? l.checker.getNonNullableType(type) : type;
  if ((there.flags & (Void | Never | Undefined)) !== 0) return undefined;
  return there === type || mayGiveNothing(l, node) ? l.types.at(node) : l.types.from(there);
}

function mayGiveNothing(l: Lowering, node: ts.CallExpression): boolean {
  const callee = l.checker.getNonNullableType(l.checker.getTypeAtLocation(node.expression));
  return callee.getCallSignatures().some((s) => l.types.from(s.getReturnType()).nullable === true);
}

/** A function that sees variables of this one is lowered where it is called; one that sees none is a function like any other. */
export function isInPlace(l: Lowering, callee: ts.FunctionLikeDeclaration): boolean {
  return l.facts.bodies.isHere(callee) && (isNameless(l, callee) || freeVariables(l, callee).size > 0);
}

/** How often a function may be under way in itself, by functions that are made of each other. */
const depthLimit = 20;

function isNameless(l: Lowering, callee: ts.FunctionLikeDeclaration): boolean {
  return functionIn(l.ts, callee as ts.Expression) !== undefined && !l.ts.isVariableDeclaration(callee.parent);
}

/** Lowers the body of a function here, with these values for its parameters. */
export function applyInPlace(l: Lowering, node: ts.Node, closure: Written, args: readonly Atom[], returns: Type | undefined, want: Want): Atom {
  const { declaration: callee } = closure;
  const { bodies } = l.facts;
  if (!bodies.isHere(callee)) reject(catalogue.unknownFunction, node, excerpt(node));
  const handed = args.flatMap((a) => l.closures.of(a) ?? []).flatMap(declarationsOf);
  const seen = [...freeVariables(l, callee).keys()].flatMap((symbol) => l.closures.of(closure.values.get(symbol)) ?? []);
  const given = [...handed, ...seen];
  const under = l.activations.filter((a) => a.callee === callee);
  const isSame = (a: Activation): boolean => a.given.length === given.length && a.given.every((g, i) => g === given[i]);
  if (under.length > depthLimit || under.some(isSame)) reject(catalogue.recursiveClosure, node, excerpt(l.ts.isCallExpression(node) ? node.expression : node));
  const target: Target = returns === undefined ? { name: "return" } : { name: "return", returns };
  const activation: Activation = { callee, given };
  const leave = enterScope(l, closure);
  const outer = l.receiver;
  l.receiver = closure.receiver;
  l.activations.push(activation);
  l.returns.push({ node: callee, target });
  try {
    ownParameters(l.ts, callee).forEach((p, i) => {
      bindParameter(l, p, args[i] ?? absent);
    });
    const { body } = callee;
    if (body === undefined) throw new Error("a nested function without a body");
    hoist(l, body);
    const tail = new Set([target]);
    if (l.ts.isConstructorDeclaration(callee) && l.receiver instanceof Draft) lowerItems(l, constructorItems(l, callee, l.receiver), tail);
    else if (l.ts.isBlock(body)) lowerItems(l, [...body.statements], tail);
    else returnValue(l, body, tail);
    const result = l.values.get(target) ?? nothing;
    l.values.delete(target);
    return named(l, result, want, returns);
  } finally {
    l.receiver = outer;
    l.returns.pop();
    l.activations.pop();
    leave();
  }
}

function named(l: Lowering, result: Atom, want: Want, type: Type | undefined): Atom {
  if (result.kind === "literal" || l.closures.isKnown(result) || result.name !== "" || want.name === undefined) return result;
  return type === undefined ? result : l.let("identity", [result], result.type, want.name);
}

