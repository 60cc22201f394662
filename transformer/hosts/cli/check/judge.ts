import { call, type Callable } from "../../../../src/check/evaluate.js";
import { messageOf } from "../../../../src/check/obtain.js";
import { randomNumbers } from "../../../../src/check/random.js";
import { comparesAny, isWrong, type CheckReport } from "../../../../src/check/report.js";
import { copyArguments } from "../../../../src/check/shape.js";
import { isGradient, isOfAny, isSecond, type Kind } from "../../../requests/request.js";
import { attemptsFor, type Attempt } from "./attempts.js";
import type { Answer, Asked, Outcome, Registered } from "./protocol.js";
import { reportsAt } from "./reports.js";
import { numbersIn } from "./results.js";
import { combinations, sampleArguments, show } from "./sample.js";

/** How many points a derivative is checked at, and how many where the types offer a choice at most. */
const points = 3;
const mostPoints = 16;


/**
 * Checks one derivative at several points that the types of its parameters allow. It stops at the first where it is wrong. What it is
 * about to do is told before, for it may never come back.
 */
export function judge(
  asked: Asked,
  { f, derivative, gradient }: Registered,
  tell: (answer: Answer) => void,
): Outcome {
  const { index, kind, params, endless = [] } = asked;
  if (!isCallable(f) || !isCallable(derivative) || (isSecond(kind) && !isCallable(gradient))) return { verdict: "not checked", why: "it is no function when the module has run" };
  const random = randomNumbers(1);
  const derived = { f, made: derivative, ...(isCallable(gradient) && { first: gradient }) };
  const attempts = attemptsFor(params);
  const seen: CheckReport[] = [];
  let failure = "";
  let likely = 0;
  let reached = 0;
  for (let turn = 0; turn < Math.max(points, combinations(params, mostPoints)); turn++) {
    const found = pointFor(turn);
    if (found === undefined) continue;
    tell({ kind: "checking" });
    for (const report of reportsAt(asked, derived, found, random)) {
      if (isWrong(report)) return { verdict: "wrong", at: show(found), table: String(report) };
      seen.push(report);
    }
    reached++;
  }
  if (reached === 0) return { verdict: "not checked", why: nothingFound(attempts, failure, kind) };
  const rows = seen.flatMap(({ elements }) => elements);
  if (!seen.some(comparesAny)) {
    return { verdict: "not checked", why: `it has no values next to the points that were tried; ${adviceFor(kind)}` };
  }
  const verdicts = new Set(rows.map(({ verdict }) => verdict).filter((verdict) => verdict !== "ok"));
  return { verdict: "ok", points: reached, notes: [...verdicts] };

  /** The way that has led to a point before comes first; the last of three points is positive where it can be. */
  function pointFor(turn: number): unknown[] | undefined {
    const order = [turn === 2 ? 1 : likely, ...attempts.keys()];
    for (const i of new Set(order)) {
      if (endless.includes(i)) continue;
      tell({ kind: "trying", index, attempt: i });
      const args = sampleArguments(params, attempts[i] as Attempt, turn, random);
      const fault = faultAt(f as Callable, args, kind);
      if (fault === undefined) {
        if (turn !== 2) likely = i;
        return args;
      }
      failure = fault;
    }
    return undefined;
  }
}

function faultAt(f: Callable, args: readonly unknown[], kind: Kind): string | undefined {
  try {
    const value = call(f, copyArguments(args));
    if (typeof value === "number" || !isOfAny(kind)) {
      return typeof value === "number" && Number.isFinite(value) ? undefined : `gives ${Array.isArray(value) ? "an array" : String(value)}`;
    }
    const numbers = numbersIn(value);
    const odd = numbers.find((x) => !Number.isFinite(x));
    return numbers.length === 0 ? "gives no numbers" : odd === undefined ? undefined : `gives ${String(odd)} among others`;
  } catch (thrown) {
    return `throws "${messageOf(thrown)}"`;
  }
}

function nothingFound(attempts: readonly Attempt[], failure: string, kind: Kind): string {
  return `${String(attempts.length)} points were tried, and the function has a value at none: it ${failure} at the last; ${adviceFor(kind)}`;
}

/** What to do about a derivative for which no arguments can be made up. */
export function adviceFor(kind: Kind): string {
  return isGradient(kind) ? "use checkGrad(f, gradient, args) with arguments of your own" : "compare it with differences at arguments of your own";
}

function isCallable(value: unknown): value is Callable {
  return typeof value === "function";
}
