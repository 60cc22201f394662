import { catalogue } from "../diagnostics.js";
import { Memory, reachable, type MemoryClass } from "../ir/memory.js";
import type { Fn, Statement, Var } from "../ir/model.js";
import { isReference } from "../ir/types.js";
import { statementsOf } from "../ir/walk.js";
import type { LowerContext } from "./context.js";
import { Rejected } from "./rejected.js";

/**
 * An object that the function makes is a record, and `#x` is a field of it like any other. Of an object that comes from
 * elsewhere `#x` can be read only within its class, where the derivative does not stand.
 */
export function refusePrivate(fn: Fn, context: LowerContext): void {
  const functions = reachable(fn);
  const statements = functions.flatMap((f) => [...statementsOf(f.body)]);
  const uses = statements.filter(isPrivate);
  if (uses.length === 0) return;
  const memory = new Memory(functions);
  const given = statements.flatMap((s) => (s.kind === "opaque" && s.result !== undefined ? [s.result] : []));
  const outside = reached([...fn.params, ...functions.flatMap((f) => f.captures), ...given], memory);
  for (const { of, origin } of uses) {
    const file = origin && context.program.getSourceFile(origin.file);
    if (of.kind !== "var" || !outside.has(memory.classOf(of)) || origin === undefined || file === undefined) continue;
    const { code, id, severity, message, advice } = catalogue.thisValue;
    const text = file.text.slice(origin.pos, origin.end);
    throw new Rejected({ code, id, severity, message: message(text), advice: advice(text), file, pos: origin.pos, length: origin.end - origin.pos });
  }
}

function isPrivate(s: Statement): s is Extract<Statement, { kind: "load" | "store" }> {
  return (s.kind === "load" || s.kind === "store") && s.key.kind === "field" && s.key.name.startsWith("#");
}

/** The memory that is reached from these names. */
function reached(names: readonly Var[], memory: Memory): ReadonlySet<MemoryClass> {
  const found = new Set(names.filter((v) => isReference(v.type)).map((v) => memory.classOf(v)));
  for (const c of found) for (const inner of c.cells()) found.add(inner);
  return found;
}
