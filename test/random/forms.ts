import type { Choices } from "./choices.js";
import type { Scope } from "./scope.js";

/** A maker of one form of expression. `depth` is how much deeper it may go. */
export interface Form {
  readonly weight: number;
  readonly needs?: (s: Scope) => boolean;
  readonly make: (s: Scope, d: Choices, depth: number) => string;
}

/** One of the forms that are possible here. */
export function drawn(forms: readonly Form[], s: Scope, d: Choices, depth: number): string {
  return d.weighted(forms.filter((form) => form.needs?.(s) ?? true)).make(s, d, depth);
}
