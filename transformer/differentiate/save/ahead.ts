import { shiftOf } from "../../ir/atoms.js";
import type { Atom, Counter, Key, Load, Loop, Region, Statement, Var } from "../../ir/model.js";
import { grownBy } from "./grown.js";
import { Order } from "./order.js";
import { placed } from "./same.js";
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
 * has yet to come, or has written there before it, so that no turn writes what it or one before has loaded. With `isBehind`
 * the contrary: only where it has been, or later in the same turn, so that what it loads is as it was before the loops.
 */
export function writesAhead(w: Statement, { load, home, at, isStored }: Reading, outermost: Loop, scopes: Scopes, isBehind = false): boolean {
  if (w.kind !== "store" || !scopes.isWithin(w, outermost)) return false;
  const written = placeOf(w.of, w.key, outermost, scopes);
  const loaded = placeOf(load.of, load.key, outermost, scopes);
  if (written === undefined || loaded === undefined || written.base !== loaded.base || written.keys.length !== loaded.keys.length) return false;
  const order = new Order(scopes, home);
  // The places are compared by the keys that follow each loop, as the turns of the loops follow one another.
  for (const loop of loopsAround(w, outermost, scopes)) {
    if (!scopes.contains(loop.body.region, home)) break;
    const steps = written.keys.flatMap((key, d) => {
      const step = stepOf(key, loop, scopes);
      return step ? [{ ...step, key: loaded.keys[d] as Atom, isUp: step.isUp !== isBehind }] : [];
    });
    if (steps.some(({ of, by, isUp, key }) => (isUp ? order.below(key, of, by) : order.below(of, key, -by)))) return true;
    if (!steps.some(({ of, by, isUp, key }) => (isUp ? order.atMost(key, of, by) : order.atMost(of, key, -by)))) return false;
  }
  const position = scopes.position.get(w) ?? 0;
  return isBehind ? position > at : isStored || position < at;
}

/** How far a key is from a number that goes up or down from turn to turn: the counter, or what is handed on in equal steps. */
function stepOf(key: Atom, loop: Loop, scopes: Scopes): { readonly of: Var; readonly by: number; readonly isUp: boolean } | undefined {
  const { counter, carried } = loop;
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
  const { from, by } = placed(key, scopes);
  return counter && from.kind === "var" && goesWith(from, counter, loop, scopes) ? { of: from, by, isUp: counter.step > 0 } : undefined;
}

/** Whether a whole number goes from turn to turn as the counter does: `base + i`, where the turns leave `base` alone. */
function goesWith(v: Var, counter: Counter, { body }: Loop, scopes: Scopes): boolean {
  const s = v.type.kind === "int" ? scopes.definition.get(v) : undefined;
  if (s?.kind !== "let" || (s.op !== "+" && s.op !== "-")) return false;
  const isSteady = (a: Atom): boolean => {
    if (a.kind === "literal" || !scopes.contains(body.region, scopes.regionOf.get(a) ?? body.region)) return true;
    const made = scopes.definition.get(a);
    return made?.kind === "let" && /^[-+*]$/.test(made.op) && made.args.every(isSteady);
  };
  const [a, b] = s.args;
  const isCounter = (arg: Atom | undefined): boolean => arg !== undefined && shiftFrom(arg, counter.var, scopes) !== undefined;
  return a !== undefined && b !== undefined && ((isCounter(a) && isSteady(b)) || (s.op === "+" && isSteady(a) && isCounter(b)));
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
