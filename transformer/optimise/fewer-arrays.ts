import type { Fn } from "../ir/model.js";
import { statementsOf } from "../ir/walk.js";
import { takeFirstSummand } from "./first-summand.js";
import { readGiven } from "./given-adjoint.js";
import { readGivenRows } from "./given-rows.js";
import { addToTheWhole } from "./into-the-whole.js";
import { withoutLastStores } from "./last-stores.js";
import { withOwnPlaces } from "./own-places.js";
import { withoutSameContents } from "./same-contents.js";

/** Leaves out arrays of numbers that backward code can do without. Only of what is not differentiated again. */
export function withFewerArrays(fn: Fn): Fn {
  const isLeft = statementsOf(fn.body).some((s) => s.kind === "allocate" && !fn.body.yields.includes(s.result));
  return isLeft ? readGivenRows(readGiven(withoutLastStores(withoutSameContents(withOwnPlaces(addToTheWhole(takeFirstSummand(fn))))))) : fn;
}
