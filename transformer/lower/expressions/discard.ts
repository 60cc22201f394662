import type ts from "typescript";
import { branch, type Side } from "../branch.js";
import { normal } from "../jumps.js";
import type { Lowering } from "../lowering.js";
import { bare } from "../syntax.js";
import { lowerCall } from "./calls.js";
import { condition } from "./conditions.js";
import { expression } from "./index.js";
import { run } from "./opaque.js";

/** An expression of which only what it does matters. */
export function discard(l: Lowering, node: ts.Expression): void {
  const { ts } = l;
  const inner = bare(ts, node);
  l.from(inner, () => {
    if (ts.isVoidExpression(inner)) return discard(l, inner.expression);
    if (ts.isConditionalExpression(inner)) return choice(l, inner.condition, inner.whenTrue, inner.whenFalse);
    if (ts.isCallExpression(inner)) return void lowerCall(l, inner, {}, true);
    if (ts.isBinaryExpression(inner)) {
      const kind = inner.operatorToken.kind;
      // a && f()   becomes   if (a) f()
      if (kind === ts.SyntaxKind.AmpersandAmpersandToken) return choice(l, inner.left, inner.right, undefined);
      if (kind === ts.SyntaxKind.BarBarToken) return choice(l, inner.left, undefined, inner.right);
      if (kind === ts.SyntaxKind.CommaToken) {
        discard(l, inner.left);
        return discard(l, inner.right);
      }
    }
    if (ts.isNewExpression(inner) || ts.isTaggedTemplateExpression(inner)) return run(l, inner);
    expression(l, inner);
  });
}

function choice(l: Lowering, test: ts.Expression, then: ts.Expression | undefined, otherwise: ts.Expression | undefined): void {
  const side = (node: ts.Expression | undefined) => (): Side => {
    if (node !== undefined) discard(l, node);
    return { flow: normal };
  };
  branch(l, condition(l, test), side(then), side(otherwise));
}
