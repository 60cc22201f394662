import type ts from "typescript";
import { catalogue, excerpt } from "../../diagnostics.js";
import type { Atom } from "../../ir/model.js";
import { opaque, type Type } from "../../ir/types.js";
import { refTo, type Handed } from "../functions.js";
import { isCell, readCell } from "../cells.js";
import { declarationsOf } from "../closures.js";
import type { Lowering } from "../lowering.js";
import { reject } from "../rejected.js";
import { freeVariables, isAlive, isReassigned } from "../scopes.js";
import { isWithin } from "../syntax.js";
import { calleeOf } from "./callee.js";
import type { Want } from "./index.js";
import { nothing } from "./opaque.js";

/**
 * A function that calls itself and is handed functions is read anew for just these: they are no parameters any more, and
 * what they see of the function around them are further ones.
 *
 *     simpson((x) => k * x, a, b)   becomes   simpson(a, b, k)
 *
 * What they assign is a cell.
 */
export function callSpecialised(l: Lowering, node: ts.Node, callee: ts.FunctionLikeDeclaration, args: readonly Atom[], returns: Type | undefined, want: Want): Atom {
  const handed: Handed[] = [];
  const captured: Atom[] = [];
  args.forEach((arg, index) => {
    const closure = l.closures.of(arg);
    if (closure === undefined) return l.closures.isKnown(arg) ? refuse(l, node) : undefined;
    if (closure.kind === "choice" || closure.kind === "custom" || closure.kind === "pullback" || closure.kind === "none" || closure.kind === "lost") return refuse(l, node);
    if (closure.kind === "library") return void handed.push({ index, fn: closure.node, captured: [] });
    const free = [...freeVariables(l, closure.declaration)].map(([symbol, name]) => {
      const isVariable = isCell(l, symbol);
      const isChanging = !isVariable && isReassigned(l, symbol);
      const isShared = isAssignedBy(l, symbol, args);
      // What none of the functions assigns keeps the value that it has now until the call has ended.
      if (isChanging && (isShared || !isAlive(l, symbol, closure.calls))) reject(catalogue.capturedVariable, name, name.text);
      const kept = (isChanging ? undefined : closure.values.get(symbol)) ?? l.values.get(symbol);
      if (kept === undefined || l.closures.of(kept) !== undefined) return refuse(l, node);
      const atom = isVariable && !isShared ? readCell(l, symbol, kept) : kept;
      captured.push(atom);
      return { symbol, type: atom.type, isCell: isVariable && isShared };
    });
    if (usesNested(l, closure.declaration)) refuse(l, node);
    handed.push({ index, fn: closure.declaration, captured: free });
  });
  const params = args.map((a) => (l.closures.of(a) === undefined ? a.type : opaque));
  const ref = refTo(l.context, callee, { params, returns, handed });
  l.callees.add(ref);
  const results = returns === undefined ? [] : [l.variable(want.name ?? "", returns)];
  l.add({ kind: "call", callee: ref, args: [...args.filter((a) => l.closures.of(a) === undefined), ...captured], results });
  return results[0] ?? nothing;
}

/** Whether one of the functions that are handed on gives a variable another value. */
function isAssignedBy(l: Lowering, symbol: ts.Symbol, args: readonly Atom[]): boolean {
  const handed = args.flatMap((a) => l.closures.of(a) ?? []).flatMap(declarationsOf);
  return l.facts.writes.some((w) => w.to === symbol && w.kind !== "memory" && handed.some((fn) => isWithin(w.node, fn)));
}

function refuse(l: Lowering, node: ts.Node): never {
  return reject(catalogue.recursiveClosure, node, excerpt(l.ts.isCallExpression(node) ? node.expression : node));
}

/** Whether a function uses functions that are declared beside it. */
function usesNested(l: Lowering, fn: ts.Node): boolean {
  const { bodies } = l.facts;
  const visit = (n: ts.Node): boolean => {
    const isOther = l.ts.isIdentifier(n) && [...bodies.of(n)].some((b) => bodies.isNested(b) && !(b.pos >= fn.pos && b.end <= fn.end));
    return isOther || (l.ts.forEachChild(n, (child) => visit(child) || undefined) ?? false);
  };
  return visit(fn);
}

/** Whether a function calls itself, directly or through others that it names. */
export function isRecursive(l: Lowering, callee: ts.FunctionLikeDeclaration): boolean {
  const seen = new Set<ts.Node>();
  const visit = (n: ts.Node): boolean => {
    if (l.ts.isCallExpression(n)) {
      const body = calleeOf(l, n);
      if (body === callee) return true;
      if (body !== undefined && !seen.has(body)) {
        seen.add(body);
        if (visit(body)) return true;
      }
    }
    return l.ts.forEachChild(n, (child) => visit(child) || undefined) ?? false;
  };
  return visit(callee);
}
