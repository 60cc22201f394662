import { fork, type ChildProcess } from "node:child_process";
import type { Answer, Asked, Outcome, Task } from "./protocol.js";

/** JSON modules work in every version that is supported, but the older ones warn. */
const execArgv = ["--disable-warning=ExperimentalWarning"];

/** How the child is started, and how many seconds it may be silent. */
export interface Runner {
  readonly script: string;
  readonly args: readonly string[];
  readonly limits: Limits;
}
export interface Limits {
  /** While it loads the module, or checks a gradient at a point. */
  readonly work: number;
  /** While it calls a function for the first time at arguments made up. */
  readonly call: number;
}

/** How many ways of making up arguments may lead to endless loops before a function is given up. */
const mostEndless = 3;

/** What became of the gradients, or why the module could not be loaded at all. */
export type Result = { readonly outcomes: ReadonlyMap<number, Outcome> } | { readonly failed: string };

/**
 * Checks gradients in a process of their own. The user's code may hang there or end the process. Where it was called at arguments
 * made up, another process tries others; else the gradient is given up, and another process goes on with the next.
 */
export async function runChecks(entry: string, asked: readonly Asked[], runner: Runner): Promise<Result> {
  const outcomes = new Map<number, Outcome>();
  let left = asked;
  while (left.length > 0) {
    const { loaded, end, endless } = await runOne({ entry, asked: left }, runner, outcomes);
    left = left.filter(({ index }) => !outcomes.has(index));
    const [given, ...others] = left;
    if (end === undefined || given === undefined) continue;
    if (!loaded) return { failed: end };
    const ways = endless === undefined ? [] : [...(given.endless ?? []), endless];
    const again = ways.length > 0 && ways.length < mostEndless;
    if (!again) outcomes.set(given.index, { verdict: "not checked", why: end });
    left = again ? [{ ...given, endless: ways }, ...others] : others;
  }
  return { outcomes };
}

/** How one process went: `end` says why it came to nothing before it had answered everything. */
interface Run {
  readonly loaded: boolean;
  readonly end: string | undefined;
  /** The way of making up arguments that the process did not come back from. */
  readonly endless?: number;
}

function runOne(task: Task, { script, args, limits }: Runner, outcomes: Map<number, Outcome>): Promise<Run> {
  return new Promise((resolve) => {
    // What the module prints goes to where it does not mix with the answers.
    const child = fork(script, args, { stdio: ["ignore", 2, 2, "ipc"], serialization: "advanced", execArgv });
    let loaded = false;
    let tried: number | undefined;
    let timer = wait(limits.work);
    function wait(seconds: number): NodeJS.Timeout {
      return setTimeout(() => {
        finish(`it takes more than ${String(seconds)} seconds`, tried);
      }, seconds * 1000);
    }
    const kill = (): void => void child.kill("SIGKILL");
    process.once("exit", kill);
    function finish(end: string | undefined, endless?: number): void {
      clearTimeout(timer);
      process.off("exit", kill);
      silence(child);
      kill();
      resolve({ loaded, end, ...(endless === undefined ? {} : { endless }) });
    }
    child.on("message", (message) => {
      const answer = message as Answer;
      clearTimeout(timer);
      timer = wait(answer.kind === "trying" ? limits.call : limits.work);
      if (answer.kind === "trying") tried = answer.attempt;
      else if (answer.kind === "outcome") tried = undefined;
      if (answer.kind === "failed") finish(answer.message);
      else if (answer.kind === "loaded") loaded = true;
      else if (answer.kind === "outcome") outcomes.set(answer.index, answer.outcome);
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
