import type ts from "typescript";
import { catalogue, excerpt } from "../../diagnostics.js";
import type { Atom } from "../../ir/model.js";
import { isReference } from "../../ir/types.js";
import { isStatic, type Member } from "../facts/classes.js";
import { returnType } from "../function.js";
import type { Lowering } from "../lowering.js";
import { ownParameters } from "../parameters.js";
import { reject } from "../rejected.js";
import { classArguments } from "../type-arguments.js";
import { bare } from "../syntax.js";
import { argumentsFor } from "./arguments.js";
import { expression, type Want } from "./index.js";
import { applyInPlace, returnsNothing } from "./user-calls.js";

/**
 * o.m(x): the body of the method is lowered where it is called, with `o` for `this`. Nothing for what is no method of a
 * class of the program.
 */
export function callMethod(l: Lowering, node: ts.CallExpression, want: Want): Atom | undefined {
  const callee = bare(l.ts, node.expression);
  if (!l.ts.isPropertyAccessExpression(callee) || callee.questionDotToken !== undefined) return undefined;
  const member = memberOf(l, callee, l.ts.SyntaxKind.MethodDeclaration);
  if (member === undefined) return undefined;
  const of = receiver(l, callee);
  const body = bodyOf(l, callee, member, of);
  const returns = returnsNothing(l, node) ? undefined : l.types.at(node);
  return runMember(l, node, body, of, argumentsFor(l, node, body), returns, want);
}

/** o.x of a getter */
export function readAccessor(l: Lowering, node: ts.PropertyAccessExpression, want: Want): Atom | undefined {
  const member = memberOf(l, node, l.ts.SyntaxKind.GetAccessor);
  if (member === undefined || node.questionDotToken !== undefined) return undefined;
  const of = receiver(l, node);
  const body = bodyOf(l, node, member, of);
  return runMember(l, node, body, of, [], returnType(l.context, body, l.types), want);
}

/** o.x = v of a setter: what is done with a value once there is one. */
export function setterOf(l: Lowering, node: ts.PropertyAccessExpression): ((v: Atom) => void) | undefined {
  const member = memberOf(l, node, l.ts.SyntaxKind.SetAccessor);
  if (member === undefined) return undefined;
  const of = receiver(l, node);
  const body = bodyOf(l, node, member, of);
  return (v) => void runMember(l, node, body, of, [v], undefined, {});
}

/** A member of an object of a class that has its body in the program. */
function memberOf(l: Lowering, node: ts.PropertyAccessExpression, kind: ts.SyntaxKind): Member | undefined {
  const { ts } = l;
  return (l.symbol(node.name)?.declarations ?? []).find((d): d is Member => {
    const isMember = d.kind === kind && (ts.isMethodDeclaration(d) || ts.isAccessor(d));
    return isMember && ts.isClassLike(d.parent) && !isStatic(ts, d) && !d.getSourceFile().isDeclarationFile;
  });
}

function receiver(l: Lowering, node: ts.PropertyAccessExpression): Atom {
  return node.expression.kind === l.ts.SyntaxKind.SuperKeyword ? l.receiverAt(node.expression) : l.present(expression(l, node.expression));
}

/** The one body that a member can have: that of the class of which the object was made, or of the type that it has. */
function bodyOf(l: Lowering, node: ts.PropertyAccessExpression, member: Member, of: Atom): Member {
  const { classes } = l.context;
  const { kind } = member;
  const name = node.name.text;
  const isSuper = node.expression.kind === l.ts.SyntaxKind.SuperKeyword;
  const made = isSuper ? (member.parent as ts.ClassLikeDeclaration) : l.made.get(of);
  const body = made && classes.bodyIn(made, name, kind);
  if (body !== undefined) return unlessReplaced(l, node, body);
  const type = l.checker.getNonNullableType(l.checker.getTypeAtLocation(node.expression));
  if (type.isUnion() || !isReference(of.type)) reject(catalogue.method, node.name, name, excerpt(node.expression));
  const declared = (type.flags & l.ts.TypeFlags.TypeParameter ? l.checker.getBaseConstraintOfType(type) : type)?.getSymbol()?.valueDeclaration;
  const owner = declared !== undefined && l.ts.isClassLike(declared) ? declared : (member.parent as ts.ClassLikeDeclaration);
  const [only, ...more] = classes.bodies(owner, name, kind);
  if (only === undefined || more.length > 0) return reject(catalogue.overridden, node.name, name, [only, ...more].flatMap((b) => (b ? [ownerName(b)] : [])).join(", "));
  return unlessReplaced(l, node, only);
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
  const run = (): Atom => applyInPlace(l, node, { kind: "written", declaration: body, values: new Map(l.values), calls: [...l.activations], receiver: of }, given, returns, want);
  return type === undefined ? run() : l.types.where(classArguments(l.ts, l.checker, type), run);
}
