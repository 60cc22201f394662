import { isWhole } from "../ir/atoms.js";
import type { Allocate, Atom, Fn, Statement } from "../ir/model.js";
import { elementType, keepsBits } from "../ir/types.js";
import { blocksWithin, operands, statementsOf } from "../ir/walk.js";
import { isPlace } from "./by-turn.js";
import { most } from "./scalars/places.js";
import { toldApart } from "./told-apart.js";
import { countsIn, isCount, isLength } from "./whole-numbers.js";

/** An array of numbers of which only places known now are looked at, but for one store at another place each time. */
export interface Filled {
  readonly made: Allocate;
  readonly length: Atom;
  readonly places: Set<number>;
  isPut: boolean;
  isMeasured: boolean;
  /** Whether a place is stored to that it may not have. */
  mayGrow: boolean;
}

/** Such arrays, under one name each. Where a place may be missing, that is the same as NaN. */
export function filledIn(fn: Fn): ReadonlyMap<Atom, Filled> {
  const found = new Map<Atom, Filled>();
  const statements = statementsOf(fn.body);
  for (const s of statements) {
    if (s.kind === "allocate" && s.initial.kind === "fill" && isList(s)) found.set(s.result, { made: s, length: s.initial.length, places: new Set(), isPut: false, isMeasured: false, mayGrow: false });
  }
  if (found.size === 0) return found;
  for (const s of statements) {
    operands(s).forEach((a, i) => {
      const list = found.get(a);
      if (list !== undefined && (i > 0 || !isLookedAt(s, list))) found.delete(a);
    });
  }
  for (const { yields } of blocksWithin(fn.body)) for (const a of yields) found.delete(a);
  for (const [a, { places, isPut, isMeasured, mayGrow }] of found) if (!isPut || places.size === 0 || (isMeasured && mayGrow)) found.delete(a);
  if (found.size === 0) return found;
  const counts = countsIn(statements);
  for (const [a, { length }] of found) if (!isCount(length, counts)) found.delete(a);
  for (const a of toldApart(fn.body, (a) => found.has(a) && !isWhole(found.get(a)?.length))) found.delete(a);
  return found;
}

function isList({ result: { type } }: Allocate): boolean {
  const element = keepsBits(type) && !(type.kind === "array" && type.length !== undefined) ? elementType(type) : undefined;
  return element?.kind === "real" && element.nullable !== true;
}

/** Whether a statement looks at an array as one may. Keeps what it looks at. */
function isLookedAt(s: Statement, list: Filled): boolean {
  if (!isPlace(s)) return false;
  if (s.key.kind === "field") return isLength(s) && (list.isMeasured = true);
  if (s.kind === "store" && s.key.kind === "var") return !list.isPut && (list.isPut = true);
  const { length, made, places } = list;
  const place = isWhole(s.key) ? Number(s.key.value) : -1;
  if (place < 0 || place >= (isWhole(length) ? Math.min(Number(length.value), most) : most)) return false;
  places.add(place);
  if (isWhole(length)) return true;
  if (s.kind === "load") return s.result.type.nullable !== true;
  list.mayGrow ||= made.result.type.kind === "array";
  return true;
}
