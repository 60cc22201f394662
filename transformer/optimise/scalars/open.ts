import type { Accumulate, Atom, Block, Copy, Key, Load, Statement, Store, Var } from "../../ir/model.js";
import { elementType, isNumeric, isReference, keepsBits, type Type } from "../../ir/types.js";
import { blocksOf, blocksWithin, statementsOf, withInner } from "../../ir/walk.js";
import { toldApart } from "../told-apart.js";
import { likeness, most, type Candidates } from "./places.js";

/**
 * `b = a.slice()` of a list as long as it may be, and zeros like one, of which only elements at places known now are looked at:
 * what else it holds nobody asks for, nor how long it is. Zeros are read where there is a number only.
 */
export function openTypes(body: Block, isLast: boolean): Candidates {
  const statements = statementsOf(body);
  const open = new Map<Var, number>();
  for (const s of statements) {
    const of = likeness(s)?.of.type;
    if (of === undefined || (s.kind !== "copy" && s.kind !== "allocate") || ![of, s.result.type].every((type) => isOpen(type, s.kind === "copy"))) continue;
    if (s.kind === "allocate" || (s.from === undefined && s.to === undefined && s.depth < Infinity)) open.set(s.result, 0);
  }
  if (open.size === 0) return new Map();
  for (const s of statements) {
    if (!isAccess(s) || s.of.kind !== "var") continue;
    const size = open.get(s.of);
    if (size === undefined) continue;
    const place = s.key.kind === "literal" ? Number(s.key.value) : NaN;
    // Whether there is such an element is asked of the array.
    const isSure = s.kind !== "load" || s.result.type.nullable !== true;
    if (isSure && Number.isInteger(place) && place >= 0 && place < most) open.set(s.of, Math.max(size, place + 1));
    else open.delete(s.of);
  }
  if (open.size > 0 && !isLast) withoutChance(body, open);
  withoutMissing(body, open);
  const copied = new Set<Atom>(statements.flatMap((s) => (s.kind === "copy" && s.result.type.kind === "typed" && open.has(s.result) ? [s.result] : [])));
  if (copied.size > 0) for (const a of toldApart(body, (a) => copied.has(a))) open.delete(a as Var);
  return new Map([...open].map(([v, size]) => [v, Array.from({ length: size }, () => elementType(v.type))]));
}

/** Without copies of which a place is looked at on some paths alone: it may not be there on others, and has no adjoint then. */
function withoutChance(body: Block, open: Map<Var, number>): void {
  const look = (block: Block): void => {
    const places = new Map<Atom, Set<unknown>>();
    for (const s of block.statements) {
      if (s.kind === "copy" && open.has(s.result)) places.set(s.result, new Set());
      if (isAccess(s)) places.get(s.of)?.add(placeIn(s.key));
      for (const inner of blocksOf(s)) {
        for (const t of places.size > 0 ? statementsOf(inner) : []) if (isAccess(t) && places.get(t.of)?.has(placeIn(t.key)) === false) open.delete(t.of as Var);
        look(inner);
      }
    }
  };
  look(body);
}

/** Without copies of lists and their rows of which it is not sure that each row is there that is copied. */
function withoutMissing(body: Block, open: Map<Var, number>): void {
  if (![...open.keys()].some((v) => isReference(elementType(v.type)))) return;
  for (const { statements } of blocksWithin(body)) {
    for (const [k, s] of statements.entries()) {
      if (s.kind === "copy" && open.has(s.result) && isReference(elementType(s.result.type)) && !areThere(s, statements.slice(k + 1))) open.delete(s.result);
    }
  }
}

/** Whether the last of the rows that are looked at is looked into in any case, m[1][0], so that all are there. Rows may change their places meanwhile. */
function areThere({ result, depth }: Copy, behind: readonly Statement[]): boolean {
  const rows = new Map<Atom, number>();
  const moved = new Map<number, number>();
  let [last, there] = [-1, -1];
  for (const s of behind) {
    if (isAccess(s)) there = Math.max(there, rows.get(s.of) ?? -1);
    for (const t of withInner(s)) {
      if (!isAccess(t) || t.of !== result) continue;
      const place = Number(placeIn(t.key));
      const row = moved.get(place) ?? place;
      if (t.kind === "load") last = Math.max(last, row);
      else if (t === s) moved.set(place, rows.get(t.value) ?? -1);
      else return false;
      if (t === s && t.kind === "load") rows.set(t.result, row);
    }
  }
  return depth === 1 || last <= there;
}

function placeIn(key: Key): unknown {
  return key.kind === "literal" ? key.value : key;
}

function isAccess(s: Statement): s is Load | Store | Accumulate {
  return s.kind === "load" || s.kind === "store" || s.kind === "accumulate";
}

function isOpen(type: Type, mayHoldRows: boolean): boolean {
  if (!isReference(type) || type.kind === "record" || type.nullable === true || !keepsBits(type) || (type.kind === "array" && type.length !== undefined)) return false;
  const element = elementType(type);
  return element.nullable !== true && (isNumeric(element) || (mayHoldRows && isReference(element)));
}

