import fc from "fast-check";
import { compileAll } from "./batch.js";
import { genomes, type Genome } from "./choices.js";
import { isWrong, ownKinds, signature, type Finding } from "./finding.js";
import { programOf, type RandomProgram } from "./programs.js";
import { reduced } from "./reduce.js";
import { verify, type Tally } from "./verify.js";
import { gradientOptions } from "../fixtures/fixture.js";
import { show } from "../fixtures/values.js";

/** A failure with the smallest program that shows it. */
export interface Failure {
  readonly signature: string;
  readonly program: RandomProgram;
  readonly finding: Finding;
  /** Which program of the seed it was, and how many of them fail like it. */
  readonly index: number;
  count: number;
}

export interface Campaign {
  readonly programs: number;
  readonly tally: Tally;
  readonly failures: readonly Failure[];
}

const batchSize = 50;

/** What is wrong with each of the programs, if anything. */
export function examine(programs: readonly RandomProgram[], tally: Tally = { compared: 0, unclear: 0, refused: 0 }, checksTypes = true): (Finding | undefined)[] {
  return compileAll(programs, checksTypes).map((compiled, i) => {
    if ("finding" in compiled) return compiled.finding;
    if ("file" in compiled) return verify(programs[i] as RandomProgram, compiled.file, compiled.text, tally) ?? compiled.wrongTypes;
    tally.refused++;
    return undefined;
  });
}

export interface Plan {
  readonly seed: number;
  readonly count: number;
  /** Of so many programs all is asked of one, and of the others the gradient; without it each program says how much. */
  readonly wholeOf?: number;
  readonly shrinkSeconds?: number;
  /** Whether only programs with wrong derivatives are made smaller. */
  readonly shrinksWrong?: true;
}

/** The programs of a seed. One failure of each signature is shrunk and told, the others are counted. */
export function campaign({ seed, count, wholeOf, shrinkSeconds = 20, shrinksWrong }: Plan, tell: (failure: Failure) => void): Campaign {
  const drawn = fc.sample(genomes, { seed, numRuns: count, unbiased: true });
  const tally: Tally = { compared: 0, unclear: 0, refused: 0 };
  const failures = new Map<string, Failure>();
  for (let at = 0; at < count; at += batchSize) {
    const batch = drawn.slice(at, at + batchSize);
    const isBrief = (i: number): boolean => wholeOf !== undefined && (at + i) % wholeOf !== 0;
    const programs = batch.map(programOf).map((program, i) => (isBrief(i) ? { ...program, isBrief: true, isSecond: false } : program));
    for (const [i, finding] of examine(programs, tally).entries()) {
      if (finding === undefined) continue;
      const key = signature(finding);
      const known = failures.get(key);
      if (known !== undefined) known.count++;
      else {
        const genome = batch[i] as Genome;
        const found = shrinksWrong && !isWrong(finding) ? { program: programOf(genome), finding } : shrunk(genome, finding, shrinkSeconds);
        const failure = { ...found, signature: key, index: at + i, count: 1 };
        failures.set(key, failure);
        tell(failure);
      }
    }
  }
  return { programs: count, tally, failures: [...failures.values()] };
}

/** First fast-check takes genes away, then the text itself is made smaller. Both look at as little of it as fails in the same way. */
function shrunk(genome: Genome, finding: Finding, seconds: number): Pick<Failure, "program" | "finding"> {
  if (ownKinds.includes(finding.kind)) return { program: programOf(genome), finding };
  const wanted = signature(finding);
  const isSame = (found: Finding | undefined): boolean => found !== undefined && signature(found) === wanted;
  const again = (candidates: readonly RandomProgram[]): readonly boolean[] => examine(candidates, undefined, finding.kind === "emitted types").map(isSame);
  const whole = programOf(genome);
  const less = [{ isSecond: false, isBrief: true }, { isSecond: false }, {}].find((changes) => again([{ ...whole, ...changes }])[0] === true) ?? {};
  const trimmed = (candidate: Genome): RandomProgram => ({ ...programOf(candidate), isSecond: whole.isSecond, isBrief: whole.isBrief, ...less });
  const holds = fc.property(genomes, (candidate) => again([trimmed(candidate)])[0] !== true);
  const details = fc.check(holds, { examples: [[genome]], numRuns: 1, interruptAfterTimeLimit: seconds * 400, markInterruptAsFailure: false });
  const end = Date.now() + seconds * 2000;
  const program = reduced(trimmed(details.counterexample?.[0] ?? genome), (candidates) => (Date.now() > end ? candidates.map(() => false) : again(candidates)));
  return { program, finding: examine([program])[0] ?? finding };
}

/** A failure as text: the program, its arguments and what is wrong. */
export function describeFailure({ signature: key, program, finding, index, count }: Failure): string {
  const options = gradientOptions(program.requested);
  return [`## ${key} (${count} programs, first ${index})`, program.text.trim(), `grad(f${options})${program.isSecond ? ", twice" : ""} at ${program.points.map(show).join(" and ")}`, finding.text.slice(0, 3000)].join("\n");
}
