import type { Choices } from "./choices.js";
import { condition, hasEnumeration, lambda, number, tame } from "./expressions.js";
import { references, rowOf } from "./kinds.js";
import type { Kind } from "./rows.js";
import type { Scope } from "./scope.js";
import type { Maker } from "./statements.js";
import { value } from "./values.js";
import { element, elements, has, hasTarget, index, place, target } from "./ways.js";

const declare = (kind: Kind, mutable = 40): Maker["make"] => (s, d) => {
  const text = value(s, d, kind);
  const [name, isMutable, { type, isAnnotated = d.chance(15) }] = [s.free(d), d.chance(mutable), rowOf(s, kind)];
  s.add(name, kind, isMutable);
  return [`${isMutable ? "let" : "const"} ${name}${isAnnotated || hasEnumeration(text) ? `: ${type}` : ""} = ${text};`];
};
const weights: Readonly<Record<Kind, number>> = { array: 6, matrix: 3, typed: 2, pair: 2, mixed: 1, object: 3, holder: 1, point: 4, points: 3, body: 2, loose: 2, vec: 3, rates: 1, spring: 0, damper: 0, part: 2, parts: 1, line: 0, wave: 0, term: 2, terms: 1, layer: 0, layers: 1, cell: 2, tree: 1 };

/** The kinds of which there is a place that may be assigned, those of classes too. */
const assignable = (s: Scope): Kind[] => [...references, ...s.place.classes.keys()].filter((kind) => hasTarget(s, kind));
const objectsOfClasses = (s: Scope): Kind[] => [...s.place.classes.keys()];

/** Statements on arrays and objects. */
export const memoryStatements: readonly Maker[] = [
  { weight: 9, needs: (s) => elements(s).length > 0, make: (s, d) => [`${element(s, d)} = ${d.chance(75) ? tame(s, d, 2) : d.of(["1", "0.5"])};`] },
  { weight: 8, needs: (s) => elements(s).length > 0, make: (s, d) => [`${element(s, d)} ${update(s, d)};`] },
  ...references.map((kind): Maker => ({ weight: weights[kind] ?? 1, make: declare(kind) })),
  { weight: 2, needs: (s) => objectsOfClasses(s).length > 0, make: (s, d, bodies) => declare(d.of(objectsOfClasses(s)))(s, d, bodies) },
  { weight: 3, make: declare("fn", 0) },
  { weight: 1, make: declare("maker", 0) },
  { weight: 2, make: declare("tally", 0) },
  { weight: 1, make: declare("mode") },
  {
    weight: 7,
    needs: (s) => assignable(s).length > 0,
    make: (s, d) => {
      const kind = d.of(assignable(s));
      return [`${target(s, d, kind)} = ${value(s, d, kind)};`];
    },
  },
  {
    weight: 4,
    needs: (s) => assignable(s).length > 0,
    make: (s, d) => {
      const kind = d.of(assignable(s));
      const [a, b] = [target(s, d, kind), target(s, d, kind)];
      return [`[${a}, ${b}] = [${b}, ${a}];`];
    },
  },
  { weight: 3, needs: (s) => has(s, "loose"), make: (s, d) => [`${place(s, d, "loose")}.k ${d.of(["=", "??="])} ${tame(s, d, 1)};`] },
  { weight: 3, needs: (s) => has(s, "array"), make: (s, d) => withLength(d, place(s, d, "array"), tame(s, d, 1)) },
  { weight: 1, needs: (s) => has(s, "matrix"), make: (s, d) => withLength(d, place(s, d, "matrix"), value(s, d, "array")) },
  { weight: 1, needs: (s) => has(s, "points"), make: (s, d) => withLength(d, place(s, d, "points"), value(s, d, "point")) },
  {
    weight: 2,
    needs: (s) => has(s, "array") && hasTarget(s, "number"),
    make: (s, d) => {
      const name = place(s, d, "array");
      return [`if (${name}.length > 3) ${target(s, d, "number")} ${d.of(["=", "+=", "-="])} ${name}.${d.of(["pop()!", "shift()!"])};`];
    },
  },
  { weight: 1, needs: (s) => has(s, "array"), make: (s, d) => [`${place(s, d, "array")}.splice(${index(s, d, 3)}, 1, ${number(s, d, 1)});`] },
  { weight: 1, needs: (s) => has(s, "array"), make: (s, d) => [d.of([`if (A.length > 3) A.length = 3;`, `if (A.length > 3) A.splice(${index(s, d, 3)}, 1);`]).replaceAll("A", place(s, d, "array"))] },
  { weight: 1, needs: (s) => has(s, "array"), make: (s, d) => [`${place(s, d, "array")}.${d.of(["reverse()", "sort((p, q) => p - q)", "copyWithin(0, 1)"])};`] },
  { weight: 1, needs: (s) => has(s, "points"), make: (s, d) => [`${place(s, d, "points")}.${d.of(["reverse()", "sort((p, q) => p.x - q.x)", "sort((p, q) => Math.sin(q.y) - Math.sin(p.y))"])};`] },
  { weight: 1, needs: (s) => has(s, "array"), make: (s, d) => (([a, b]: string[]) => [`if (${a}.length < 5) ${a}.push(...${b}.slice(${d.of(["-1", "0, 1"])}));`])([place(s, d, "array"), place(s, d, "array")]) },
  { weight: 1, needs: (s) => has(s, "parts"), make: (s, d) => withLength(d, place(s, d, "parts"), value(s, d, "part")) },
  { weight: 1, needs: (s) => has(s, "terms"), make: (s, d) => withLength(d, place(s, d, "terms"), value(s, d, "term")) },
  { weight: 1, needs: (s) => has(s, "rates"), make: (s, d) => (([r]: string[]) => [`for (const k of ["r0", "r1"] as const) ${r}[k] ${update(s, d)};`])([place(s, d, "rates")]) },
  { weight: 1, needs: (s) => has(s, "array", "typed"), make: (s, d) => [`${place(s, d, d.of((["array", "typed"] as const).filter((kind) => has(s, kind))))}.fill(${tame(s, d, 1)}${d.of(["", ", 1", ", 0, 2"])});`] },
  { weight: 1, needs: (s) => has(s, "typed"), make: (s, d) => [`${place(s, d, "typed")}.set([${number(s, d, 1)}, ${number(s, d, 1)}]${d.of(["", ", 1", ", 0"])});`] },
  { weight: 1, needs: (s) => has(s, "typed") && has(s, "array"), make: (s, d) => [`${place(s, d, "typed")}.set(${place(s, d, "array")}.slice(0, 2)${d.of(["", ", 1"])});`] },
  { weight: 1, needs: (s) => has(s, "points"), make: (s, d) => lambda(s, d, ["point"], (p, inner) => `${place(s, d, "points")}.forEach((${p}) => { ${p}.${d.of(["x", "y"])} ${update(inner, d)}; });`).split("\n") },
  { weight: 1, needs: (s) => has(s, "array"), make: (s, d) => lambda(s, d, ["number"], (v, inner) => `if (${place(s, d, "array")}.some((${v}) => ${condition(inner, d, 1)})) ${element(s, d)} = ${number(s, d, 1)};`).split("\n") },
];

/** A push that does not go on for ever in a loop over the array. */
function withLength(d: Choices, name: string, text: string): string[] {
  return [`if (${name}.length < ${d.of(["5", "4"])}) ${name}.${d.of(["push", "push", "unshift"])}(${text});`];
}

/** What may follow a place that is updated. */
export function update(s: Scope, d: Choices): string {
  const text = tame(s, d, 2);
  return d.of([`+= ${text}`, `-= ${text}`, `*= ${text}`, `/= 2.5 + ${text}`, `= ${text}`]);
}
