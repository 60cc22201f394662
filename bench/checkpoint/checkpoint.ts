import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { grad } from "tsgrad";

/**
 * Memory for time: what gradients of long simulations keep and take, against saving everything. Each is run in processes of its
 * own, one for its time and one for its memory: there garbage is collected for every 100 kB of new arrays, and what is left
 * is looked at.
 */

/** A pendulum with friction: two numbers are handed from step to step. */
export function pendulum(angle: number, friction: number, steps: number): number {
  let speed = 0;
  const dt = 20 / steps;
  for (let t = 0; t < steps; t++) {
    speed -= dt * (Math.sin(angle) + friction * speed * Math.abs(speed));
    angle += dt * speed;
  }
  return angle * angle + speed * speed;
}

/** Heat along a rod of 20 places that conducts the worse the warmer it is: an array is written in place. */
export function heat(start: Float64Array, rate: number, steps: number): number {
  const u = start.slice();
  const n = u.length;
  for (let t = 0; t < steps; t++) {
    let left = u[0];
    for (let i = 1; i < n - 1; i++) {
      const here = u[i];
      u[i] = here + rate * (left - 2 * here + u[i + 1]) / (1 + here * here);
      left = here;
    }
  }
  let e = 0;
  for (let i = 0; i < n; i++) e += u[i] * u[i];
  return e;
}

const rod = Float64Array.from({ length: 20 }, (_, i) => 1 + Math.sin(i));
type Run = (steps: number) => number;
const problems: Readonly<Record<string, Readonly<Record<string, Run>>>> = {
  pendulum: {
    value: (n) => pendulum(1, 0.1, n),
    "all saved": run(grad(pendulum, { wrt: [0, 1] })),
    "100 states": run(grad(pendulum, { wrt: [0, 1], checkpoint: 100 })),
    '"sqrt"': run(grad(pendulum, { wrt: [0, 1], checkpoint: "sqrt" })),
    '"revolve"': run(grad(pendulum, { wrt: [0, 1], checkpoint: "revolve" })),
  },
  heat: {
    value: (n) => heat(rod, 0.2, n),
    "all saved": warm(grad(heat, { wrt: [0, 1] })),
    "100 states": warm(grad(heat, { wrt: [0, 1], checkpoint: 100 })),
    '"sqrt"': warm(grad(heat, { wrt: [0, 1], checkpoint: "sqrt" })),
    '"revolve"': warm(grad(heat, { wrt: [0, 1], checkpoint: "revolve" })),
  },
};

function run(gradient: (angle: number, friction: number, steps: number) => [number, number]): Run {
  return (n) => gradient(1, 0.1, n)[1];
}
function warm(gradient: (start: Float64Array, rate: number, steps: number) => [Float64Array, number]): Run {
  return (n) => gradient(rod, 0.2, n)[1];
}

interface Measured {
  readonly result: number;
  readonly milliseconds: number;
  /** The most bytes that were alive at once. */
  readonly kept: number;
}

const [, , problem, way, count] = process.argv;
if (problem === undefined || way === undefined) printAll();
else {
  const measure = problems[problem]?.[way];
  if (measure === undefined) throw new Error(`no ${way} of ${problem}`);
  for (let i = 0; i < 50; i++) measure(1000);
  const mostAlive = watch(globalThis.gc);
  const start = performance.now();
  const result = measure(Number(count));
  const measured: Measured = { result, milliseconds: performance.now() - start, kept: mostAlive() };
  console.log(JSON.stringify(measured));
}

/** Looks at what is alive whenever 100 kB of new arrays have been made. */
function watch(collect: (() => void) | undefined): () => number {
  if (collect === undefined) return () => 0;
  const alive = (): number => {
    collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  const before = alive();
  let [made, most] = [0, 0];
  globalThis.Float64Array = new Proxy(Float64Array, {
    construct(target, args) {
      const array = Reflect.construct(target, args) as Float64Array;
      made += array.byteLength;
      if (made > 1e5) {
        made = 0;
        most = Math.max(most, alive() - before);
      }
      return array;
    },
  });
  return () => most;
}

function printAll(): void {
  const table: string[][] = [["", "steps", "", "time (ms)", "of value", "of all saved", "kept (MB)", "of all saved"]];
  for (const [name, ways] of Object.entries(problems)) {
    for (const steps of [100_000, 1_000_000]) {
      const all = Object.keys(ways).map((one): [string, Measured] => [one, measuredApart(name, one, steps)]);
      const [value, saved] = [all[0]?.[1], all[1]?.[1]];
      if (value === undefined || saved === undefined) throw new Error("nothing to compare with");
      for (const [one, { result, milliseconds, kept }] of all.slice(1)) {
        if (Math.abs(result - saved.result) > 1e-9 * Math.abs(saved.result)) throw new Error(`${one} of ${name} gives ${String(result)} and not ${String(saved.result)}`);
        table.push([name, String(steps), one, milliseconds.toFixed(0), (milliseconds / value.milliseconds).toFixed(1), (milliseconds / saved.milliseconds).toFixed(2), (kept / 1e6).toFixed(2), (kept / saved.kept).toFixed(3)]);
      }
    }
  }
  const widths = table.reduce<number[]>((most, row) => row.map((cell, i) => Math.max(most[i] ?? 0, cell.length)), []);
  for (const row of table) console.log(row.map((cell, i) => (i % 2 === 0 && i < 3 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join("  "));
}

/** Of three runs the fastest, and the memory of another. */
function measuredApart(name: string, one: string, steps: number): Measured {
  const [memory, ...runs] = [["--expose-gc"], [], [], []].map((flags): Measured => {
    const { stdout, stderr, status } = spawnSync(process.execPath, [...flags, fileURLToPath(import.meta.url), name, one, String(steps)], { encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
    return JSON.parse(stdout) as Measured;
  });
  const milliseconds = Math.min(...runs.map((measured) => measured.milliseconds));
  return { result: memory?.result ?? NaN, milliseconds, kept: memory?.kept ?? NaN };
}
