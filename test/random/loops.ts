import type { Choices, Gene } from "./choices.js";
import { within } from "./blocks.js";
import { condition, tame } from "./expressions.js";
import type { Kind } from "./rows.js";
import type { Scope } from "./scope.js";
import { indented, type Maker } from "./statements.js";
import { has, place } from "./ways.js";

/** Loops stand at most two deep: what they do to numbers stays small. */
const shallow = (s: Scope): boolean => s.place.loops < 2;

/** Loops of at most six turns. Their counters count on before anything can skip that. */
export const loopStatements: readonly Maker[] = [
  { weight: 6, needs: shallow, make: (s, d, bodies) => counted(s, d, bodies, (i) => `for (let ${i} = 0; ${i} < ${d.of(["3", "2", "4", "1"])}; ${i}++)`) },
  { weight: 2, needs: shallow, make: (s, d, bodies) => counted(s, d, bodies, (i) => `for (let ${i} = ${d.of(["2", "3"])}; ${i} >= 0; ${i}--)`) },
  { weight: 1, needs: shallow, make: (s, d, bodies) => counted(s, d, bodies, (i) => `for (let ${i} = ${d.of(["0", "1"])}; ${i} <= 5; ${i} += 2)`) },
  {
    weight: 3,
    needs: (s) => shallow(s) && has(s, "array", "typed", "matrix", "points"),
    make: (s, d, bodies) => counted(s, d, bodies, (i) => `for (let ${i} = 0; ${i} < ${anyList(s, d)}.length; ${i}++)`),
  },
  {
    weight: 2,
    needs: (s) => shallow(s) && s.of("int").length > 0,
    make: (s, d, bodies) => {
      const { name } = d.of(s.of("int"));
      return counted(s, d, bodies, (i) => `for (let ${i} = 0; ${i} <= ${name} % 3; ${i}++)`);
    },
  },
  { weight: 2, needs: shallow, make: (s, d, bodies) => counting(s, d, bodies, (c, body) => [`while (${c}++ < 3) {`, ...body, `}`]) },
  { weight: 2, needs: shallow, make: (s, d, bodies) => counting(s, d, bodies, (c, body) => [`while (${c} < 4 && ${condition(s, d, 1)}) {`, `  ${c} += 1;`, ...body, `}`]) },
  { weight: 2, needs: shallow, make: (s, d, bodies) => counting(s, d, bodies, (c, body) => [`do {`, `  ${c}++;`, ...body, `} while (${c} < 3);`]) },
  { weight: 1, needs: shallow, make: (s, d, bodies) => counting(s, d, bodies, (c, body) => [`for (;;) {`, `  if (++${c} > 3) break;`, ...body, `}`]) },
  { weight: 1, needs: shallow, make: (s, d, bodies) => realCounter(s, d, bodies) },
  { weight: 3, needs: (s) => shallow(s) && has(s, "array"), make: (s, d, bodies) => forOf(s, d, bodies, place(s, d, "array"), "number") },
  { weight: 1, needs: (s) => shallow(s) && has(s, "typed"), make: (s, d, bodies) => forOf(s, d, bodies, place(s, d, "typed"), "number") },
  { weight: 2, needs: (s) => shallow(s) && has(s, "matrix"), make: (s, d, bodies) => forOf(s, d, bodies, place(s, d, "matrix"), "array") },
  { weight: 3, needs: (s) => shallow(s) && has(s, "points"), make: (s, d, bodies) => forOf(s, d, bodies, place(s, d, "points"), "point") },
  ...([["parts", "part"], ["terms", "term"], ["layers", "layer"]] as const).map(([list, kind]): Maker => ({ weight: 2, needs: (s) => shallow(s) && has(s, list), make: (s, d, bodies) => forOf(s, d, bodies, place(s, d, list), kind) })),
  { weight: 2, needs: (s) => shallow(s) && has(s, "tree"), make: (s, d, bodies) => forOf(s, d, bodies, `${place(s, d, "tree")}.kids`, "tree") },
  { weight: 1, needs: (s) => shallow(s) && has(s, "rates"), make: (s, d, bodies) => overPattern(s, d, bodies, ["mode", "number"], ([k, v]) => `[${k ?? ""}, ${v ?? ""}] of Object.entries(${place(s, d, "rates")})`) },
  { weight: 1, needs: shallow, make: visited },
  { weight: 1, needs: (s) => shallow(s) && has(s, "points"), make: (s, d, bodies) => overPattern(s, d, bodies, ["number", "number"], ([x, y]) => `{ x: ${x ?? ""}, y: ${y ?? ""} } of ${place(s, d, "points")}`) },
  { weight: 2, needs: (s) => shallow(s) && has(s, "array"), make: (s, d, bodies) => overPattern(s, d, bodies, ["int", "number"], ([i, v]) => `[${i ?? ""}, ${v ?? ""}] of ${place(s, d, "array")}.entries()`) },
  { weight: 1, needs: (s) => shallow(s) && has(s, "points"), make: (s, d, bodies) => overPattern(s, d, bodies, ["int", "point"], ([i, v]) => `[${i ?? ""}, ${v ?? ""}] of ${place(s, d, "points")}.entries()`) },
];

/** The body of a loop, at times with a label before the loop. */
function looped(s: Scope, d: Choices, genes: readonly Gene[] | undefined, print: (body: string[]) => string[]): string[] {
  const name = d.chance(30) ? `loop${s.place.labels.length}` : undefined;
  const labels = name === undefined ? s.place.labels : [...s.place.labels, { name, isLoop: true }];
  const [first = "", ...rest] = print(within(s, genes, { loops: s.place.loops + 1, canBreak: true, canContinue: true, labels }));
  return [name === undefined ? first : `${name}: ${first}`, ...rest];
}

function counted(s: Scope, d: Choices, [body]: Gene["bodies"], header: (i: string) => string): string[] {
  const inner = s.inner();
  const i = inner.free(d);
  const head = header(i);
  // Some bodies write to the counter; those that count up only, which then still ends.
  inner.add(i, "int", !head.includes("--") && d.chance(15));
  return looped(inner, d, body, (lines) => [`${head} {`, ...lines, `}`]);
}

function counting(s: Scope, d: Choices, [body]: Gene["bodies"], print: (c: string, body: string[]) => string[]): string[] {
  const c = s.free(d);
  s.add(c, "int", false);
  return [`let ${c} = 0;`, ...looped(s, d, body, (lines) => print(c, lines))];
}

/** Indices of which each is looked at once. */
function visited(s: Scope, d: Choices, [body]: Gene["bodies"]): string[] {
  const seen = s.declare(d, "taken");
  const inner = s.inner();
  const i = inner.declare(d, "int");
  const skip = indented([`if (${seen}.has(${i})) continue;`, `${seen}.add(${i});`]);
  return [`const ${seen} = new Set<number>();`, ...looped(inner, d, body, (lines) => [`for (const ${i} of [0, 2, 0, 1, 2]) {`, ...skip, ...lines, `}`])];
}

function realCounter(s: Scope, d: Choices, [body]: Gene["bodies"]): string[] {
  const inner = s.inner();
  const value = inner.free(d);
  inner.add(value, "number", false);
  return looped(inner, d, body, (lines) => [`for (let ${value} = 0.1; ${value} < 1; ${value} += 0.3) {`, ...lines, `}`]);
}

/** A list of any kind. */
function anyList(s: Scope, d: Choices): string {
  return place(s, d, d.of(["array", "typed", "matrix", "points"].filter((kind) => has(s, kind))));
}

function overPattern(s: Scope, d: Choices, [body]: Gene["bodies"], kinds: readonly Kind[], header: (names: readonly string[]) => string): string[] {
  const inner = s.inner();
  const names = kinds.map((kind) => inner.declare(d, kind));
  return looped(inner, d, body, (lines) => [`for (const ${header(names)}) {`, ...lines, `}`]);
}

function forOf(s: Scope, d: Choices, [body]: Gene["bodies"], over: string, kind: Kind): string[] {
  const inner = s.inner();
  const [name, isMutable] = [inner.free(d), d.chance(30)];
  inner.add(name, kind, isMutable);
  const first = isMutable && kind === "number" && d.chance(50) ? indented([`${name} += ${tame(inner, d, 1)};`]) : [];
  return looped(inner, d, body, (lines) => [`for (${isMutable ? "let" : "const"} ${name} of ${over}) {`, ...first, ...lines, `}`]);
}
