import type ts from "typescript";
import type { Diagnostic } from "../compilation.js";
import { diagnose, type Entry } from "../diagnostics.js";

/**
 * Thrown where something cannot be lowered, caught at the statement around it, so that the statements that follow
 * are looked at as well. Without a diagnostic it says that the cause has been reported already.
 */
export class Rejected extends Error {
  constructor(readonly diagnostic?: Diagnostic) {
    super(diagnostic?.message ?? "reported already");
  }
}

export function reject<Args extends readonly string[]>(entry: Entry<Args>, node: ts.Node, ...args: Args): never {
  throw new Rejected(diagnose(entry, node, ...args));
}

/** Thrown where a variable that was taken for an integer turns out to be none: the function is lowered again. */
export class NotInteger extends Error {
  constructor(readonly variable: ts.Symbol) {
    super(`'${variable.name}' is no integer`);
  }
}
