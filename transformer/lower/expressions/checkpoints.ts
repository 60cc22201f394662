import type { Atom, Var } from "../../ir/model.js";
import { outlined } from "../../ir/outline.js";
import { bound } from "../../ir/walk.js";
import type { Lowering } from "../lowering.js";

// checkpoint(f)(x)   becomes   checkpoint f(x)
// What is lowered where it is called becomes a function of what it sees.
export function callAgain(l: Lowering, name: string, run: () => Atom): Atom {
  const start = l.statements.length;
  const result = run();
  const made = l.statements.splice(start);
  const [only] = made;
  if (made.length === 1 && only?.kind === "call") {
    l.statements.push({ ...only, checkpoint: true });
    return result;
  }
  const inside = new Set<Atom | undefined>(made.flatMap(bound));
  const results = new Set([result, ...l.values.values()].filter((a): a is Var => inside.has(a)));
  if (made.length > 0) l.statements.push({ ...outlined(name, made, [...results], l.origin), checkpoint: true });
  return result;
}
