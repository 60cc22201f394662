import { allCells, effectsOf } from "../ir/effects.js";
import { isHeld, type Memory, type MemoryClass } from "../ir/memory.js";
import type { Atom, Fn, Key, Var } from "../ir/model.js";
import { isReference } from "../ir/types.js";
import { statementsOf } from "../ir/walk.js";

/**
 * Whether what a key selects is a number that the caller has given, along with its tangent: nothing writes there, and
 * nothing that is not given may be the same memory. Elsewhere the tangent may be that of a constant.
 */
export function givenIn(functions: readonly Fn[], inputs: readonly Var[], memory: Memory): (of: Atom, key: Key) => boolean {
  const given = new Set(inputs.flatMap((p) => allCells(p, memory)));
  const remove = (cells: Iterable<MemoryClass>): void => {
    for (const c of cells) given.delete(c);
  };
  const others = (vars: readonly Atom[]): void => {
    for (const v of vars) if (isReference(v.type)) remove(allCells(v, memory));
  };
  for (const fn of functions) {
    others(fn.captures);
    if (fn === functions[0]) others(fn.params.filter((p) => !inputs.includes(p)));
    remove(effectsOf(fn.body.statements, memory).writes);
    for (const s of statementsOf(fn.body)) {
      if (s.kind === "allocate" || s.kind === "copy" || (s.kind === "opaque" && s.result) || isHeld(s)) others([s.result as Var]);
    }
  }
  return (of, key) => {
    const cell = memory.cellOf(of, key);
    return cell !== undefined && given.has(cell);
  };
}
