import { isWhole } from "../../ir/atoms.js";
import { literal, zero } from "../../ir/build.js";
import { mayAppend } from "../../ir/effects.js";
import type { Atom, Block, Key, Pop, Push, Resize, Statement, Store, Var } from "../../ir/model.js";
import { elementType, type Type } from "../../ir/types.js";
import { blocksOf } from "../../ir/walk.js";
import { most, type Candidates } from "./places.js";

/** A statement that makes an array longer or shorter. */
export type Growth = Push | Pop | Resize;

export function isGrowth(s: Statement): s is Growth {
  return s.kind === "push" || s.kind === "pop" || s.kind === "resize";
}

/** The arrays that are made longer or shorter, of those that have been found: a[a.length] = x does so too. */
export function grownBy(statements: readonly Statement[], found: Candidates): ReadonlySet<Var> {
  const grows = (s: Statement): s is Growth | Store => isGrowth(s) || (s.kind === "store" && isBehind(s, found));
  return new Set(statements.flatMap((s) => (grows(s) && s.of.kind === "var" ? [s.of] : [])));
}

function isBehind(s: Store, found: Candidates): boolean {
  const places = s.of.kind === "var" ? found.get(s.of) : undefined;
  return places !== undefined && mayAppend(s) && s.key.kind === "literal" && isWhole(s.key) && Number(s.key.value) >= places.length;
}

/** Lists that a loop makes longer or shorter, of those around it: nobody knows how long they are. */
export function grownInLoops(body: Block, lists: ReadonlySet<Var>): ReadonlySet<Var> {
  const grownIn = new Set<Var>();
  const made = new Set<Atom>();
  const look = (block: Block, outer: ReadonlySet<Atom>): void => {
    for (const s of block.statements) {
      if (s.kind === "allocate" && lists.has(s.result)) made.add(s.result);
      if (isGrowth(s) && s.of.kind === "var" && outer.has(s.of)) grownIn.add(s.of);
      for (const inner of blocksOf(s)) look(inner, s.kind === "loop" ? new Set(made) : outer);
    }
  };
  look(body, new Set());
  return grownIn;
}

/** Names of whole numbers that may be known where a list is used: lengths, and what is reckoned from them. */
export function reckoned(statements: readonly Statement[]): ReadonlySet<Key> {
  return new Set(statements.flatMap((s) => (((s.kind === "let" && /^[+-]$/.test(s.op)) || (s.kind === "load" && s.key.kind === "field")) && s.result.type.kind === "int" ? [s.result] : [])));
}

/** A list has places for all that it may come to hold. How many there are is known at every point, or it is none. */
export function placesOfList({ type }: Var): readonly Type[] | undefined {
  return type.kind === "array" && type.length === undefined ? Array.from({ length: most }, () => elementType(type)) : undefined;
}

/** The values of a list behind a statement, as long as it is known how many these are. */
export function grown(values: readonly Atom[], s: Growth, atom: (a: Atom) => Atom): readonly Atom[] | undefined {
  if (s.kind === "push") return fitting([...values, atom(s.value)]);
  if (s.kind === "pop") return values.length > 0 ? values.slice(0, -1) : undefined;
  const length = atom(s.length);
  if (length.kind !== "literal" || !isWhole(length) || Number(length.value) < 0) return undefined;
  const count = Number(length.value);
  if (count <= values.length) return s.atLeast === true ? values : values.slice(0, count);
  if (s.atMost === true) return values;
  const filling = s.holes === true ? hole(s.of.type) : zero;
  return fitting([...values, ...Array.from({ length: count - values.length }, () => filling)]);
}

/** The values of a list behind a store at a place that it may not have yet. */
export function stored(values: readonly Atom[], place: number, value: Atom, { type }: Var): readonly Atom[] | undefined {
  const longer = Array.from({ length: Math.max(values.length, place + 1) }, (_, i) => values[i] ?? hole(type));
  return fitting(longer.map((v, i) => (i === place ? value : v)));
}

/** What is not there. Nobody may count on it. */
function hole(type: Type): Atom {
  return literal(undefined, { ...elementType(type), nullable: true });
}

function fitting(values: readonly Atom[]): readonly Atom[] | undefined {
  return values.length <= most ? values : undefined;
}
