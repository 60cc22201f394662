import { effectsOf } from "../ir/effects.js";
import type { Memory } from "../ir/memory.js";
import type { Block, Fn, Statement, Var } from "../ir/model.js";
import { replaceStatements } from "../ir/rewrite.js";
import { blocksOf } from "../ir/walk.js";
import { isWholeCopy } from "./taken-over.js";

/**
 * What is copied from a copy, while that is still as it was made, is copied from the first:
 *
 *     b = a.slice(); … c = b.slice(); b[k] = …       becomes   b = a.slice(); … c = a.slice(); b[k] = …
 *
 * so that c is no copy any more where a stays as it is (`readInPlace`): of `b = a.slice(); b.sort()` no third array is left.
 */
export function copyTheFirst(fn: Fn, memory: Memory): Fn {
  const first = new Map<Statement, Var>();
  const look = (block: Block): void => {
    block.statements.forEach((s, k) => {
      if (isWholeCopy(s)) {
        const from = sourceOf(s.of, block.statements.slice(0, k), memory);
        if (from !== undefined) first.set(s, from);
      }
      blocksOf(s).forEach(look);
    });
  };
  look(fn.body);
  if (first.size === 0) return fn;
  const instead = (s: Statement): readonly Statement[] => {
    const of = first.get(s);
    return [s.kind === "copy" && of !== undefined ? { ...s, of } : s];
  };
  return { ...fn, body: replaceStatements(fn.body, instead) };
}

/** What a list is a copy of, where neither is written from there to the end of the statements. */
function sourceOf(list: Var, before: readonly Statement[], memory: Memory): Var | undefined {
  const at = before.findIndex((s) => s.kind === "copy" && s.result === list);
  const made = before[at];
  if (made === undefined || !isWholeCopy(made)) return undefined;
  const { writes } = effectsOf(before.slice(at + 1), memory);
  const looked = [made.of, list].flatMap((v) => ["[]", "length"].map((name) => memory.classOf(v).cell(name)));
  return looked.some((cell) => writes.has(cell)) ? undefined : made.of;
}
