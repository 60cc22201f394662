import { isWhole } from "../../ir/atoms.js";
import { Builder, isLiteral, literal, one } from "../../ir/build.js";
import type { Atom, Block, If, Let, Load, Loop, Push, Region, Var } from "../../ir/model.js";
import { int } from "../../ir/types.js";
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

/**
 * The number of the element that a push adds to a list, by the counter of the loop that adds one in each turn:
 *
 *     const rows = [first]; for (let i = 2; i < n; i += 2) { …; rows.push(row); }   row is rows[(i - 2) / 2 + 1]
 */
export function placeAdded(push: Push, scopes: Scopes): Atom | undefined {
  const { of } = push;
  const made = of.kind === "var" ? scopes.definition.get(of) : undefined;
  const loop = loopOf(push, scopes);
  if (of.kind !== "var" || made?.kind !== "allocate" || made.initial.kind !== "elements" || loop === undefined) return undefined;
  // It is made anew each time that the loop begins, and no longer or shorter until that has ended but by the push.
  if (scopes.homeOf.get(loop) !== scopes.homeOf.get(made)) return undefined;
  const isBetween = (p: number): boolean => p > (scopes.position.get(made) ?? 0) && p < (scopes.position.get(loop) ?? 0);
  const changes = scopes.writesTo(scopes.memory.classOf(of).cell("length"));
  if (changes.some((w) => w !== push && (scopes.isWithin(w, loop) || isBetween(scopes.position.get(w) ?? 0)))) return undefined;
  const counter = loop.counter?.var ?? loop.carried.find(({ param }) => param.type.kind === "int" && scopes.stepsOf(param))?.param;
  const steps = counter && scopes.stepsOf(counter);
  return steps && isWhole(steps.start) ? numberOf(counter, Number(steps.start.value), steps.by, made.initial.elements.length, loop, scopes) : undefined;
}

// (i - start) / by + before
function numberOf(counter: Var, start: number, by: number, before: number, loop: Loop, scopes: Scopes): Atom {
  const b = new Builder(counter.origin);
  const plus = (a: Atom, n: number): Atom => (n === 0 ? a : b.let(n > 0 ? "+" : "-", [a, literal(Math.abs(n))], int));
  const from = by > 0 ? (n: number): Atom => plus(counter, n - start) : (n: number): Atom => b.let("-", [literal(start + n), counter], int);
  const index = Math.abs(by) === 1 ? from(before) : plus(b.let("/", [from(0), literal(Math.abs(by))], int), before);
  for (const s of b.statements) scopes.bind((s as Let).result, s, loop.body.region);
  return index;
}

/** The loop in which each turn that another follows makes a push once. */
function loopOf(push: Push, scopes: Scopes): Loop | undefined {
  const home = scopes.homeOf.get(push);
  for (const region of home ? scopes.around(home) : []) {
    const owner = scopes.owner.get(region)?.statement;
    if (owner?.kind === "loop") return home && goesOnBy(home, owner.body, owner.body.yields[0]) ? owner : undefined;
  }
  return undefined;
}
function goesOnBy(home: Region, { region, statements }: Block, status: Atom | undefined): boolean {
  if (region === home) return true;
  if (status?.kind !== "var") return status !== undefined && !isLiteral(status, 0);
  const s = statements.find((t): t is If => t.kind === "if" && t.results.includes(status));
  return s !== undefined && [s.then, s.else].every((side) => goesOnBy(home, side, side.yields[s.results.indexOf(status)]));
}
