import { literal, variable } from "../ir/build.js";
import type { Fn, Var } from "../ir/model.js";
import { int } from "../ir/types.js";
import { withoutTangents } from "./by-place.js";
import { int32Array } from "./sparse-text.js";

// f(x, dx, dx2) { … dx[i] … dx2[i] … }   becomes   f(x, colourOf, c) { const colour = colourOf[i] - c; … colour === 0 ? 1 : 0 … colour === 1 ? 1 : 0 … }
/**
 * A function in which each tangent, all of one array of numbers, is 1 where that has one colour: the first where it has `c`, and so on. They are
 * only read, and what is not there has no colour.
 */
export function byColour(fn: Fn, tangents: readonly Var[]): Fn {
  const [colourOf, first] = [variable("colourOf", int32Array, fn.origin), variable("c", int, fn.origin)];
  const read = withoutTangents(fn, tangents, (key, k, b) => {
    const colour = b.load(colourOf, key);
    return tangents.length === 1 ? [colour, first] : [b.let("-", [colour, first], int, "colour"), literal(k)];
  });
  return { ...read, params: [...fn.params.filter((p) => !tangents.includes(p)), colourOf, first] };
}
