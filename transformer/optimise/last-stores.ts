import type { Block, Fn, Loop, Statement, Var } from "../ir/model.js";
import { replaceStatements } from "../ir/rewrite.js";
import { isFlat, isReference } from "../ir/types.js";
import { blocksOf, operands, statementsOf, uses } from "../ir/walk.js";
import { isPlace } from "./by-turn.js";
import { lastRowsIn } from "./made-rows.js";
import { elementsOnly, type Arrays } from "./own-arrays.js";

/**
 * What nobody reads any more is not written: the places of an array that a loop goes through once, and nothing after it.
 *
 *     for (let i = n - 1; i >= 0; i--) { const t = db[i]; db[i] = 0; da[i] += t }   becomes   … { da[i] += db[i] }
 */
export function withoutLastStores(fn: Fn, arrays: Arrays | undefined): Fn {
  const own = arrays?.own ?? new Set<Var>();
  const rows = lastRowsIn(fn);
  const given = givenIn(fn);
  if (own.size === 0 && rows.size === 0 && given.size === 0) return fn;
  const gone = new Set<Statement>();
  const look = (block: Block, known: Iterable<Var>): void => {
    const lists = [...known, ...block.statements.flatMap((s) => ((s.kind === "allocate" && own.has(s.result)) || (s.kind === "load" && rows.has(s)) ? [s.result] : []))];
    const last = lists.map((list) => ({ list, at: block.statements.findLast((s) => uses(s, list)) }));
    for (const s of block.statements) {
      const ending = last.flatMap(({ list, at }) => (at === s ? [list] : []));
      // A side of a branch is gone through once, the turns of a loop are not.
      for (const inner of blocksOf(s)) look(inner, s.kind === "if" ? ending : []);
      if (s.kind === "loop" && s.counter !== undefined) for (const list of ending) lastStore(s, list).forEach((store) => gone.add(store));
    }
  };
  look(fn.body, given);
  if (gone.size === 0) return fn;
  return { ...fn, body: replaceStatements(fn.body, (s) => (gone.has(s) ? [] : [s])) };
}

/** The lists of numbers in the adjoints that a function is given, of which it uses elements alone: nobody looks there after it has written to them. */
function givenIn({ params, body }: Fn): ReadonlySet<Var> {
  const all: Var[] = params.filter((p) => p.isCotangent === true);
  if (all.length === 0) return new Set();
  const statements = statementsOf(body);
  for (const of of all) {
    const users = of.type.kind === "record" ? statements.filter((s) => operands(s).includes(of)) : [];
    const parts = users.flatMap((s) => (s.kind === "load" && isReference(s.result.type) ? [s.result] : []));
    // A part that is loaded twice has two names.
    const names = new Set(users.map((s) => s.kind === "load" && s.key.kind === "field" && s.key.name));
    if (!names.has(false) && names.size === users.length) all.push(...parts);
  }
  return elementsOnly(body, all.filter(({ type }) => isFlat(type)));
}

/** The store that is the last that a turn does with its own place of a list, where it has no other. */
function lastStore(loop: Loop, list: Var): readonly Statement[] {
  const used = statementsOf(loop.body).filter((s) => operands(s).includes(list));
  const last = used.at(-1);
  if ((last?.kind !== "store" && last?.kind !== "accumulate") || !loop.body.statements.includes(last)) return [];
  return used.every((s) => isPlace(s) && s.key === loop.counter?.var) ? [last] : [];
}
