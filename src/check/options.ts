/** Settings of `checkGrad` and `assertGrad`. */
export interface CheckOptions<W = undefined> {
  /** The parameters that the gradient is by, as it was given to `grad`. */
  readonly wrt?: W;
  /** The part of itself by which a derivative may be off, beside the error of the differences. 1e-6 unless given. */
  readonly tolerance?: number;
  /**
   * How many random directions to compare along. 3 unless given. They see every element, so their terms may be off together by a
   * thousandth of the tolerance only: for a gradient that is meant to be approximate give 0.
   */
  readonly directions?: number;
  /** How many elements to compare; a random sample where there are more. 1000 unless given; `Infinity` for all. */
  readonly elements?: number;
  /** Which random directions and which sample: the same for the same seed. 1 unless given. */
  readonly seed?: number;
}

/** The settings in use: this is the one place where the defaults stand. */
export type CheckSettings = Required<Omit<CheckOptions, "wrt">>;

const defaults: CheckSettings = { tolerance: 1e-6, directions: 3, elements: 1000, seed: 1 };

/** The positions that `wrt` names, and how the gradient is laid out for them. */
export interface Selection {
  readonly positions: readonly number[];
  /** Whether the gradient is that of one parameter, a tuple, or (without `wrt`) whichever the parameters ask for. */
  readonly layout: "one" | "tuple" | "any";
}

/** Completes the options of `checkGrad`; throws at those that do not exist or cannot be meant. */
export function checkSettings(caller: string, options: CheckOptions<unknown>): CheckSettings {
  refuseUnknown(caller, options, ["wrt", ...Object.keys(defaults)]);
  const settings = { ...defaults, ...present(options) };
  for (const name of ["tolerance", "directions", "elements", "seed"] as const) {
    const value: unknown = settings[name];
    if (typeof value !== "number" || !(value >= 0) || (value === Infinity && name !== "elements")) {
      throw new TypeError(`${caller}: ${name} must be a number that is not negative, not ${String(value)}.`);
    }
    if (name !== "tolerance" && value !== Infinity && !Number.isInteger(value)) {
      throw new TypeError(`${caller}: ${name} must be a whole number, not ${String(value)}.`);
    }
  }
  return settings;
}

/** Options given as `undefined` are not given. */
function present({ tolerance, directions, elements, seed }: CheckOptions<unknown>): Partial<CheckSettings> {
  return {
    ...(tolerance !== undefined && { tolerance }),
    ...(directions !== undefined && { directions }),
    ...(elements !== undefined && { elements }),
    ...(seed !== undefined && { seed }),
  };
}

/** Throws at what is no object of options, and at options that are not known. */
export function refuseUnknown(caller: string, options: unknown, known: readonly string[]): void {
  if (typeof options !== "object" || options === null) {
    throw new TypeError(`${caller}: the options must be an object with any of ${known.join(", ")}, not ${String(options)}.`);
  }
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new TypeError(`${caller}: there is no option "${unknown}"; the options are ${known.join(", ")}.`);
  }
}

/** Reads `wrt` for arguments of which there are `count`. */
export function selection(caller: string, wrt: unknown, count: number): Selection {
  if (wrt === undefined) return { positions: Array.from({ length: count }, (_, i) => i), layout: "any" };
  const positions: readonly unknown[] = Array.isArray(wrt) ? wrt : [wrt];
  for (const [i, position] of positions.entries()) {
    if (typeof position !== "number" || !Number.isInteger(position) || position < 0 || position >= count) {
      throw new RangeError(`${caller}: wrt names argument ${String(position)}, but there are ${count} (counted from 0).`);
    }
    if (positions.indexOf(position) < i) throw new RangeError(`${caller}: wrt names argument ${position} twice.`);
  }
  return { positions: positions as readonly number[], layout: Array.isArray(wrt) ? "tuple" : "one" };
}
