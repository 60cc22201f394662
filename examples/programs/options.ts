// The price of an option and its sensitivities; the curve of discount factors behind a set of bonds.
import { grad } from "tsgrad";

/** The normal distribution, by Abramowitz and Stegun 26.2.17. */
function normal(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x));
  const series = [0.31938153, -0.356563782, 1.781477937, -1.821255978, 1.330274429];
  const sum = series.reduceRight((s, c) => (s + c) * t, 0);
  const tail = (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) * sum;
  return x >= 0 ? 1 - tail : tail;
}

export enum Right {
  Call,
  Put,
}

export interface Market {
  readonly spot: number;
  readonly rate: number;
  readonly volatility: number;
  readonly yield?: number;
}

/** Black and Scholes with a continuous dividend yield. */
export function price(market: Market, strike: number, years: number, right: Right): number {
  const { spot, rate, volatility, yield: dividend = 0 } = market;
  const spread = volatility * Math.sqrt(years);
  const d1 = (Math.log(spot / strike) + (rate - dividend + volatility ** 2 / 2) * years) / spread;
  const d2 = d1 - spread;
  const forward = spot * Math.exp(-dividend * years);
  const discounted = strike * Math.exp(-rate * years);
  switch (right) {
    case Right.Call:
      return forward * normal(d1) - discounted * normal(d2);
    case Right.Put:
      return discounted * normal(-d2) - forward * normal(-d1);
  }
}
/** Delta, rho, vega, and the change by the strike and by time. */
export const greeks = grad(price, { wrt: [0, 1, 2] });

export interface Bond {
  readonly coupon: number;
  readonly maturity: number;
  readonly price: number;
}

/** Nelson, Siegel and Svensson's curve of yields. */
function curve(p: readonly number[]): (t: number) => number {
  const [level, slope, hump, decay] = p;
  return (t) => {
    const x = t / decay;
    const load = (1 - Math.exp(-x)) / x;
    return level + slope * load + hump * (load - Math.exp(-x));
  };
}

/** The error of a curve in the prices of bonds that pay yearly. */
export function misprice(parameters: number[], bonds: readonly Bond[]): number {
  const rate = curve(parameters);
  const discount = (t: number): number => Math.exp(-rate(t) * t);
  return bonds.reduce((sum, { coupon, maturity, price: quoted }) => {
    let value = 100 * discount(maturity);
    for (let year = 1; year <= maturity; year++) value += coupon * discount(year);
    return sum + (value - quoted) ** 2;
  }, 0);
}
export const mispriceGrad = grad(misprice, { wrt: 0 });
