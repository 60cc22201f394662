import { sameKey } from "../ir/atoms.js";
import { effectsOf } from "../ir/effects.js";
import type { Memory } from "../ir/memory.js";
import type { Atom, Copy, Fn, Load, Statement, Var } from "../ir/model.js";
import { replaceStatements, rewriteBlock } from "../ir/rewrite.js";
import { blocksWithin, bound, boundWithin, operands, withInner } from "../ir/walk.js";
import { onlyReadIn } from "./copies.js";
import { isWholeCopy } from "./taken-over.js";

/** The places that are read behind the first write, each once, and the loads of them. */
interface Late {
  readonly write: Statement;
  readonly first: readonly Load[];
  readonly loads: ReadonlyMap<Load, Var>;
}

/** Of how many places names are made. */
const most = 4;

/**
 * A copy of which few places are read behind the first write to what it was made of is not made: these are read before it.
 *
 *     c = a.slice(); a[i] *= c[1 - i]; s += c[i]   becomes   t = a[1 - i]; u = a[i]; a[i] *= t; s += u
 */
export function readBeforeWritten(fn: Fn, memory: Memory): Fn {
  const onlyRead = onlyReadIn(fn);
  const names = new Map<Atom, Var>();
  const late: Late[] = [];
  if (onlyRead.size > 0) {
    for (const { statements } of blocksWithin(fn.body)) {
      for (const [k, s] of statements.entries()) {
        const found = isWholeCopy(s) && onlyRead.has(s.result) ? lateIn(s, statements.slice(k + 1), memory) : undefined;
        if (found === undefined || !isWholeCopy(s)) continue;
        late.push(found);
        names.set(s.result, s.of);
      }
    }
  }
  if (late.length === 0) return fn;
  const body = replaceStatements(fn.body, (s) => {
    if (s.kind === "copy" && names.has(s.result)) return [];
    const value = s.kind === "load" ? late.map(({ loads }) => loads.get(s)).find((v) => v !== undefined) : undefined;
    if (s.kind === "load" && value !== undefined) return [{ kind: "let", result: s.result, op: "identity", args: [value], ...(s.origin && { origin: s.origin }) }];
    return [...late.flatMap(({ write, first }) => (write === s ? first : [])), s];
  });
  return { ...fn, body: rewriteBlock(body, { atom: (a) => names.get(a) ?? a }) };
}

/** Nothing where what a copy is made of stays as it is, and where too much or anything else is done with the copy. */
function lateIn({ of, result }: Copy & { readonly of: Var }, behind: readonly Statement[], memory: Memory): Late | undefined {
  const cells = ["[]", "length"].map((name) => memory.classOf(of).cell(name));
  const at = behind.findIndex((s) => {
    const { writes } = effectsOf([s], memory);
    return cells.some((cell) => writes.has(cell));
  });
  const write = behind[at];
  if (write === undefined) return undefined;
  const later = behind.slice(at).flatMap(withInner);
  const made = new Set<Atom>(later.flatMap((s) => [...bound(s), ...boundWithin(s)]));
  const first: Load[] = [];
  const loads = new Map<Load, Var>();
  for (const s of later) {
    if (!operands(s).includes(result)) continue;
    if (s.kind !== "load" || (s.key.kind === "var" && made.has(s.key))) return undefined;
    const known = first.find((load) => sameKey(load.key, s.key) && load.result.type.nullable === s.result.type.nullable) ?? { ...s, of, result: { ...s.result } };
    if (!first.includes(known)) first.push(known);
    loads.set(s, known.result);
  }
  return first.length > most ? undefined : { write, first, loads };
}
