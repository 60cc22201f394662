import { isLiteral } from "../ir/build.js";
import { sameAtom } from "../ir/atoms.js";
import { cellsRead, cellsWritten } from "../ir/effects.js";
import type { MemoryClass } from "../ir/memory.js";
import type { Allocate, Atom, Block, Loop, Statement, Var } from "../ir/model.js";
import { blocksOf, statementsOf } from "../ir/walk.js";
import type { Reversal } from "./reversal.js";

/**
 * Whether memory is private to the turns of a loop: nothing outside of it touches the cell but the allocation, and
 * every turn writes all of it before it reads any of it. Then the turns are independent of each other.
 */
export function isPrivate(cell: MemoryClass, loop: Loop, r: Reversal): boolean {
  const made = allocationsOf(cell, r);
  const [allocation] = made;
  if (made.length !== 1 || allocation === undefined || !ownedHere(cell, r)) return false;
  if (!onlyWithin(cell, loop, r)) return false;
  if ([...statementsOf(loop.body)].includes(allocation)) return true;
  const length = allocation.initial.kind === "fill" ? allocation.initial.length : undefined;
  return length !== undefined && writtenFirst(cell, loop.body, length, r);
}

/** Memory that this function makes itself: it does not come in by a parameter, a capture or a call. */
function ownedHere(cell: MemoryClass, r: Reversal): boolean {
  const outside: Atom[] = [...r.fn.params, ...r.fn.captures, ...r.fn.body.yields];
  for (const s of statementsOf(r.fn.body)) {
    if (s.kind === "call" || s.kind === "opaque" || s.kind === "effect") outside.push(...s.args);
    if (s.kind === "call") outside.push(...s.results);
    if (s.kind === "opaque" && s.result) outside.push(s.result);
  }
  return !outside.some((a) => a.kind === "var" && r.cellsOf(a).includes(cell));
}

function allocationsOf(cell: MemoryClass, r: Reversal): Allocate[] {
  const made: Allocate[] = [];
  for (const s of statementsOf(r.fn.body)) {
    // A view is a part of it under another name.
    if ((s.kind === "copy" || s.kind === "let") && r.memory.elementsOf(s.result) === cell) return [];
    if (s.kind === "allocate" && r.memory.elementsOf(s.result) === cell) made.push(s);
  }
  return made;
}

function touches(s: Statement, cell: MemoryClass, r: Reversal): boolean {
  if (s.kind === "allocate") return false;
  return cellsRead(s, r.memory).includes(cell) || cellsWritten(s, r.memory).includes(cell);
}
function touchesWithin(s: Statement, cell: MemoryClass, r: Reversal): boolean {
  return touches(s, cell, r) || blocksOf(s).some((b) => b.statements.some((t) => touchesWithin(t, cell, r)));
}

function onlyWithin(cell: MemoryClass, loop: Loop, r: Reversal): boolean {
  const outside = (block: Block): boolean =>
    block.statements.some((s) => s !== loop && (touches(s, cell, r) || blocksOf(s).some(outside)));
  return !outside(r.fn.body);
}

/** The first statement of a turn that touches the memory writes all of it, or does so in each turn of its own. */
function writtenFirst(cell: MemoryClass, block: Block, length: Atom, r: Reversal): boolean {
  const touching = block.statements.filter((s) => touchesWithin(s, cell, r));
  const [first] = touching;
  if (first?.kind !== "loop") return first === undefined;
  if (coversAll(cell, first, length, r)) return true;
  return touching.length === 1 && writtenFirst(cell, first.body, length, r);
}

/** `for (let i = 0; i < length; i++) { a[i] = …; }`, unconditionally and before any read of it. */
function coversAll(cell: MemoryClass, loop: Loop, length: Atom, r: Reversal): boolean {
  const c = loop.counter;
  const status = loop.body.yields[0];
  if (!c || c.step !== 1 || c.test !== "<" || !isLiteral(c.start, 0) || !status || !isLiteral(status, 0)) return false;
  if (!sameLength(c.bound, length, r)) return false;
  const touching = loop.body.statements.filter((s) => touchesWithin(s, cell, r));
  const [first] = touching;
  return first?.kind === "store" && first.key === c.var && touching.every((s) => touches(s, cell, r) && atCounter(s, c.var));
}

function atCounter(s: Statement, counter: Var): boolean {
  return (s.kind === "store" || s.kind === "load" || s.kind === "accumulate") && s.key === counter;
}

/** The same name or number, or lengths of the same array. */
export function sameLength(a: Atom, b: Atom, r: Reversal): boolean {
  if (sameAtom(a, b)) return true;
  const [x, y] = [lengthLoad(a, r), lengthLoad(b, r)];
  return x !== undefined && x === y;
}
function lengthLoad(a: Atom, r: Reversal): Atom | undefined {
  for (const s of statementsOf(r.fn.body)) {
    if (s.kind === "load" && s.result === a && s.key.kind === "field" && s.key.name === "length") return s.of;
  }
  return undefined;
}
