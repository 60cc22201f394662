import type { Choices } from "./choices.js";
import { number, tame } from "./expressions.js";
import { rowOf } from "./kinds.js";
import type { Scope } from "./scope.js";
import type { Maker } from "./statements.js";
import { value } from "./values.js";
import { hasTarget, target } from "./ways.js";

/** A pattern that declares: `(name)` gives a new name for a number. */
function declaring(s: Scope, d: Choices, kind: string, pattern: (name: () => string, isMutable: boolean, given: string) => string): string[] {
  const [text, given] = [value(s, d, kind), number(s, d, 1)];
  const isMutable = d.chance(50);
  const printed = pattern(() => s.declare(d, "number", isMutable), isMutable, given);
  return [`${isMutable ? "let" : "const"} ${printed}: ${rowOf(s, kind).type} = ${text};`];
}
const targets = (s: Scope, d: Choices): [string, string] => [target(s, d, "number"), target(s, d, "number")];

/** Patterns of arrays and objects, in declarations and assignments. */
export const patternStatements: readonly Maker[] = [
  { weight: 1, make: (s, d) => declaring(s, d, "array", (name) => `[${name()}, ${name()}]`) },
  { weight: 1, make: (s, d) => declaring(s, d, "array", (name, _, given) => `[, ${name()}, , ${name()} = ${given}]`) },
  { weight: 1, make: (s, d) => declaring(s, d, "array", (name, isMutable) => `[${name()}, ...${s.declare(d, "few", isMutable)}]`) },
  { weight: 1, make: (s, d) => declaring(s, d, "point", (name) => `{ x: ${name()}, y: ${name()} }`) },
  { weight: 1, make: (s, d) => declaring(s, d, "body", (name) => `{ at: { x: ${name()} }, mass: ${name()} }`) },
  { weight: 1, make: (s, d) => declaring(s, d, "body", (name, isMutable) => `{ mass: ${name()}, at: ${s.declare(d, "point", isMutable)} }`) },
  { weight: 1, make: (s, d) => declaring(s, d, "points", (name) => `[{ x: ${name()} }, { y: ${name()} }]`) },
  { weight: 1, make: (s, d) => declaring(s, d, "object", (name, isMutable) => `{ v: ${name()}, ...${s.declare(d, "holder", isMutable)} }`) },
  { weight: 1, make: (s, d) => declaring(s, d, "object", (name, isMutable) => `{ v: ${name()}, w: ${s.declare(d, "array", isMutable)} }`) },
  { weight: 1, make: (s, d) => declaring(s, d, "loose", (name, _, given) => `{ v: ${name()}, k: ${name()} = ${given} }`) },
  { weight: 1, make: (s, d) => declaring(s, d, "mixed", (name, isMutable) => `[${name()}, ${s.declare(d, "array", isMutable)}]`) },
  { weight: 2, make: (s, d) => declaring(s, d, "pair", (name) => `[${name()}, ${name()}]`) },
  { weight: 2, needs: (s) => hasTarget(s, "number"), make: (s, d) => swap(...targets(s, d), tame(s, d, 1)) },
  { weight: 2, needs: (s) => hasTarget(s, "number"), make: (s, d) => assigned(targets(s, d), (a, b) => `[${a}, ${b}]`, value(s, d, "array")) },
  { weight: 1, needs: (s) => hasTarget(s, "number"), make: (s, d) => assigned(targets(s, d), (a, b) => `({ x: ${a}, y: ${b} }`, value(s, d, "point"), ")") },
  { weight: 1, needs: (s) => hasTarget(s, "number"), make: (s, d) => assigned(targets(s, d), (a, b) => `({ v: ${a}, k: ${b} = 0.5 }`, value(s, d, "loose"), ")") },
];

function swap(a: string, b: string, last: string): string[] {
  return [`[${a}, ${b}] = [${b}, ${last}];`];
}
function assigned([a, b]: [string, string], pattern: (a: string, b: string) => string, text: string, end = ""): string[] {
  return [`${pattern(a, b)} = ${text}${end};`];
}
