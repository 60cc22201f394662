import type { Kind } from "./rows.js";
import type { Helper } from "./scope.js";

/** What every program may use. It is printed where the program names it. */
export interface Entry {
  /** The name, or several with `|` between them. */
  readonly name: string;
  readonly text: string;
  readonly helpers?: readonly Helper[];
  /** Texts of numbers that it gives. */
  readonly numbers?: readonly string[];
}

export const of = (name: string, kinds: readonly Kind[], result: Kind | "void", receiver?: Kind): Helper => ({ name, params: kinds.map((kind) => ({ kind, isOptional: false })), result, ...(receiver === undefined ? {} : { receiver }) });
