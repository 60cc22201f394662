import type ts from "typescript";
import type { Entry } from "../diagnostics.js";
import type { Origin } from "../ir/model.js";
import { Rejected } from "../lower/rejected.js";

/** Refuses what stands at a place of the source that the IR tells. */
export function refuseAt<Args extends readonly string[]>(entry: Entry<Args>, origin: Origin | undefined, program: ts.Program, ...args: Args): never {
  const { code, id, severity, message, advice } = entry;
  const file = origin && program.getSourceFile(origin.file);
  if (origin === undefined || file === undefined) throw new Error(`what is refused stands nowhere: ${message(...args)}`);
  throw new Rejected({ code, id, severity, message: message(...args), advice: advice(...args), file, pos: origin.pos, length: origin.end - origin.pos });
}
