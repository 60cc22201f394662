import { dot, plus, type Objective } from "./objective.js";

/**
 * Minimises by Newton's method in a region of trust, whose steps are found by conjugate gradients with products of the Hessian and
 * vectors (Steihaug). It gives the point behind each iteration, and ends where no lower one is found.
 */
export function* newtonCg({ gradient, product }: Objective, start: readonly number[]): Generator<readonly number[], void> {
  let p = [...start];
  let slopes = p.map(() => 0);
  let value = gradient(slopes, p);
  for (let radius = 1; radius > 1e-12; ) {
    const { step, curved } = stepWithin(radius, slopes, (out, v) => product(out, p, v));
    const expected = -dot(slopes, step) - dot(step, curved) / 2;
    const next = plus(p, 1, step);
    const slopesThere = p.map(() => 0);
    const valueThere = gradient(slopesThere, next);
    // Where the values differ by their rounding errors only, the model is taken at its word.
    const rounding = 1e-14 * Math.abs(value);
    const ratio = (value - valueThere + rounding) / (expected + rounding);
    const length = Math.sqrt(dot(step, step));
    if (!(ratio >= 0.25)) radius = length / 4;
    else if (ratio > 0.75 && length > 0.99 * radius) radius *= 2;
    if (ratio > 1e-3) {
      if (valueThere >= value && dot(slopesThere, slopesThere) >= dot(slopes, slopes)) return;
      [p, slopes, value] = [next, slopesThere, valueThere];
    }
    yield p;
  }
}

/** The step to the minimum of the quadratic model in the region, and the Hessian times the step. */
function stepWithin(
  radius: number,
  slopes: readonly number[],
  product: (out: number[], v: number[]) => void,
): { step: number[]; curved: number[] } {
  let step = slopes.map(() => 0);
  let curved = slopes.map(() => 0);
  let rest = [...slopes];
  let direction = slopes.map((g) => -g);
  let square = dot(rest, rest);
  const small = square * Math.min(0.01, square);
  for (let i = 0; i < 10 * slopes.length && square > small; i++) {
    const along = slopes.map(() => 0);
    product(along, direction);
    const curvature = dot(direction, along);
    const far = toBorder(radius, step, direction);
    const best = square / curvature;
    const length = curvature > 0 && best < far ? best : far;
    step = plus(step, length, direction);
    curved = plus(curved, length, along);
    if (length === far) break;
    rest = plus(rest, length, along);
    const before = square;
    square = dot(rest, rest);
    direction = plus(rest.map((r) => -r), square / before, direction);
  }
  return { step, curved };
}

/** How many directions it is from a step to the border of the region. */
function toBorder(radius: number, step: readonly number[], direction: readonly number[]): number {
  const a = dot(direction, direction);
  const b = dot(step, direction);
  const c = dot(step, step) - radius * radius;
  return (-b + Math.sqrt(b * b - a * c)) / a;
}
