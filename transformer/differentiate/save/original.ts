import { isWhole } from "../../ir/atoms.js";
import { isLiteral, literal, variable } from "../../ir/build.js";
import type { Atom, Copy, Let, Load, Statement } from "../../ir/model.js";
import { int } from "../../ir/types.js";
import { loopsAround, shiftFrom } from "./ahead.js";
import { Order } from "./order.js";
import type { Scopes } from "./scopes.js";
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
 * b[i] is something else. Of a part of a from its second element on that is a[1 + i].
 */
export function fromOriginal(load: Load, scopes: Scopes): Load | undefined {
  const part = partOf(load.of, scopes);
  const cell = scopes.memory.cellOf(load.of, load.key);
  if (part === undefined || cell === undefined || load.key.kind !== "var") return undefined;
  const { copy, from, ends } = part;
  if ((from > 0 && !isFromStart(load, scopes)) || (ends && !isThere(load, scopes))) return undefined;
  if (!scopes.writesTo(cell).every((w) => writesBehind(w, load, copy, scopes))) return undefined;
  const original: Load = { ...load, of: copy.of };
  if (!scopes.isFixed(original)) return undefined;
  return from === 0 ? original : { ...original, key: further(load, from, scopes) };
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

/** a[i] = f(a[i]): whether a statement has written, when an element is loaded, at places before that and at no other. */
function writesBehind(w: Statement, load: Load, copy: Copy, scopes: Scopes): boolean {
  const { of, key, result } = load;
  const home = scopes.regionOf.get(result);
  if (home === undefined) return false;
  const isLater = (scopes.position.get(w) ?? 0) > (scopes.position.get(load) ?? 0);
  const [first, ...more] = loopsAround(w, undefined, scopes).filter((loop) => scopes.contains(loop.body.region, home) && !scopes.isWithin(copy, loop));
  if (first === undefined) return isLater;
  if (w.kind !== "store" || w.of !== of || w.key.kind === "field" || key.kind === "field") return false;
  const { counter } = first;
  const by = counter && shiftFrom(w.key, counter.var, scopes);
  if (counter === undefined || by === undefined) return false;
  const order = new Order(scopes, home);
  const isUp = counter.step > 0;
  if (isUp ? order.below(counter.var, key, -by) : order.below(key, counter.var, by)) return true;
  return isLater && more.length === 0 && (isUp ? order.atMost(counter.var, key, -by) : order.atMost(key, counter.var, by));
}
