import type { Choices, Gene } from "./choices.js";
import { within } from "./blocks.js";
import type { Kind } from "./rows.js";
import type { Scope } from "./scope.js";
import { indented, type Maker } from "./statements.js";
import { value } from "./values.js";

/** Statements that find out which of several an object is. */
export const narrowingStatements: readonly Maker[] = [
  { weight: 3, make: byMember },
  { weight: 2, make: bySwitch },
  { weight: 3, make: byClass },
];

/** A block in which the object is known by another name to be of a kind. */
function known(s: Scope, d: Choices, genes: readonly Gene[] | undefined, object: string, kind: Kind): string[] {
  const inner = s.inner();
  const name = inner.declare(d, kind);
  return [`  const ${name} = ${object};`, ...within(inner, genes)];
}

/** A new name for an object. Of a union TypeScript would take it for what the text is known to be around it, if it was not told. */
function declared(s: Scope, d: Choices, kind: Kind, type: string): [name: string, line: string] {
  const text = value(s, d, kind);
  const name = s.declare(d, kind);
  return [name, `const ${name}: ${type} = ${kind === "part" && !text.endsWith(" as Part)") ? `(${text} as Part)` : text};`];
}

function byMember(s: Scope, d: Choices, [first, second]: Gene["bodies"]): string[] {
  const [name, line] = declared(s, d, "part", "Part");
  const test = d.of([`${name}.kind === "spring"`, `"rest" in ${name}`, `${name}.kind !== "damper"`]);
  return [line, `if (${test}) {`, ...known(s, d, first, name, "spring"), `} else {`, ...known(s, d, second, name, "damper"), `}`];
}

function bySwitch(s: Scope, d: Choices, [first, second]: Gene["bodies"]): string[] {
  const [name, line] = declared(s, d, "part", "Part");
  const clause = (kind: Kind, genes: readonly Gene[] | undefined): string[] => [`case "${kind}": {`, ...known(s.inner({ canBreak: true }), d, genes, name, kind), "  break;", `}`];
  const clauses = [clause("damper", second), clause("spring", first)];
  return [line, `switch (${name}.kind) {`, ...indented((d.chance(50) ? clauses : clauses.reverse()).flat()), `}`];
}

function byClass(s: Scope, d: Choices, [first, second]: Gene["bodies"]): string[] {
  const [name, line] = declared(s, d, "term", "Term");
  const rest = d.of([[`} else {`, ...within(s, second), `}`], [`}`], [`} else if (${name} instanceof Wave) {`, ...known(s, d, second, name, "wave"), `}`]]);
  return [line, `if (${name} instanceof Line) {`, ...known(s, d, first, name, "line"), ...rest];
}
