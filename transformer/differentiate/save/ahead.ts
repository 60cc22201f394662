import { shiftOf } from "../../ir/atoms.js";
import type { Atom, Key, Load, Loop, Region, Statement, Var } from "../../ir/model.js";
import { grownBy } from "./grown.js";
import { Order } from "./order.js";
import type { Scopes } from "./scopes.js";

/** A load, or what stands for it: the place in the function after which it reads. */
export interface Reading {
  readonly load: Load;
  readonly home: Region;
  readonly at: number;
  /** Whether it reads what the statement that is asked about has written. */
  readonly isStored: boolean;
}

/**
 * a[i + 1] = f(a[i]), l[i][j] = f(l[j][k]): whether a statement writes, in the turns of a nest of loops, only where the load
 * has yet to come, or has written there before it, so that no turn writes what it or one before it has loaded.
 */
export function writesAhead(w: Statement, { load, home, at, isStored }: Reading, outermost: Loop, scopes: Scopes): boolean {
  if (w.kind !== "store" || !scopes.isWithin(w, outermost)) return false;
  const written = placeOf(w.of, w.key, outermost, scopes);
  const loaded = placeOf(load.of, load.key, outermost, scopes);
  if (written === undefined || loaded === undefined || written.base !== loaded.base || written.keys.length !== loaded.keys.length) return false;
  const loops = loopsAround(w, outermost, scopes);
  const order = new Order(scopes, home);
  const isAround = (loop: Loop | undefined): loop is Loop => loop !== undefined && scopes.contains(loop.body.region, home);
  // The places are compared key by key, as the turns of the loops follow one another.
  for (const [d, key] of loaded.keys.entries()) {
    const loop = loops[d];
    const step = isAround(loop) ? stepOf(written.keys[d] as Atom, loop, scopes) : undefined;
    if (step === undefined) return false;
    const { of, by, isUp } = step;
    if (isUp ? order.below(key, of, by) : order.below(of, key, -by)) return true;
    if (!(isUp ? order.atMost(key, of, by) : order.atMost(of, key, -by))) return false;
  }
  return (isStored || (scopes.position.get(w) ?? 0) < at) && !loops.slice(loaded.keys.length).some(isAround);
}

/** How far a key is from a number that goes up or down from turn to turn: the counter, or what is handed on in equal steps. */
function stepOf(key: Atom, { counter, carried }: Loop, scopes: Scopes): { readonly of: Var; readonly by: number; readonly isUp: boolean } | undefined {
  const found = (of: Var, step: number | undefined) => {
    const by = shiftFrom(key, of, scopes);
    return step === undefined || by === undefined ? undefined : { of, by, isUp: step > 0 };
  };
  const counted = counter && found(counter.var, counter.step);
  if (counted !== undefined) return counted;
  for (const { param } of carried) {
    const handedOn = param.type.kind === "int" && shiftFrom(key, param, scopes) !== undefined ? found(param, scopes.stepsOf(param)?.by) : undefined;
    if (handedOn !== undefined) return handedOn;
  }
  return undefined;
}

interface Place {
  readonly base: Var;
  readonly keys: readonly Atom[];
}

/** An element of an array that a loop is given, or of a row of such an array whose rows are all different and stay there. */
function placeOf(of: Atom, key: Key, loop: Loop, scopes: Scopes): Place | undefined {
  const home = of.kind === "var" ? scopes.regionOf.get(of) : undefined;
  if (of.kind !== "var" || home === undefined || key.kind === "field") return undefined;
  if (!scopes.contains(loop.body.region, home)) return { base: of, keys: [key] };
  const row = scopes.definition.get(of);
  if (row?.kind !== "load" || row.key.kind === "field" || row.of.kind !== "var" || !hasRowsOfItsOwn(row.of, loop, scopes)) return undefined;
  const base = scopes.regionOf.get(row.of);
  return base !== undefined && !scopes.contains(loop.body.region, base) ? { base: row.of, keys: [row.key, key] } : undefined;
}

/** Whether no two rows of an array are the same, and all stand where they are while a loop runs. */
function hasRowsOfItsOwn(rows: Var, loop: Loop, scopes: Scopes): boolean {
  const writes = scopes.writesTo(scopes.memory.classOf(rows).cell("[]"));
  const made = scopes.definition.get(rows);
  if (made?.kind === "copy") return made.depth > 1 && writes.length === 0;
  const grown = grownBy(rows, scopes);
  if (grown === undefined || writes.length !== 1 || grown.push.value.kind !== "var" || scopes.isWithin(grown.push, loop)) return false;
  const row = scopes.definition.get(grown.push.value);
  return (row?.kind === "allocate" || row?.kind === "copy") && scopes.homeOf.get(row) === scopes.homeOf.get(grown.push);
}

/** The loops around a statement, the outermost first; within a loop that one. */
export function loopsAround(s: Statement, outermost: Loop | undefined, scopes: Scopes): Loop[] {
  const loops: Loop[] = [];
  for (let region = scopes.homeOf.get(s); region !== undefined; ) {
    const owner = scopes.owner.get(region);
    if (owner?.statement.kind === "loop") loops.unshift(owner.statement);
    if (owner === undefined || owner.statement === outermost) break;
    ({ region } = owner);
  }
  return loops;
}

/** How far a key is from a counter: 1 of `i + 1`. */
export function shiftFrom(key: Atom, counter: Var, scopes: Scopes): number | undefined {
  if (key === counter) return 0;
  const s = key.kind === "var" ? scopes.definition.get(key) : undefined;
  const shifted = s?.kind === "let" ? shiftOf(s) : undefined;
  const further = shifted && shiftFrom(shifted.from, counter, scopes);
  return further === undefined ? undefined : further + (shifted?.by ?? 0);
}
