import { gradInto } from "tsgrad";
import { llsq } from "../../examples/objectives/llsq.js";

/**
 * The cost of a gradient does not grow with the number of inputs: time of `gradInto` over time of the value for a least
 * squares polynomial fit of 1024 points, from 8 to 1024 coefficients. Medians of rounds in turn.
 */
const gradient = gradInto(llsq, { wrt: 0 });
const points = 1024;

console.log("coefficients  value (µs)  gradient (µs)  ratio");
for (let m = 8; m <= 1024; m *= 2) {
  const x = Float64Array.from({ length: m }, (_, i) => Math.sin(i + 1) / (i + 1));
  const out = new Float64Array(m);
  const value = (): number => llsq(x, points);
  const into = (): number => gradient(out, x, points);
  const turns = Math.ceil(20_000 / m);
  const times: [number[], number[]] = [[], []];
  for (let round = 0; round < 15; round++) {
    times[0].push(microseconds(value, turns));
    times[1].push(microseconds(into, turns));
  }
  const [a, b] = [median(times[0]), median(times[1])];
  console.log([String(m).padStart(12), a.toFixed(1).padStart(10), b.toFixed(1).padStart(13), (b / a).toFixed(2).padStart(5)].join("  "));
}

function microseconds(run: () => number, turns: number): number {
  const start = performance.now();
  let sum = 0;
  for (let i = 0; i < turns; i++) sum += run();
  if (Number.isNaN(sum)) throw new Error("the value is NaN");
  return ((performance.now() - start) * 1000) / turns;
}
function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? NaN;
}
