import { jacobian, jacobianInto, type SparseJacobian } from "tsgrad";
import { arrow, bratu, bundle } from "./objectives.js";

/**
 * Sparse Jacobians against dense ones: medians of rounds in turn, in one run. "new" colours the pattern at every call, "into"
 * keeps the colours of the call before.
 */
const cameras = 20;
const points = 400;
const observations = 1000;
const random = numbers(3);
const parameters: Parameters<typeof bundle> = [
  Float64Array.from({ length: 11 * cameras }, () => 0.1 + 0.2 * random()),
  Float64Array.from({ length: 3 * points }, () => 1 + random()),
  Float64Array.from({ length: observations }, () => 0.5 + random()),
  Int32Array.from({ length: 2 * observations }, (_, i) => (i % 2 === 0 ? Math.floor(cameras * random()) : (i >> 1) % points)),
  Float64Array.from({ length: 2 * observations }, () => random()),
];
const vector = Float64Array.from({ length: 1000 }, () => random());

console.log("                  size         nonzeros  colours  dense (ms)  new (ms)  ratio  into (ms)  ratio");
{
  const dense = jacobian(bundle, { wrt: [0, 1, 2] });
  const sparse = jacobian(bundle, { wrt: [0, 1, 2], sparse: true });
  const into = jacobianInto(bundle, { wrt: [0, 1, 2], sparse: true });
  const out = sparse(...parameters);
  compare("bundle adjustment", out, () => dense(...parameters), () => sparse(...parameters), () => into(out, ...parameters));
}
{
  const dense = jacobian(bratu);
  const sparse = jacobian(bratu, { sparse: true });
  const into = jacobianInto(bratu, { sparse: true });
  const out = sparse(vector);
  compare("tridiagonal", out, () => dense(vector), () => sparse(vector), () => into(out, vector));
}
{
  const dense = jacobian(arrow);
  const sparse = jacobian(arrow, { sparse: true });
  const into = jacobianInto(arrow, { sparse: true });
  const out = sparse(vector);
  compare("arrow", out, () => dense(vector), () => sparse(vector), () => into(out, vector));
}

function compare(name: string, { rows, columns, values, colours }: SparseJacobian, ...runs: readonly (() => unknown)[]): void {
  const times = runs.map((): number[] => []);
  for (let round = 0; round < 15; round++) {
    runs.forEach((run, i) => {
      const turns = i === 0 ? 1 : 5;
      const start = performance.now();
      for (let k = 0; k < turns; k++) run();
      times[i]?.push((performance.now() - start) / turns);
    });
  }
  const [dense, fresh, into] = times.map(median) as [number, number, number];
  const cells = [`${rows} × ${columns}`.padStart(12), String(values.length).padStart(9), String(colours).padStart(8), dense.toFixed(2).padStart(10), fresh.toFixed(3).padStart(9), (dense / fresh).toFixed(1).padStart(6), into.toFixed(3).padStart(9), (dense / into).toFixed(1).padStart(6)];
  console.log(name.padEnd(17), cells.join(" "));
}
function median(of: readonly number[]): number {
  return [...of].sort((a, b) => a - b)[of.length >> 1] ?? NaN;
}
function numbers(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 16807) % 2147483647) / 2147483647;
}
