import { checkAny } from "../../../../src/check/check-grad.js";
import { call, type Callable } from "../../../../src/check/evaluate.js";
import { shapedLike } from "../../../../src/check/numerical-grad.js";
import { sample } from "../../../../src/check/random.js";
import type { CheckReport } from "../../../../src/check/report.js";
import { firstDifference } from "../../../../src/check/same.js";
import { copyArguments, pathText, read, type Path } from "../../../../src/check/shape.js";
import { reportsAlong } from "./along.js";
import { gradientFunction } from "./gradient-function.js";
import type { Asked } from "./protocol.js";
import { named, numbersIn, placesIn, refuseOther } from "./results.js";
import { gradientLike, repeated, rowsLike } from "./shapes.js";
import { dense, writtenSparse } from "./sparse.js";

/** A function, what a marker has made of it, and of a second derivative the gradient that it is the derivative of. */
export interface Derived {
  readonly f: Callable;
  readonly made: Callable;
  readonly first?: Callable;
}

/** What is asked for of the function. */
export type Asking = Pick<Asked, "kind" | "wrt" | "sparse">;

/** How many numbers of a result are looked at one by one. Of more, these are a part, and a weighted sum of all is looked at too. */
const most = 16;

/**
 * Compares a derivative with differences at arguments. Each number of the result that is differentiated is a function of its
 * own; those of a gradient are compared for a second derivative, and before it the gradient itself.
 */
export function* reportsAt({ kind, wrt, sparse }: Asking, { f, made, first = made }: Derived, args: readonly unknown[], random: () => number): Generator<CheckReport> {
  const compare = (of: Callable, gradient: Callable): CheckReport => checkAny("check", of, gradient, args, wrt === undefined ? {} : { wrt });
  const name = f.name || "f";
  const sparselyWritten = writtenSparse((out, given) => {
    writeInto(out, f, made, given);
  });
  const junk = (): unknown => gradientLike(args, wrt, repeated(7));
  switch (kind) {
    case "grad":
    case "valueAndGrad":
    case "gradInto":
      yield compare(f, gradientFunction(kind, f, made, wrt));
      return;
    case "jvp":
      yield* reportsAlong(f, made, wrt, args, random);
      return;
    case "vjp":
      yield weighted(name, f, (weights) => pulled(f, made, weights));
      return;
    case "jacobian":
      yield* rows(name, f, sparse === true ? dense(f, made, wrt) : made);
      return;
    case "jacobianInto":
      yield* rows(name, f, sparse === true ? dense(f, sparselyWritten, wrt) : written(f, made, (value) => rowsLike(value, junk)));
      return;
    case "hessian":
    case "hessianInto":
      yield compare(f, first);
      yield* rows(`grad(${name})`, first, kind === "hessian" ? made : written(f, made, () => rowsLike(call(first, args), junk)));
      return;
    case "hvp":
    case "hvpInto":
      yield compare(f, first);
      yield weighted(`grad(${name})`, first, (weights) => {
        const v = shapedLike(call(first, args), weights.values());
        const product: Callable = (...given: never[]) => call(made, [...given, v]);
        return kind === "hvp" ? product : written(f, (out: never, ...given: never[]) => call(made, [out, ...given, v]), junk);
      });
  }

  /** Each number of a result with its row of the Jacobian. */
  function* rows(of: string, vector: Callable, jacobian: Callable): Generator<CheckReport> {
    const places = placesIn(call(vector, copyArguments(args)));
    for (const i of sample(places.length, most, random)) {
      const place = places[i] as Path;
      const component = named(pathText(place, of), (...given) => read(call(vector, given), place));
      yield compare(component, (...given: never[]) => read(call(jacobian, given), place));
    }
    if (places.length <= most) return;
    yield weighted(of, vector, (weights) => (...given: never[]) => {
      const whole = call(jacobian, given);
      return summed(places.map((place) => read(whole, place)), weights);
    });
  }

  /** A sum of all numbers of a result, each with a weight of its own. */
  function weighted(of: string, vector: Callable, gradient: (weights: readonly number[]) => Callable): CheckReport {
    const weights = numbersIn(call(vector, copyArguments(args))).map(() => 2 * random() - 1);
    const sum = named(`${of} · weights`, (...given) => numbersIn(call(vector, given)).reduce((all, x, i) => all + x * (weights[i] ?? 0), 0));
    return compare(sum, gradient(weights));
  }
}

/** The gradient of a weighted sum, from rows that are alike. */
function summed(rows: readonly unknown[], weights: readonly number[]): unknown {
  const numbers = rows.map((row) => numbersIn(row));
  const sums = numbers[0]?.map((_, k) => numbers.reduce((all, row, i) => all + (row[k] ?? NaN) * (weights[i] ?? 0), 0)) ?? [];
  return shapedLike(rows[0], sums.values());
}

// const [value, pullback] = made(...args); pullback(cotangent)
function pulled(f: Callable, made: Callable, weights: readonly number[]): Callable {
  return (...args: never[]) => {
    const own = call(f, copyArguments(args));
    const [value, pullback] = call(made, args) as [unknown, Callable];
    refuseOther(value, own);
    const cotangent = shapedLike(own, weights.values());
    const [once, again] = [call(pullback, [cotangent]), call(pullback, [cotangent])];
    const changed = firstDifference(once, again, "gradient");
    if (changed !== undefined) throw new Error(`two calls of the pullback disagree: ${changed}`);
    return once;
  };
}

/** What a marker writes into memory that holds other numbers before. */
function written(f: Callable, made: Callable, outLike: (value: unknown) => unknown): Callable {
  return (...args: never[]) => {
    const out = outLike(call(f, copyArguments(args)));
    writeInto(out, f, made, args);
    return out;
  };
}

function writeInto(out: unknown, f: Callable, made: Callable, args: readonly unknown[]): void {
  const own = call(f, copyArguments(args));
  refuseOther(call(made, [out, ...args]), own);
}
