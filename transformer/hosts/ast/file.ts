import type ts from "typescript";
import type { FileChange } from "../../compilation.js";
import type { Emission } from "./emission.js";
import { exportDerivatives } from "./exports.js";
import { Grafter, type Names } from "./graft.js";
import { importDerivatives, withFirst, withImports, withoutDropped } from "./imports.js";
import { visibleNames } from "./names.js";

/** Puts a change into the tree of its file: derivatives for the calls that ask for them, and beside their functions. */
export function transformFile(emission: Emission, file: ts.SourceFile, change: FileChange): ts.SourceFile {
  const { ts, program, context } = emission;
  const { factory } = context;
  const grafter = new Grafter(ts, program, change.file);
  const imports = importDerivatives(emission, change);
  const namesAt = (place: ts.Node): Names => ({
    imported: imports.expression,
    declared: visibleNames(ts, program.getTypeChecker(), place),
  });

  const replaced = new Map<ts.Node, ts.Expression>();
  for (const { node, emitted } of change.replacements) replaced.set(node, grafter.expression(emitted, namesAt(node)));
  const atEnd = new Map<ts.Node, ts.Statement[]>();
  const after = new Map<ts.Node, ts.Statement[]>();
  for (const addition of change.additions) {
    const statements = grafter.statements(addition.emitted, namesAt(addition.container));
    append(addition.after === undefined ? atEnd : after, addition.after ?? addition.container, statements);
  }

  // Only the ways down to a change are walked; the rest of the tree stays as it is.
  const onTheWay = new Set<ts.Node>();
  for (const target of [...replaced.keys(), ...atEnd.keys(), ...after.keys()]) {
    for (let node = target; !onTheWay.has(node) && !ts.isSourceFile(node); node = node.parent) onTheWay.add(node);
  }

  const visit = (node: ts.Node): ts.VisitResult<ts.Node> => {
    const original = ts.getOriginalNode(node);
    const expression = replaced.get(original);
    if (expression !== undefined) return withEnd(expression, original);
    const visited = onTheWay.has(original) ? withEnd(ts.visitEachChild(node, visit, context), original) : node;
    const following = after.get(original);
    return following === undefined ? visited : [visited, ...following];
  };
  const withEnd = (node: ts.Node, original: ts.Node): ts.Node => {
    const end = atEnd.get(original);
    if (end === undefined) return node;
    if (ts.isBlock(node)) return factory.updateBlock(node, [...node.statements, ...end]);
    if (ts.isModuleBlock(node)) return factory.updateModuleBlock(node, [...node.statements, ...end]);
    // What has no braces gets some.
    if (ts.isStatement(node)) return factory.createBlock([node, ...end], true);
    if (ts.isExpression(node)) return factory.createBlock([factory.createReturnStatement(node), ...end], true);
    throw new Error(`statements cannot be added to a ${ts.SyntaxKind[node.kind] ?? "node"}`);
  };

  const visited = ts.visitEachChild(file, visit, context);
  const added = atEnd.get(change.file) ?? [];
  const exports = exportDerivatives(emission, change, added);
  const kept = withImports(emission, withoutDropped(emission, change, visited.statements), imports.declarations);
  const statements = [...withFirst(emission, kept, exports.first), ...added, ...exports.last];
  return factory.updateSourceFile(visited, ts.setTextRange(factory.createNodeArray(statements), file.statements));
}

function append<K, V>(lists: Map<K, V[]>, key: K, values: readonly V[]): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [...values]);
  else list.push(...values);
}
