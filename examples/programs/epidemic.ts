// An SIR epidemic by Runge and Kutta's method, fitted to counts of cases.
import { valueAndGrad } from "tsgrad";

type State = readonly number[];

const plus = (y: State, k: number, d: State): number[] => y.map((v, i) => v + k * d[i]);

function rk4(f: (t: number, y: State) => State, y0: State, h: number, steps: number, seen: (y: State, step: number) => void): State {
  let y = y0;
  for (let step = 0; step < steps; step++) {
    const t = step * h;
    const k1 = f(t, y);
    const k2 = f(t + h / 2, plus(y, h / 2, k1));
    const k3 = f(t + h / 2, plus(y, h / 2, k2));
    const k4 = f(t + h, plus(y, h, k3));
    y = y.map((v, i) => v + (h / 6) * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]));
    seen(y, step);
  }
  return y;
}

export interface Rates {
  readonly infection: number;
  readonly recovery: number;
  /** How much of the contacts the lockdown leaves, and on which day it begins. */
  readonly lockdown: number;
  readonly day: number;
}

/** Minus the log-likelihood of Poisson counts, without the constant. */
export function misfit(rates: Rates, cases: readonly number[], population: number): number {
  const contact = (t: number): number => rates.infection * (1 - (1 - rates.lockdown) / (1 + Math.exp(2 * (rates.day - t))));
  const sir = (t: number, [s, i]: State): State => {
    const infected = (contact(t) * s * i) / population;
    const recovered = rates.recovery * i;
    return [-infected, infected - recovered, recovered];
  };
  let before = population - 10;
  let loss = 0;
  rk4(sir, [before, 10, 0], 1, cases.length, ([s], day) => {
    const expected = Math.max(before - s, 1e-9);
    loss += expected - cases[day] * Math.log(expected);
    before = s;
  });
  return loss;
}

export const misfitGrad = valueAndGrad(misfit, { wrt: 0 });
