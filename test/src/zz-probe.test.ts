import { test } from "vitest";
import { checkAny } from "../../src/check/check-grad.js";
import { randomNumbers } from "../../src/check/random.js";
import { evaluate, randomExpression, written } from "./expressions.js";
test("p", async () => {
  const N: Record<string, number> = {}; const add = (k: string) => N[k] = (N[k] ?? 0) + 1;
  const out: string[] = [];
  for (const seed of [15, 16, 17, 18, 19, 20]) {
  const random = randomNumbers(seed); 
  for (let k = 0; k < 6000; k++) {
    const e = randomExpression(random, 2 + k % 5, 3); const scale = [1, 1, 1e-3, 1e2][k % 4]!;
    const x = [0, 1, 2].map(() => random() < .15 ? Math.round(random()*4-2) : (random()*4-2)*scale);
    const d = evaluate(e, x);
    if (!d.derivatives.some((q) => q !== 0) || !Number.isFinite(d.value) || !d.derivatives.every(Number.isFinite)) continue;
    add("total");
    const det = d.smooth && d.rounding <= 1e-12 * Math.abs(d.value);
    if (det) add("determined");
    const f = (y: number[]) => evaluate(e, y).value, g = (y: number[]) => evaluate(e, y).derivatives;
    for (const [name, c] of [["new", checkAny]] as const) {
      const r = c("c", f, g, [x], {});
      if (!r.ok) { add(name + " false"); if (det) { add(name + " false det"); if (name === "new") out.push(`${d.smooth} ${written(e)}\n ${x} ${r}`); } }
      if (det && k % 8 === 0) { add("perturbed");
        const r = c("c", f, (y: number[]) => g(y).map((q) => q*1.001), [x], {});
        if (r.ok) add(name + " missed det"); 
      }
    }
  } }
  console.log(out.join("\n\n")); console.log(N);
}, 200000);
