import type ts from "typescript";
import type { Lowering } from "./lowering.js";

/** What `var` declares is there in all of the function. */
export function hoist(l: Lowering, body: ts.Node): void {
  const visit = (node: ts.Node): void => {
    if (l.ts.isFunctionLike(node)) return;
    if (l.ts.isVariableDeclarationList(node) && (node.flags & l.ts.NodeFlags.BlockScoped) === 0) {
      for (const { name } of node.declarations) {
        const symbol = l.ts.isIdentifier(name) ? l.symbol(name) : undefined;
        if (symbol !== undefined && !l.values.has(symbol)) l.values.set(symbol, undefined);
      }
    }
    l.ts.forEachChild(node, visit);
  };
  visit(body);
}
