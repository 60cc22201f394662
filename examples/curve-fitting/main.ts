import { readFileSync } from "node:fs";
import { fitsOf } from "./fits.js";
import { parse } from "./nist.js";
import { problems } from "./problems.js";
import { minimiseRosenbrock } from "./rosenbrock.js";
import { aligned, cellsOf, head } from "./table.js";

/** Prints how methods with exact derivatives and with differences find the certified parameters of NIST's data. */
const fits = Object.keys(problems).flatMap((name) =>
  fitsOf(parse(readFileSync(new URL(`../../data/nist/${name}.dat`, import.meta.url), "utf8"))),
);
const rows = fits.map((fit) => [...cellsOf(fit), milliseconds(fit.again).toFixed(2)]);
for (const line of aligned([[...head, "ms"], ...rows])) console.log(line);

const { x, value, gradients } = minimiseRosenbrock(10);
const away = Math.max(...x.map((v) => Math.abs(v - 1)));
console.log(`fmin's CG on Rosenbrock's function of 10 variables: ${value.toExponential(1)} after ${gradients} gradients, ${away.toExponential(1)} away`);

/** The median of some rounds, the first ones left out. */
function milliseconds(run: () => void): number {
  const times = Array.from({ length: 25 }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
  return times.slice(10).sort((a, b) => a - b)[7];
}
