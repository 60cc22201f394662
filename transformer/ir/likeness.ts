import type { Fn } from "./model.js";
import { printFn } from "./print.js";
import { statementsOf } from "./walk.js";

/**
 * A text that is the same for functions which do the same: what they are called, where they come from, every statement,
 * and so for all that they call. Which of these each call means is part of it.
 */
export function likenessOf(fn: Fn, printed: Map<Fn, string>): string {
  const numbers = new Map<Fn, number>();
  const numberOf = (one: Fn): number => {
    const number = numbers.get(one) ?? numbers.size;
    numbers.set(one, number);
    return number;
  };
  numberOf(fn);
  const lines: string[] = [];
  for (const one of numbers.keys()) {
    const calls = statementsOf(one.body).flatMap((s) => (s.kind === "call" ? [numberOf(s.callee.fn())] : []));
    const text = printed.get(one) ?? one.written ?? printFn(one);
    printed.set(one, text);
    lines.push(`${text}${one.origin?.file ?? ""} ${String(one.origin?.pos ?? 0)} calls ${calls.join()}`);
  }
  return lines.join("\n");
}
