import type { Copy, Load, Statement } from "../../ir/model.js";
import { loopsAround, shiftFrom } from "./ahead.js";
import { Order } from "./order.js";
import type { Scopes } from "./scopes.js";

/**
 * x = b[i], where b is a copy of a in which nothing has been written at that place: x = a[i], which is still there when
 * b[i] is something else.
 */
export function fromOriginal(load: Load, scopes: Scopes): Load | undefined {
  const copy = load.of.kind === "var" ? scopes.definition.get(load.of) : undefined;
  const cell = scopes.memory.cellOf(load.of, load.key);
  if (copy?.kind !== "copy" || cell === undefined || load.key.kind !== "var" || copy.depth !== 1 || copy.from || copy.to || copy.of.type.nullable) return undefined;
  if (!scopes.writesTo(cell).every((w) => writesBehind(w, load, copy, scopes))) return undefined;
  const original: Load = { ...load, of: copy.of };
  return scopes.isFixed(original) ? original : undefined;
}

/** a[i] = f(a[i]): whether a statement has written, when an element is loaded, at places before that and at no other. */
function writesBehind(w: Statement, load: Load, copy: Copy, scopes: Scopes): boolean {
  const { of, key, result } = load;
  const home = scopes.regionOf.get(result);
  if (w.kind !== "store" || w.of !== of || w.key.kind === "field" || key.kind === "field" || home === undefined) return false;
  const isLater = (scopes.position.get(w) ?? 0) > (scopes.position.get(load) ?? 0);
  const [first, ...more] = loopsAround(w, undefined, scopes).filter((loop) => scopes.contains(loop.body.region, home) && !scopes.isWithin(copy, loop));
  if (first === undefined) return isLater;
  const { counter } = first;
  const by = counter && shiftFrom(w.key, counter.var, scopes);
  if (counter === undefined || by === undefined) return false;
  const order = new Order(scopes, home);
  const isUp = counter.step > 0;
  if (isUp ? order.below(counter.var, key, -by) : order.below(key, counter.var, by)) return true;
  return isLater && more.length === 0 && (isUp ? order.atMost(counter.var, key, -by) : order.atMost(key, counter.var, by));
}
