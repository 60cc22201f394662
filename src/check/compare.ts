import { alongDirection, powerOfTwo } from "./evaluate.js";
import type { Callable, Terms } from "./evaluate.js";
import type { CheckSettings } from "./options.js";
import { sample } from "./random.js";
import type { CheckedDerivative } from "./report.js";
import { pathText } from "./shape.js";
import type { Leaf } from "./shape.js";
import { firstLook } from "./survey.js";
import { lookAlong, sizesOf, termsOf } from "./terms.js";
import type { Look } from "./terms.js";
import { judge } from "./verdict.js";
import type { Verdict } from "./verdict.js";

/** A function at its arguments, with what its gradient says there. */
export interface Subject {
  readonly f: Callable;
  readonly args: readonly unknown[];
  readonly value: number;
  readonly leaves: readonly Leaf[];
  /** The generated derivative by each leaf. */
  readonly derivatives: readonly number[];
}

/** Compares the derivatives by single elements, all or a sample, and along directions. */
export function compareAll(
  subject: Subject,
  settings: CheckSettings,
  random: () => number,
): { readonly elements: CheckedDerivative[]; readonly directions: CheckedDerivative[] } {
  const { leaves, derivatives } = subject;
  const compared = sample(leaves.length, settings.elements, random);
  const looks = compared.map((i) => lookAlong(subject, i));
  const sizes = sizesOf(subject, compared, looks, random);
  const terms = termsOf(subject.value, sizes, "element");
  const elements = compared.map((i, at) => compareElement(subject, i, looks[at], terms, settings));
  if (!Number.isFinite(subject.value)) return { elements, directions: [] };

  // Along a direction an element at a kink or a jump would hide all others.
  const rough = new Set(compared.filter((_, i) => !alongDirections.includes((elements[i] as CheckedDerivative).verdict)));
  const varied = [...leaves.keys()].filter((i) => !rough.has(i));
  const directions: CheckedDerivative[] = [];
  if (varied.length > 1 && varied.every((i) => Number.isFinite(derivatives[i]) && Number.isFinite(leaves[i]?.value))) {
    const along: Subject = {
      ...subject,
      leaves: varied.map((i) => leaves[i] as Leaf),
      derivatives: varied.map((i) => derivatives[i] as number),
    };
    const allTerms = termsOf(subject.value, sizes, "direction");
    while (directions.length < settings.directions) {
      directions.push(compareDirection(along, `direction ${directions.length + 1}`, allTerms, settings, random));
    }
  }
  return { elements, directions };
}

const alongDirections: readonly Verdict[] = ["ok", "wrong", "saturated", "noise"];

function compareElement(subject: Subject, i: number, look: Look | undefined, terms: Terms, { tolerance }: CheckSettings): CheckedDerivative {
  const leaf = subject.leaves[i] as Leaf;
  const path = pathText(leaf.path);
  const generated = subject.derivatives[i] as number;
  if (look === undefined) {
    const note = Number.isFinite(leaf.value) ? `the value is ${subject.value}` : "the argument is infinite";
    return { path, generated, numerical: NaN, error: Infinity, difference: NaN, verdict: "unchecked", note };
  }
  const limits = { tolerance, slack: 0, eitherInfinity: Object.is(leaf.value, -0), anyAtKink: false };
  return { path, generated, ...judge({ ...look.line, ...terms }, look.window, generated, limits) };
}

function compareDirection(
  subject: Subject,
  path: string,
  terms: Terms,
  { tolerance }: CheckSettings,
  random: () => number,
): CheckedDerivative {
  const { f, args, leaves, derivatives } = subject;
  const direction = leaves.map((leaf) => {
    const size = leaf.value === 0 ? 1 : powerOfTwo(Math.abs(leaf.value));
    return (random() < 0.5 ? -1 : 1) * size * (0.5 + random() / 2);
  });
  const products = derivatives.map((derivative, i) => derivative * (direction[i] as number));
  const generated = products.reduce((sum, term) => sum + term, 0);
  const line = alongDirection(f, args, leaves, direction, terms);
  const limits = {
    tolerance,
    // Where the terms cancel, the errors that each of them may have do not.
    slack: tolerance * 1e-3 * products.reduce((sum, term) => sum + Math.abs(term), 0),
    eitherInfinity: false,
    // The product of a subgradient and a direction need not lie between the two sides of a kink that is met between the axes.
    anyAtKink: true,
  };
  return { path, generated, ...judge(line, firstLook(line), generated, limits) };
}
