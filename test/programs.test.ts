import { readFileSync } from "node:fs";
import { posix } from "node:path";
import { describe, expect, it } from "vitest";
import { checkGrad } from "../src/index.js";
import { runEmitted } from "./fixtures/emitted.js";
import { repository } from "./program.js";

interface Program {
  readonly f: string;
  readonly gradient: string;
  readonly points: readonly (readonly unknown[])[];
  readonly marker?: "valueAndGrad" | "gradInto";
}

const waves = (n: number, k: number): number[] => Array.from({ length: n }, (_, i) => Math.sin(k * (i + 1)));

/** The examples, and where their gradients are compared with differences. */
const programs: Readonly<Record<string, readonly Program[]>> = {
  arm: [
    {
      f: "reach",
      gradient: "reachGradInto",
      marker: "gradInto",
      points: [
        [new Float64Array([0.3, -0.4, 1.9]), [{ length: 1, axis: "z", limit: [-3, 3] }, { length: 0.8, axis: "y", limit: [-2, 2] }, { length: 0.5, axis: "x", limit: [-1, 1] }], [0.5, 0.2, 1.4]],
      ],
    },
  ],
  contact: [
    {
      f: "miss",
      gradient: "missGrad",
      points: [
        [{ stiffness: 30, rest: 0.8, start: [{ x: 0, y: 0.6 }, { x: 0.7, y: 0.9 }, { x: 1.2, y: 0.25 }] }, [1.5, 0.4], 25],
        [{ stiffness: 80, rest: 0.3, start: [{ x: 0, y: 0.15 }, { x: 0.4, y: 0.3 }] }, [1, 0], 25],
      ],
    },
  ],
  controller: [{ f: "cost", gradient: "costGrad", marker: "valueAndGrad", points: [[{ p: 1.2, i: 0.1, d: 0.4 }, [25, 25, 30, 30, 30, 28, 26, 24], 0.5], [{ p: 5, i: 0.5, d: 0.1 }, [60, 60, 20, 20], 0.5]] }],
  epidemic: [{ f: "misfit", gradient: "misfitGrad", marker: "valueAndGrad", points: [[{ infection: 0.5, recovery: 0.2, lockdown: 0.4, day: 4.5 }, [3, 5, 6, 9, 10, 9, 7, 8], 1000]] }],
  equilibrium: [{ f: "acidity", gradient: "acidityGrad", points: [[{ acid: 0.1, base: 0.06, pK: 4.76, pKw: 14 }], [{ acid: 0.02, base: 0, pK: 3.2, pKw: 14 }]] }],
  kalman: [{ f: "deviance", gradient: "devianceGrad", points: [[{ damping: 0.4, frequency: 2, processNoise: 0.7, sensorNoise: 0.2 }, waves(8, 0.4), 0.2]] }],
  layout: [
    {
      f: "energy",
      gradient: "energyGradInto",
      marker: "gradInto",
      points: [
        [
          new Float64Array([0, 0.1, 0.6, 0.2, 0.3, 0.9, 0.4, 0.5]),
          { nodes: [{ id: "a", kind: "box" }, { id: "b", kind: "dot" }, { id: "c", kind: "dot" }, { id: "d", kind: "box" }], edges: [{ from: "a", to: "b" }, { from: "b", to: "c", length: 0.7 }, { from: "d", to: "a" }] },
          new Map([["box dot", 0.4], ["dot dot", 0.8]]),
        ],
      ],
    },
  ],
  options: [
    {
      f: "price",
      gradient: "greeks",
      points: [
        [{ spot: 100, rate: 0.03, volatility: 0.2 }, 95, 0.5, 0],
        [{ spot: 100, rate: 0.03, volatility: 0.2, yield: 0.01 }, 120, 2, 1],
      ],
    },
    { f: "misprice", gradient: "mispriceGrad", points: [[[0.04, -0.02, 0.01, 2], [{ coupon: 3, maturity: 2, price: 99 }, { coupon: 5, maturity: 7, price: 108 }]]] },
  ],
  perceptron: [
    {
      f: "loss",
      gradient: "lossGrad",
      marker: "valueAndGrad",
      points: [
        [
          [
            { weights: [waves(2, 1.3), waves(2, 0.7), waves(2, 2.1)], bias: waves(3, 0.3), kind: "tanh" },
            { weights: [waves(3, 0.9), waves(3, 1.7)], bias: waves(2, 1.1), kind: "relu" },
            { weights: [waves(2, 0.2), waves(2, 2.6)], bias: waves(2, 0.8), kind: "none" },
          ],
          [[0.5, 1], [-0.4, 0.2], [1.2, -0.7]],
          [0, 1, 1],
          0.01,
        ],
      ],
    },
  ],
  ray: [
    {
      f: "pictureError",
      gradient: "pictureGrad",
      points: [
        [{ centre: [0.1, -0.2, 0], radius: 1, light: [2, 3, 4], colour: { r: 0.8, g: 0.3, b: 0.2 }, shine: 0.7 }, Array.from({ length: 9 }, (_, i) => waves(3, i + 1)), 3],
        [{ centre: [0, 0, -1], radius: 1.4, light: [-2, 1, 4], colour: { r: 0.1, g: 0.9, b: 0.2 } }, Array.from({ length: 16 }, (_, i) => waves(3, i + 2)), 4],
      ],
    },
  ],
};

describe.each(Object.entries(programs))("%s", (name, parts) => {
  it("has right gradients", { timeout: 60_000 }, () => {
    const file = posix.join(repository, `examples/programs/${name}.ts`);
    const exports = runEmitted(new Map([[file, readFileSync(file, "utf8")]]), file) as Record<string, (...args: unknown[]) => unknown>;
    for (const { f, gradient, points, marker } of parts) {
      const [value, derivative] = [exports[f], exports[gradient]];
      if (value === undefined || derivative === undefined) throw new Error(`${name} exports no ${f} or ${gradient}`);
      const wanted = f === "price" ? [0, 1, 2] : name === "equilibrium" ? undefined : 0;
      const gradientOf = (...args: unknown[]): unknown => {
        if (marker === "valueAndGrad") return (derivative(...args) as unknown[])[1];
        if (marker !== "gradInto") return derivative(...args);
        const out = new Float64Array((args[0] as Float64Array).length);
        derivative(out, ...args);
        return out;
      };
      for (const point of points) {
        const report = checkGrad(value as never, gradientOf as never, point as never, (wanted === undefined ? {} : { wrt: wanted }) as never);
        expect(report.ok, String(report)).toBe(true);
        expect(String(report)).not.toMatch(/wrong|unchecked/);
      }
    }
  });
});
