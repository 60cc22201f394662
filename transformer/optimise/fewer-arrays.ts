import { zero } from "../ir/build.js";
import type { Atom, Fn, Statement } from "../ir/model.js";
import { replaceStatements } from "../ir/rewrite.js";
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
import { arraysOf, type Arrays } from "./own-arrays.js";
import { withOwnPlaces } from "./own-places.js";
import { withoutSameContents } from "./same-contents.js";

/** Leaves out arrays of numbers that backward code can do without. Only of what is not differentiated again. */
export function withFewerArrays(fn: Fn): Fn {
  let current = handedBack(takeFirstRows(takeFirstSummand(fn)));
  let arrays: Arrays | undefined;
  for (const pass of [addToTheWhole, withOwnPlaces, withoutSameContents, withoutIndexed]) {
    // Each is done until it finds no more, and what is known holds until it finds something.
    for (arrays ??= arraysOf(current); arrays !== undefined; arrays = arraysOf(current)) {
      const next = pass(current, arrays);
      if (next === current) break;
      current = next;
    }
    if (arrays === undefined) break;
  }
  return readGivenRows(readGiven(withoutLastStores(...withoutKept(current, arrays))));
}

/** Without what is had again, until there is no more of that. */
function withoutKept(fn: Fn, arrays: Arrays | undefined): readonly [Fn, Arrays | undefined] {
  const measured = withLengths(fn);
  const known = measured === fn ? arrays : arraysOf(measured);
  const next = known === undefined ? measured : withoutHadAgain(measured, known);
  return next === measured ? [fn, arrays] : withoutKept(next, arraysOf(next));
}

// q = zeros like p   becomes   q = new Float64Array(n), as p is
/** Zeros like an array of saved values have the length of that themselves: nothing else may be asked of that one. */
function withLengths(fn: Fn): Fn {
  const lengths = new Map<Atom, Atom>();
  for (const s of statementsOf(fn.body)) if (s.kind === "allocate" && s.initial.kind === "fill" && s.result.type.kind === "typed") lengths.set(s.result, s.initial.length);
  if (lengths.size === 0) return fn;
  const instead = (s: Statement): Statement => {
    const length = s.kind === "allocate" && s.initial.kind === "zerosLike" && s.result.type.kind === "typed" ? lengths.get(s.initial.source) : undefined;
    return s.kind !== "allocate" || length === undefined ? s : { ...s, initial: { kind: "fill", length, value: zero } };
  };
  return { ...fn, body: replaceStatements(fn.body, (s) => [instead(s)]) };
}
