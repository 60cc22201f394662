import { isLiteral, literal, zero } from "../ir/build.js";
import type { Allocate, Atom, Block, Fn, Loop, Statement, Var } from "../ir/model.js";
import { replaceStatements, withBlocks } from "../ir/rewrite.js";
import { isReference } from "../ir/types.js";
import { operands, statementsOf, uses } from "../ir/walk.js";
import { onEveryPath } from "./every-path.js";
import { countsIn, isCount } from "./whole-numbers.js";

/**
 * A list to which each turn of a loop adds one element is as long from the start as there are turns:
 *
 *     a = []; for (let i = 0; i < n; i++) { …; a.push(x) }   becomes   a = new Array(n); for (…) { …; a[i] = x }
 *
 * as is one to which each side of a branch adds one. `isAsked`: the lists that are looked for.
 */
export function sized(fn: Fn, isAsked: (list: Var) => boolean = () => true): Fn {
  const counts = countsIn(statementsOf(fn.body));
  const body = sizedIn(fn.body, (a) => isCount(a, counts), isAsked);
  return body === fn.body ? fn : { ...fn, body };
}

function sizedIn(block: Block, isKnown: (a: Atom) => boolean, isAsked: (list: Var) => boolean): Block {
  const made = new Map<Statement, Allocate[]>();
  const gone = new Set<Statement>();
  block.statements.forEach((s, k) => {
    if (!isEmptyList(s) || !isAsked(s.result)) return;
    const fill = block.statements.slice(k + 1).find((t) => uses(t, s.result));
    if (fill?.kind !== "loop" || fill.counter === undefined || !isKnown(fill.counter.bound) || !addsOne(fill, s)) return;
    gone.add(s);
    made.set(fill, [...(made.get(fill) ?? []), s]);
  });
  let isChanged = gone.size > 0;
  const statements = block.statements.flatMap((s): Statement[] => {
    if (gone.has(s)) return [];
    const lists = made.get(s) ?? [];
    const inner = withBlocks(s, (b) => sizedIn(b, isKnown, isAsked));
    isChanged ||= inner !== s;
    if (lists.length === 0 || inner.kind !== "loop" || inner.counter === undefined) return [inner];
    const { bound } = inner.counter;
    return [...lists.map((list): Allocate => ({ ...list, initial: { kind: "fill", length: bound, value: isNumber(list) ? zero : literal(undefined) } })), lists.reduce(stored, inner)];
  });
  return isChanged ? { ...block, statements } : block;
}

function isEmptyList(s: Statement): s is Allocate {
  if (s.kind !== "allocate" || s.initial.kind !== "elements" || s.initial.elements.length > 0) return false;
  const { type } = s.result;
  return type.kind === "array" && type.length === undefined && (isNumber(s) || isReference(type.element));
}

function isNumber({ result: { type } }: Allocate): boolean {
  return type.kind === "array" && type.element.kind === "real" && type.element.nullable !== true;
}

/** Whether a loop goes through all of its turns, and all that each does with a list is to add one element. */
function addsOne({ counter, carried, body }: Loop, { result }: Allocate): boolean {
  if (counter === undefined || counter.step !== 1 || counter.test !== "<" || !isLiteral(counter.start, 0)) return false;
  if (!isLiteral(body.yields[0] ?? result, 0) || carried.some((c) => c.init === result)) return false;
  return onEveryPath(body, result, (s) => s.kind === "push" && operands(s).filter((a) => a === result).length === 1);
}

function stored(loop: Loop, list: Allocate): Loop {
  const { counter } = loop;
  if (counter === undefined || !addsOne(loop, list)) return loop;
  const instead = (s: Statement): readonly Statement[] => {
    if (s.kind !== "push" || s.of !== list.result) return [s];
    // It is there already.
    if (isNumber(list) && isLiteral(s.value, 0)) return [];
    return [{ kind: "store", of: s.of, key: counter.var, value: s.value, within: true, ...(s.origin && { origin: s.origin }) }];
  };
  return { ...loop, body: replaceStatements(loop.body, instead) };
}
