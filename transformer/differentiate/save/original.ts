import { isWhole } from "../../ir/atoms.js";
import { isLiteral, literal, variable } from "../../ir/build.js";
import type { Atom, Copy, Let, Load, Region, Statement } from "../../ir/model.js";
import { int, isFlat } from "../../ir/types.js";
import { loopsAround, writesAhead } from "./ahead.js";
import { grownBy } from "./grown.js";
import { Order } from "./order.js";
import { isElsewhere, type Scopes } from "./scopes.js";
import { isThere } from "./there.js";

/** An array that is copied, or the part of one from an element on. */
interface Part {
  readonly copy: Copy;
  readonly from: number;
  /** Whether it may end before what it was made from does. */
  readonly ends: boolean;
}

/**
 * x = b[i], where b is a copy of a in which nothing has been written at that place: x = a[i], which is still there when
 * b[i] is something else. Of a part of a from its second element on that is a[1 + i], of copies of all rows a[i][j].
 */
export function fromOriginal(load: Load, mirror: Region, isWritten: (a: Atom) => boolean, scopes: Scopes): Load | undefined {
  const part = partOf(load.of, scopes);
  if (load.key.kind === "field") return undefined;
  if (part === undefined) return fromRow(load, mirror, isWritten, scopes);
  const { copy, from, ends } = part;
  if ((from > 0 && !isFromStart(load, scopes)) || (ends && !isThere(load, scopes)) || !isAsCopied(load, copy, scopes)) return undefined;
  const original: Load = { ...load, of: copy.of };
  if (!scopes.isFixed(original)) return undefined;
  return from === 0 ? original : { ...original, key: further(load, from, scopes) };
}

// row = rows[i]; x = row[j]   where rows has copies of the rows of a   is   again = a[i]; x = again[j]
function fromRow(load: Load, mirror: Region, isWritten: (a: Atom) => boolean, scopes: Scopes): Load | undefined {
  const row = load.of.kind === "var" ? scopes.definition.get(load.of) : undefined;
  const rows = row?.kind === "load" && row.of.kind === "var" ? scopes.definition.get(row.of) : undefined;
  if (row?.kind !== "load" || rows === undefined || !isFlat(row.result.type) || row.result.type.nullable === true) return undefined;
  // Where the row is in scope no other is brought there.
  if (scopes.inScope(row.result, mirror)) return undefined;
  const of = copiedRows(rows, scopes);
  if (of === undefined || of.type.nullable === true || isWritten(of) || !isAsCopied(load, rows, scopes)) return undefined;
  const again: Load = { ...row, of, result: { ...row.result } };
  const original: Load = { ...load, of: again.result };
  scopes.standFor(again, row);
  return scopes.isFixed(again) && scopes.isFixed(original) ? original : undefined;
}

/** The array of whose rows another has copies, at the same places for good: `a.map((row) => row.slice())`, or what a loop pushes `a[i].slice()` to. */
function copiedRows(made: Statement, scopes: Scopes): Atom | undefined {
  if ((made.kind !== "copy" && made.kind !== "allocate") || made.result.type.kind !== "array") return undefined;
  const grown = grownBy(made.result, scopes);
  if (scopes.writesTo(scopes.memory.classOf(made.result).cell("[]")).some((w) => w !== grown?.push)) return undefined;
  if (made.kind === "copy") return made.depth > 1 && !made.from && !made.to ? made.of : undefined;
  const copy = grown?.push.value.kind === "var" ? scopes.definition.get(grown.push.value) : undefined;
  if (copy?.kind !== "copy" || copy.from || copy.to || copy.of.kind !== "var") return undefined;
  const row = scopes.definition.get(copy.of);
  return row?.kind === "load" && row.key === grown?.counter ? row.of : undefined;
}

function partOf(of: Atom, scopes: Scopes): Part | undefined {
  const s = of.kind === "var" ? scopes.definition.get(of) : undefined;
  const startOf = (a: Atom | undefined): number | undefined => (a === undefined ? 0 : isWhole(a) && Number(a.value) >= 0 ? Number(a.value) : undefined);
  if (s?.kind === "copy") {
    const from = startOf(s.from);
    return s.depth === 1 && s.of.type.nullable !== true && from !== undefined ? { copy: s, from, ends: s.to !== undefined } : undefined;
  }
  const [whole, start, end] = s?.kind === "let" && s.op === "subarray" ? s.args : [];
  const inner = whole && partOf(whole, scopes);
  const from = startOf(start);
  return inner && from !== undefined ? { copy: inner.copy, from: inner.from + from, ends: inner.ends || end !== undefined } : undefined;
}

/** Whether an index is surely that of an element or beyond the last. */
function isFromStart({ key, result }: Load, scopes: Scopes): boolean {
  const home = scopes.regionOf.get(result);
  if (key.kind !== "var" || home === undefined || key.type.kind !== "int") return false;
  return new Order(scopes, home).bounds(key, false).some(({ of, plus }) => isLiteral(of) && Number(of.value) + plus >= 0);
}

/** 1 + i   where the load stands. */
function further({ key, result }: Load, from: number, scopes: Scopes): Atom {
  const home = scopes.regionOf.get(result);
  if (key.kind === "field" || home === undefined) throw new Error("an element has an index");
  const index: Let = { kind: "let", result: variable("", int, result.origin), op: "+", args: [literal(from), key] };
  scopes.bind(index.result, index, home);
  return index.result;
}

/** Whether nothing has written, when an element is loaded, at its place in what a statement has made. */
function isAsCopied(load: Load, made: Statement, scopes: Scopes): boolean {
  const cell = scopes.memory.cellOf(load.of, load.key);
  const home = scopes.regionOf.get(load.result);
  const at = scopes.position.get(load);
  if (cell === undefined || home === undefined || at === undefined) return false;
  return scopes.writesTo(cell).every((w) => {
    const outermost = loopsAround(w, undefined, scopes).find((loop) => scopes.contains(loop.body.region, home) && !scopes.isWithin(made, loop));
    if (isElsewhere(w, load) || (outermost === undefined && (scopes.position.get(w) ?? 0) > at)) return true;
    return outermost !== undefined && writesAhead(w, { load, home, at, isStored: false }, outermost, scopes, true);
  });
}
