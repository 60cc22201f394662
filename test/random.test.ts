import { appendFileSync } from "node:fs";
import { expect, it } from "vitest";
import { campaign, describeFailure } from "./random/campaign.js";

/**
 * A search for programs that fail, run on demand: every program it has found becomes a fixture once it is mended.
 * `TSGRAD_RANDOM=1000 TSGRAD_SEED=7` looks at a thousand programs; `TSGRAD_RANDOM_LOG` names a file for what fails.
 */
const count = Number(process.env.TSGRAD_RANDOM ?? 0);
const seed = Number(process.env.TSGRAD_SEED ?? 1);

it.skipIf(count === 0)(`differentiates ${count} random programs`, { timeout: 60_000 + count * 3_000 }, () => {
  const log = (text: string): void => {
    if (process.env.TSGRAD_RANDOM_LOG !== undefined) appendFileSync(process.env.TSGRAD_RANDOM_LOG, `${text}\n\n`);
  };
  const { tally, failures } = campaign(seed, count, (failure) => log(describeFailure(failure)), count > 100 ? 20 : 4);
  log(`# seed ${seed}: ${count} programs, ${tally.compared} numbers compared, ${tally.unclear} unclear`);
  for (const { signature, count: times } of failures) log(`# ${times} times ${signature}`);
  expect(failures.map(describeFailure).join("\n\n")).toBe("");
  // Differences must be able to judge nearly all there is.
  expect(tally.compared).toBeGreaterThan(9 * tally.unclear);
});
