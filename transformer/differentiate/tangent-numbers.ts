import { tangentCustom } from "./tangent-custom.js";
import { tangentLet } from "./tangent-let.js";
import { tangentAccumulate } from "./tangent-memory.js";
import type { TangentKind } from "./tangent.js";

/** Tangents that are numbers, made by the rows of the rule table; `width` directions at once. */
export function numbersFor(width: number): TangentKind {
  return { suffix: `Tangent${width > 1 ? "s" : ""}`, context: [], operation: tangentLet, accumulate: tangentAccumulate, custom: tangentCustom };
}
