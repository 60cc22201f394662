import type { Load, Loop, Region, Var } from "../../ir/model.js";
import { sameType } from "../../ir/types.js";
import { shiftFrom } from "./ahead.js";
import type { Scopes } from "./scopes.js";

/** A load of `of[i + by]` in the turns of a loop that counts `i`. */
interface Reading {
  readonly load: Load;
  readonly by: number;
}

/** Two loads of a turn: what the one gives the other has given in the turn before. */
export interface Apart {
  readonly x: Reading;
  readonly y: Reading;
}

/**
 * for (let i = 1; …; i++) { x = d[i - 1]; y = d[i]; … }   Of the values that are to be saved of a turn those that are others of
 * the turn before, because they are loaded of the same place and nothing has written there between.
 */
export function turnsApart(saved: Iterable<Var>, home: Region, scopes: Scopes): readonly Apart[] {
  const loop = scopes.owner.get(home)?.statement;
  if (loop?.kind !== "loop") return [];
  const readings = [...saved].flatMap((v) => readingOf(v, home, loop, scopes) ?? []);
  const found: Apart[] = [];
  const isFree = (reading: Reading): boolean => !found.some(({ x, y }) => x === reading || y === reading);
  for (const x of readings) {
    const y = readings.find((other) => isFree(other) && isFree(x) && isOneTurnApart(x, other, loop, scopes));
    if (y !== undefined) found.push({ x, y });
  }
  return found;
}

/** A load of numbers that every turn makes, and that can be made before the loop too. */
function readingOf(v: Var, home: Region, { body, counter }: Loop, scopes: Scopes): Reading | undefined {
  const s = scopes.definition.get(v);
  if (s?.kind !== "load" || s.of.kind !== "var" || s.of.type.nullable === true || s.key.kind === "field" || scopes.homeOf.get(s) !== home) return undefined;
  if ((v.type.kind !== "real" && v.type.kind !== "int") || v.type.nullable === true || counter?.var.type.kind !== "int" || Math.abs(counter.step) !== 1) return undefined;
  const [region, by] = [scopes.regionOf.get(s.of), shiftFrom(s.key, counter.var, scopes)];
  return by === undefined || region === undefined || scopes.contains(body.region, region) ? undefined : { load: s, by };
}

function isOneTurnApart(x: Reading, y: Reading, loop: Loop, scopes: Scopes): boolean {
  const { of, key, result } = x.load;
  const { counter } = loop;
  const cell = scopes.memory.cellOf(of, key);
  if (counter === undefined || cell === undefined || y.load.of !== of || !sameType(y.load.result.type, result.type) || x.by !== y.by - counter.step) return false;
  const [first, last] = [y, x].map(({ load }) => scopes.position.get(load) ?? 0);
  return scopes.writesTo(cell).filter((w) => scopes.isWithin(w, loop)).every((w) => {
    const by = w.kind === "store" && w.of === of && w.key.kind !== "field" ? shiftFrom(w.key, counter.var, scopes) : undefined;
    const at = scopes.position.get(w) ?? 0;
    // After the one in its turn, or before the other in the next.
    return by !== undefined && !(at > first && by - counter.step === x.by) && !(at < last && by === x.by);
  });
}
