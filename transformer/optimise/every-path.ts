import type { Block, Statement, Var } from "../ir/model.js";
import { uses } from "../ir/walk.js";

/** Whether each path through a block comes by one statement of a kind, and nothing else is done with a list there. */
export function onEveryPath(block: Block, list: Var, isWanted: (s: Statement) => boolean): boolean {
  if (block.yields.includes(list)) return false;
  const [only, ...others] = block.statements.filter((s) => uses(s, list));
  if (only === undefined || others.length > 0) return false;
  if (only.kind !== "if") return isWanted(only);
  return only.test !== list && onEveryPath(only.then, list, isWanted) && onEveryPath(only.else, list, isWanted);
}
