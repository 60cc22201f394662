import { isLiteral, literal, zero } from "../ir/build.js";
import { isWhole } from "../ir/atoms.js";
import type { Allocate, Atom, Block, Fn, Loop, Push, Statement } from "../ir/model.js";
import { isReference } from "../ir/types.js";
import { blocksOf, operands, statementsOf, uses } from "../ir/walk.js";

/**
 * A list to which each turn of a loop adds one element is as long from the start as there are turns:
 *
 *     a = []; for (let i = 0; i < n; i++) { …; a.push(x) }   becomes   a = new Array(n); for (…) { …; a[i] = x }
 */
export function sized(fn: Fn): Fn {
  const lengths = new Set<Atom>();
  for (const s of statementsOf(fn.body)) if (s.kind === "load" && s.key.kind === "field" && s.key.name === "length" && (s.of.type.kind === "array" || s.of.type.kind === "typed")) lengths.add(s.result);
  const isCount = (a: Atom): boolean => lengths.has(a) || (isWhole(a) && Number(a.value) >= 0);
  const body = sizedIn(fn.body, isCount);
  return body === fn.body ? fn : { ...fn, body };
}

function sizedIn(block: Block, isCount: (a: Atom) => boolean): Block {
  const made = new Map<Statement, Allocate[]>();
  const gone = new Set<Statement>();
  block.statements.forEach((s, k) => {
    if (!isEmptyList(s)) return;
    const fill = block.statements.slice(k + 1).find((t) => uses(t, s.result));
    if (fill?.kind !== "loop" || fill.counter === undefined || !isCount(fill.counter.bound) || pushOf(fill, s) === undefined) return;
    gone.add(s);
    made.set(fill, [...(made.get(fill) ?? []), s]);
  });
  let isChanged = gone.size > 0;
  const statements = block.statements.flatMap((s): Statement[] => {
    if (gone.has(s)) return [];
    const lists = made.get(s) ?? [];
    const inner = within(s, (b) => sizedIn(b, isCount));
    isChanged ||= inner !== s;
    if (lists.length === 0 || inner.kind !== "loop" || inner.counter === undefined) return [inner];
    const { bound } = inner.counter;
    return [...lists.map((list): Allocate => ({ ...list, initial: { kind: "fill", length: bound, value: isNumber(list) ? zero : literal(undefined) } })), lists.reduce(stored, inner)];
  });
  return isChanged ? { ...block, statements } : block;
}

function within(s: Statement, change: (b: Block) => Block): Statement {
  const blocks = blocksOf(s);
  const [first, second] = blocks.map(change);
  if (first === undefined || (first === blocks[0] && second === blocks[1])) return s;
  if (s.kind === "loop") return { ...s, body: first };
  return s.kind === "if" && second !== undefined ? { ...s, then: first, else: second } : s;
}

function isEmptyList(s: Statement): s is Allocate {
  if (s.kind !== "allocate" || s.initial.kind !== "elements" || s.initial.elements.length > 0) return false;
  const { type } = s.result;
  return type.kind === "array" && type.length === undefined && (isNumber(s) || isReference(type.element));
}

function isNumber({ result: { type } }: Allocate): boolean {
  return type.kind === "array" && type.element.kind === "real" && type.element.nullable !== true;
}

/** What adds one element in each turn of a loop that goes through all of its turns, and is all that is done with the list there. */
function pushOf(loop: Loop, { result }: Allocate): Push | undefined {
  const { counter, carried, body } = loop;
  if (counter === undefined || counter.step !== 1 || counter.test !== "<" || !isLiteral(counter.start, 0)) return undefined;
  if (!isLiteral(body.yields[0] ?? result, 0) || body.yields.includes(result) || carried.some((c) => c.init === result)) return undefined;
  const [push, ...others] = body.statements.filter((s) => uses(s, result));
  if (push?.kind !== "push" || others.length > 0 || operands(push).filter((a) => a === result).length !== 1) return undefined;
  return push;
}

function stored(loop: Loop, list: Allocate): Loop {
  const push = pushOf(loop, list);
  const { counter, body } = loop;
  if (push === undefined || counter === undefined) return loop;
  const statements = body.statements.flatMap((s): Statement[] => {
    if (s !== push) return [s];
    // It is there already.
    if (isNumber(list) && isLiteral(push.value, 0)) return [];
    return [{ kind: "store", of: push.of, key: counter.var, value: push.value, within: true, ...(push.origin && { origin: push.origin }) }];
  });
  return { ...loop, body: { ...body, statements } };
}
