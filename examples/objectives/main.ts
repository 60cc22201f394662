import { readFileSync } from "node:fs";
import { casesOf, type Case } from "./cases.js";

/** Prints value, gradient norm, the check's verdict and what the gradient costs, for each objective at each input. */
const header = ["objective", "value", "|gradient|", "off by", "check", "gradient / value"];
const rows = Object.keys(casesOf).flatMap((name) => {
  const text = readFileSync(new URL(`../data/${name}.json`, import.meta.url), "utf8");
  return casesOf[name]?.(JSON.parse(text) as never[]).map(rowOf) ?? [];
});
const widths = header.map((_, column) => Math.max(...[header, ...rows].map((row) => row[column]?.length ?? 0)));
for (const row of [header, ...rows]) {
  console.log(row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join("  "));
}

function rowOf(one: Case): string[] {
  const [value, gradient] = one.gradient();
  const report = one.check();
  if (!report.ok) {
    console.error(String(report));
    process.exitCode = 1;
  }
  return [
    one.name,
    value.toPrecision(10),
    Math.hypot(...gradient).toPrecision(6),
    largestError([value, ...gradient], [one.wantedValue, ...one.wantedGradient]).toExponential(1),
    report.ok ? `${report.elements.length} ok` : "wrong",
    one.into === undefined ? "–" : costOf(one.value, one.into).toFixed(2),
  ];
}

function largestError(got: readonly number[], wanted: readonly number[]): number {
  return Math.max(...wanted.map((w, i) => Math.abs((got[i] ?? NaN) - w) / Math.max(1, Math.abs(got[i] ?? NaN) + Math.abs(w))));
}

/** The time of one over that of the other: medians of rounds in turn, so that both see the same machine. */
function costOf(value: () => number, gradient: () => number): number {
  const times: [number[], number[]] = [[], []];
  const turns = Math.max(1, Math.round(5 / Math.max(1e-4, timeOf(value, 20))));
  for (let round = 0; round < 25; round++) {
    times[0].push(timeOf(value, turns));
    times[1].push(timeOf(gradient, turns));
  }
  return median(times[1]) / median(times[0]);
}
function timeOf(run: () => number, turns: number): number {
  const start = performance.now();
  let sum = 0;
  for (let i = 0; i < turns; i++) sum += run();
  if (sum === Infinity) throw new Error("the value overflows");
  return (performance.now() - start) / turns;
}
function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? NaN;
}
