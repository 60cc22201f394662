import { appendFileSync } from "node:fs";
import { expect, it } from "vitest";
import { campaign, describeFailure, type Plan } from "./random/campaign.js";
import { isWrong } from "./random/finding.js";

/**
 * Random programs, always the same few unless told otherwise: every program that fails becomes a fixture once it is mended.
 * `TSGRAD_RANDOM=1000 TSGRAD_SEED=7` looks at a thousand others, and at more of each; `TSGRAD_RANDOM_LOG` names a file for
 * what fails.
 */
const asked = process.env.TSGRAD_RANDOM;
const plan: Plan =
  asked === undefined
    ? { seed: 20, count: 500, wholeOf: 10, shrinkSeconds: 4, shrinksWrong: true }
    : { seed: Number(process.env.TSGRAD_SEED ?? 1), count: Number(asked), shrinkSeconds: Number(asked) > 100 ? 20 : 4 };

/** What fails among the same few and has a derivative that is right, or none: the first program of each kind, and how many there are. */
const open: readonly string[] = [
  "431: 1 times program is wild",
];

it(`differentiates ${plan.count} random programs`, { timeout: 60_000 + plan.count * 3_000 }, () => {
  const log = (text: string): void => {
    if (process.env.TSGRAD_RANDOM_LOG !== undefined) appendFileSync(process.env.TSGRAD_RANDOM_LOG, `${text}\n\n`);
  };
  const { tally, failures } = campaign(plan, (failure) => {
    log(describeFailure(failure));
  });
  log(`# seed ${plan.seed}: ${plan.count} programs, ${tally.compared} numbers compared, ${tally.unclear} unclear, ${tally.refused} refused`);
  for (const { signature, count: times } of failures) log(`# ${times} times ${signature}`);
  expect(failures.filter(({ finding }) => isWrong(finding)).map(describeFailure).join("\n\n")).toBe("");
  const others = failures.filter(({ finding }) => !isWrong(finding));
  const found = others.map(({ signature, index, count: times }) => `${index}: ${times} times ${signature}`);
  expect(found, others.map(describeFailure).join("\n\n")).toEqual(asked === undefined ? open : []);
  // Differences must be able to judge nearly all there is.
  expect(tally.compared).toBeGreaterThan(9 * tally.unclear);
});
