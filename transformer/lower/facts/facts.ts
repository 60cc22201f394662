import type ts from "typescript";
import { bare } from "../syntax.js";
import type { Types } from "../types.js";
import { Aliases } from "./aliases.js";
import type { Bodies } from "./bodies.js";
import { Integers } from "./integers.js";
import { Taint } from "./taint.js";
import { Writes, type Write } from "./writes.js";

/** What is known of the variables of a function before it is lowered, whatever the order of its statements. */
export interface Facts {
  readonly writes: readonly Write[];
  readonly taint: Taint;
  readonly integers: Integers;
  readonly aliases: Aliases;
  /** Variables that are compared with undefined somewhere: they may hold it, whatever their type says. */
  readonly optional: ReadonlySet<ts.Symbol>;
  readonly bodies: Bodies;
  /** Whether the variable is declared within the function, or one that is lowered in it. */
  isLocal(symbol: ts.Symbol): boolean;
}

export function factsOf(
  compiler: typeof ts,
  checker: ts.TypeChecker,
  types: Types,
  root: ts.FunctionLikeDeclaration,
  notIntegers: ReadonlySet<ts.Symbol>,
  varied: ReadonlySet<number> | undefined,
): Facts {
  const symbolOf = (name: ts.Node): ts.Symbol | undefined =>
    compiler.isIdentifier(name) && compiler.isShorthandPropertyAssignment(name.parent)
      ? checker.getShorthandAssignmentValueSymbol(name.parent)
      : checker.getSymbolAtLocation(name);
  const { all: writes, bodies } = new Writes(compiler, checker, symbolOf, root);
  const aliases = new Aliases(compiler, types, symbolOf, writes);
  const { roots } = bodies;
  return {
    writes,
    bodies,
    aliases,
    taint: new Taint(compiler, checker, types, symbolOf, aliases, roots, writes, varied),
    integers: new Integers(compiler, checker, types, symbolOf, writes, notIntegers),
    optional: comparedWithUndefined(compiler, symbolOf, roots),
    isLocal: (symbol) => (symbol.declarations ?? []).some((d) => bodies.isNested(d)),
  };
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
