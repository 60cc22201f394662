import type ts from "typescript";
import { catalogue, excerpt } from "../../diagnostics.js";
import type { Atom } from "../../ir/model.js";
import { Draft } from "../draft.js";
import { instanceSymbol } from "../facts/facts.js";
import { isStatic } from "../facts/classes.js";
import type { Lowering } from "../lowering.js";
import type { Item } from "../items.js";
import { reject } from "../rejected.js";
import { classArguments } from "../type-arguments.js";
import { bare } from "../syntax.js";
import { argumentsFor } from "./arguments.js";
import { heldValue } from "./held.js";
import { expression, type Want } from "./index.js";
import { classValue } from "./instances.js";
import { applyInPlace } from "./user-calls.js";
import { value } from "./values.js";

/** new A(x) of a class of the program whose objects hold differentiated values. */
export function construct(l: Lowering, node: ts.NewExpression, made: ts.ClassLikeDeclaration, want: Want): Atom | undefined {
  const chain = l.context.classes.chain(made);
  const type = l.types.made(node);
  const isTainted = (at: ts.ClassLikeDeclaration): boolean => {
    const symbol = instanceSymbol(l.checker, at);
    return symbol !== undefined && l.facts.taint.has(symbol);
  };
  if (!(chain ?? [made]).some(isTainted)) return undefined;
  if (chain === undefined || type.kind !== "record" || !givesItself(l, made)) return reject(catalogue.construction, node, excerpt(node));
  const draft = new Draft(l, { ...type, nullable: false }, made, want.name ?? "");
  if (type.fields.some((f) => f.isTag)) draft.set("constructor", classValue(l, made) ?? reject(catalogue.construction, node, excerpt(node)));
  l.types.where(classArguments(l.ts, l.checker, l.checker.getTypeAtLocation(node)), () => {
    build(l, node, chain, draft);
  });
  return draft.object();
}

/** Whether `new` gives an object of just this class: a constructor may return another one. */
export function givesItself(l: Lowering, made: ts.ClassLikeDeclaration): boolean {
  const { ts } = l;
  const givesAnother = (n: ts.Node): boolean => {
    if (ts.isFunctionLike(n) && !ts.isConstructorDeclaration(n)) return false;
    return (ts.isReturnStatement(n) && n.expression !== undefined) || (ts.forEachChild(n, (child) => givesAnother(child) || undefined) ?? false);
  };
  const chain = l.context.classes.chain(made);
  return chain !== undefined && !chain.some((one) => one.members.some((m) => ts.isConstructorDeclaration(m) && givesAnother(m)));
}

/** Runs the constructor of the first class of a chain; without one the next class gets the arguments. */
export function build(l: Lowering, node: ts.NewExpression | ts.CallExpression, chain: readonly ts.ClassLikeDeclaration[], draft: Draft): void {
  const [first, ...rest] = chain;
  if (first === undefined) return;
  const constructor = first.members.find((m): m is ts.ConstructorDeclaration => l.ts.isConstructorDeclaration(m) && m.body !== undefined);
  if (constructor === undefined) {
    build(l, node, rest, draft);
    initialise(l, first, draft);
    return;
  }
  const args = argumentsFor(l, node, constructor);
  applyInPlace(l, node, { kind: "written", declaration: constructor, values: new Map(l.values), calls: [...l.activations], receiver: draft }, args, undefined, {});
}

/** The fields that a class gives values to, in their order. */
function initialise(l: Lowering, declaration: ts.ClassLikeDeclaration, draft: Draft): void {
  const outer = l.receiver;
  l.receiver = draft;
  for (const m of declaration.members) {
    if (!l.ts.isPropertyDeclaration(m) || isStatic(l.ts, m) || m.initializer === undefined) continue;
    const { initializer } = m;
    l.fromStatement(m, () => {
      setField(l, draft, m.name.getText(), initializer);
    });
  }
  l.receiver = outer;
}

/** this.x = e */
function setField(l: Lowering, draft: Draft, name: string, node: ts.Expression): void {
  const field = draft.type.fields.find((f) => f.name === name);
  if (field === undefined && l.types.holdsFunctions(node)) return draft.hold(name, heldValue(l, node));
  if (!onlyReadsFields(l, node, draft)) draft.object();
  if (field === undefined) return reject(catalogue.objectValue, node, excerpt(node));
  draft.set(name, field.type.kind === "opaque" || field.type.kind === "bool" ? expression(l, node) : value(l, node, field.type, name));
}

/** Whether an expression uses the object only by fields that have a value. */
function onlyReadsFields(l: Lowering, node: ts.Node, draft: Draft): boolean {
  const { ts } = l;
  if (ts.isPropertyAccessExpression(node) && node.expression.kind === ts.SyntaxKind.ThisKeyword) return draft.get(node.name.text) !== undefined;
  if (node.kind === ts.SyntaxKind.ThisKeyword || node.kind === ts.SyntaxKind.SuperKeyword) return false;
  return !(ts.forEachChild(node, (child) => !onlyReadsFields(l, child, draft) || undefined) ?? false);
}

/** The statements of a constructor. The object is made as soon as one of them does more than give it fields. */
export function constructorItems(l: Lowering, constructor: ts.ConstructorDeclaration, draft: Draft): readonly Item[] {
  const { ts } = l;
  const made = constructor.parent;
  const step = (node: ts.Node, run: () => void): Item => ({ item: "step", node, run });
  const begin = step(constructor, () => {
    for (const p of constructor.parameters) {
      const symbol = ts.isIdentifier(p.name) && ts.isParameterPropertyDeclaration(p, constructor) ? l.symbol(p.name) : undefined;
      const given = symbol && l.values.get(symbol);
      if (symbol !== undefined && given !== undefined) draft.set(symbol.name, given);
    }
    initialise(l, made, draft);
  });
  const items: Item[] = l.context.classes.base(made) === undefined ? [begin] : [];
  for (const statement of constructor.body?.statements ?? []) {
    const expression = ts.isExpressionStatement(statement) ? bare(ts, statement.expression) : undefined;
    if (expression !== undefined && ts.isCallExpression(expression) && expression.expression.kind === ts.SyntaxKind.SuperKeyword) {
      items.push(step(statement, () => {
        build(l, expression, (l.context.classes.chain(made) ?? []).slice(1), draft);
      }), begin);
      continue;
    }
    const target = expression !== undefined && isPlainAssignment(l, expression) ? bare(ts, expression.left) : undefined;
    if (target !== undefined && expression !== undefined && ts.isBinaryExpression(expression) && ts.isPropertyAccessExpression(target) && target.expression.kind === ts.SyntaxKind.ThisKeyword) {
      items.push(step(statement, () => {
        setField(l, draft, target.name.text, expression.right);
      }));
      continue;
    }
    items.push(step(statement, () => {
      if (!isPlain(l, statement) || !onlyReadsFields(l, statement, draft)) draft.object();
    }), statement);
  }
  return items;
}

function isPlainAssignment(l: Lowering, node: ts.Expression): node is ts.BinaryExpression {
  return l.ts.isBinaryExpression(node) && node.operatorToken.kind === l.ts.SyntaxKind.EqualsToken;
}

/** A statement behind which the next one stands at the same level: a declaration, an expression, if (…) throw. */
function isPlain(l: Lowering, statement: ts.Statement): boolean {
  const { ts } = l;
  if (ts.isIfStatement(statement)) return statement.elseStatement === undefined && isThrow(l, statement.thenStatement);
  return ts.isExpressionStatement(statement) || ts.isVariableStatement(statement);
}

function isThrow(l: Lowering, statement: ts.Statement): boolean {
  const only = l.ts.isBlock(statement) && statement.statements.length === 1 ? statement.statements[0] : statement;
  return only !== undefined && l.ts.isThrowStatement(only);
}
