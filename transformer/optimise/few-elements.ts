import { isWhole, sameAtom } from "../ir/atoms.js";
import { Builder, isLiteral, literal, region, variable, zero } from "../ir/build.js";
import { effectsOf, madeIn } from "../ir/effects.js";
import type { Memory } from "../ir/memory.js";
import type { Atom, Block, Fn, Loop, Statement, Var } from "../ir/model.js";
import { renew, replaceStatements, rewriteBlock } from "../ir/rewrite.js";
import { bool, elementType, isReference } from "../ir/types.js";
import { blocksOf, blocksWithin, sizeOf, statementsOf, uses } from "../ir/walk.js";
import { isPlace } from "./by-turn.js";
import { filledIn, type Filled } from "./filled.js";
import { putInto } from "./made-rows.js";
import { isStrict } from "./told-apart.js";
import { isLength } from "./whole-numbers.js";

/** How many operations may stand in the place of a loop, where that is written more than once. */
const most = 16;

/**
 * Of an array that one loop fills, and of which nothing but elements at few places known now is looked at, only these are made:
 *
 *     b = new Array(n); for (let i = 0; i < n; i++) b[i] = i * x; y = b[1]   becomes   b1 = n > 1 ? 1 * x : NaN; y = b1
 *
 * when scalar replacement has taken the array of those. Where b[i] = a[i] * x, n = a.length and the result is NaN without b[1],
 * there is nothing to ask. `isCalled`: what comes of the result nobody knows.
 */
export function withFewElements(fn: Fn, memoryOf: (fn: Fn) => Memory, isCalled: boolean): Fn {
  const found = filledIn(fn);
  if (found.size === 0) return fn;
  const filled = new Map<Statement, Filled>();
  for (const { statements } of blocksWithin(fn.body)) {
    for (const [k, s] of statements.entries()) {
      const list = s.kind === "allocate" ? found.get(s.result) : undefined;
      const loop = list && statements.slice(k + 1).find((t) => uses(t, list.made.result));
      if (list !== undefined && loop?.kind === "loop" && fills(loop, list)) filled.set(loop, list);
    }
  }
  if (filled.size === 0) return fn;
  const lists = new Map<Atom, Filled>([...filled.values()].map((list) => [list.made.result, list]));
  const lengths = new Map<Atom, Atom>();
  const ends = isCalled ? new Map<Atom, Atom>() : endsIn(fn, memoryOf(fn));
  const body = replaceStatements(fn.body, (s) => {
    const list = filled.get(s);
    if (list !== undefined && s.kind === "loop") return elements(s, list, (place) => isNaNBeyond(s, list.made.result, ends.get(list.length)) && isNaNWithout(fn.body, list.made.result, place));
    const measured = isLength(s) ? lists.get(s.of) : undefined;
    if (s.kind === "load" && measured !== undefined) lengths.set(s.result, measured.length);
    return measured !== undefined || (s.kind === "allocate" && lists.has(s.result)) ? [] : [s];
  });
  return { ...fn, body: lengths.size === 0 ? body : rewriteBlock(body, { atom: (a) => lengths.get(a) ?? a }) };
}

/** Whether a loop does nothing but to put a number into each place of an array, and few are wanted of them. */
function fills(loop: Loop, { made, length, places }: Filled): boolean {
  const { counter, carried, exit, body } = loop;
  if (counter === undefined || carried.length > 0 || exit !== undefined || !isLiteral(body.yields[0] ?? zero, 0)) return false;
  if (!isLiteral(counter.start, 0) || counter.test !== "<" || counter.step !== 1 || !sameAtom(counter.bound, length)) return false;
  const put = putInto(made.result, loop);
  const statements = statementsOf(body);
  if (put === undefined || (places.size > 1 && sizeOf(body) * places.size > most)) return false;
  // What is only sometimes there would be guarded in every turn of a loop.
  if (statements.some((s) => (s.kind === "loop" && !isWhole(length)) || (places.size > 1 && (s.kind === "loop" || s.kind === "if")))) return false;
  const own = madeIn(body);
  return statements.every((s) => {
    if (s.kind === "store" || s.kind === "accumulate" || s.kind === "push" || s.kind === "pop" || s.kind === "resize") return s === put || own.has(s.of);
    return s.kind !== "effect" && s.kind !== "call" && (s.kind !== "opaque" || s.pure === true);
  });
}

/** The arrays that are as long as a name says, from where it is bound to the end. */
function endsIn(fn: Fn, memory: Memory): ReadonlyMap<Atom, Atom> {
  const { writes } = effectsOf(fn.body.statements, memory);
  return new Map(statementsOf(fn.body).flatMap((s) => {
    const cell = isLength(s) ? memory.cellOf(s.of, s.key) : undefined;
    return isLength(s) && cell !== undefined && !writes.has(cell) ? [[s.result, s.of]] : [];
  }));
}

/** The array of the elements that are looked at. `isSure`: whether it does not matter that there may be none at a place. */
function elements(loop: Loop, { made, length, places }: Filled, isSure: (place: number) => boolean): readonly Statement[] {
  const b = new Builder(loop.origin);
  const atPlace = (place: number): Atom => {
    if (!places.has(place)) return zero;
    const names = new Map<Var, Atom>(loop.counter && [[loop.counter.var, literal(place)]]);
    const put = putInto(made.result, loop);
    const turn = renew({ ...loop.body, statements: loop.body.statements.filter((s) => s !== put) }, names);
    const value = put?.value.kind === "var" ? (names.get(put.value) ?? put.value) : (put?.value ?? zero);
    if (isWhole(length) || isSure(place)) {
      turn.statements.forEach((s) => { b.add(s); });
      return value;
    }
    const { name } = made.result;
    const element = variable(name === "" ? "" : `${name}${String(place)}`, elementType(made.result.type), loop.origin);
    b.if(b.let(">", [length, literal(place)], bool), { ...turn, yields: [value] }, { region: region("missing"), statements: [], yields: [literal(NaN)] }, [element]);
    return element;
  };
  const all = Array.from({ length: Math.max(...places) + 1 }, (_, place) => atPlace(place));
  b.allocateAs(made.result, { kind: "elements", elements: all });
  return b.statements;
}

/** Whether what a turn puts is NaN where `source` has no element for it: only numbers are looked at that nobody has to ask for. */
function isNaNBeyond(loop: Loop, list: Var, source: Atom | undefined): boolean {
  const missing = new Set<Atom>();
  for (const s of loop.body.statements) {
    if (s.kind === "load" && s.key.kind !== "field" && !isReference(s.result.type) && [s.of, s.result].every(({ type }) => type.nullable !== true)) {
      if (s.of === source && s.key === loop.counter?.var) missing.add(s.result);
    } else if (s.kind === "let") {
      if (isStrict(s) && s.args.some((a) => missing.has(a))) missing.add(s.result);
    } else if (s.kind !== "store") return false;
  }
  return missing.has(putInto(list, loop)?.value ?? zero);
}

/** Whether the results of a function are NaN where a list has nothing at a place, on every path. */
function isNaNWithout({ statements, yields }: Block, list: Var, place: number): boolean {
  const missing = new Set<Atom>();
  let isMissing = true;
  for (const s of statements) {
    const isThere = isPlaceOf(s, list, place);
    if (s.kind === "load" && isThere && isMissing) missing.add(s.result);
    if (s.kind === "let" && isStrict(s) && s.args.some((a) => missing.has(a))) missing.add(s.result);
    if (s.kind === "store" && isThere) isMissing = missing.has(s.value);
    if (blocksOf(s).some((block) => statementsOf(block).some((t) => t.kind === "store" && isPlaceOf(t, list, place)))) isMissing = false;
  }
  return yields.length > 0 && yields.every((y) => missing.has(y));
}

function isPlaceOf(s: Statement, list: Var, place: number): boolean {
  return isPlace(s) && s.of === list && s.key.kind === "literal" && s.key.value === place;
}
