import { Bounds } from "../ir/bounds.js";
import { isLiteral } from "../ir/build.js";
import type { Atom, Counter, Fn, Let, Load, Loop, Statement, Var } from "../ir/model.js";
import { rewriteBlock } from "../ir/rewrite.js";
import { keepsBits } from "../ir/types.js";
import { blocksWithin, bound, boundWithin, operands, withInner } from "../ir/walk.js";
import { cheap, mostInPlace } from "./cheap.js";
import type { Arrays } from "./own-arrays.js";
import { filledOnce, loadsIn } from "./same-contents.js";

/** What an array holds at every index: the value, and the operations that make it of the counter. */
interface Held {
  readonly value: Atom;
  readonly made: readonly Let[];
  readonly counter: Counter;
}

/**
 * An array of which every element follows from its index is not made, where each that is read is there:
 *
 *     for (let j = 0; j < n; j++) p[j] = j + 1; … p[k] …   becomes   … k + 1 …
 */
export function withoutIndexed(fn: Fn, arrays: Arrays): Fn {
  const held = heldIn(fn, arrays);
  if (held.size === 0) return fn;
  const names = new Map<Atom, Atom>();
  const atom = (a: Atom): Atom => names.get(a) ?? a;
  const instead = (s: Statement): readonly Statement[] => {
    if ((s.kind === "store" && held.has(s.of)) || (s.kind === "allocate" && held.has(s.result))) return [];
    const of = s.kind === "load" ? held.get(s.of) : undefined;
    return s.kind === "load" && of !== undefined ? computed(s, of, names) : [s];
  };
  return { ...fn, body: rewriteBlock(fn.body, { atom, statement: instead }) };
}

function heldIn(fn: Fn, { own, lengths, memory }: Arrays): ReadonlyMap<Atom, Held> {
  const found = new Map<Atom, Held>();
  const filled = filledOnce(fn, own);
  if (filled.size === 0) return found;
  const counts = loadsIn(fn.body);
  let bounds: Bounds | undefined;
  const isThere = (s: Load): boolean => s.key.kind !== "field" && s.result.type.nullable !== true && (bounds ??= new Bounds(fn, memory)).hold(s);
  for (const { statements } of blocksWithin(fn.body)) {
    for (const [k, s] of statements.entries()) {
      for (const [list, held] of s.kind === "loop" ? heldBy(s) : []) {
        if (!filled.has(list) || !keepsBits(list.type) || !lengths.areAll(held.counter, list)) continue;
        const loads = statements.slice(k + 1).flatMap(withInner).filter((t): t is Load => t.kind === "load" && t.of === list);
        if (loads.length === counts.get(list) && loads.every(isThere)) found.set(list, held);
      }
    }
  }
  return found;
}

/** What the turns of a loop put at the places of their numbers, as far as that follows from the number by few operations. */
function heldBy(loop: Loop): (readonly [list: Var, held: Held])[] {
  const { counter, exit, body } = loop;
  const [status] = body.yields;
  if (counter === undefined || exit !== undefined || status === undefined || !isLiteral(status, 0)) return [];
  const stores = body.statements.flatMap((s) => (s.kind === "store" && s.key === counter.var && s.of.kind === "var" ? [s] : []));
  if (stores.length === 0) return [];
  const inside = new Map<Atom, Statement>(withInner(loop).flatMap((s) => [...bound(s), ...boundWithin(s)].map((v) => [v, s] as const)));
  inside.delete(counter.var);
  return stores.flatMap(({ of, value }) => {
    const made = operationsOf(value, inside);
    return made === undefined || made.length > mostInPlace ? [] : [[of as Var, { value, made, counter }] as const];
  });
}

/** The operations within a loop that make a value of what is there before the turn; nothing where there are others or more. */
function operationsOf(a: Atom, inside: ReadonlyMap<Atom, Statement>, deep = mostInPlace): readonly Let[] | undefined {
  const s = inside.get(a);
  if (s === undefined) return [];
  if (s.kind !== "let" || !cheap.has(s.op) || deep === 0) return undefined;
  const parts = operands(s).map((arg) => operationsOf(arg, inside, deep - 1));
  return parts.some((p) => p === undefined) ? undefined : [...new Set([...parts.flatMap((p) => p ?? []), s])];
}

// result = p[k]   becomes   result = k + 1
function computed({ key, result, origin }: Load, { value, made, counter }: Held, names: Map<Atom, Atom>): Let[] {
  const own = new Map<Atom, Atom>([[counter.var, key as Atom]]);
  const atom = (a: Atom): Atom => own.get(a) ?? names.get(a) ?? a;
  const operations = made.map((s): Let => {
    const renewed: Let = { kind: "let", op: s.op, args: s.args.map(atom), result: { ...s.result }, ...(origin && { origin }) };
    own.set(s.result, renewed.result);
    return renewed;
  });
  names.set(result, atom(value));
  return operations;
}
