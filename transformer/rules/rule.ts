import { namesIn, parse, type Expression } from "./template.js";

/** What is known of one operation: a row of the table. Forward mode is the same row with `g` the tangent. */
export interface Rule {
  readonly params: readonly string[];
  /**
   * For each parameter, what it receives from the adjoint `g` of the result, in terms of `g`, `out` (the result), the
   * parameters and the locals. Without an entry the operation has no derivative by that parameter.
   */
  readonly partials: readonly (Expression | undefined)[];
  /** Shared parts, each in terms of the parameters and the locals before it. */
  readonly locals: readonly Local[];
  /**
   * For each parameter, whether its partial is infinite or NaN at some arguments of moderate size (up to 1000): then
   * an adjoint that is 0 because it is absent must not meet it, since `0 * Infinity` is NaN.
   */
  readonly singular: readonly boolean[];
  /** The range in which each parameter is sampled by the test of the table. */
  readonly samples: readonly Range[];
  /** Known values: arguments, and the partials there for `g = 1`. */
  readonly edges: readonly Edge[];
  /** The formulas as they were written, for the documentation. */
  readonly text: readonly (string | undefined)[];
  readonly localText: readonly string[];
}
export interface Local {
  readonly name: string;
  readonly expression: Expression;
}
export type Range = readonly [low: number, high: number];
export type Edge = readonly [args: readonly number[], partials: readonly (number | undefined)[]];

/** The partials as text; `undefined` where there is no derivative. */
type Formulas = readonly (string | undefined)[];
/** One range for all parameters, or one for each. */
type Samples = Range | readonly Range[];

/** A row: parameters, the pullback of each, where it is sampled, its known values, and shared parts of the formulas. */
export function rule(
  params: string,
  partials: Formulas,
  samples: Samples,
  edges: readonly Edge[] = [],
  locals: Readonly<Record<string, string>> = {},
): Rule {
  const names = params.split(/,\s*/);
  const ranges = names.map((_, i) => rangeOf(samples, i));
  return {
    params: names,
    partials: partials.map((text) => (text === undefined ? undefined : parse(text))),
    locals: Object.entries(locals).map(([name, text]) => ({ name, expression: parse(text) })),
    singular: names.map(() => false),
    samples: ranges,
    edges,
    text: partials,
    localText: Object.values(locals),
  };
}

/** A row whose partials can be infinite or NaN, but for those that are `g` itself. */
export function singular(...row: Parameters<typeof rule>): Rule {
  const made = rule(...row);
  return { ...made, singular: made.text.map((text) => text !== undefined && text !== "g") };
}

/** Whether the pullback to this parameter needs the result, directly or through a local. */
export function usesOut(row: Rule, parameter: number): boolean {
  return namesNeeded(row, parameter).has("out");
}

/** The names that the pullback to this parameter needs, directly or through a local. */
export function namesNeeded(row: Rule, parameter: number): ReadonlySet<string> {
  const partial = row.partials[parameter];
  return new Set(partial === undefined ? [] : localsOf(row, partial).flatMap((e) => [...namesIn(e)]));
}

/** A formula with the locals that it needs, directly or through one another. */
function localsOf(row: Rule, expression: Expression): Expression[] {
  const needed = row.locals.filter((local) => namesIn(expression).includes(local.name));
  return [expression, ...needed.flatMap((local) => localsOf(row, local.expression))];
}

function rangeOf(samples: Samples, i: number): Range {
  const [first] = samples;
  if (typeof first === "number") return samples as Range;
  const range = (samples as readonly Range[])[i];
  if (range === undefined) throw new Error("a range is missing for a parameter");
  return range;
}
