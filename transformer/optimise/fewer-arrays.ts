import { zero } from "../ir/build.js";
import type { Fn, Statement } from "../ir/model.js";
import { replaceStatements } from "../ir/rewrite.js";
import { isFlat } from "../ir/types.js";
import { statementsOf } from "../ir/walk.js";
import { withoutIndexed } from "./by-index.js";
import { takeFirstRows } from "./first-rows.js";
import { takeFirstSummand } from "./first-summand.js";
import { readGiven } from "./given-adjoint.js";
import { readGivenRows } from "./given-rows.js";
import { handedBack } from "./handed-back.js";
import { withoutHadAgain } from "./had-again.js";
import { addToTheWhole } from "./into-the-whole.js";
import { withoutLastStores } from "./last-stores.js";
import { lengthsOfFilled } from "./lengths.js";
import { arraysOf, type Arrays } from "./own-arrays.js";
import { withOwnPlaces } from "./own-places.js";
import { withoutSameContents } from "./same-contents.js";

/** Leaves out arrays of numbers that backward code can do without. Only of what is not differentiated again. */
export function withFewerArrays(fn: Fn): Fn {
  const first = handedBack(takeFirstRows(takeFirstSummand(fn)));
  const measured = withOwnLengths(first);
  let current = measured;
  let arrays: Arrays | undefined;
  for (const pass of [addToTheWhole, withOwnPlaces, withoutSameContents, withoutHadAgain, withoutIndexed]) {
    // Each is done until it finds no more, and what is known holds until it finds something.
    for (arrays ??= arraysOf(current); arrays !== undefined; arrays = arraysOf(current)) {
      const next = pass(current, arrays);
      if (next === current) break;
      current = next;
    }
    if (arrays === undefined) break;
  }
  const made = current === measured ? first : current;
  return readGivenRows(readGiven(withoutLastStores(made, made === current ? arrays : arraysOf(made))));
}

// q = zeros like p   becomes   q = new Array(n).fill(0), as p is
/** Zeros like an array that is made with its length have that themselves: nothing else may be asked of that one. */
function withOwnLengths(fn: Fn): Fn {
  const zeros = statementsOf(fn.body).filter((s) => s.kind === "allocate" && s.initial.kind === "zerosLike" && isFlat(s.result.type));
  if (zeros.length === 0) return fn;
  const lengths = lengthsOfFilled(fn);
  if (lengths.size === 0) return fn;
  const instead = (s: Statement): Statement => {
    const length = s.kind === "allocate" && s.initial.kind === "zerosLike" && isFlat(s.result.type) ? lengths.get(s.initial.source) : undefined;
    return s.kind !== "allocate" || length === undefined ? s : { ...s, initial: { kind: "fill", length, value: zero } };
  };
  return { ...fn, body: replaceStatements(fn.body, (s) => [instead(s)]) };
}
