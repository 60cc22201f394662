import { lineSearch, type Point } from "./line-search.js";
import { dot, plus, type Objective } from "./objective.js";

/** How a step changed the gradient: the curvature along it. */
interface Pair {
  readonly step: number[];
  readonly change: number[];
  readonly product: number;
}

/**
 * Minimises by the limited-memory method of Broyden, Fletcher, Goldfarb and Shanno. It gives the point behind each iteration, and ends
 * where no lower one is found.
 */
export function* lbfgs({ gradient }: Pick<Objective, "gradient">, start: readonly number[], memory = 10): Generator<readonly number[], void> {
  const evaluate = (p: number[]): Point => {
    const slopes = new Array<number>(p.length).fill(0);
    return { p, value: gradient(slopes, p), gradient: slopes };
  };
  let at = evaluate([...start]);
  let pairs: Pair[] = [];
  for (;;) {
    const first = pairs.length === 0;
    const direction = descent(at.gradient, pairs);
    const next = lineSearch(evaluate, at, direction, first ? 1 / Math.sqrt(dot(direction, direction)) : 1);
    if (next === undefined) {
      // What is remembered may be no longer true: the steepest descent is tried before giving up.
      if (first) return;
      pairs = [];
      continue;
    }
    const pair = pairOf(plus(next.p, -1, at.p), plus(next.gradient, -1, at.gradient));
    if (pair.product > 0) pairs = [...pairs, pair].slice(-memory);
    at = next;
    yield at.p;
  }
}

function pairOf(step: number[], change: number[]): Pair {
  return { step, change, product: dot(step, change) };
}

/** The gradient times minus the inverse of the Hessian, as far as the pairs know it: the recursion of two loops. */
function descent(gradient: readonly number[], pairs: readonly Pair[]): number[] {
  let q = gradient.map((g) => -g);
  const shares = pairs.map(() => 0);
  for (let i = pairs.length - 1; i >= 0; i--) {
    const { step, change, product } = pairs[i];
    shares[i] = dot(step, q) / product;
    q = plus(q, -shares[i], change);
  }
  const last = pairs.at(-1);
  if (last !== undefined) q = q.map((v) => (v * last.product) / dot(last.change, last.change));
  pairs.forEach(({ step, change, product }, i) => {
    q = plus(q, shares[i] - dot(change, q) / product, step);
  });
  return q;
}
