import type { Subject } from "./compare.js";
import { alongDirection, alongLeaf } from "./evaluate.js";
import type { Line, Terms } from "./evaluate.js";
import type { Leaf } from "./shape.js";
import { firstLook } from "./survey.js";
import type { Window } from "./window.js";

/** The line through one element and a first look along it; nothing where there are no differences. */
export interface Look {
  readonly line: Line;
  readonly window: Window | undefined;
}

export function lookAlong({ f, args, value, leaves }: Subject, i: number): Look | undefined {
  const leaf = leaves[i] as Leaf;
  if (!Number.isFinite(leaf.value) || !Number.isFinite(value)) return undefined;
  const line = alongLeaf(f, args, leaf, plainTerms(value));
  return { line, window: firstLook(line) };
}

/** A part of what the value is made of. */
export interface Term {
  readonly size: number;
  readonly single: boolean;
}

/**
 * What the value is made of as far as its moves tell: each term is an argument times how fast the value moves with it. The elements
 * that are not looked at by themselves move together, each by a part of itself and with a sign of its own. What the gradient says is
 * not asked: a wrong one could make itself pass for rounding.
 */
export function sizesOf(
  { f, args, value, leaves }: Subject,
  compared: readonly number[],
  looks: readonly (Look | undefined)[],
  random: () => number,
): Term[] {
  const terms = compared.map((i, at): Term => {
    const { value: x, single } = leaves[i] as Leaf;
    const size = Math.abs(x) * steepness(looks[at]?.window);
    return { size: Number.isFinite(size) ? size : 0, single };
  });
  const seen = new Set(compared);
  const others = leaves.filter((leaf, i) => !seen.has(i) && Number.isFinite(leaf.value));
  if (others.length === 0 || !Number.isFinite(value)) return terms;
  const direction = others.map((leaf) => (random() < 0.5 ? -leaf.value : leaf.value));
  const together = firstLook(alongDirection(f, args, others, direction, plainTerms(value)));
  return [...terms, { size: steepness(together), single: others.some((leaf) => leaf.single) }];
}

/** How fast the value moves; on the side where it moves less, since on the other it may jump. */
function steepness(window: Window | undefined): number {
  const sides = [window?.right, window?.left].map((side) => Math.abs(side?.value ?? NaN)).filter((slope) => Number.isFinite(slope));
  return sides.length === 0 ? 0 : Math.min(...sides);
}

function plainTerms(value: number): Terms {
  return { start: value, roughness: 0, magnitude: Math.abs(value) };
}

/**
 * Rounding the arguments moves the value by that much of each term; `f` rounds its intermediate results no better. A line through a
 * single element of a `Float32Array` knows the steps that were made, a direction does not.
 */
export function termsOf(value: number, sizes: readonly Term[], along: "element" | "direction"): Terms {
  const rounding = ({ size, single }: Term): number => size * (single && along === "direction" ? 2 ** -24 : Number.EPSILON);
  return {
    start: value,
    roughness: sizes.reduce((all, term) => Math.hypot(all, rounding(term)), 0),
    magnitude: sizes.reduce((all, { size }) => Math.hypot(all, size), Math.abs(value)),
  };
}
