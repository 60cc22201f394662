import { agrees, derivative, type Difference } from "../differences.js";
import { directionOf, numbers, shifted } from "../fixtures/forward.js";
import { hasBuffer } from "../fixtures/extended.js";
import { run, type Exports } from "../fixtures/run.js";
import { at, clone, difference, numbersIn, show, withNumber, type Path } from "../fixtures/values.js";
import { within } from "./batch.js";
import type { Finding } from "./finding.js";
import { revived } from "./made.js";
import type { RandomProgram } from "./programs.js";

/** How many elements were compared with differences, and how many could not be: differences are not good enough there. */
export interface Tally {
  compared: number;
  unclear: number;
  /** How many programs could not be differentiated with the memory that they ask for. */
  refused: number;
}

type Args = readonly unknown[];
type Callable = (...args: unknown[]) => unknown;

class Wrong extends Error {
  readonly finding: Finding;

  constructor(kind: string, text: string) {
    super(text);
    this.finding = { kind, text };
  }
}

/** Runs a compiled program at its points and says what is wrong first. */
export function verify(program: RandomProgram, file: string, text: string, tally: Tally): Finding | undefined {
  try {
    const exports = run(new Map([[file, text]]), file);
    for (const point of program.points) verifyAt(program, exports, revived(point, exports) as Args, tally);
    return undefined;
  } catch (error) {
    if (error instanceof Wrong) return error.finding;
    return { kind: "emitted module throws", text: `${String(error)}\n${text}` };
  }
}

function verifyAt({ requested, isSecond, isBrief }: RandomProgram, exports: Exports, args: Args, tally: Tally): void {
  const primal = limited("program", callable(exports, "harnessPrimal"));
  const value = primal(...copyOf(args));
  if (typeof value !== "number" || !Number.isFinite(value) || Math.abs(value) > 1e4) throw new Wrong("program is wild", `${show(value)} at ${show(args)}`);

  const gradient = checked("gradient", callable(exports, "gradient"));
  const got = gradient(...args);
  same("gradient twice", gradient(...args), got, args);
  const places = new Map(requested.wrt.map((parameter, i) => [parameter, requested.tuple ? (got as unknown[])[i] : got]));
  if (isBrief) {
    compare("gradient", callable(exports, "harnessPrimal"), args, places, tally);
    return;
  }
  same("value", checked("valueAndGrad", callable(exports, "harnessValueAndGrad"))(...args), [value, got], args);
  for (const i of requested.wrt) same("wrt", checked("wrt", callable(exports, `harnessWrt${i}`))(...args), places.get(i), args);
  if (hasBuffer(requested)) {
    const out = filled(got);
    const into = checked("gradInto", (...rest) => callable(exports, "harnessGradInto")(out, ...rest));
    same("gradInto", [into(...args), out], [value, got], args);
  }
  compare("gradient", callable(exports, "harnessPrimal"), args, places, tally);
  const direction = directionOf(got, numbers(args.length));
  const given = requested.options === "" && !requested.tuple ? [direction] : direction;
  const [tangentValue, tangent] = checked("tangent", callable(exports, "harnessTangent"))(args, given) as [unknown, number];
  same("value beside the tangent", tangentValue, value, args);
  near("tangent", tangent, got, direction, args);
  if (!isSecond) return;
  compareProduct(requested, exports, args, direction, tally);
  const second = checked("second", callable(exports, "harnessSecond"))(...args);
  const seconds = new Map(requested.wrt.map((parameter, i) => [parameter, requested.tuple ? (second as unknown[])[i] : second]));
  compare("second", callable(exports, "harnessFirst"), args, seconds, tally);
}

function compare(kind: string, f: Callable, args: Args, places: ReadonlyMap<number, unknown>, tally: Tally): void {
  for (const [parameter, gradient] of places) {
    for (const { path, value } of numbersIn(args[parameter])) {
      const along = (x: number): number => f(...copyOf(args.with(parameter, moved(args[parameter], path, x)))) as number;
      const got = at(gradient, path);
      const want = derivativeWithin(kind, along, value);
      const where = `by ${[parameter, ...path].join(".")} at ${show(args)}: got ${show(got)}, want ${want.value} ± ${want.error}`;
      if (typeof got !== "number") throw new Wrong(kind, where);
      if (agrees(got, want)) tally.compared++;
      else if (isUnclear(kind, along, value, got, want)) tally.unclear++;
      else throw new Wrong(kind, where);
    }
  }
}

/** The Hessian times a direction is how the gradient changes along it. */
function compareProduct({ wrt, tuple }: RandomProgram["requested"], exports: Exports, args: Args, direction: unknown, tally: Tally): void {
  const product = checked("product", callable(exports, "harnessProduct"))(...args, direction);
  const gradient = callable(exports, "gradient");
  const directions = new Map(wrt.map((parameter, i) => [parameter, tuple ? (direction as unknown[])[i] : direction]));
  for (const { path } of numbersIn(product)) {
    const along = (t: number): number => at(gradient(...copyOf(args).map((a, i) => shifted(a, directions.get(i), t))), path) as number;
    const got = at(product, path) as number;
    const want = derivativeWithin("product", along, 0);
    if (agrees(got, want)) tally.compared++;
    else if (isUnclear("product", along, 0, got, want)) tally.unclear++;
    else throw new Wrong("product", `${path.join(".")} at ${show(args)} along ${show(direction)}: got ${show(got)}, want ${want.value} ± ${want.error}`);
  }
}

/** The gradient times the direction is the tangent, but for rounding. */
function near(kind: string, got: number, gradient: unknown, direction: unknown, args: Args): void {
  let [want, size] = [0, 1];
  for (const { path, value } of numbersIn(gradient)) {
    const part = value * (at(direction, path) as number);
    want += part;
    size += Math.abs(part);
  }
  if (Math.abs(got - want) <= 1e-10 * size || !Number.isFinite(want)) return;
  throw new Wrong(kind, `got ${show(got)}, want ${show(want)} at ${show(args)} along ${show(direction)}`);
}

/** Whether differences cannot decide: they are rough there, or the function has a kink or a jump nearby. */
function isUnclear(kind: string, f: (x: number) => number, x: number, got: number, want: Difference): boolean {
  const closer = derivativeWithin(kind, (u) => 256 * f(x + u / 256), 0);
  if (agrees(got, closer)) return true;
  // A wrong derivative is wrong by more than the difference may be.
  const error = Math.min(want.error, closer.error);
  const best = want.error < closer.error ? want.value : closer.value;
  if (error > 1e-4 * Math.max(1, Math.abs(best))) return true;
  if (Math.abs(got - best) <= 100 * error) return true;
  const slopes = [1e-4, 1e-6].flatMap((h) => [(f(x + h) - f(x)) / h, (f(x) - f(x - h)) / h]);
  return slopes.some((slope) => Math.abs(slope - best) > 0.01 * Math.max(1, Math.abs(best)));
}

/** All differences of one number are given time together: to guard every call costs more than the calls. */
function derivativeWithin(kind: string, f: (x: number) => number, x: number): Difference {
  return limited(kind, () => derivative(f, x))() as Difference;
}

function moved(argument: unknown, path: Path, x: number): unknown {
  return path.length === 0 ? x : withNumber(argument, path, x);
}
function copyOf(args: Args): unknown[] {
  return clone(args) as unknown[];
}

/** A function that neither hangs nor throws. */
function limited(what: string, f: Callable): Callable {
  return (...args) => {
    let result: unknown;
    try {
      within(1_000, () => {
        result = f(...args);
      });
    } catch (error) {
      const hangs = (error as { code?: string }).code === "ERR_SCRIPT_EXECUTION_TIMEOUT";
      const place = error instanceof Error ? (error.stack ?? "").split("\n").slice(0, 3).join("\n") : "";
      throw new Wrong(`${what} ${hangs ? "hangs" : "throws"}`, `${String(error)} at ${show(args)}\n${place}`);
    }
    return result;
  };
}

/** A derivative: it also leaves its arguments as they were. */
function checked(what: string, f: Callable): Callable {
  const safe = limited(what, f);
  return (...args) => {
    const copy = copyOf(args);
    const result = safe(...copy);
    same(`${what} changes arguments`, copy, args, args);
    return result;
  };
}

function same(kind: string, got: unknown, want: unknown, args: Args): void {
  const found = difference(got, want);
  if (found !== undefined) throw new Wrong(kind, `got ${show(got)}, want ${show(want)} at ${show(args)}: ${found}`);
}

/** The shape of a gradient with other numbers in it. */
function filled(gradient: unknown): unknown {
  if (gradient instanceof Float64Array) return gradient.map(() => 7);
  if (Array.isArray(gradient)) return gradient.map(filled);
  if (typeof gradient === "object" && gradient !== null) return Object.fromEntries(Object.entries(gradient).map(([k, v]) => [k, filled(v)]));
  return typeof gradient === "number" ? 7 : gradient;
}

function callable(exports: Exports, name: string): Callable {
  const value = exports[name];
  if (typeof value !== "function") throw new Error(`${name} is no function`);
  return value as Callable;
}
