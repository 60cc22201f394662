import { spawnSync } from "node:child_process";
import { checkGrad, numericalGrad } from "../../src/index.js";
import { run } from "../fixtures/run.js";

/** What a program prints once it is compiled, as Node prints it. */
export function printed(texts: ReadonlyMap<string, string>, entry: string): string {
  const lines: unknown[][] = [];
  const log = console.log;
  console.log = (...values: unknown[]) => void lines.push(values);
  try {
    run(texts, entry, { checkGrad, numericalGrad }, console);
  } finally {
    console.log = log;
  }
  const text = JSON.stringify(lines);
  const program = `for (const line of ${text}) console.log(...line)`;
  return spawnSync(process.execPath, ["-e", program], { encoding: "utf8", env: { ...process.env, NO_COLOR: "1" } }).stdout;
}
