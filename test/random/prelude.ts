import { of, type Entry } from "./entries.js";
import { families, shapes } from "./families.js";

const own: readonly Entry[] = [
  { name: "Point", text: `interface Point { x: number; y: number }` },
  { name: "Body", text: `interface Body { at: Point; speed: Point; mass: number; name: string }` },
  { name: "Weighted", text: `interface Weighted { v: number; w: number[] }` },
  { name: "Loose", text: `interface Loose { v: number; k?: number }` },
  {
    name: "Vec",
    text: `class Vec {
  constructor(readonly x: number, readonly y: number) {}
  static of(p: { x: number; y: number }): Vec { return new Vec(p.x, p.y); }
  add(o: Vec): Vec { return new Vec(this.x + o.x, this.y + o.y); }
  scale(k: number): Vec { return new Vec(this.x * k, this.y * k); }
  dot(o: Vec): number { return this.x * o.x + this.y * o.y; }
  turned(): Vec { return new Vec(-this.y, this.x); }
  map(g: (u: number) => number): Vec { return new Vec(g(this.x), g(this.y)); }
  unit(): Vec { return this.scale(1 / (1 + this.length)); }
  get length(): number { return Math.sqrt(this.dot(this) + 0.1); }
}`,
    helpers: [of("Vec.of", ["point"], "vec"), of("add", ["vec"], "vec", "vec"), of("scale", ["number"], "vec", "vec"), of("dot", ["vec"], "number", "vec"), of("turned", [], "vec", "vec"), of("map", ["fn"], "vec", "vec"), of("unit", [], "vec", "vec")],
  },
  { name: "integrate", text: `function integrate(g: (u: number) => number, from: number, to: number, n = 4): number {\n  const h = (to - from) / n;\n  let sum = 0;\n  for (let i = 0; i < n; i++) sum += g(from + (i + 0.5) * h);\n  return sum * h;\n}`, helpers: [of("integrate", ["fn", "number", "number"], "number")] },
  { name: "iterate", text: `const iterate = (g: (u: number) => number, u: number, n: number): number => (n <= 0 ? u : iterate(g, Math.sin(g(u)), n - 1));`, helpers: [of("iterate", ["fn", "number", "int"], "number")] },
  { name: "compose", text: `const compose = (g: (u: number) => number, h: (u: number) => number) => (u: number): number => g(h(u));`, helpers: [of("compose", ["fn", "fn"], "fn")] },
  { name: "pick", text: `function pick<T>(test: boolean, a: T, b: T): T {\n  return test ? a : b;\n}`, helpers: ["array", "point", "vec", "points", "body"].map((kind) => of("pick", ["flag", kind, kind], kind)) },
  { name: "exchange", text: `function exchange<T>(list: T[], i: number, j: number): void {\n  const t = list[i];\n  list[i] = list[j];\n  list[j] = t;\n}`, helpers: [of("exchange", ["array", "int", "int"], "void"), of("exchange", ["array", "int", "int"], "void")] },
  { name: "each", text: `function each(n: number, act: (i: number) => void): void {\n  for (let i = 0; i < n; i++) act(i);\n}` },
  { name: "sumOf", text: `function sumOf(...terms: number[]): number {\n  let sum = 0;\n  for (const term of terms) sum += term;\n  return sum;\n}`, helpers: [of("sumOf", ["number", "number"], "number"), of("sumOf", ["number", "number", "number"], "number")] },
  { name: "norm", text: `function norm({ x, y = 1 }: { x: number; y?: number }, [scale, shift = 0.5]: readonly number[] = [2]): number {\n  return Math.hypot(x * scale, y + shift, 1);\n}`, helpers: [of("norm", ["point"], "number"), of("norm", ["point", "array"], "number")] },
  { name: "RATES", text: `const RATES: Readonly<Record<string, number>> = { r0: 0.5, r1: -1.25, r2: 0.75 };`, numbers: ["RATES.r1", "RATES[`r${2}`]"] },
  { name: "LOOKUP", text: `const LOOKUP = new Map<string, number[]>([["sine", [0.25, 1.5]], ["line", [2, -0.5]]]);`, numbers: [`(LOOKUP.get("line")?.[1] ?? 0.5)`, `(LOOKUP.get("none")?.[0] ?? -0.5)`] },
  { name: "alternating", text: `function alternating(first: number, ...rest: number[]): number {\n  return rest.reduce((sum, v, i) => sum + (i % 2 === 0 ? -v : v), first);\n}` },
  { name: "weighed", text: `const weighed = (u: number, v: number, w = 2): number => u * w - v;` },
  { name: "WEIGHTS", text: `const WEIGHTS = new Map([["sine", 1.5], ["line", -0.25]]);` },
  { name: "parsed", text: `function parsed(text: string): number {\n  try {\n    return (JSON.parse(text) as number[]).length;\n  } catch {\n    return 0.5;\n  }\n}`, numbers: [`parsed("[1, 2]")`, `parsed("?")`] },
  { name: "Mode", text: `enum Mode { Slow = 2, Fast }`, numbers: ["Mode.Fast", "Mode.Slow"] },
  { name: "SHAPE", text: `const SHAPE = { depth: 0.75, edges: [1, 0.5] } as const;`, numbers: ["(2 * SHAPE.depth)", "(1 - SHAPE.edges[1])"] },
];

export const prelude: readonly Entry[] = [...own, ...families, ...shapes];

/** The entries that a text names, and those that these name. */
export function preludeOf(text: string): string[] {
  const used = new Set<Entry>();
  const visit = (from: string): void => {
    for (const entry of prelude) {
      if (used.has(entry) || !new RegExp(`\\b(?:${entry.name})\\b`).test(from)) continue;
      used.add(entry);
      visit(entry.text);
    }
  };
  visit(text);
  return prelude.filter((entry) => used.has(entry)).map((entry) => entry.text);
}
