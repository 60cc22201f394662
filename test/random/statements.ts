import { blockStatements } from "./blocks.js";
import { Choices, type Gene } from "./choices.js";
import { call, condition, hasEnumeration, helpers, number, tame } from "./expressions.js";
import { jumpStatements } from "./jumps.js";
import type { Kind } from "./rows.js";
import { memoryStatements, update } from "./memory.js";
import { patternStatements } from "./patterns.js";
import type { Helper, Scope } from "./scope.js";

/** A maker of one form of statement: its lines. It adds to the scope what it declares. */
export interface Maker {
  readonly weight: number;
  readonly needs?: (s: Scope) => boolean;
  readonly make: (s: Scope, d: Choices, bodies: Gene["bodies"]) => string[];
}

function declared(s: Scope, d: Choices, kind: Kind, value: string, type = ""): string[] {
  const [name, isMutable] = [s.free(d), d.chance(60)];
  s.add(name, kind, isMutable);
  return [`${isMutable ? "let" : "const"} ${name}${type} = ${value};`];
}
/** Functions called for what they do: those without a result, and at times others. */
const called = (s: Scope): Helper[] => [...helpers(s, "void"), ...helpers(s, "void"), ...s.helpers().filter((h) => h.result !== "void" && h.receiver !== undefined && helpers(s, h.result).includes(h))];

/** Statements on numbers and the constants that steer. */
const scalarStatements: readonly Maker[] = [
  { weight: 8, make: (s, d) => (([text]: string[]) => declared(s, d, "number", text, hasEnumeration(text) ? ": number" : ""))([number(s, d, 2)]) },
  { weight: 7, needs: (s) => s.mutable("number").length > 0, make: (s, d) => [`${d.of(s.mutable("number")).name} ${update(s, d)};`] },
  { weight: 2, make: (s, d) => declared(s, d, "int", String(d.below(3)), ": number") },
  { weight: 3, needs: (s) => s.mutable("int").length > 0, make: (s, d) => [`${d.of(s.mutable("int")).name}${d.of(["++", " += 2"])};`] },
  { weight: 2, make: (s, d) => declared(s, d, "flag", condition(s, d, 2)) },
  { weight: 1, needs: (s) => s.mutable("flag").length > 0, make: (s, d) => [`${d.of(s.mutable("flag")).name} = ${condition(s, d, 1)};`] },
  { weight: 2, make: (s, d) => declared(s, d, "maybe", `${d.of(["undefined", number(s, d, 1)])} as number | undefined`) },
  { weight: 2, needs: (s) => s.mutable("maybe").length > 0, make: (s, d) => [`${d.of(s.mutable("maybe")).name} ${d.of(["??=", "="])} ${tame(s, d, 1)};`] },
  {
    weight: 2,
    needs: (s) => s.mutable("maybe").length > 0,
    make: (s, d) => {
      const [{ name }, value] = [d.of(s.mutable("maybe")), tame(s, d, 1)];
      return [`if (${name} === undefined || ${value} < ${name}) ${name} = ${value};`];
    },
  },
  { weight: 6, needs: (s) => called(s).length > 0, make: (s, d) => [`${call(s, d, d.of(called(s)), 1)};`] },
];

/** All forms of statement. A new one is a line in one of these tables. */
const leaves: readonly Maker[] = [...scalarStatements, ...memoryStatements, ...patternStatements, ...jumpStatements];
const makers: readonly Maker[] = [...leaves, ...blockStatements];

/** The lines of a block. What it declares is added to the scope. */
export function block(s: Scope, genes: readonly Gene[]): string[] {
  return genes.flatMap(({ picks, bodies }) => {
    const d = new Choices(picks);
    const hasBlocks = bodies.some((body) => body.length > 0);
    return d.weighted((hasBlocks ? makers : leaves).filter((maker) => maker.needs?.(s) ?? true)).make(s, d, bodies);
  });
}

export function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
