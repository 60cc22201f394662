import type ts from "typescript";
import { catalogue } from "../../diagnostics.js";
import { discard } from "../expressions/discard.js";
import { excerpt } from "../../diagnostics.js";
import { normal, type Flow, type Tail } from "../jumps.js";
import type { Lowering, Table } from "../lowering.js";
import { reject } from "../rejected.js";
import { declareAll } from "./declarations.js";
import { lowerForIn, lowerForOf } from "./forOf.js";
import { lowerJump, lowerLabeled, lowerReturn, lowerThrow } from "./leaving.js";
import { lowerDo, lowerFor, lowerWhile } from "./loops.js";
import { lowerSwitch } from "./switch.js";

type Handler = (l: Lowering, node: never, tail: Tail) => Flow;

/** What cannot stand in a differentiated function. */
const rejected: Table<(node: never) => never> = {
  TryStatement: (node: ts.TryStatement) => reject(catalogue.tryStatement, node),
  WithStatement: (node: ts.Node) => reject(catalogue.statement, node, "'with' statement"),
  ClassDeclaration: (node: ts.Node) => reject(catalogue.statement, node, "class"),
  EnumDeclaration: (node: ts.Node) => reject(catalogue.statement, node, "enum"),
};

/** `if` and blocks are not here: they take what follows them along, see control.ts. */
const lowered: Table<Handler> = {
  BreakStatement: lowerJump,
  ContinueStatement: lowerJump,
  DoStatement: lowerDo,
  ExpressionStatement: plain((l, node: ts.ExpressionStatement) => discard(l, node.expression)),
  ForInStatement: lowerForIn,
  ForOfStatement: lowerForOf,
  ForStatement: lowerFor,
  LabeledStatement: lowerLabeled,
  ReturnStatement: lowerReturn,
  SwitchStatement: lowerSwitch,
  ThrowStatement: lowerThrow,
  VariableStatement: plain((l, node: ts.VariableStatement) => declareAll(l, node.declarationList)),
  WhileStatement: lowerWhile,
  // Nothing happens where these stand. A nested function is lowered where it is called.
  DebuggerStatement: () => normal,
  EmptyStatement: () => normal,
  FunctionDeclaration: () => normal,
  InterfaceDeclaration: () => normal,
  TypeAliasDeclaration: () => normal,
};

export function lowerStatement(l: Lowering, node: ts.Statement, tail: Tail): Flow {
  l.handler(rejected, node.kind)?.(node as never);
  const handler = l.handler(lowered, node.kind);
  if (handler === undefined) return reject(catalogue.statement, node, `'${excerpt(node, 20)}'`);
  return handler(l, node as never, tail);
}

function plain<Node>(run: (l: Lowering, node: Node) => void): (l: Lowering, node: Node) => Flow {
  return (l, node) => {
    run(l, node);
    return normal;
  };
}
