import { fork, type ChildProcess } from "node:child_process";
import type { Answer, Asked, Outcome, Task } from "./protocol.js";

/** JSON modules work in every version that is supported, but the older ones warn. */
const execArgv = ["--disable-warning=ExperimentalWarning"];

/** How the child is started and how long it may be silent. */
export interface Runner {
  readonly script: string;
  readonly args: readonly string[];
  readonly seconds: number;
}

/** What became of the gradients, or why the module could not be loaded at all. */
export type Result = { readonly outcomes: ReadonlyMap<number, Outcome> } | { readonly failed: string };

/**
 * Checks gradients in a process of their own. The user's code may hang there or end the process; then the gradient that was being
 * checked is given up, and another process goes on with the next.
 */
export async function runChecks(entry: string, asked: readonly Asked[], runner: Runner): Promise<Result> {
  const outcomes = new Map<number, Outcome>();
  for (let left = asked; left.length > 0; left = left.filter(({ index }) => !outcomes.has(index))) {
    const { loaded, end } = await runOne({ entry, asked: left }, runner, outcomes);
    if (end === undefined) continue;
    if (!loaded) return { failed: end };
    const given = left.find(({ index }) => !outcomes.has(index));
    if (given !== undefined) outcomes.set(given.index, { verdict: "not checked", why: end });
  }
  return { outcomes };
}

/** How one process went: `end` says why it came to nothing before it had answered everything. */
interface Run {
  readonly loaded: boolean;
  readonly end: string | undefined;
}

function runOne(task: Task, { script, args, seconds }: Runner, outcomes: Map<number, Outcome>): Promise<Run> {
  return new Promise((resolve) => {
    // What the module prints goes to where it does not mix with the answers.
    const child = fork(script, args, { stdio: ["ignore", 2, 2, "ipc"], serialization: "advanced", execArgv });
    let loaded = false;
    let timer = setTimeout(giveUp, seconds * 1000);
    const kill = (): void => void child.kill("SIGKILL");
    process.once("exit", kill);
    const finish = (end: string | undefined): void => {
      clearTimeout(timer);
      process.off("exit", kill);
      silence(child);
      kill();
      resolve({ loaded, end });
    };
    function giveUp(): void {
      finish(`it takes more than ${String(seconds)} seconds`);
    }
    child.on("message", (message) => {
      const answer = message as Answer;
      clearTimeout(timer);
      timer = setTimeout(giveUp, seconds * 1000);
      if (answer.kind === "failed") finish(answer.message);
      else if (answer.kind === "loaded") loaded = true;
      else outcomes.set(answer.index, answer.outcome);
      if (task.asked.every(({ index }) => outcomes.has(index))) finish(undefined);
    });
    child.on("error", (error) => {
      finish(error.message);
    });
    child.on("exit", (status, signal) => {
      finish(`it ends the process${signal === null ? ` with status ${String(status)}` : ` (${signal})`}`);
    });
    child.send(task);
  });
}

/** What a process says once it is given up is not listened to; sending to one that has ended fails, and says nothing new. */
function silence(child: ChildProcess): void {
  child.removeAllListeners();
  child.on("error", () => undefined);
}
