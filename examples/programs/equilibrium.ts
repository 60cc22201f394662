// A chemical equilibrium by Newton's method: how the acidity of a buffer depends on what is mixed.
import { grad } from "tsgrad";

/** The root of f near x, its slope by a difference of f alone. */
function newton(f: (x: number) => number, slope: (x: number) => number, x0: number): number {
  let x = x0;
  let turns = 0;
  while (Math.abs(f(x)) > 1e-13) {
    const step = f(x) / slope(x);
    x -= Math.max(-1, Math.min(1, step));
    if (++turns > 60) throw new Error("no equilibrium was found");
  }
  return x - f(x) / slope(x);
}

export interface Mixture {
  /** In moles a litre. */
  acid: number;
  base: number;
  /** The acid's pK and that of water. */
  pK: number;
  pKw: number;
}

/** The pH of a weak acid mixed with a strong base. */
export function acidity({ acid, base, pK, pKw }: Mixture): number {
  const k = 10 ** -pK;
  const kw = 10 ** -pKw;
  // Charges balance: [Na+] + [H+] = [A-] + [OH-], with h = exp(-u).
  const charge = (u: number): number => {
    const h = Math.exp(-u);
    return base + h - (acid * k) / (k + h) - kw / h;
  };
  const slope = (u: number): number => {
    const h = Math.exp(-u);
    return -h - (acid * k * h) / (k + h) ** 2 - kw / h;
  };
  return newton(charge, slope, 7 * Math.LN10) / Math.LN10;
}
export const acidityGrad = grad(acidity);
