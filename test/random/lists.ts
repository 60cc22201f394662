import type { Choices, Gene } from "./choices.js";
import { within } from "./blocks.js";
import { number, tame } from "./expressions.js";
import type { Scope } from "./scope.js";
import type { Maker } from "./statements.js";
import { value } from "./values.js";
import { has, place } from "./ways.js";

const shallow = (s: Scope): boolean => s.place.loops < 2;

/** Statements that make lists and trees, and go through them. */
export const listStatements: readonly Maker[] = [
  { weight: 3, needs: (s) => shallow(s), make: walk },
  { weight: 2, needs: (s) => shallow(s) && has(s, "array"), make: chained },
  { weight: 2, needs: (s) => shallow(s) && has(s, "array"), make: planted },
  { weight: 2, needs: (s) => shallow(s) && has(s, "tree"), make: byStack },
];

/** The body of a loop in which `name` is a cell or a tree. */
function body(s: Scope, d: Choices, genes: readonly Gene[] | undefined, kind: string, first: (name: string) => string[]): string[] {
  const inner = s.inner();
  const name = inner.declare(d, kind);
  return [...first(name), ...within(inner, genes, { loops: s.place.loops + 1, canBreak: true, canContinue: true })];
}

function walk(s: Scope, d: Choices, [genes]: Gene["bodies"]): string[] {
  const text = value(s, d, "cell");
  const around = s.inner();
  const at = around.declare(d, "taken");
  if (d.chance(50)) return [`for (let ${at}: Cell | undefined = ${text}; ${at}; ${at} = ${at}.next) {`, ...body(around, d, genes, "cell", (name) => [`  const ${name}: Cell = ${at};`]), `}`];
  s.add(at, "taken", false);
  const test = d.of([`${at} !== undefined`, at]);
  return [`let ${at}: Cell | undefined = ${text};`, `while (${test}) {`, ...body(s, d, genes, "cell", (name) => [`  const ${name}: Cell = ${at};`, `  ${at} = ${name}.next;`]), `}`];
}

/** A list with a cell for each element. */
function chained(s: Scope, d: Choices, [genes]: Gene["bodies"]): string[] {
  const first = number(s, d, 1);
  const list = s.declare(d, "cell", true);
  const over = place(s, d, "array");
  const inner = s.inner();
  const v = inner.declare(d, "number");
  const made = d.of([`${list} = { v: ${tame(inner, d, 1)}, next: ${list} };`, `${list} = { ...${list}, v: ${tame(inner, d, 1)}, next: ${list} };`]);
  return [`let ${list}: Cell = { v: ${first} };`, `for (const ${v} of ${over}) {`, `  ${made}`, ...within(inner, genes, { loops: s.place.loops + 1, canBreak: true, canContinue: true }), `}`];
}

/** A tree that grows. */
function planted(s: Scope, d: Choices, [genes]: Gene["bodies"]): string[] {
  const first = number(s, d, 1);
  const root = s.declare(d, "tree");
  const over = place(s, d, "array");
  const inner = s.inner();
  const v = inner.declare(d, "number");
  const made = d.of([`${root}.kids.push({ v: ${tame(inner, d, 1)}, kids: [] });`, `(${root}.kids[0] ?? ${root}).kids.push({ v: ${tame(inner, d, 1)}, kids: [] });`]);
  return [`const ${root}: Tree = { v: ${first}, kids: [] };`, `for (const ${v} of ${over}) {`, `  ${made}`, ...within(inner, genes, { loops: s.place.loops + 1, canBreak: true, canContinue: true }), `}`];
}

/** A tree gone through with a stack of what is left. */
function byStack(s: Scope, d: Choices, [genes]: Gene["bodies"]): string[] {
  const tree = place(s, d, "tree");
  const stack = s.declare(d, "taken");
  const lines = body(s, d, genes, "tree", (name) => [`  const ${name} = ${stack}.${d.of(["pop", "shift"])}()!;`, d.of([`  for (const kid of ${name}.kids) ${stack}.push(kid);`, `  ${stack}.push(...${name}.kids);`])]);
  return [`const ${stack}: Tree[] = [${tree}];`, `while (${stack}.length > 0) {`, ...lines, `}`];
}
