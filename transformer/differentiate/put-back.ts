import { allCells, mayAppend } from "../ir/effects.js";
import { Builder, lengthField } from "../ir/build.js";
import type { MemoryClass } from "../ir/memory.js";
import type { Loop, Statement, Store, Var } from "../ir/model.js";
import { isReference } from "../ir/types.js";
import { boundWithin, operands, statementsOf } from "../ir/walk.js";
import type { Frame } from "./frame.js";
import { localsOf, type Reversal } from "./reversal.js";

/** The arrays that the turns of a loop make longer, and the lengths that their shadows had before it. */
export interface PutBack {
  readonly stores: ReadonlySet<Statement>;
  readonly lengths: readonly { readonly of: Var; readonly length: Var }[];
}

/**
 * A shadow that grows with its array in a loop gets its length back once, after the mirror of the loop, and not in each
 * turn, where nothing in the loop goes by how long it is:
 *
 *     for (…) { a[i] = x; while (da.length < i + 1) da.push(0); }   comes after   const length = da.length;
 *     for (…) { dx += da[i]; da[i] = 0; }                           comes before  da.length = length;
 */
export function lengthsBefore(s: Loop, r: Reversal): Statement[] {
  const isLocal = localsOf(s);
  const inside = statementsOf(s.body);
  const stores = inside.filter((t): t is Store & { of: Var } => t.kind === "store" && t.of.kind === "var" && mayAppend(t) && t.value.type.kind !== "opaque" && !isReference(t.value.type) && r.isActiveReference(t.of) && !r.isPutBack(t));
  const arrays = new Set(stores.map(({ of }) => of).filter((of) => !isLocal(of) && r.needsLength(of)));
  const b = new Builder(s.origin);
  const found = [...arrays].filter((of) => !goesByLength(of, inside, r));
  if (found.length === 0) return [];
  const lengths = found.map((of) => ({ of, length: b.load(r.shadowOf(of), lengthField, "length") }));
  r.putBack.set(s, { stores: new Set(stores.filter(({ of }) => found.includes(of))), lengths });
  return b.statements;
}

/** Whether statements of a loop, or their mirrors, go by the length of an array, or make another longer that may be the same. */
function goesByLength(of: Var, inside: readonly Statement[], r: Reversal): boolean {
  const memory: MemoryClass = r.memory.classOf(of);
  const reaches = (s: Statement): boolean => operands(s).some((a) => allCells(a, r.memory).includes(memory));
  return inside.some((t) => {
    switch (t.kind) {
      case "let":
      case "load":
      case "if":
      case "accumulate":
        return false;
      case "loop":
        return boundWithin(t).some((v) => r.memory.classOf(v) === memory);
      case "store":
        return t.of.kind === "var" && r.memory.classOf(t.of) === memory && t.of !== of;
      default:
        return reaches(t);
    }
  });
}

/** After the mirror of a loop. */
export function putBack(s: Loop, frame: Frame, r: Reversal): void {
  const known = r.putBack.get(s);
  if (known === undefined) return;
  frame.from(s.origin);
  const { origin } = frame.builder;
  for (const { of, length } of known.lengths) frame.builder.add({ kind: "resize", of: r.shadowOf(of), length, atMost: true, ...(origin && { origin }) });
}
