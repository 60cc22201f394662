import type { Choices, Gene } from "./choices.js";
import { condition, lambdaParameter, number } from "./expressions.js";
import { loopStatements } from "./loops.js";
import { result } from "./jumps.js";
import { types, type Kind, type Place, type Scope, type Variable } from "./scope.js";
import { block, indented, type Maker } from "./statements.js";

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
  { weight: 3, make: nestedFunction },
  { weight: 2, needs: (s) => s.place.loops < 2 && s.of("array").length > 0, make: forEach },
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

/** A function that uses what is around it, and a call of it; later statements call it too. */
function nestedFunction(s: Scope, d: Choices, [body = []]: Gene["bodies"]): string[] {
  const kind: Kind = d.of(["number", "number", "array"]);
  const isValue = d.chance(60);
  const name = s.free(d);
  s.add(name, "function", false);
  const inner = s.inner({ result: isValue ? "number" : "void", canBreak: false, canContinue: false, labels: [], loops: 1 });
  const param = inner.free(d);
  inner.add(param, kind, true);
  const lines = [...indented(block(inner, body)), ...(isValue ? [`  return${result(inner, d)};`] : [])];
  const header = `(${param}: ${types[kind]}): ${isValue ? "number" : "void"}`;
  const given = kind === "number" ? number(s, d, 1) : s.of("array").length > 0 ? d.of(s.of("array")).name : `[${number(s, d, 1)}, 1, 2]`;
  const declaration = d.chance(50) ? [`function ${name}${header} {`, ...lines, `}`] : [`const ${name} = ${header} => {`, ...lines, `};`];
  const again = kind === "number" && d.chance(40) ? number(s, d, 1) : given;
  if (!isValue) return [...declaration, `${name}(${given});`, `${name}(${again});`];
  const value = s.free(d);
  s.add(value, "number", true);
  return [...declaration, `let ${value} = ${name}(${given}) + ${name}(${again});`];
}

function forEach(s: Scope, d: Choices, [body = []]: Gene["bodies"]): string[] {
  const inner = s.inner({ result: "void", canBreak: false, canContinue: false, labels: [], loops: s.place.loops + 1 });
  const params = [lambdaParameter(inner, d, "number"), lambdaParameter(inner, d, "int")];
  return [`${d.of(s.of("array")).name}.forEach((${params.join(", ")}) => {`, ...indented(block(inner, body)), `});`];
}

/** Statements with blocks of their own. */
export const blockStatements: readonly Maker[] = [...branches, ...loopStatements];
