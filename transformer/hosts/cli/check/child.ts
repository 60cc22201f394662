import { pathToFileURL } from "node:url";
import { messageOf } from "../../../../src/check/obtain.js";
import { judge } from "./judge.js";
import { registry, type Answer, type Asked, type Outcome, type Registered, type Task } from "./protocol.js";

/** Waits for the task of a process of its own: to load the user's module and to check what it registers. */
export function answerChecks(): void {
  // Without the command there is nobody to answer to.
  process.once("disconnect", () => process.exit());
  process.on("uncaughtException", fail);
  process.on("unhandledRejection", fail);
  process.once("message", (task) => {
    void perform(task as Task).catch(fail);
  });
}
answerChecks.command = "answer-checks";

async function perform({ entry, asked }: Task): Promise<void> {
  await import(pathToFileURL(entry).href);
  answer({ kind: "loaded" });
  const registered = (Reflect.get(globalThis, Symbol.for(registry)) ?? {}) as Readonly<Record<number, Registered>>;
  for (const one of asked) answer({ kind: "outcome", index: one.index, outcome: outcomeOf(one, registered[one.index]) });
}

function outcomeOf(asked: Asked, registered: Registered | undefined): Outcome {
  if (registered === undefined) return { verdict: "not checked", why: "the module ends before it is made" };
  try {
    return judge(asked, registered, answer);
  } catch (thrown) {
    return { verdict: "not checked", why: messageOf(thrown) };
  }
}

function fail(thrown: unknown): void {
  answer({ kind: "failed", message: `it throws "${messageOf(thrown)}"` });
}

function answer(message: Answer): void {
  process.send?.(message);
}
