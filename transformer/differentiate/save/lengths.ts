import { Builder, lengthField, variable, zero } from "../../ir/build.js";
import { effectsOf } from "../../ir/effects.js";
import type { Fn, Key, Statement, Var } from "../../ir/model.js";
import { rewriteBlock } from "../../ir/rewrite.js";
import { arrayOf, float64Array, int, isFlat } from "../../ir/types.js";
import { blocksWithin, operands, statementsOf } from "../../ir/walk.js";
import type { Reversal } from "../reversal.js";

/** What is kept of the turns of a loop: what is put into a list, and what is taken out. */
interface Kept {
  readonly put: readonly Var[];
  readonly taken: ReadonlyMap<Var, Var>;
}

/**
 * Of arrays that are kept of each turn and only measured the lengths are kept:
 *
 *     rows[i] = row; …; const row2 = rows[i]; n = row2.length     becomes   lengths[i] = row.length; …; n = lengths[i]
 *
 * `lists`: those that saving has made.
 */
export function keepLengths(fn: Fn, lists: Iterable<Var>, r: Reversal): Fn {
  for (const list of lists) {
    const kept = keptIn(list, fn);
    if (kept?.put.every((v) => v.type.nullable !== true && keepsLength(v, fn, r))) return keepLengths(measured(list, kept, fn), [...lists].filter((other) => other !== list), r);
  }
  return fn;
}

/** What a list of arrays keeps, where nothing but the length of what is taken out is asked for. */
function keptIn(list: Var, fn: Fn): Kept | undefined {
  const { type } = list;
  if (type.kind !== "array" || !isFlat(type.element) || type.element.nullable === true) return undefined;
  const put: Var[] = [];
  const taken = new Map<Var, Var>();
  const statements = statementsOf(fn.body);
  for (const s of statements) {
    if ((s.kind === "load" && s.of === list && !isLength(s.key)) || (s.kind === "pop" && s.of === list)) taken.set(s.result, variable("", int, s.result.origin));
    else if ((s.kind === "store" || s.kind === "push") && s.of === list && s.value.kind === "var") put.push(s.value);
    else if (operands(s).includes(list)) return undefined;
  }
  const isTaken = (a: unknown): boolean => taken.has(a as Var);
  const isMeasuring = (s: Statement): boolean => (s.kind === "load" && isLength(s.key)) || (s.kind === "allocate" && s.initial.kind === "zerosLike" && isFlat(s.result.type));
  const isAlone = statements.every((s) => isMeasuring(s) || !operands(s).some(isTaken)) && [...blocksWithin(fn.body)].every(({ yields }) => !yields.some((a) => a === list || isTaken(a)));
  return isAlone && taken.size > 0 ? { put, taken } : undefined;
}

function measured(list: Var, { taken }: Kept, fn: Fn): Fn {
  const isStack = statementsOf(fn.body).some((s) => s.kind === "push" && s.of === list);
  const lengths: Var = { ...list, name: "lengths", type: isStack ? arrayOf(int) : float64Array };
  const statement = (s: Statement): readonly Statement[] => {
    switch (s.kind) {
      case "store":
      case "push": {
        if (s.of !== list) return [s];
        const b = new Builder(s.origin);
        const value = b.load(s.value, lengthField);
        return [...b.statements, { ...s, of: lengths, value }];
      }
      case "pop":
      case "load": {
        const result = taken.get(s.result);
        if (result !== undefined) return [{ ...s, of: lengths, result }];
        const n = s.kind === "load" && s.of.kind === "var" ? taken.get(s.of) : undefined;
        return n === undefined ? [s] : [{ kind: "let", result: s.result, op: "identity", args: [n], ...(s.origin && { origin: s.origin }) }];
      }
      case "allocate": {
        const { initial } = s;
        if (s.result === list) return [{ ...s, result: lengths, initial: initial.kind === "fill" ? { ...initial, value: zero } : initial }];
        const n = initial.kind === "zerosLike" && initial.source.kind === "var" ? taken.get(initial.source) : undefined;
        return n === undefined ? [s] : [{ ...s, initial: { kind: "fill", length: n, value: zero } }];
      }
      default:
        return [s];
    }
  };
  return { ...fn, body: rewriteBlock(fn.body, { atom: (a) => a, statement }) };
}

/** Whether nothing ever makes an array longer or shorter. */
export function keepsLength(of: Var, fn: Fn, r: Reversal): boolean {
  const memory = r.memoryOf(fn);
  const length = memory.cellOf(of, lengthField);
  const isWritten = length === undefined || effectsOf(fn.body.statements, memory).writes.has(length);
  return !isWritten && !r.isWrittenBetween({ kind: "load", result: variable("", int), of, key: lengthField });
}

export function isLength(key: Key): boolean {
  return key.kind === "field" && key.name === "length";
}
