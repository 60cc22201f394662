import { sameAtom, sameKey } from "../ir/atoms.js";
import { Builder, carry, isLiteral } from "../ir/build.js";
import { effectsOf } from "../ir/effects.js";
import { Memory, reachable } from "../ir/memory.js";
import type { Allocate, Atom, Block, Carried, Counter, Fn, Key, Loop, Statement, Store } from "../ir/model.js";
import { replaceStatements } from "../ir/rewrite.js";
import { nonNull } from "../ir/types.js";
import { blocksWithin, operands, statementsOf } from "../ir/walk.js";
import { goesBack, predecessors } from "./unpopped.js";

/** A loop each turn of which makes an object that leads to the one of the turn before. */
interface Chain {
  readonly loop: Loop & { readonly counter: Counter };
  readonly carried: Carried;
  readonly made: Allocate;
  readonly key: Key;
  /** The store by which it leads there, where it is not made so. */
  readonly link: Statement | undefined;
}

/**
 * Objects each of which leads to the one before are not kept in a list where they are gone through from the last one back:
 *
 *     for (i …) { cell = { v: x, next: last }; cells[i] = cell; last = cell }  …; for (i … back) { c = cells[i]; … }
 *     becomes   for (i …) last = { v: x, next: last }                          …; for (i … back) { c = last; …; last = last.next }
 *
 * as long as none of them is made to lead elsewhere.
 */
export function alongChains(fn: Fn): Fn {
  const found = [...blocksWithin(fn.body)].flatMap((block) => block.statements.flatMap((s) => chainsIn(s).map((chain) => ({ block, chain }))));
  if (found.length === 0) return fn;
  const before = predecessors(fn);
  const memory = new Memory(reachable(fn));
  for (const { block, chain } of found) {
    if (statementsOf(fn.body).some((s) => mayLeadElsewhere(s, chain, memory))) continue;
    for (const back of block.statements) {
      if (back.kind !== "loop" || back.counter === undefined || back.exit !== undefined) continue;
      const kept = keptIn(chain, back, block, fn, (list) => goesBack(back, list, before));
      if (kept.size > 0) return alongChains({ ...fn, body: replaceStatements(fn.body, (s) => instead(s, chain, back, kept)) });
    }
  }
  return fn;
}

function chainsIn(loop: Statement): readonly Chain[] {
  if (loop.kind !== "loop" || loop.counter === undefined || loop.exit !== undefined || !isLiteral(loop.counter.start, 0) || loop.counter.test !== "<" || loop.counter.step !== 1) return [];
  const { counter, body } = loop;
  if (!isLiteral(body.yields[0] ?? counter.var, 0)) return [];
  return loop.carried.flatMap((carried, i) => {
    const made = body.statements.find((s): s is Allocate => s.kind === "allocate" && s.result === body.yields[i + 1]);
    if (made?.initial.kind !== "elements" || made.result.type.kind !== "record") return [];
    const name = made.result.type.fields[made.initial.elements.indexOf(carried.param)]?.name;
    const link = body.statements.find((s): s is Store => s.kind === "store" && s.of === made.result && s.value === carried.param);
    const key: Key | undefined = name === undefined ? link?.key : { kind: "field", name };
    return key === undefined ? [] : [{ loop: { ...loop, counter }, carried, made, key, link: name === undefined ? link : undefined }];
  });
}

function mayLeadElsewhere(s: Statement, { made, key, link }: Chain, memory: Memory): boolean {
  if (s.kind === "store") return s !== link && s.of.kind === "var" && sameKey(s.key, key) && memory.classOf(s.of) === memory.classOf(made.result);
  if (s.kind !== "call" && s.kind !== "opaque" && s.kind !== "effect") return false;
  const cell = memory.cellOf(made.result, key);
  return cell === undefined || effectsOf([s], memory).writes.has(cell);
}

/** The lists of the objects that turns make, or begin with, of which nothing is asked but what the turn of a loop that goes back finds at its place. */
function keptIn({ loop, carried, made }: Chain, back: Loop, block: Block, fn: Fn, isGoneThrough: (list: Allocate) => boolean): ReadonlyMap<Atom, Store> {
  const kept = new Map<Atom, Store>();
  for (const put of loop.body.statements) {
    if (put.kind !== "store" || put.key !== loop.counter.var || (put.value !== made.result && put.value !== carried.param)) continue;
    const list = block.statements.find((s): s is Allocate => s.kind === "allocate" && s.result === put.of);
    if (list?.initial.kind !== "fill" || !sameAtom(list.initial.length, loop.counter.bound) || !isGoneThrough(list)) continue;
    const taken = new Set<Statement>(statementsOf(back.body).filter((s) => s.kind === "load" && s.key === back.counter?.var));
    const isOnly = [...blocksWithin(fn.body)].every((b) => !b.yields.includes(list.result) && b.statements.every((s) => s === put || taken.has(s) || !operands(s).includes(list.result)));
    if (isOnly) kept.set(list.result, put);
  }
  return kept;
}

function instead(s: Statement, { carried, made, key }: Chain, back: Loop, kept: ReadonlyMap<Atom, Store>): readonly Statement[] {
  if ((s.kind === "allocate" && kept.has(s.result)) || (s.kind === "store" && kept.get(s.of) === s)) return [];
  if (s !== back) return [s];
  const at = carry({ ...carried.param }, carried.result);
  const there = nonNull(at.param.type);
  const step = new Builder(back.origin);
  const next = step.load(step.let("identity", [at.param], there), key, carried.param.name, at.param.type);
  const read = (t: Statement): readonly Statement[] => {
    const put = t.kind === "load" ? kept.get(t.of) : undefined;
    return t.kind !== "load" || put === undefined ? [t] : [{ ...t, kind: "let", op: "identity", args: [put.value === made.result ? at.param : next] }];
  };
  const body = replaceStatements(back.body, read);
  const isAhead = [...kept.values()].some((put) => put.value !== made.result);
  const statements = isAhead ? [...step.statements, ...body.statements] : [...body.statements, ...step.statements];
  return [{ ...back, carried: [...back.carried, at], body: { ...body, statements, yields: [...body.yields, next] } }];
}
