import { isLiteral } from "./build.js";
import type { Atom, Block, If, Loop, Statement, Var } from "./model.js";

/** `less < than`, or `less <= than`, of whole numbers. */
export interface Order {
  readonly less: Atom;
  readonly than: Atom;
  readonly orEqual: boolean;
}

/** What the tests around each statement say: within `if (i < n) { … }` i is less than n. */
export function ordersAround(body: Block, definitions: ReadonlyMap<Var, Statement>): ReadonlyMap<Statement, readonly Order[]> {
  const found = new Map<Statement, readonly Order[]>();
  const visit = (block: Block, known: readonly Order[]): void => {
    for (const s of block.statements) {
      if (known.length > 0 && (s.kind === "load" || s.kind === "store")) found.set(s, known);
      if (s.kind === "loop") visit(s.body, [...known, ...ofTurns(s)]);
      if (s.kind !== "if") continue;
      visit(s.then, [...known, ...ordersOf(s.test, true, definitions)]);
      visit(s.else, [...known, ...ordersOf(s.test, false, definitions)]);
    }
  };
  visit(body, []);
  return found;
}

/** Where there is a turn at all, there was a first: within `for (let i = 0; i < n; i++) { … }` 0 is less than n. */
function ofTurns({ counter }: Loop): readonly Order[] {
  if (counter === undefined) return [];
  const { start, test, bound, step } = counter;
  return [{ ...(step > 0 ? { less: start, than: bound } : { less: bound, than: start }), orEqual: test === "<=" || test === ">=" }];
}

/** What is known where a test holds, or where it does not. */
function ordersOf(test: Atom, holds: boolean, definitions: ReadonlyMap<Var, Statement>): readonly Order[] {
  const s = test.kind === "var" ? definitions.get(test) : undefined;
  if (s?.kind === "if") return chosen(s, test as Var, holds, definitions);
  if (s?.kind !== "let") return [];
  const [a, b] = s.args;
  if (s.op === "!" && a !== undefined) return ordersOf(a, !holds, definitions);
  if (a === undefined || b === undefined) return [];
  switch (s.op) {
    case "<":
      return [holds ? { less: a, than: b, orEqual: false } : { less: b, than: a, orEqual: true }];
    case "<=":
      return [holds ? { less: a, than: b, orEqual: true } : { less: b, than: a, orEqual: false }];
    case ">":
      return [holds ? { less: b, than: a, orEqual: false } : { less: a, than: b, orEqual: true }];
    case ">=":
      return [holds ? { less: b, than: a, orEqual: true } : { less: a, than: b, orEqual: false }];
    default:
      return [];
  }
}

// if (a) { r = b } else { r = false }   where r holds a and b do; if (a) { r = true } else { r = b }   where it does not, neither does.
function chosen(s: If, result: Var, holds: boolean, definitions: ReadonlyMap<Var, Statement>): readonly Order[] {
  const i = s.results.indexOf(result);
  const [then, otherwise] = [s.then.yields[i], s.else.yields[i]];
  if (then === undefined || otherwise === undefined) return [];
  if (isLiteral(otherwise, !holds)) return [...ordersOf(s.test, true, definitions), ...ordersOf(then, holds, definitions)];
  if (isLiteral(then, !holds)) return [...ordersOf(s.test, false, definitions), ...ordersOf(otherwise, holds, definitions)];
  return [];
}
