import fc from "fast-check";
import { it } from "vitest";
import { writeFileSync } from "node:fs";
import { genomes } from "./random/choices.js";
import { programOf } from "./random/programs.js";
import { examine } from "./random/campaign.js";
it("looks", { timeout: 600_000 }, () => {
  const drawn = fc.sample(genomes, { seed: Number(process.env.S ?? 5), numRuns: Number(process.env.N ?? 50), unbiased: true }).map(programOf);
  const tally = { compared: 0, unclear: 0 };
  const t = performance.now();
  const found = examine(drawn.map(p => process.env.BRIEF ? ({ ...p, isBrief: true, isSecond: false }) : p), tally);
  console.log(performance.now() - t, tally);
  const groups = new Map<string, number>();
  for (const f of found) if (f) { const k = f.kind + " " + (f.text.split("\n")[0] ?? "").slice(0, 150).replace(/\d+:\d+/, ""); groups.set(k, (groups.get(k) ?? 0) + 1); }
  console.log([...groups].map(([k, n]) => `${n} ${k}`).join("\n"));
  writeFileSync("/tmp/random/look.txt", found.map((f, i) => f ? `//#### ${i} ${f.kind}: ${f.text.slice(0, 400)}\n${drawn[i]!.text}` : `//#### ${i} ok\n${drawn[i]!.text}`).join("\n\n"));
});
