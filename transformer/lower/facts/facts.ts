import type ts from "typescript";
import { bare, symbolAt } from "../syntax.js";
import type { LowerContext } from "../context.js";
import type { Types } from "../types.js";
import { Aliases } from "./aliases.js";
import { returnsOf, type Bodies } from "./bodies.js";
import type { Override } from "../../requests/markers.js";
import type { Signature } from "../functions.js";
import { Integers } from "./integers.js";
import { Taint } from "./taint.js";
import { Writes, type Write } from "./writes.js";

/** What is known of the variables of a function before it is lowered, whatever the order of its statements. */
export interface Facts {
  readonly writes: readonly Write[];
  /** Those that happen while a node is run, as they are asked for. */
  readonly within: Map<ts.Node, readonly Write[]>;
  readonly taint: Taint;
  readonly integers: Integers;
  readonly aliases: Aliases;
  /** Variables that are compared with undefined somewhere: they may hold it, whatever their type says. */
  readonly optional: ReadonlySet<ts.Symbol>;
  readonly bodies: Bodies;
  /** What the function gives, where something differentiated is put into that memory by who calls it. */
  readonly given: readonly ts.Expression[];
  /** The parameters that are copies of objects of classes, which have no methods. */
  readonly copies: ReadonlySet<ts.Symbol>;
  /** Whether the variable is declared within the function, or one that is lowered in it. */
  isLocal(symbol: ts.Symbol): boolean;
}

export function factsOf(
  { ts: compiler, checker, classes, packages }: Pick<LowerContext, "ts" | "checker" | "classes" | "packages">,
  types: Types,
  root: ts.FunctionLikeDeclaration,
  notIntegers: ReadonlySet<ts.Symbol>,
  { varied, written = false, copies = new Set(), handed = [], receiver, lifted }: Pick<Signature, "varied" | "written" | "copies" | "handed" | "receiver" | "lifted">,
  isOverride: (callee: ts.Expression, override: Override) => boolean,
): Facts {
  const symbolOf = (name: ts.Node): ts.Symbol | undefined => {
    const isThis = name.kind === compiler.SyntaxKind.ThisKeyword || name.kind === compiler.SyntaxKind.SuperKeyword;
    const owner = isThis ? classes.around(name) : compiler.isClassLike(name) ? name : undefined;
    const made = owner ?? (compiler.isNewExpression(name) ? classes.named(name.expression) : undefined);
    if (made !== undefined) return instanceSymbol(checker, made);
    const symbol = symbolAt(compiler, checker, name);
    return symbol && packages.sourceOf(symbol);
  };
  const { all: writes, bodies } = new Writes(compiler, checker, symbolOf, classes, root, handed, lifted?.functions ?? [], (callee) => isOverride(callee, "checkpoint"));
  const aliases = new Aliases(compiler, types, symbolOf, writes);
  const { roots } = bodies;
  const self = receiver === undefined ? undefined : symbolOf(classes.around(root) ?? root);
  const own = self === undefined ? [] : [self];
  const varying = [...own, ...[...handed.flatMap((h) => h.captured), ...(lifted?.captured ?? []).filter((c) => c.isVaried)].map(({ symbol }) => symbol)];
  const captured = new Set([...own, ...[...handed.flatMap((h) => h.captured), ...(lifted?.captured ?? []), ...(lifted?.functions ?? [])].map(({ symbol }) => symbol)]);
  const given = written ? returnsOf(compiler, root) : [];
  return {
    writes,
    given,
    within: new Map(),
    bodies,
    aliases,
    taint: new Taint(compiler, checker, types, symbolOf, aliases, root, bodies, writes, varied, given, new Set(varying), (callee) => isOverride(callee, "stopGradient")),
    integers: new Integers(compiler, checker, types, symbolOf, writes, notIntegers),
    optional: comparedWithUndefined(compiler, symbolOf, roots),
    copies: new Set(root.parameters.filter((p) => !(compiler.isIdentifier(p.name) && p.name.text === "this")).flatMap((p, i) => (copies.has(i) ? (symbolOf(p.name) ?? []) : []))),
    isLocal: (symbol) => captured.has(symbol) || (symbol.declarations ?? []).some((d) => bodies.isNested(d)),
  };
}

/** What stands for all objects of a class. */
export function instanceSymbol(checker: ts.TypeChecker, made: ts.ClassLikeDeclaration): ts.Symbol | undefined {
  const symbol = made.name && checker.getSymbolAtLocation(made.name);
  return symbol?.exports?.get("prototype" as ts.__String);
}

/** `v === undefined`, `v ?? e`, `v ??= e`, `v?.k`: what stands for v. */
function comparedWithUndefined(
  c: typeof ts,
  symbolOf: (name: ts.Node) => ts.Symbol | undefined,
  roots: readonly ts.Node[],
): ReadonlySet<ts.Symbol> {
  const found = new Set<ts.Symbol>();
  const kinds = c.SyntaxKind;
  const isAbsent = (e: ts.Expression): boolean =>
    e.kind === kinds.NullKeyword || (c.isIdentifier(e) && e.text === "undefined");
  const note = (e: ts.Expression): void => {
    const name = bare(c, e);
    const symbol = c.isIdentifier(name) ? symbolOf(name) : undefined;
    const declaration = symbol?.valueDeclaration;
    if (symbol !== undefined && declaration !== undefined && c.isVariableDeclaration(declaration)) found.add(symbol);
  };
  const visit = (node: ts.Node): void => {
    if (c.isBinaryExpression(node)) {
      const kind = node.operatorToken.kind;
      if (kind === kinds.QuestionQuestionToken || kind === kinds.QuestionQuestionEqualsToken) note(node.left);
      const compares = kind >= kinds.EqualsEqualsToken && kind <= kinds.ExclamationEqualsEqualsToken;
      if (compares && isAbsent(node.right)) note(node.left);
      if (compares && isAbsent(node.left)) note(node.right);
    }
    c.forEachChild(node, visit);
  };
  roots.forEach(visit);
  return found;
}
