import type ts from "typescript";
import { ownParameters } from "../parameters.js";
import type { Lowering } from "../lowering.js";
import { onlyReads } from "./read-only.js";

/**
 * Whether an argument of a call is an object of a class that the function is given and that it, or the call, may write to, or
 * that is such an object where the function is called: it is a copy, which has no methods, and what is done with it has to be seen.
 * So may be any that a lifted function takes of the one around it.
 */
export function isCopy(l: Lowering, node: ts.CallExpression, argument: ts.Expression): boolean {
  const { aliases, copies } = l.facts;
  if (!l.types.holdsObjects(l.checker.getTypeAtLocation(argument))) return false;
  const given = ownParameters(l.ts, l.root).flatMap((p) => l.symbol(p.name) ?? []);
  const mayWrite = !onlyReads(l, node);
  const isOne = (root: ts.Symbol, p: ts.Symbol): boolean => p === root || aliases.same(p, root);
  const captured = l.lifted?.captured ?? [];
  return aliases.roots(argument).some((root) => given.some((p) => isOne(root, p) && (mayWrite || copies.has(p) || mayBeWritten(l, root))) || captured.some(({ symbol }) => isOne(root, symbol)));
}

/** The parameters of a function that are given such objects by a call. */
export function copiedParameters(l: Lowering, node: ts.CallExpression, callee: ts.FunctionLikeDeclaration): ReadonlySet<number> {
  if (callee === l.root) return new Set([...ownParameters(l.ts, callee).keys()].filter((i) => isCopied(l, ownParameters(l.ts, callee)[i])));
  const spread = node.arguments.findIndex((a) => l.ts.isSpreadElement(a));
  const copied = node.arguments.flatMap((a, i) => (isCopy(l, node, l.ts.isSpreadElement(a) ? a.expression : a) ? [i] : []));
  const last = ownParameters(l.ts, callee).length - 1;
  // What is spread may be given to any parameter behind.
  return new Set(copied.flatMap((i) => (spread >= 0 && i >= spread ? Array.from({ length: Math.max(0, last + 1 - spread) }, (_, k) => spread + k) : [Math.min(i, last)])));
}

function isCopied(l: Lowering, p: ts.ParameterDeclaration | undefined): boolean {
  const symbol = p && l.symbol(p.name);
  return symbol !== undefined && l.facts.copies.has(symbol);
}

/** Whether a function writes to an object that it is given, or a call in it may. */
function mayBeWritten(l: Lowering, to: ts.Symbol): boolean {
  const { aliases, writes } = l.facts;
  const isHanded = (n: ts.Node): boolean => {
    const parts = l.ts.isCallExpression(n) ? [...n.arguments, ...(l.ts.isPropertyAccessExpression(n.expression) ? [n.expression.expression] : [])] : [];
    const isOne = parts.some((a) => aliases.roots(a).some((root) => aliases.same(root, to)));
    return (isOne && !onlyReads(l, n as ts.CallExpression)) || (l.ts.forEachChild(n, (child) => isHanded(child) || undefined) ?? false);
  };
  return writes.some((w) => w.kind === "memory" && aliases.same(w.to, to)) || isHanded(l.root);
}
