import { isList, type Recipe } from "./recipe.js";

/** Which numbers are made up. `whole` ones are small and not negative, as indices and counts are. */
export type Numbers = "any" | "positive" | "unit" | "large" | "whole";

/** One way of making up arguments. */
export interface Attempt {
  /** Numbers that are parameters by themselves, or fields of one. */
  readonly scalars: Numbers;
  /** Numbers in arrays. */
  readonly elements: Numbers;
  /** How many elements the arrays in each parameter have; nested ones are square. */
  readonly lengths: readonly number[];
}

/** How often every way is tried where there are no lengths to vary: the numbers are others each time. */
const rounds = 4;

/** The ways to make up arguments, the likeliest first: functions have domains that their types do not tell. */
export function attemptsFor(params: readonly Recipe[]): Attempt[] {
  const lists = [...params.keys()].filter((i) => isList(params[i]));
  const same = (length: number): number[] => params.map(() => length);
  const attempts = ways(lists.length > 0).map((way) => ({ ...way, lengths: same(3) }));
  if (lists.length === 0) return Array.from({ length: rounds }, () => attempts).flat();
  const [any, positive] = [alike("any"), alike("positive")];
  for (const length of [2, 4, 1]) attempts.push({ ...any, lengths: same(length) }, { ...positive, lengths: same(length) });
  if (lists.length > 1) {
    // A matrix that lies in one array beside vectors, and one list that is longer than the others.
    for (const [one, others] of [[4, 2], [9, 3], [3, 2], [4, 3]] as const) {
      for (const i of lists) attempts.push({ ...any, lengths: same(others).with(i, one) });
    }
  }
  for (const length of [6, 8, 9, 16]) attempts.push({ ...any, lengths: same(length) });
  return attempts;
}

function alike(numbers: Numbers): Omit<Attempt, "lengths"> {
  return { scalars: numbers, elements: numbers };
}

function ways(withLists: boolean): Omit<Attempt, "lengths">[] {
  const all = [alike("any"), alike("positive"), alike("unit"), alike("large")];
  if (withLists) all.push({ scalars: "whole", elements: "any" }, { scalars: "whole", elements: "positive" });
  return [...all, alike("whole")];
}
