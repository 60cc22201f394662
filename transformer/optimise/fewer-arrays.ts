import type { Fn } from "../ir/model.js";
import { takeFirstRows } from "./first-rows.js";
import { takeFirstSummand } from "./first-summand.js";
import { readGiven } from "./given-adjoint.js";
import { readGivenRows } from "./given-rows.js";
import { addToTheWhole } from "./into-the-whole.js";
import { withoutLastStores } from "./last-stores.js";
import { arraysOf, type Arrays } from "./own-arrays.js";
import { withOwnPlaces } from "./own-places.js";
import { withoutSameContents } from "./same-contents.js";

/** Leaves out arrays of numbers that backward code can do without. Only of what is not differentiated again. */
export function withFewerArrays(fn: Fn): Fn {
  let current = takeFirstRows(takeFirstSummand(fn));
  let arrays: Arrays | undefined;
  for (const pass of [addToTheWhole, withOwnPlaces, withoutSameContents]) {
    // Each is done until it finds no more, and what is known holds until it finds something.
    for (arrays ??= arraysOf(current); arrays !== undefined; arrays = arraysOf(current)) {
      const next = pass(current, arrays);
      if (next === current) break;
      current = next;
    }
    if (arrays === undefined) break;
  }
  return readGivenRows(readGiven(withoutLastStores(current, arrays)));
}
