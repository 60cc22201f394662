import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { repository } from "../../program.js";
import { Project, type Outcome } from "./project.js";

const projects: Project[] = [];
afterAll(() => {
  for (const project of projects.splice(0)) project.remove();
});

/** Runs `tsgrad check src/main.ts`; whatever happens, nobody is shown a stack trace, and nothing is left behind. */
async function check(files: Readonly<Record<string, string | object>>, options: object = {}): Promise<Outcome> {
  const project = new Project({ real: true });
  projects.push(project);
  project.configure({ types: ["node"], ...options });
  project.write(files);
  const outcome = await project.run(join(repository, "dist/cli.cjs"), "check", "src/main.ts");
  expect(outcome.output).not.toContain("    at ");
  expect(project.exists("node_modules/.cache")).toBe(false);
  return outcome;
}

const head = `import { grad, gradInto, valueAndGrad } from "tsgrad";\n`;
const square = `export const square = (x: number): number => x * x;\n`;

describe("tsgrad check", () => {
  it.concurrent("compares every gradient of a file, whatever it is called by", async () => {
    const { status, output } = await check({
      "src/model.ts": `export function energy(x: number[], k: number): number {
  let s = 0;
  for (let i = 0; i < x.length; i++) s += k * x[i]! * x[i]!;
  return s;
}
`,
      "src/main.ts": `${head}import { energy } from "./model.js";
const root = (x: number): number => Math.sqrt(x);
export const a = grad(energy);
const b = valueAndGrad(energy, { wrt: 1 });
const c = gradInto(energy, { wrt: [0] });
export const d = grad(root);
export const e = grad((x: number[]) => x[0]! * x[1]!);
export function within(): number {
  return grad(root)(4);
}
console.log(b([1], 2)[0], c([[0]], [1], 2));
`,
    });
    expect(output).toContain("src/main.ts:4  a = grad(energy)  ok at 3 points\n");
    expect(output).toContain("src/main.ts:5  b = valueAndGrad(energy, { wrt: 1 })  ok at 3 points\n");
    expect(output).toContain("src/main.ts:6  c = gradInto(energy, { wrt: [0] })  ok at 3 points\n");
    expect(output).toContain("src/main.ts:7  d = grad(root)  ok at 3 points\n");
    expect(output).toContain("src/main.ts:8  e = grad((x: number[]) => x[0]! * x[1]!)  ok at 3 points\n");
    expect(output).toContain("src/main.ts:10  grad(root)  ok at 3 points\n");
    expect(output).toContain("6 ok, 0 wrong\n");
    expect(status).toBe(0);
  });

  it.concurrent("shows where a gradient is wrong", async () => {
    // No gradient is wrong by itself: this one belongs to an exponential that somebody has replaced.
    const { status, output } = await check({
      "src/main.ts": `${head}Math.exp = (x) => 3 * x;
export const f = (x: number): number => Math.exp(x);
export const df = grad(f);
export const dg = grad((x: number) => x);
`,
    });
    expect(output).toMatch(/^src\/main\.ts:4 {2}df = grad\(f\) {2}wrong at \(-?[\d.]+\)$/m);
    expect(output).toMatch(/args\[0\] .* wrong/);
    expect(output).toContain("src/main.ts:5  dg = grad((x: number) => x)  ok");
    expect(output).toContain("1 ok, 1 wrong\n");
    expect(status).toBe(1);
  });

  it.concurrent("compares derivatives of every kind", async () => {
    const { status, output } = await check({
      "src/main.ts": `import { hessian, hessianInto, hvp, hvpInto, jacobian, jacobianInto, jvp, vjp } from "tsgrad";
const polar = (r: number, angle: number): [number, number] => [r * Math.cos(angle), r * Math.sin(angle)];
function lifted(x: Float64Array, k: number): { sum: number; each: number[] } {
  let sum = 0;
  for (const v of x) sum += k * v * v;
  return { sum, each: Array.from(x, (v) => v ** 3) };
}
const valley = (x: number[]): number => x.reduce((s, v, i) => s + (i === 0 ? 0 : (v - x[i - 1]! ** 2) ** 2), 0);
export const a = jvp(polar);
export const b = jvp(lifted, { wrt: 0 });
export const c = vjp(lifted);
export const d = jacobian(polar);
export const e = jacobian(lifted);
export const f = jacobianInto(lifted, { wrt: 0 });
export const g = hessian(valley);
export const h = hessianInto(valley);
export const i = hvp(valley);
export const j = hvpInto(valley);
export const k = hessian((x: number, y: number) => x * x * Math.sin(y), { wrt: [1, 0] });
export const l = jacobian(polar, { mode: "reverse" });
const chain = (x: number[], k: number): { parts: number[]; ends: [number, number] } => ({ parts: x.map((v, i) => k * v * x[Math.max(0, i - 1)]!), ends: [x[0]!, k] });
export const m = jacobian(chain, { sparse: true });
export const n = jacobianInto(chain, { sparse: true, wrt: 0 });
`,
    });
    const lines = output.split("\n");
    expect(lines.filter((line) => line !== "" && !line.endsWith("  ok at 3 points"))).toEqual(["14 ok, 0 wrong"]);
    expect(status).toBe(0);
  });

  it.concurrent("shows where a second derivative is wrong", async () => {
    // Somebody has replaced the sine, and the cosine by what is its derivative, of which the sine is none.
    const { status, output } = await check({
      "src/main.ts": `import { hvp, jvp } from "tsgrad";
Math.sin = (x) => x ** 3;
Math.cos = (x) => 3 * x * x;
const wave = (x: number): number => Math.sin(x);
export const v = hvp(wave);
export const t = jvp(wave);
export const u = jvp((x: number) => [x, Math.cos(x)]);
`,
    });
    expect(output).toMatch(/^src\/main\.ts:5 {2}v = hvp\(wave\) {2}wrong at \(-?[\d.]+\)$/m);
    expect(output).toMatch(/^ {4}gradient of grad\(wave\) · weights, value .*: 1 wrong$/m);
    expect(output).toContain("src/main.ts:6  t = jvp(wave)  ok at 3 points\n");
    expect(output).toMatch(/^ {4}gradient of f\[1\], value .*: 2 wrong\n.*\n {6}tangent 1 .* wrong/m);
    expect(output).toContain("1 ok, 2 wrong\n");
    expect(status).toBe(1);
  });

  it.concurrent("says what it leaves out and why", async () => {
    const { status, output } = await check({
      "src/main.ts": `${head}export const df = grad((x: number) => x * x);
function named(x: number, name: string): number {
  return x * name.length;
}
export const dn = grad(named);
function closed(x: number): number {
  if (x < 1e6) throw new Error("too small");
  return x;
}
export const dc = grad(closed);
export function outer(k: number): number {
  const inner = (x: number): number => k * x;
  return grad(inner)(1);
}
`,
    });
    expect(output).toContain("dn = grad(named)  not checked: its parameter 'name' is of type string");
    expect(output).toMatch(/dc = grad\(closed\) {2}not checked: \d+ points were tried.*throws "too small"/);
    expect(output).toContain("grad(inner)  not checked: it is made inside 'outer' out of 'inner'");
    expect(output).toContain("1 ok, 0 wrong, 3 not checked\n");
    expect(status).toBe(0);
  });

  it.concurrent("ends with one message where there is nothing to check", async () => {
    expect(await check({ "src/main.ts": square })).toEqual({ status: 2, output: "tsgrad: nothing in src/main.ts asks for a derivative\n" });
    expect(await check({})).toEqual({ status: 2, output: "tsgrad: there is no file src/main.ts\n" });
    const types = await check({ "src/main.ts": `${head}export const df = grad((x: number) => "");\n` });
    expect(types.output).toContain("tsgrad: TypeScript finds errors:\nsrc/main.ts(2,");
    expect(types.status).toBe(2);
    const config = await check({ "src/main.ts": square, "tsconfig.json": "{ nope" });
    expect(config.output).toMatch(/^tsgrad: .*tsconfig\.json cannot be used:\n/);
    expect(config.status).toBe(2);
  });

  it.concurrent("says why a module cannot be loaded", async () => {
    const asking = `${head}${square}export const df = grad(square);\n`;
    const throwing = await check({ "src/main.ts": `${asking}throw new Error("no settings");\n` });
    expect(throwing).toEqual({ status: 2, output: `tsgrad: src/main.ts cannot be loaded: it throws "no settings"\n` });
    const ending = await check({ "src/main.ts": `${asking}process.exit(3);\n` });
    expect(ending).toEqual({ status: 2, output: "tsgrad: src/main.ts cannot be loaded: it ends the process with status 3\n" });
  });

  it.concurrent("runs projects for bundlers, with their names for modules", async () => {
    const { status, output } = await check(
      {
        "src/scale.json": { scale: 3 },
        "src/model.ts": `import data from "./scale.json";\nexport function f(x: number): number {\n  return data.scale * x * x;\n}\n`,
        "src/main.ts": `import { grad } from "tsgrad";\nimport { f } from "@/model";\nexport const df = grad(f);\n`,
      },
      { module: "esnext", moduleResolution: "bundler", resolveJsonModule: true, noEmit: true, paths: { "@/*": ["./src/*"] } },
    );
    expect(output).toBe("src/main.ts:3  df = grad(f)  ok at 3 points\n1 ok, 0 wrong\n");
    expect(status).toBe(0);
  });

  it.concurrent("runs projects in CommonJS", async () => {
    const { status, output } = await check({
      "package.json": { type: "commonjs" },
      "src/model.ts": `export function f(x: number): number {\n  return x * x;\n}\n`,
      "src/main.ts": `import { checkGrad, grad } from "tsgrad";
import { f } from "./model.js";
const df = grad(f);
console.log(require.main === module, __filename.endsWith("main.js"), checkGrad(f, df, [3]).ok);
`,
    });
    expect(output).toContain("false true true\n");
    expect(output).toContain("src/main.ts:3  df = grad(f)  ok at 3 points\n1 ok, 0 wrong\n");
    expect(status).toBe(0);
  });
});
