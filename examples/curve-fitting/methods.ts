import { levenbergMarquardt, type LevenbergMarquardtOptions } from "ml-levenberg-marquardt";
import { byDifferences, step } from "./differences.js";
import { conjugateGradient } from "./fmin.js";
import { lbfgs } from "./lbfgs.js";
import { newtonCg } from "./newton-cg.js";
import type { Objective } from "./objective.js";
import type { Data, Problem } from "./problems.js";

/** How often all of the data was gone through. */
export interface Evaluations {
  /** For values alone. */
  values: number;
  /** For first derivatives, values with them. */
  derivatives: number;
  /** For products of the Hessian and a vector. */
  products: number;
}

/** One way to fit a curve: the parameters behind so many iterations, or fewer where it has come to an end. */
export interface Method {
  readonly name: string;
  readonly derivatives: string;
  readonly exact: boolean;
  fit(problem: Problem, data: Data, iterations: number, count: Evaluations): readonly number[];
}

const exact = { derivatives: "tsgrad", exact: true };
const differences = { derivatives: "differences, 1e-6", exact: false };

export const methods: readonly Method[] = [
  { name: "Levenberg-Marquardt", ...exact, fit: levenberg((problem) => ({ jacobianFunction: (b) => (x) => problem.partials(b, x) })) },
  { name: "Levenberg-Marquardt", ...differences, fit: levenberg((_, { start }) => ({ gradientDifference: start.map((b) => step * Math.abs(b)) })) },
  { name: "Levenberg-Marquardt", derivatives: "differences, 0.1", exact: false, fit: levenberg(() => ({})) },
  { name: "L-BFGS", ...exact, fit: minimising((f, start) => lbfgs(f, start), exactly) },
  { name: "L-BFGS", ...differences, fit: minimising((f, start) => lbfgs(f, start), roughly) },
  { name: "Newton-CG", ...exact, fit: minimising(newtonCg, exactly) },
  { name: "Newton-CG", ...differences, fit: minimising(newtonCg, roughly) },
  { name: "fmin's CG", ...exact, fit: minimising(fminCg, exactly) },
];

/** The package's method, in the parameters themselves. */
function levenberg(options: (problem: Problem, data: Data) => Pick<LevenbergMarquardtOptions, "jacobianFunction" | "gradientDifference">): Method["fit"] {
  return (problem, data, iterations, count) => {
    const share = 1 / data.x.length;
    const counted: Problem = {
      ...problem,
      model(b, x) {
        count.values += share;
        return problem.model(b, x);
      },
      partials(b, x) {
        count.derivatives += share;
        return problem.partials(b, x);
      },
    };
    const { parameterValues } = levenbergMarquardt(data, (b) => (x) => counted.model(b, x), {
      ...options(counted, data),
      initialValues: data.start,
      errorTolerance: 0,
      maxIterations: iterations,
    });
    return parameterValues;
  };
}

type Minimiser = (objective: Objective, start: number[], iterations: number) => Iterable<readonly number[]>;
type Derivatives = (problem: Problem, data: Data, count: Evaluations) => Objective;

/** A method that minimises the misfit, in parameters that are 1 at the start. */
function minimising(minimise: Minimiser, derivatives: Derivatives): Method["fit"] {
  return (problem, data, iterations, count) => {
    const start = data.start.map(() => 1);
    let last: readonly number[] = start;
    let made = 0;
    for (const p of minimise(derivatives(problem, data, count), start, iterations)) {
      last = p;
      if (++made === iterations) break;
    }
    return last.map((v, k) => v * data.start[k]);
  };
}

function exactly(problem: Problem, data: Data, count: Evaluations): Objective {
  return {
    gradient(out, p) {
      count.derivatives++;
      return problem.gradient(out, p, data);
    },
    product(out, p, v) {
      count.products++;
      problem.product(out, p, data, v);
    },
  };
}

function roughly(problem: Problem, data: Data, count: Evaluations): Objective {
  return byDifferences((p) => {
    count.values++;
    return problem.misfit(p, data);
  });
}

/** The package gives nothing on the way, so it is the last iteration only. */
function fminCg({ gradient }: Objective, start: number[], maxIterations: number): Iterable<readonly number[]> {
  return [conjugateGradient((p, out) => gradient(out, p), start, { maxIterations }).x];
}
