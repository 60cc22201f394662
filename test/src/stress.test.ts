import { test } from "vitest";
import { checkAny } from "../../src/check/check-grad.js";
// dual numbers over random expression trees
type D = { v: number; d: number[] };
let seed = 12345;
const rnd = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
type E = { f: (x: number[]) => number; g: (x: number[]) => D };
const un: [(a: number) => number, (a: number, y: number) => number][] = [
  [Math.sin, Math.cos], [Math.cos, (a) => -Math.sin(a)], [Math.exp, (_a, y) => y], [Math.tanh, (a) => 1/Math.cosh(a)/Math.cosh(a)],
  [Math.sqrt, (_a, y) => .5/y], [Math.log, (a) => 1/a], [Math.abs, (a) => Math.sign(a)], [(a) => a*a, (a) => 2*a], [(a) => Math.max(a, 0), (a) => a > 0 ? 1 : 0],
  [Math.atan, (a) => 1/(1+a*a)], [Math.floor, () => 0], [Math.cbrt, (_a, y) => 1/(3*y*y)],
];
function gen(depth: number, n: number): E {
  if (depth === 0 || rnd() < .1) {
    if (rnd() < .2) { const c = Math.round(rnd()*40-20)/4; return { f: () => c, g: () => ({ v: c, d: Array(n).fill(0) }) }; }
    const i = Math.floor(rnd()*n);
    return { f: (x) => x[i]!, g: (x) => ({ v: x[i]!, d: x.map((_, j) => +(j === i)) }) };
  }
  if (rnd() < .5) {
    const [u, du] = un[Math.floor(rnd()*un.length)]!; const a = gen(depth-1, n);
    return { f: (x) => u(a.f(x)), g: (x) => { const A = a.g(x); const v = u(A.v); const k = du(A.v, v); return { v, d: A.d.map((t) => t === 0 ? 0 : t*k) }; } };
  }
  const a = gen(depth-1, n), b = gen(depth-1, n);
  const o = Math.floor(rnd()*4);
  return { f: (x) => { const p = a.f(x), q = b.f(x); return o === 0 ? p+q : o === 1 ? p-q : o === 2 ? p*q : p/q; },
    g: (x) => { const A = a.g(x), B = b.g(x); const v = o === 0 ? A.v+B.v : o === 1 ? A.v-B.v : o === 2 ? A.v*B.v : A.v/B.v;
      return { v, d: A.d.map((t, i) => o === 0 ? t+B.d[i]! : o === 1 ? t-B.d[i]! : o === 2 ? (t ? t*B.v : 0)+(B.d[i]! ? A.v*B.d[i]! : 0) : t/B.v - (B.d[i]! ? v/B.v*B.d[i]! : 0)) }; } };
}
test("stress", () => {
  const counts: Record<string, number> = {}; let wrong = 0, missed = 0, total = 0, shown = 0; const missedBy: Record<string, number> = {};
  const t = performance.now();
  for (let k = 0; k < 6000; k++) {
    const e = gen(2 + k % 5, 3); const scale = [1, 1, 1e-3, 1e2][k % 4]!;
    const x = [0, 1, 2].map(() => rnd() < .15 ? Math.round(rnd()*4-2) : (rnd()*4-2)*scale);
    const f = (y: number[]) => e.f(y), g = (y: number[]) => e.g(y).d;
    const G = e.g(x); if (!G.d.some((t) => t !== 0) || !Number.isFinite(G.v) || !G.d.every(Number.isFinite)) continue;
    total++;
    const r = checkAny("c", f, g, [x], {});
    for (const row of [...r.elements, ...r.directions]) counts[row.verdict] = (counts[row.verdict] ?? 0) + 1;
    if (!r.ok && r.elements.some((q) => q.note?.startsWith("zero"))) { const i = r.elements.findIndex((q) => q.note?.startsWith("zero")); console.log("LOST", i, x, [-2,-4,-6,-8,-10,-12,-16,-20,-24,-28,-32,-36,-40].map((q) => [q, ...[1, -1].map((sg) => f(x.map((v, j) => j === i ? v + sg*2**q : v)) - f(x))].join(" ")).join("\n")); }
    if (!r.ok) { wrong++; if (shown++ < 25) console.log("FALSE", x, String(r), e.f.toString().slice(0,60)); }
    const w = checkAny("c", f, (y: number[]) => g(y).map((t) => t*(1+1e-4)), [x], {});
    if (w.ok) { missed++; const key = [...new Set(w.elements.filter((q) => q.generated !== 0).map((q) => q.verdict))].sort().join(); missedBy[key] = (missedBy[key] ?? 0)+1; if (key.includes("ok") && missedBy[key]! < 8) console.log("MISSED", x, String(w)); }
  }
  console.log(total, "false", wrong, "missed", missed, counts, missedBy, performance.now() - t);
}, 100000);
