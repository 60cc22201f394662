import type ts from "typescript";
import type { Lowering } from "../lowering.js";
import { functionIn, isWithin } from "../syntax.js";
import type { Write } from "./writes.js";

/** The writes that happen while `node` is run: those within it, and those of nested functions that it calls. */
export function writesWithin(l: Lowering, node: ts.Node): readonly Write[] {
  const regions = [node, ...nestedCallees(l, node)];
  return l.facts.writes.filter((w) => regions.some((r) => isWithin(w.node, r)));
}

/** The variables that get another value while `node` is run. */
export function assignedWithin(l: Lowering, node: ts.Node): ReadonlySet<ts.Symbol> {
  return new Set(writesWithin(l, node).filter((w) => w.kind !== "memory").map((w) => w.to));
}

/** The functions declared within the lowered one that `node` mentions, and those that they mention. */
function nestedCallees(l: Lowering, node: ts.Node): readonly ts.Node[] {
  const found = new Set<ts.Node>();
  const visit = (n: ts.Node): void => {
    if (l.ts.isIdentifier(n)) {
      const callee = nestedFunction(l, n);
      if (callee !== undefined && !found.has(callee) && !isWithin(callee, node)) {
        found.add(callee);
        l.ts.forEachChild(callee, visit);
      }
    }
    l.ts.forEachChild(n, visit);
  };
  visit(node);
  return [...found];
}

/** The function declared within the lowered one that a name stands for. */
export function nestedFunction(l: Lowering, name: ts.Identifier): ts.FunctionLikeDeclaration | undefined {
  const declaration = l.checker.getSymbolAtLocation(name)?.valueDeclaration;
  if (declaration === undefined || declaration === l.root || !isWithin(declaration, l.root)) return undefined;
  if (l.ts.isFunctionDeclaration(declaration)) return declaration;
  return l.ts.isVariableDeclaration(declaration) ? functionIn(l.ts, declaration.initializer) : undefined;
}
