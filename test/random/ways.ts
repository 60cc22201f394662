import type { Choices } from "./choices.js";
import { rowOf } from "./kinds.js";
import type { Kind, Part } from "./rows.js";
import type { Scope, Variable } from "./scope.js";

/** How a place in memory is reached: from a variable, part by part. */
interface Way {
  readonly root: Variable;
  readonly parts: readonly Part[];
}

/** All ways from the visible variables to something of a kind; with `isTarget` those that may be assigned. */
function ways(s: Scope, kind: Kind, isTarget = false): Way[] {
  const found: Way[] = [];
  const visit = (root: Variable, at: Kind, parts: readonly Part[]): void => {
    const isWritable = parts.length === 0 ? root.isMutable : parts.at(-1)?.isReadonly !== true;
    if (at === kind && (isWritable || !isTarget)) found.push({ root, parts });
    for (const part of rowOf(s, at).parts) visit(root, part.kind, [...parts, part]);
  };
  for (const variable of s.all()) visit(variable, variable.kind, []);
  return found;
}

export function has(s: Scope, ...kinds: readonly Kind[]): boolean {
  return kinds.some((kind) => ways(s, kind).length > 0);
}
export function hasTarget(s: Scope, kind: Kind): boolean {
  return ways(s, kind, true).length > 0;
}

/** Something of a kind that there is. */
export function place(s: Scope, d: Choices, kind: Kind): string {
  return printed(s, d, d.of(ways(s, kind)));
}
/** A place that may be assigned. */
export function target(s: Scope, d: Choices, kind: Kind): string {
  return printed(s, d, d.of(ways(s, kind, true)));
}
/** A place in memory, and not a variable. */
export function element(s: Scope, d: Choices): string {
  return printed(s, d, d.of(elements(s)));
}
export function elements(s: Scope): Way[] {
  return ways(s, "number", true).filter((way) => way.parts.length > 0);
}
/** The numbers within one variable, two of them multiplied at times. */
export function numberWithin(s: Scope, d: Choices, variable: Variable): string | undefined {
  const own = ways(s, "number").filter((way) => way.root === variable);
  if (own.length === 0) return undefined;
  const first = printed(s, d, d.of(own));
  return own.length === 1 && own[0]?.parts.length === 0 ? first : `${first} * ${printed(s, d, d.of(own))}`;
}

function printed(s: Scope, d: Choices, { root, parts }: Way): string {
  return root.name + parts.map((part) => part.text(part.size === undefined ? "" : index(s, d, part.size))).join("");
}

/** An index of a list of at least so many elements. */
export function index(s: Scope, d: Choices, size: 2 | 3): string {
  const ints = s.of("int");
  if (ints.length === 0 || d.chance(35)) return String(d.below(size));
  const { name } = d.of(ints);
  return d.of([`${name} % ${size}`, `(${name} + 1) % ${size}`, `${size - 1} - (${name} % ${size})`]);
}
