import { gradInto, hessianInto, hvpInto, jacobianInto } from "tsgrad";
import { gmm } from "../../examples/objectives/gmm.js";
import { logsumexp } from "../../examples/objectives/lse.js";
import { polynomialResiduals, residuals, rosenbrock } from "./functions.js";

/**
 * What second derivatives cost in gradients, and a Jacobian in values: medians of the ratios of rounds in turn, so that both see
 * the same machine. Beside each ratio stands what it should be at most.
 */
interface Row {
  readonly name: string;
  readonly most: number;
  readonly of: () => number;
  readonly over: () => number;
}

const waves = (n: number, k: number): Float64Array => Float64Array.from({ length: n }, (_, i) => Math.sin(k * (i + 1)));
const matrix = (rows: number, columns: number): Float64Array[] => Array.from({ length: rows }, () => new Float64Array(columns));

const logsumexpGradient = gradInto(logsumexp);
const logsumexpHessian = hessianInto(logsumexp);
const rosenbrockGradient = gradInto(rosenbrock);
const rosenbrockHessian = hessianInto(rosenbrock);
const gmmGradient = gradInto(gmm, { wrt: [0, 1, 2, 3] });
const gmmProduct = hvpInto(gmm, { wrt: [0, 1, 2, 3] });
const exponentialsJacobian = jacobianInto(residuals, { wrt: 0 });
const polynomialJacobian = jacobianInto(polynomialResiduals, { wrt: 0 });

function hessians(): Row[] {
  const x = waves(10, 0.7);
  const out = new Float64Array(10);
  const block = matrix(10, 10);
  return [
    { name: "hessianInto / gradInto, log-sum-exp of 10", most: 12, of: () => logsumexpHessian(block, x), over: () => logsumexpGradient(out, x) },
    { name: "hessianInto / gradInto, Rosenbrock of 10", most: 20, of: () => rosenbrockHessian(block, x), over: () => rosenbrockGradient(out, x) },
  ];
}

function products(d: number, k: number, n: number): Row {
  type Parts = [Float64Array, Float64Array, Float64Array, Float64Array];
  const parts = (): Parts => [waves(k, 0.3), waves(k * d, 1.7), waves(k * d, 0.9), waves((k * d * (d - 1)) / 2, 0.4)];
  const [at, along, out] = [parts(), parts(), parts()];
  const rest = [waves(n * d, 1.1), d, k, n, 1, 0, 0] as const;
  return {
    name: `hvpInto / gradInto, mixture (${d}, ${k}, ${n})`,
    most: 2.5,
    of: () => gmmProduct(out, ...at, ...rest, along),
    over: () => gmmGradient(out, ...at, ...rest),
  };
}

function jacobians(): Row[] {
  const [b, t, y] = [waves(26, 0.6).map(Math.abs), waves(300, 0.01), waves(300, 0.2)];
  const rows = matrix(300, 26);
  const most = 1.3 * b.length;
  return [
    { name: "jacobianInto / value, exponentials, 26 to 300", most, of: () => exponentialsJacobian(rows, b, t, y)[0], over: () => residuals(b, t, y)[0] },
    { name: "jacobianInto / value, polynomial, 26 to 300", most, of: () => polynomialJacobian(rows, b, t, y)[0], over: () => polynomialResiduals(b, t, y)[0] },
  ];
}

console.log("ratio".padStart(52), "at most");
for (const { name, most, of, over } of [...hessians(), products(2, 5, 1000), products(10, 25, 200), ...jacobians()]) {
  console.log(name.padEnd(45), ratioOf(of, over).toFixed(2).padStart(6), most.toFixed(1).padStart(7));
}

function ratioOf(of: () => number, over: () => number): number {
  const turns = (run: () => number): number => Math.ceil(1 / milliseconds(run, 50));
  for (let i = 0; i < 3; i++) {
    milliseconds(of, turns(of));
    milliseconds(over, turns(over));
  }
  const [often, oftener] = [turns(of), turns(over)];
  const ratios = Array.from({ length: 101 }, () => milliseconds(of, often) / milliseconds(over, oftener));
  return ratios.sort((a, b) => a - b)[50];
}

/** The time of one call. */
function milliseconds(run: () => number, turns: number): number {
  const start = performance.now();
  let sum = 0;
  for (let i = 0; i < turns; i++) sum += run();
  if (Number.isNaN(sum)) throw new Error("the value is NaN");
  return (performance.now() - start) / turns;
}
