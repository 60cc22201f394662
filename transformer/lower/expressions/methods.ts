import type ts from "typescript";
import { catalogue, excerpt } from "../../diagnostics.js";
import { literal } from "../../ir/build.js";
import type { Atom } from "../../ir/model.js";
import { isReference, nonNull } from "../../ir/types.js";
import { isStatic, type Member } from "../facts/classes.js";
import { returnType } from "../function.js";
import { refTo } from "../functions.js";
import type { Lowering } from "../lowering.js";
import { ownParameters, parameterType } from "../parameters.js";
import { reject } from "../rejected.js";
import { classArguments } from "../type-arguments.js";
import { bare } from "../syntax.js";
import { argumentsFor } from "./arguments.js";
import { mayBeMissing } from "./chains.js";
import { expression, type Want } from "./index.js";
import { byClass, classValue, familyOf, waysOf, type Way } from "./instances.js";
import { nothing } from "./opaque.js";
import { applyInPlace, returnedBy } from "./user-calls.js";

/**
 * o.m(x): the body of the method is lowered where it is called, with `o` for `this`. Nothing for what is no method of a
 * class of the program.
 */
export function callMethod(l: Lowering, node: ts.CallExpression, want: Want): Atom | undefined {
  const callee = bare(l.ts, node.expression);
  if (!l.ts.isPropertyAccessExpression(callee) || mayBeMissing(l, callee)) return undefined;
  const kind = l.ts.SyntaxKind.MethodDeclaration;
  const member = memberOf(l, callee, kind);
  if (member === undefined) return undefined;
  const of = receiver(l, callee);
  // An object that has the function itself, or of which no class is known.
  const isDescribed = (l.symbol(callee.name)?.declarations ?? []).some((d) => l.ts.isMethodSignature(d));
  if (isDescribed && (l.closures.isKnown(of) || familyOf(l, of, typeOf(l, callee)) === undefined)) return undefined;
  const ways = bodiesOf(l, callee, member, of);
  const returns = returnedBy(l, node);
  const longest = ways.reduce((a, b) => (ownParameters(l.ts, b.body).length > ownParameters(l.ts, a.body).length ? b : a));
  const args = argumentsFor(l, node, longest.body);
  return run(l, callee, of, ways, (body) => runMember(l, node, body, of, args, returns, want), want, returns === undefined);
}

/** o.x of a getter */
export function readAccessor(l: Lowering, node: ts.PropertyAccessExpression, want: Want): Atom | undefined {
  const member = memberOf(l, node, l.ts.SyntaxKind.GetAccessor);
  if (member === undefined || mayBeMissing(l, node)) return undefined;
  const of = receiver(l, node);
  return run(l, node, of, bodiesOf(l, node, member, of), (body) => runMember(l, node, body, of, [], returnType(l.context, body, l.types), want), want, false);
}

/** o.x = v of a setter: what is done with a value once there is one. */
export function setterOf(l: Lowering, node: ts.PropertyAccessExpression): ((v: Atom) => void) | undefined {
  const member = memberOf(l, node, l.ts.SyntaxKind.SetAccessor);
  if (member === undefined) return undefined;
  const of = receiver(l, node);
  const ways = bodiesOf(l, node, member, of);
  return (v) => void run(l, node, of, ways, (body) => runMember(l, node, body, of, [v], undefined, {}), {}, true);
}

/** The body where there is one, and else the one that the object's class has. */
function run(l: Lowering, node: ts.PropertyAccessExpression, of: Atom, ways: readonly Way<Member>[], one: (body: Member) => Atom, want: Want, isVoid: boolean): Atom {
  const [first, second] = ways;
  if (first !== undefined && second === undefined && first.classes.length === 0) return one(first.body);
  return byClass(l, of, ways, `'${node.name.text}'`, one, want, isVoid);
}

/** A member of an object of a class that has its body in the program, or one that such a class has for an interface. */
function memberOf(l: Lowering, node: ts.PropertyAccessExpression, kind: ts.SyntaxKind): Member | undefined {
  const { ts } = l;
  const described = (l.symbol(node.name)?.declarations ?? []).find((d) => ts.isMethodSignature(d));
  if (described !== undefined && kind === ts.SyntaxKind.MethodDeclaration) return l.context.classes.families.implementations(described, node.name.text)[0];
  return (l.symbol(node.name)?.declarations ?? []).find((d): d is Member => {
    const isMember = d.kind === kind && (ts.isMethodDeclaration(d) || ts.isAccessor(d));
    return isMember && ts.isClassLike(d.parent) && !isStatic(ts, d) && !d.getSourceFile().isDeclarationFile;
  });
}

function receiver(l: Lowering, node: ts.PropertyAccessExpression): Atom {
  return node.expression.kind === l.ts.SyntaxKind.SuperKeyword ? l.receiverAt(node.expression) : l.present(expression(l, node.expression));
}

/**
 * The bodies that a member can have: the one of the class of which the object was made, or of the type that it has; else those
 * of the classes that it may be of.
 */
function bodiesOf(l: Lowering, node: ts.PropertyAccessExpression, member: Member, of: Atom): readonly Way<Member>[] {
  const { classes } = l.context;
  const { kind } = member;
  const name = node.name.text;
  const isSuper = node.expression.kind === l.ts.SyntaxKind.SuperKeyword;
  const made = isSuper ? (member.parent as ts.ClassLikeDeclaration) : l.made.get(of);
  const body = made && classes.bodyIn(made, name, kind);
  if (body !== undefined) return [{ body: unlessReplaced(l, node, body), classes: [] }];
  const type = typeOf(l, node);
  const told = familyOf(l, of, type);
  const declared = (type.flags & l.ts.TypeFlags.TypeParameter ? l.checker.getBaseConstraintOfType(type) : type)?.getSymbol()?.valueDeclaration;
  if (told === undefined && (type.isUnion() || !isReference(of.type))) reject(catalogue.method, node.name, name, excerpt(node.expression));
  const owner = declared !== undefined && l.ts.isClassLike(declared) ? declared : (member.parent as ts.ClassLikeDeclaration);
  const [only, ...more] = told !== undefined && (declared === undefined || !l.ts.isClassLike(declared)) ? [] : classes.bodies(owner, name, kind);
  if (only !== undefined && more.length === 0) return [{ body: unlessReplaced(l, node, only), classes: [] }];
  const ways = told && waysOf(told, (one) => classes.bodyIn(one, name, kind));
  // Of the classes that the type allows, its members leave those with this one body.
  const [way, ...others] = ways ?? [];
  if (way?.body !== undefined && others.length === 0 && way.classes.length < (classes.families.of(type)?.length ?? 0)) return [{ body: unlessReplaced(l, node, way.body), classes: [] }];
  const isKnown = told?.every((one) => classValue(l, one) !== undefined) === true;
  const unknown = (): never => reject(catalogue.overridden, node.name, name, [...classes.bodies(owner, name, kind)].map(ownerName).join(", "));
  if (ways === undefined || !isKnown) return unknown();
  return ways.map((way) => ({ classes: way.classes, body: way.body === undefined ? unknown() : unlessReplaced(l, node, way.body) }));
}

/** The type of what a member is asked of. */
function typeOf(l: Lowering, node: ts.PropertyAccessExpression): ts.Type {
  return l.checker.getNonNullableType(l.checker.getTypeAtLocation(node.expression));
}

function unlessReplaced(l: Lowering, node: ts.PropertyAccessExpression, body: Member): Member {
  return l.ts.isMethodDeclaration(body) && l.context.classes.isReplaced(body) ? reject(catalogue.method, node.name, node.name.text, excerpt(node.expression)) : body;
}

function ownerName(member: Member): string {
  return member.parent.kind === undefined ? "" : ((member.parent as ts.ClassLikeDeclaration).name?.text ?? "a class without a name");
}

function runMember(l: Lowering, node: ts.Node, body: Member, of: Atom, args: readonly Atom[], returns: ReturnType<typeof returnType>, want: Want): Atom {
  const given = ownParameters(l.ts, body).map((_, i) => args[i]).filter((a) => a !== undefined);
  const owner = l.ts.isPropertyAccessExpression(node) ? node : l.ts.isCallExpression(node) ? (bare(l.ts, node.expression) as ts.PropertyAccessExpression) : undefined;
  const type = owner && l.checker.getNonNullableType(l.checker.getTypeAtLocation(owner.expression));
  if (isFunction(l, body, given)) return callAsFunction(l, body, of, given, want);
  const run = (): Atom => applyInPlace(l, node, { kind: "written", declaration: body, values: new Map(l.values), calls: [...l.activations], receiver: of }, given, returns, want);
  return type === undefined ? run() : l.types.where(classArguments(l.ts, l.checker, type), run);
}

/** Whether a method becomes a function of its own, which has `this` for its first parameter: one that calls itself, on other objects. */
function isFunction(l: Lowering, body: Member, args: readonly Atom[]): boolean {
  const made = l.context.classes.around(body);
  const isPlain = made?.typeParameters === undefined && body.typeParameters === undefined && !args.some((a) => l.closures.isKnown(a));
  return isPlain && !l.facts.bodies.isNested(body) && callsItself(l, body);
}

function callsItself(l: Lowering, body: Member): boolean {
  const seen = new Set<ts.Node>();
  const visit = (n: ts.Node): boolean => {
    for (const next of l.ts.isCallExpression(n) ? calledBy(l, n) : []) {
      if (next === body) return true;
      if (seen.has(next) || next.body === undefined) continue;
      seen.add(next);
      if (visit(next.body)) return true;
    }
    return l.ts.forEachChild(n, (child) => visit(child) || undefined) ?? false;
  };
  return body.body !== undefined && visit(body.body);
}

/** The functions that a call may be of: super.m() has the one body that is above. */
function calledBy(l: Lowering, node: ts.CallExpression): Iterable<ts.FunctionLikeDeclaration> {
  const callee = bare(l.ts, node.expression);
  const above = l.ts.isPropertyAccessExpression(callee) && callee.expression.kind === l.ts.SyntaxKind.SuperKeyword ? memberOf(l, callee, l.ts.SyntaxKind.MethodDeclaration) : undefined;
  return above === undefined ? l.facts.bodies.of(node.expression) : [above];
}

// tree.sum(k)   becomes   sumOfTree(tree, k)
function callAsFunction(l: Lowering, body: Member, of: Atom, args: readonly Atom[], want: Want): Atom {
  const params = ownParameters(l.ts, body).map((p) => parameterType(l.types, l.checker, p));
  const given = params.map((type, i) => args[i] ?? literal(undefined, { ...type, nullable: true }));
  const returns = returnType(l.context, body, l.types);
  const ref = refTo(l.context, body, { params, returns, receiver: nonNull(of.type) });
  l.callees.add(ref);
  const results = returns === undefined ? [] : [l.variable(want.name ?? "", returns)];
  l.add({ kind: "call", callee: ref, args: [of, ...given], results });
  return results[0] ?? nothing;
}
