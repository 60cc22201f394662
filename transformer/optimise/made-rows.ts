import { mayAppend } from "../ir/effects.js";
import type { Allocate, Atom, Block, Fn, Loop, Statement, Store, Var } from "../ir/model.js";
import { isFlat, isReference } from "../ir/types.js";
import { blocksOf, blocksWithin, operands, statementsOf, uses } from "../ir/walk.js";

/** A list into which one loop puts memory that each of its turns makes, and which nothing else is put into: `a = new Array(n); for (…) a[i] = [0, 0]`. */
export interface MadeRows {
  readonly list: Allocate;
  readonly row: Allocate;
  readonly put: Store;
}

/** Such lists that stand in a block, each under one name only. Their rows are known by what is loaded out of them. */
export function madeRowsIn(fn: Fn): readonly (MadeRows & { readonly block: Block })[] {
  const yielded = new Set<Atom>([...blocksWithin(fn.body)].flatMap(({ yields }) => yields));
  const users = new Map<Atom, Statement[]>();
  for (const s of statementsOf(fn.body)) for (const a of new Set(operands(s))) users.set(a, [...(users.get(a) ?? []), s]);
  const isAlone = (a: Var, isAllowed: (s: Statement) => boolean): boolean => !yielded.has(a) && (users.get(a) ?? []).every((s) => operands(s).filter((b) => b === a).length === 1 && isAllowed(s));
  return [...blocksWithin(fn.body)].flatMap((block) =>
    block.statements.flatMap((list, k) => {
      if (list.kind !== "allocate" || !isEmptyList(list)) return [];
      const fill = block.statements.slice(k + 1).find((s) => uses(s, list.result));
      const put = fill?.kind === "loop" ? putInto(list.result, fill) : undefined;
      const row = put && fill?.kind === "loop" ? fill.body.statements.find((s) => s.kind === "allocate" && s.result === put.value) : undefined;
      if (put === undefined || row?.kind !== "allocate") return [];
      const isPlace = (s: Statement): boolean => s === put || (s.kind === "load" && s.of === list.result);
      const isOnlyPut = (s: Statement): boolean => s === put || (s.kind === "load" && s.key.kind === "field" && row.result.type.kind !== "record");
      return isAlone(list.result, isPlace) && isAlone(row.result, isOnlyPut) ? [{ block, list, row, put }] : [];
    }),
  );
}

function isEmptyList({ initial, result: { type } }: Allocate): boolean {
  return initial.kind === "fill" && type.kind === "array" && isReference(type.element) && type.element.nullable !== true;
}

/** What a loop does with a list, where that is to put something into the place of each turn. */
export function putInto(list: Var, { counter, body }: Loop): Store | undefined {
  const [put, ...others] = statementsOf(body).filter((s) => operands(s).includes(list) || blocksOf(s).some((b) => b.yields.includes(list)));
  if (put?.kind !== "store" || others.length > 0 || put.of !== list || put.key !== counter?.var || !body.statements.includes(put)) return undefined;
  return put;
}

/**
 * The loads by which rows are looked at for the last time, each in the turn of a loop for it, and how the rows were made. Nothing
 * but their elements is looked at, they have no other name from there on, and none before by which they became longer or shorter.
 */
export function lastRowsIn(fn: Fn): ReadonlyMap<Statement, Allocate> {
  const last = new Map<Statement, Allocate>();
  for (const { block, list, row } of madeRowsIn(fn)) {
    const at = block.statements.findLastIndex((s) => uses(s, list.result));
    const loop = block.statements[at];
    if (loop?.kind !== "loop" || loop.counter === undefined || !isFlat(row.result.type)) continue;
    const [load, ...others] = statementsOf(loop.body).filter((s) => operands(s).includes(list.result));
    if (load?.kind !== "load" || load.key !== loop.counter.var || others.length > 0 || !loop.body.statements.includes(load) || !isPlace(load.result, loop.body, true)) continue;
    const elsewhere = statementsOf(fn.body).flatMap((s) => (s.kind === "load" && s.of === list.result && s !== load ? [s.result] : []));
    if (elsewhere.every((v) => isPlace(v, fn.body, false) && !block.statements.slice(at).some((s) => uses(s, v)))) last.set(load, row);
  }
  return last;
}

/** Whether of a list only elements are used, and what takes them off its end. */
function isPlace(list: Var, block: Block, mayTake: boolean): boolean {
  if (block.yields.includes(list)) return false;
  return statementsOf(block).every((s) => {
    if (blocksOf(s).some((b) => b.yields.includes(list)) || operands(s).lastIndexOf(list) > 0) return false;
    if (operands(s)[0] !== list) return true;
    if (s.kind === "store") return !mayAppend(s);
    return s.kind === "load" || s.kind === "accumulate" || (mayTake && s.kind === "pop");
  });
}
