import type { Choices } from "./choices.js";
import { condition, tame } from "./expressions.js";
import type { Scope } from "./scope.js";
import type { Maker } from "./statements.js";
import { value } from "./values.js";

/** Statements that leave where they stand, each behind a condition or after a little work. */
export const jumpStatements: readonly Maker[] = [
  { weight: 3, needs: (s) => s.place.canBreak, make: (s, d) => guarded(s, d, "break;") },
  { weight: 3, needs: (s) => s.place.canContinue, make: (s, d) => guarded(s, d, "continue;") },
  { weight: 2, needs: (s) => s.place.labels.length > 0, make: (s, d) => guarded(s, d, `break ${d.of(s.place.labels).name};`) },
  {
    weight: 4,
    needs: (s) => loopLabels(s).length > 0,
    make: (s, d) => guarded(s, d, `continue ${d.of(loopLabels(s))};`),
  },
  { weight: 1, make: (s, d) => guarded(s, d, `return${result(s, d)};`) },
];

function loopLabels(s: Scope): string[] {
  return s.place.labels.filter((label) => label.isLoop).map((label) => label.name);
}

function guarded(s: Scope, d: Choices, jump: string): string[] {
  const test = condition(s, d, 1);
  const numbers = s.mutable("number");
  if (numbers.length === 0 || d.chance(50)) return [`if (${test}) ${jump}`];
  return [`if (${test}) {`, `  ${d.of(numbers).name} ${d.of(["=", "+="])} ${tame(s, d, 1)};`, `  ${jump}`, `}`];
}

/** What a `return` returns, with the space before it. */
export function result(s: Scope, d: Choices): string {
  const { result: kind } = s.place;
  if (kind === "void") return "";
  return ` ${kind === "number" ? tame(s, d, 2) : value(s, d, kind)}`;
}
