import { isLiteral } from "../../ir/build.js";
import type { Atom, Loop, Push, Var } from "../../ir/model.js";
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
