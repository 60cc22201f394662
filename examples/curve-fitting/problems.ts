import { gradInto, hvpInto, jacobian } from "tsgrad";
import { eckerle4, hahn1, mgh09, misra1a, thurber } from "./models.js";

/** What is measured, and the parameters from which a fit starts. */
export interface Data {
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly start: readonly number[];
}

/** Half the sum of the squares of the residuals. The parameters are p times those of the start, so that all are near 1. */
export function misfit(model: (b: number[], x: number) => number, p: number[], { x, y, start }: Data): number {
  const b = p.map((v, k) => v * start[k]);
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += (model(b, x[i]) - y[i]) ** 2;
  return sum / 2;
}

/** A model with the derivatives that the optimisers ask for. */
export interface Problem {
  model(b: number[], x: number): number;
  /** The partial derivatives of the model by its parameters: a row of the Jacobian. */
  partials(b: number[], x: number): number[];
  misfit(p: number[], data: Data): number;
  gradient(out: number[], p: number[], data: Data): number;
  /** The Hessian of the misfit times `v`. */
  product(out: number[], p: number[], data: Data, v: number[]): number;
}

const misra1aMisfit = (p: number[], data: Data): number => misfit(misra1a, p, data);
const thurberMisfit = (p: number[], data: Data): number => misfit(thurber, p, data);
const mgh09Misfit = (p: number[], data: Data): number => misfit(mgh09, p, data);
const hahn1Misfit = (p: number[], data: Data): number => misfit(hahn1, p, data);
const eckerle4Misfit = (p: number[], data: Data): number => misfit(eckerle4, p, data);

export const problems: Readonly<Record<string, Problem>> = {
  Misra1a: {
    model: misra1a,
    partials: jacobian(misra1a, { wrt: 0 }),
    misfit: misra1aMisfit,
    gradient: gradInto(misra1aMisfit, { wrt: 0 }),
    product: hvpInto(misra1aMisfit, { wrt: 0 }),
  },
  Thurber: {
    model: thurber,
    partials: jacobian(thurber, { wrt: 0 }),
    misfit: thurberMisfit,
    gradient: gradInto(thurberMisfit, { wrt: 0 }),
    product: hvpInto(thurberMisfit, { wrt: 0 }),
  },
  MGH09: {
    model: mgh09,
    partials: jacobian(mgh09, { wrt: 0 }),
    misfit: mgh09Misfit,
    gradient: gradInto(mgh09Misfit, { wrt: 0 }),
    product: hvpInto(mgh09Misfit, { wrt: 0 }),
  },
  Hahn1: {
    model: hahn1,
    partials: jacobian(hahn1, { wrt: 0 }),
    misfit: hahn1Misfit,
    gradient: gradInto(hahn1Misfit, { wrt: 0 }),
    product: hvpInto(hahn1Misfit, { wrt: 0 }),
  },
  Eckerle4: {
    model: eckerle4,
    partials: jacobian(eckerle4, { wrt: 0 }),
    misfit: eckerle4Misfit,
    gradient: gradInto(eckerle4Misfit, { wrt: 0 }),
    product: hvpInto(eckerle4Misfit, { wrt: 0 }),
  },
};
