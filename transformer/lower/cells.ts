import type ts from "typescript";
import { field } from "../ir/build.js";
import type { Atom } from "../ir/model.js";
import { recordOf, type RecordType } from "../ir/types.js";
import { filler } from "./branch.js";
import { holdsFunctions } from "./facts/holders.js";
import { isShared } from "./lifted.js";
import type { Lowering } from "./lowering.js";
import { NotInteger } from "./rejected.js";
import { isReassigned } from "./scopes.js";
import { isWithin } from "./syntax.js";

/**
 * A variable that is assigned, and used by a function that its own function gives away: it outlives the call that made it.
 * It is an object with one member, which all functions that were made in that call share. So is one that functions assign
 * which call themselves, or are handed to such.
 *
 *     let n = 0; return () => n++      becomes      c = { n: 0 }; …   and a call of what was returned   t = c.n; c.n = t + 1
 */
export function isCell(l: Lowering, symbol: ts.Symbol): boolean {
  let found = l.cells.get(symbol);
  if (found === undefined) l.cells.set(symbol, (found = outlives(l, symbol) || isShared(l, symbol)));
  return found;
}

function outlives(l: Lowering, symbol: ts.Symbol): boolean {
  const { ts } = l;
  const declaration = symbol.valueDeclaration;
  if (declaration === undefined || !(ts.isVariableDeclaration(declaration) || ts.isParameter(declaration) || ts.isBindingElement(declaration))) return false;
  const owner = ts.findAncestor(declaration.parent, (n): n is ts.SignatureDeclaration => ts.isFunctionLike(n));
  if (owner === undefined || owner === l.root || !l.facts.bodies.isHere(owner)) return false;
  const given = l.checker.getSignatureFromDeclaration(owner);
  if (given === undefined || !holdsFunctions(ts, l.checker, l.checker.getReturnTypeOfSignature(given))) return false;
  return isReassigned(l, symbol) && isUsedWithin(l, owner, symbol);
}

/** Whether a function within `owner` uses the variable. */
function isUsedWithin(l: Lowering, owner: ts.Node, symbol: ts.Symbol): boolean {
  const { ts } = l;
  const visit = (node: ts.Node): boolean => {
    const isUse = ts.isIdentifier(node) && node.text === symbol.name && l.symbol(node) === symbol;
    if (isUse && ts.findAncestor(node, (n) => ts.isFunctionLike(n)) !== owner && !isWithin(symbol.valueDeclaration ?? node, node)) return true;
    return ts.forEachChild(node, (child) => visit(child) || undefined) ?? false;
  };
  return visit(owner);
}

/** Gives a variable its first value; without one, what is never read. */
export function declareVariable(l: Lowering, symbol: ts.Symbol, value: Atom | undefined): void {
  if (!isCell(l, symbol)) return void l.values.set(symbol, value);
  const type = cellType(l, symbol);
  const [member] = type.fields;
  const first = value ?? filler(member?.type ?? { kind: "opaque" });
  checkInteger(l, symbol, first);
  l.values.set(symbol, l.allocate(type, { kind: "elements", elements: [first] }, isShared(l, symbol) ? symbol.name : ""));
}

export function writeVariable(l: Lowering, symbol: ts.Symbol, value: Atom): void {
  const cell = isCell(l, symbol) ? l.values.get(symbol) : undefined;
  if (cell === undefined) return declareVariable(l, symbol, value);
  checkInteger(l, symbol, value);
  l.add({ kind: "store", of: cell, key: field(symbol.name), value });
}

/** The present value of a variable whose cell is `cell`. */
export function readCell(l: Lowering, symbol: ts.Symbol, cell: Atom): Atom {
  return l.loadField(cell, symbol.name);
}

function cellType(l: Lowering, symbol: ts.Symbol): RecordType {
  let type = l.cellTypes.get(symbol);
  if (type === undefined) l.cellTypes.set(symbol, (type = recordOf([{ name: symbol.name, type: l.typeOf(symbol) }])));
  return type;
}

function checkInteger(l: Lowering, symbol: ts.Symbol, value: Atom): void {
  if (l.typeOf(symbol).kind === "int" && value.type.kind !== "int") throw new NotInteger(symbol);
}
