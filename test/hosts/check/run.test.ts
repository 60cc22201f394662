import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Asked, Outcome } from "../../../transformer/hosts/cli/check/protocol.js";
import { runChecks, type Result } from "../../../transformer/hosts/cli/check/run.js";

const folder = mkdtempSync(join(tmpdir(), "tsgrad-run-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Runs checks 0, 1 and 2 in processes of a script; `body` sees the indices that are left, and `say`. */
function run(name: string, body: string): Promise<Result> {
  const script = join(folder, `${name}.cjs`);
  writeFileSync(script, `process.on("message", ({ asked }) => {
  const say = (answer) => process.send(answer);
  const left = asked.map(({ index }) => index);
  const ok = (index) => say({ kind: "outcome", index, outcome: { verdict: "ok", points: 3, notes: [] } });
  ${body}
});\n`);
  const asked = [0, 1, 2].map((index): Asked => ({ index, kind: "grad", params: [] }));
  return runChecks("unused", asked, { script, args: [], limits: { work: 1, call: 0.5 } });
}

const ok: Outcome = { verdict: "ok", points: 3, notes: [] };
const given = (why: string): Outcome => ({ verdict: "not checked", why });

describe("checks in a process of their own", () => {
  it("come back", async () => {
    const result = await run("right", `say({ kind: "loaded" }); left.forEach(ok);`);
    expect("outcomes" in result && [...result.outcomes]).toEqual([[0, ok], [1, ok], [2, ok]]);
  });

  it("go on behind one that hangs, or ends the process", async () => {
    const hanging = await run("hangs", `say({ kind: "loaded" }); for (const i of left) { if (i === 1) for (;;); ok(i); }`);
    expect("outcomes" in hanging && [...hanging.outcomes]).toEqual([[0, ok], [1, given("it takes more than 1 seconds")], [2, ok]]);
    const ending = await run("ends", `say({ kind: "loaded" }); if (left[0] === 0) process.exit(7); left.forEach(ok);`);
    expect("outcomes" in ending && [...ending.outcomes]).toEqual([[0, given("it ends the process with status 7")], [1, ok], [2, ok]]);
  });

  it("try other arguments where the function does not come back from some", async () => {
    const body = (mostTried: number): string => `say({ kind: "loaded" });
      for (const { index, endless = [] } of asked) {
        say({ kind: "trying", index, attempt: endless.length });
        if (index === 1 && endless.length < ${String(mostTried)}) for (;;);
        say({ kind: "checking" });
        ok(index);
      }`;
    const found = await run("tries", body(2));
    expect("outcomes" in found && [...found.outcomes]).toEqual([[0, ok], [1, ok], [2, ok]]);
    const given = await run("gives-up", body(3));
    expect("outcomes" in given && given.outcomes.get(1)).toEqual({ verdict: "not checked", why: "it takes more than 0.5 seconds" });
    expect("outcomes" in given && given.outcomes.get(2)).toEqual(ok);
  });

  it("do not begin where the module cannot be loaded", async () => {
    expect(await run("fails", `say({ kind: "failed", message: "it throws" });`)).toEqual({ failed: "it throws" });
    expect(await run("sleeps", `for (;;);`)).toEqual({ failed: "it takes more than 1 seconds" });
    expect(await run("exits", `process.exit(0);`)).toEqual({ failed: "it ends the process with status 0" });
  });
});
