import { methods, type Evaluations, type Method } from "./methods.js";
import { digits, type DataSet } from "./nist.js";
import { problems, type Data } from "./problems.js";

/** The digits that are asked for, and the iterations that a method may take. */
const wanted = 6;
const most = 100;

/** How a method fares on a set of data, from its second start. */
export interface Fit {
  readonly set: string;
  readonly method: Method;
  /** The first iteration behind which all parameters have six digits, and what it took up to there or to the end. */
  readonly iteration: number | undefined;
  readonly evaluations: Evaluations;
  /** The digits at the end. */
  readonly digits: number;
  /** The fit once more, up to that iteration or to the end. */
  again(): void;
}

export function fitsOf(set: DataSet): Fit[] {
  return methods.map((method) => fit(method, set));
}

function fit(method: Method, { name, x, y, starts, certified }: DataSet): Fit {
  const problem = problems[name];
  const data: Data = { x, y, start: starts[1] };
  const after = (iterations: number): { digits: number; evaluations: Evaluations } => {
    const evaluations: Evaluations = { values: 0, derivatives: 0, products: 0 };
    return { digits: digits(method.fit(problem, data, iterations, evaluations), certified), evaluations };
  };
  const end = after(most);
  let iteration: number | undefined;
  if (end.digits >= wanted) for (iteration = 1; after(iteration).digits < wanted; ) iteration++;
  const { evaluations } = iteration === undefined ? end : after(iteration);
  return { set: name, method, iteration, evaluations, digits: end.digits, again: () => void after(iteration ?? most) };
}
