import { checkGrad, type CheckReport } from "tsgrad";
import { weightError } from "./ba.js";
import { gmm } from "./gmm.js";
import * as generated from "./gradients.js";
import { llsq } from "./llsq.js";
import { logsumexp } from "./lse.js";
import { lstm } from "./lstm.js";
import type { Ba, BaGradient, BaValue, Entry, Gmm, GmmGradient, Llsq, LogSumExp, Lstm, Rows } from "./records.js";

/** One function at one input, with its known value and gradient. */
export interface Case {
  readonly name: string;
  readonly wantedValue: number;
  readonly wantedGradient: readonly number[];
  value(): number;
  /** The value and the gradient, all numbers of it in a row. */
  gradient(): readonly [value: number, gradient: readonly number[]];
  /** The gradient written into arrays that are there already, as an optimiser asks for it. */
  into?: () => number;
  check(): CheckReport;
}

/** The cases of one data file, by the name of the objective. */
export const casesOf: Readonly<Record<string, (data: readonly Entry<never>[]) => Case[]>> = {
  llsq: (data) => pairs<Llsq>(data).flatMap(llsqCases),
  lse: (data) => pairs<LogSumExp>(data).flatMap(logsumexpCases),
  gmm: (data) => pairs<Gmm>(data).flatMap(gmmCases),
  lstm: (data) => pairs<Lstm>(data).flatMap(lstmCases),
  ba: (data) => pairs<Ba>(data).flatMap(baCases),
};

interface Pair<Input> {
  readonly input: Input;
  readonly value: unknown;
  readonly gradient: unknown;
}

function pairs<Input>(data: readonly Entry<unknown>[]): Pair<Input>[] {
  return data.flatMap((entry, i) => {
    const next = data[i + 1];
    return i % 2 === 0 && next ? [{ input: entry.input as Input, value: entry.output, gradient: next.output }] : [];
  });
}

function llsqCases({ input, value, gradient }: Pair<Llsq>): Case[] {
  const args = [Float64Array.from(input.x), input.n] as const;
  const out = new Float64Array(input.x.length);
  return [
    {
      name: `llsq, ${input.x.length} parameters, n = ${input.n}`,
      wantedValue: value as number,
      wantedGradient: gradient as number[],
      value: () => llsq(...args),
      gradient: () => {
        const [v, g] = generated.llsqGradient(...args);
        return [v, [...g]];
      },
      into: () => generated.llsqInto(out, ...args),
      check: () => checkGrad(llsq, (...a: [Float64Array, number]) => generated.llsqGradient(...a)[1], [...args], { wrt: 0 }),
    },
  ];
}

function logsumexpCases({ input, value, gradient }: Pair<LogSumExp>): Case[] {
  const x = Float64Array.from(input.x);
  const out = new Float64Array(x.length);
  return [
    {
      name: `log-sum-exp, ${x.length} parameters`,
      wantedValue: value as number,
      wantedGradient: gradient as number[],
      value: () => logsumexp(x),
      gradient: () => {
        const [v, g] = generated.logsumexpGradient(x);
        return [v, [...g]];
      },
      into: () => generated.logsumexpInto(out, x),
      check: () => checkGrad(logsumexp, (a: Float64Array) => generated.logsumexpGradient(a)[1], [x]),
    },
  ];
}

function gmmCases({ input, value, gradient }: Pair<Gmm>): Case[] {
  const { d, k, n, m, gamma } = input;
  const wanted = gradient as GmmGradient;
  const args: Parameters<typeof gmm> = [
    Float64Array.from(input.alpha), flat(input.mu), flat(input.q), flat(input.l), flat(input.x),
    d, k, n, gamma, m, logMultivariateGamma((d + m + 1) / 2, d),
  ];
  const out: [Float64Array, Float64Array, Float64Array, Float64Array] = [
    new Float64Array(k), new Float64Array(k * d), new Float64Array(k * d), new Float64Array((k * d * (d - 1)) / 2),
  ];
  return [
    {
      name: `mixture, d = ${d}, k = ${k}, n = ${n}`,
      wantedValue: value as number,
      wantedGradient: [wanted.alpha, ...wanted.mu, ...wanted.q, ...wanted.l].flat(),
      value: () => gmm(...args),
      gradient: () => {
        const [v, [alpha, mu, q, l]] = generated.gmmGradient(...args);
        return [v, [...alpha, ...mu, ...q, ...l]];
      },
      into: () => generated.gmmInto(out, ...args),
      check: () => checkGrad(gmm, (...a: typeof args) => generated.gmmGradient(...a)[1], args, { wrt: [0, 1, 2, 3] }),
    },
  ];
}

function lstmCases({ input, value, gradient }: Pair<Lstm>): Case[] {
  const b = input.state[0]?.length ?? 0;
  const l = input.state.length / 2;
  const args: Parameters<typeof lstm> = [
    flat(input.main_params), flat(input.extra_params), flat(input.state), flat(input.sequence), l, input.sequence.length, b,
  ];
  const out: [Float64Array, Float64Array] = [new Float64Array(8 * l * b), new Float64Array(3 * b)];
  return [
    {
      name: `recurrent network, ${l} layers of ${b}, ${input.sequence.length} steps`,
      wantedValue: value as number,
      wantedGradient: gradient as number[],
      value: () => lstm(...args),
      gradient: () => {
        const [v, [main, extra]] = generated.lstmGradient(...args);
        return [v, [...main, ...extra]];
      },
      into: () => generated.lstmInto(out, ...args),
      check: () => checkGrad(lstm, (...a: typeof args) => generated.lstmGradient(...a)[1], args, { wrt: [0, 1] }),
    },
  ];
}

function baCases({ input, value, gradient }: Pair<Ba>): Case[] {
  const { reproj_error, w_err } = value as BaValue;
  const { vals } = gradient as BaGradient;
  const residuals = reproj_error.elements.map((wantedValue, component): Case => {
    const args: Parameters<typeof generated.residual> = [
      Float64Array.from(input.cam), Float64Array.from(input.x), input.w, ...input.feat, component,
    ];
    const out: [Float64Array, Float64Array, number] = [new Float64Array(11), new Float64Array(3), 0];
    return {
      name: `reprojection, residual ${component}`,
      wantedValue,
      wantedGradient: vals.slice(15 * component, 15 * component + 15),
      value: () => generated.residual(...args),
      gradient: () => {
        const [v, [cam, X, w]] = generated.residualGradient(...args);
        return [v, [...cam, ...X, w]];
      },
      into: () => generated.residualInto(out, ...args),
      check: () =>
        checkGrad(generated.residual, (...a: typeof args) => generated.residualGradient(...a)[1], args, { wrt: [0, 1, 2] }),
    };
  });
  const weight: Case = {
    name: "reprojection, error of the weight",
    wantedValue: w_err.element,
    wantedGradient: vals.slice(30),
    value: () => weightError(input.w),
    gradient: () => {
      const [v, g] = generated.weightErrorGradient(input.w);
      return [v, [g]];
    },
    check: () => checkGrad(weightError, (w: number) => generated.weightErrorGradient(w)[1], [input.w]),
  };
  return [...residuals, weight];
}

function flat(rows: Rows): Float64Array {
  return Float64Array.from(rows.flat());
}

/** log Γ_d(x) for x a multiple of one half. */
function logMultivariateGamma(x: number, d: number): number {
  let sum = ((d * (d - 1)) / 4) * Math.log(Math.PI);
  for (let j = 1; j <= d; j++) sum += logGamma(x + (1 - j) / 2);
  return sum;
}
function logGamma(x: number): number {
  let sum = Number.isInteger(x) ? 0 : Math.log(Math.PI) / 2;
  for (let factor = x - 1; factor > 0; factor--) sum += Math.log(factor);
  return sum;
}
