import type ts from "typescript";
import { allCells, effectsOf } from "../ir/effects.js";
import { Memory, reachable } from "../ir/memory.js";
import type { Fn } from "../ir/model.js";
import { isReference } from "../ir/types.js";
import type { LowerContext } from "../lower/context.js";
import { bare, symbolAt } from "../lower/syntax.js";
import { resolved } from "../through/exports.js";

/**
 * Marks the captured names that may lead to the same memory, `const first = rows[0]` of the module, or to the same by two ways,
 * `world.active = world.bodies`. What a name is declared as, and what is done with it outside of the functions that are
 * lowered, says that. Only where one of them is written.
 */
export function markShared(root: Fn, lowered: ReadonlySet<ts.Node>, context: LowerContext): void {
  const functions = reachable(root);
  const captures = new Set(functions.flatMap((fn) => fn.captures.filter((v) => isReference(v.type))));
  if (captures.size === 0) return;
  const memory = new Memory(functions);
  const { writes } = effectsOf(functions.flatMap((fn) => fn.body.statements), memory);
  const isWritten = [...memory.outside].some((v) => allCells(v, memory).some((cell) => writes.has(cell)));
  if (!isWritten) return;
  for (const [symbol, v] of context.captured) {
    if (captures.has(v) && v.shared !== true) v.shared = !isDeclaredApart(symbol, context) || isHandedOn(symbol, lowered, context);
  }
}

/** Whether a name is declared as memory to which there is one way: `[1, 2]`, `new Float64Array(8)`. */
function isDeclaredApart(symbol: ts.Symbol, context: LowerContext): boolean {
  const { ts: c, checker } = context;
  const [declaration, ...others] = symbol.declarations ?? [];
  if (declaration === undefined || others.length > 0 || !c.isVariableDeclaration(declaration) || declaration.initializer === undefined) return false;
  const { initializer } = declaration;
  const isOnlyName = (node: ts.Identifier): boolean => (node.parent as { readonly name?: ts.Node }).name === node && !c.isShorthandPropertyAssignment(node.parent);
  const mayShare = (node: ts.Node): boolean => {
    if (c.isTypeNode(node) || node.kind === c.SyntaxKind.ThisKeyword) return node.kind === c.SyntaxKind.ThisKeyword;
    if (c.isIdentifier(node) && !isOnlyName(node)) {
      const named = namedBy(node, context);
      const isOfLibrary = named?.declarations?.every((d) => context.program.isSourceFileDefaultLibrary(d.getSourceFile())) ?? node.text === "undefined";
      return !isOfLibrary && !isPlain(checker.getTypeAtLocation(node), c);
    }
    return c.forEachChild(node, (child) => mayShare(child) || undefined) ?? false;
  };
  return !mayShare(initializer);
}

/** Whether something is done with a name, outside of the functions that are lowered, but that numbers and the like in it are read or written. */
function isHandedOn(symbol: ts.Symbol, lowered: ReadonlySet<ts.Node>, context: LowerContext): boolean {
  const { ts: c, checker, program } = context;
  const found = (node: ts.Node): boolean => {
    if (lowered.has(node) || c.isTypeNode(node)) return false;
    if (c.isIdentifier(node) && node.text === symbol.name && isUse(node) && namedBy(node, context) === symbol) return true;
    return c.forEachChild(node, (child) => found(child) || undefined) ?? false;
  };
  const isUse = (name: ts.Identifier): boolean => {
    if (c.isVariableDeclaration(name.parent) && name.parent.name === name) return false;
    // By another name it is not looked for.
    if (c.isImportSpecifier(name.parent) || c.isExportSpecifier(name.parent)) return name.parent.propertyName !== undefined;
    let at: ts.Expression = name;
    while ((c.isPropertyAccessExpression(at.parent) && at.parent.expression === at) || (c.isElementAccessExpression(at.parent) && at.parent.expression === at) || (c.isExpression(at.parent) && bare(c, at.parent) === at)) {
      at = at.parent;
      if (isPlain(checker.getTypeAtLocation(at), c)) return false;
    }
    return true;
  };
  return program.getSourceFiles().some((file) => !file.isDeclarationFile && file.text.includes(symbol.name) && found(file));
}

/** What an identifier names, wherever that is imported from. */
function namedBy(node: ts.Identifier, { ts: c, checker }: LowerContext): ts.Symbol | undefined {
  const symbol = symbolAt(c, checker, node);
  return symbol && resolved(c, checker, symbol);
}

function isPlain(type: ts.Type, c: typeof ts): boolean {
  const { NumberLike, StringLike, BooleanLike, Undefined, Null, Void } = c.TypeFlags;
  return type.isUnion() ? type.types.every((t) => isPlain(t, c)) : (type.flags & (NumberLike | StringLike | BooleanLike | Undefined | Null | Void)) !== 0;
}
