import type { Choices, Gene } from "./choices.js";
import { nestedFunction, recursiveFunction } from "./closures.js";
import { condition } from "./expressions.js";
import { listStatements } from "./lists.js";
import { loopStatements } from "./loops.js";
import { narrowingStatements } from "./narrowing.js";
import type { Place, Scope, Variable } from "./scope.js";
import { block, indented, type Maker } from "./statements.js";
import { has, place } from "./ways.js";

/** A block of its own, without its braces. */
export function within(s: Scope, genes: readonly Gene[] = [], changes: Partial<Place> = {}): string[] {
  return indented(block(s.inner(changes), genes));
}

const branches: readonly Maker[] = [
  { weight: 7, make: (s, d, [then]) => [`if (${condition(s, d, 2)}) {`, ...within(s, then), `}`] },
  { weight: 7, make: (s, d, [then, otherwise]) => [`if (${condition(s, d, 2)}) {`, ...within(s, then), `} else {`, ...within(s, otherwise), `}`] },
  {
    weight: 2,
    make: (s, d, [first, second, third]) => [
      `if (${condition(s, d, 2)}) {`,
      ...within(s, first),
      `} else if (${condition(s, d, 1)}) {`,
      ...within(s, second),
      `} else {`,
      ...within(s, third),
      `}`,
    ],
  },
  { weight: 4, needs: (s) => steering(s).length > 0, make: switchStatement },
  {
    weight: 2,
    make: (s, d, [body]) => {
      const name = `block${s.place.labels.length}`;
      return [`${name}: {`, ...within(s, body, { labels: [...s.place.labels, { name, isLoop: false }] }), `  if (${condition(s, d, 1)}) break ${name};`, ...within(s, []), `}`];
    },
  },
  { weight: 5, make: nestedFunction },
  { weight: 2, make: recursiveFunction },
  { weight: 2, needs: (s) => s.place.loops < 2 && has(s, "array", "points", "matrix"), make: forEach },
];

/** What a `switch` may be over. */
function steering(s: Scope): Variable[] {
  return s.place.canTestMode ? s.of("int", "mode") : s.of("int");
}

function switchStatement(s: Scope, d: Choices, bodies: Gene["bodies"]): string[] {
  const { name, kind } = d.of(steering(s));
  const tests = kind === "mode" ? [`case "sine":`, `case "line":`, `default:`] : [`case ${d.below(2)}:`, `case 2:`, `default:`];
  const order = d.of([[0, 1, 2], [2, 0, 1], [0, 2, 1], [0, 1]]);
  const clauses = order.flatMap((k) => {
    const jump = d.of([["  break;"], []]);
    return [`${tests[k] as string} {`, ...within(s, bodies[k], { canBreak: true, canTestMode: s.place.canTestMode && kind !== "mode" }), ...jump, `}`];
  });
  return [`switch (${name}${kind === "int" ? " % 3" : ""}) {`, ...indented(clauses), `}`];
}

function forEach(s: Scope, d: Choices, [body = []]: Gene["bodies"]): string[] {
  const inner = s.inner({ result: "void", canBreak: false, canContinue: false, labels: [], loops: s.place.loops + 1 });
  const list = d.of(["array", "points", "matrix"].filter((kind) => has(s, kind)));
  const params = [inner.declare(d, list === "array" ? "number" : list === "points" ? "point" : "array"), inner.declare(d, "int")];
  return [`${place(s, d, list)}.forEach((${params.join(", ")}) => {`, ...indented(block(inner, body)), `});`];
}

/** Statements with blocks of their own. */
export const blockStatements: readonly Maker[] = [...branches, ...loopStatements, ...narrowingStatements, ...listStatements];
