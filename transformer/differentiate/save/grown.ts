import { isLiteral, one } from "../../ir/build.js";
import type { Atom, Let, Load, Loop, Push, Var } from "../../ir/model.js";
import type { Scopes } from "./scopes.js";

/** A list that starts empty and to which each turn of a loop adds one element: in turn `i` that is number `i`. */
export interface Grown {
  readonly loop: Loop;
  readonly counter: Var;
  readonly push: Push;
}

// const rows = []; for (let i = 0; i < n; i++) { …; rows.push(row) }
export function grownBy(of: Atom, scopes: Scopes): Grown | undefined {
  const made = of.kind === "var" ? scopes.definition.get(of) : undefined;
  if (of.kind !== "var" || made?.kind !== "allocate" || made.initial.kind !== "elements" || made.initial.elements.length > 0) return undefined;
  const [push, ...more] = scopes.writesTo(scopes.memory.classOf(of).cell("length"));
  if (push?.kind !== "push" || push.of !== of || more.length > 0) return undefined;
  const home = scopes.homeOf.get(push);
  const loop = home && scopes.owner.get(home)?.statement;
  const status = loop?.kind === "loop" && loop.body.yields[0];
  if (!status || !isLiteral(status, 0) || loop.counter?.step !== 1 || !isLiteral(loop.counter.start, 0)) return undefined;
  // It is made anew each time that the loop begins.
  return scopes.homeOf.get(loop) === scopes.homeOf.get(made) ? { loop, counter: loop.counter.var, push } : undefined;
}

// for (let i = 0; …) { rows.push(row); n = rows.length }   In turn i that is i + 1, and i before the element is added.
export function lengthOfGrown({ of, key, result, origin }: Load, at: number, scopes: Scopes): Let | undefined {
  const grown = key.kind === "field" && key.name === "length" && of.type.kind === "array" ? grownBy(of, scopes) : undefined;
  const home = scopes.regionOf.get(result);
  const added = grown && scopes.position.get(grown.push);
  if (grown === undefined || added === undefined || home === undefined || !scopes.contains(grown.loop.body.region, home)) return undefined;
  return { kind: "let", result, ...(at > added ? { op: "+", args: [grown.counter, one] } : { op: "identity", args: [grown.counter] }), ...(origin && { origin }) };
}
