import type { Block, Copy, Fn, Statement, Var } from "../ir/model.js";
import { replaceStatements, rewriteBlock } from "../ir/rewrite.js";
import { isFlat, sameType } from "../ir/types.js";
import { blocksOf, operands, statementsOf, uses } from "../ir/walk.js";

/**
 * A copy of a list that was made here, and that nobody looks at any more, is the list itself:
 *
 *     a = []; a.push(x); b = a.slice(); b.push(y)   becomes   a = []; a.push(x); a.push(y)
 *
 * but not where elements have been read: the mirror may want them as they were.
 */
export function takenOver(fn: Fn): Fn {
  const names = new Map<Var, Var>();
  const copies = new Set<Statement>();
  const known = (v: Var): Var => {
    const name = names.get(v);
    return name === undefined || name === v ? v : known(name);
  };
  const look = (block: Block): void => {
    for (const [k, s] of block.statements.entries()) {
      if (isWholeCopy(s) && isLastUse(s, block, k)) {
        const list = known(s.of);
        const named = list.name === "" ? { ...list, name: s.result.name } : list;
        names.set(list, named).set(s.result, named);
        copies.add(s);
      }
      blocksOf(s).forEach(look);
    }
  };
  look(fn.body);
  if (copies.size === 0) return fn;
  const kept = replaceStatements(fn.body, (s) => (copies.has(s) ? [] : [s]));
  return { ...fn, body: rewriteBlock(kept, { atom: (a) => (a.kind === "var" ? known(a) : a), bind: known }) };
}

/** All of an array of numbers, in the same kind of array. */
export function isWholeCopy(s: Statement): s is Copy & { readonly of: Var } {
  return s.kind === "copy" && s.from === undefined && s.to === undefined && s.of.kind === "var" && isFlat(s.of.type) && s.of.type.nullable !== true && sameType(s.of.type, s.result.type);
}

/** Whether the list is made in the same block, has no other name, and is used up to the copy only. */
function isLastUse({ of }: { readonly of: Var }, block: Block, at: number): boolean {
  const made = block.statements.findIndex((s) => (s.kind === "allocate" || s.kind === "copy") && s.result === of);
  if (made < 0 || made > at || block.yields.includes(of)) return false;
  if (block.statements.slice(at + 1).some((s) => uses(s, of))) return false;
  return block.statements.slice(made + 1, at).every((s) => [s, ...blocksOf(s).flatMap(statementsOf)].every((t) => namesNothing(t, of)));
}

/** Whether a statement does no more with a list than to write and to measure it. */
function namesNothing(s: Statement, list: Var): boolean {
  if (blocksOf(s).some((b) => b.yields.includes(list))) return false;
  const isWritten = s.kind === "store" || s.kind === "push" || s.kind === "resize";
  const isMeasured = s.kind === "load" && s.key.kind === "field";
  return operands(s).every((a, i) => a !== list || (i === 0 && (isWritten || isMeasured)));
}
