import type ts from "typescript";
import type { Lowering } from "../lowering.js";
import { isFunctionType } from "./holders.js";
import { functionIn, isConst, isWithin } from "../syntax.js";
import type { Write } from "./writes.js";

/**
 * The writes that happen while `node` is run: those within it, and those of functions lowered here that it calls. What
 * these assign of their own is theirs.
 */
export function writesWithin(l: Lowering, node: ts.Node): readonly Write[] {
  const known = l.facts.within.get(node);
  if (known !== undefined) return known;
  const found = findWrites(l, node);
  l.facts.within.set(node, found);
  return found;
}

function findWrites(l: Lowering, node: ts.Node): readonly Write[] {
  const callees = nestedCallees(l, node);
  const isOwn = (w: Write, callee: ts.Node): boolean => w.kind !== "memory" && (w.to.declarations ?? []).some((d) => isWithin(d, callee));
  return l.facts.writes.filter((w) => isWithin(w.node, node) || callees.some((c) => isWithin(w.node, c) && !isOwn(w, c)));
}

/** The variables that get another value while `node` is run. A parameter has that of its own call. */
export function assignedWithin(l: Lowering, node: ts.Node): ReadonlySet<ts.Symbol> {
  return new Set(writesWithin(l, node).filter((w) => w.kind !== "memory" && !l.ts.isCallExpression(w.node)).map((w) => w.to));
}

/** The functions lowered within this one that `node` mentions or takes out of a list or an object to call them, and those that they do. */
function nestedCallees(l: Lowering, node: ts.Node): readonly ts.Node[] {
  const { bodies } = l.facts;
  const found = new Set<ts.Node>();
  const visit = (n: ts.Node): void => {
    const isCalled = (l.ts.isElementAccessExpression(n) || l.ts.isPropertyAccessExpression(n)) && isFunctionType(l.checker, l.checker.getTypeAtLocation(n));
    if (l.ts.isIdentifier(n) || isCalled) {
      for (const callee of bodies.of(n)) {
        if (found.has(callee) || isWithin(callee, node) || !bodies.isHere(callee)) continue;
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
  if (declaration === undefined || !l.facts.bodies.isNested(declaration)) return undefined;
  if (l.ts.isFunctionDeclaration(declaration)) return declaration;
  return l.ts.isVariableDeclaration(declaration) && isConst(l.ts, declaration) ? functionIn(l.ts, declaration.initializer) : undefined;
}
