import { NotCompiledError } from "../not-compiled.js";
import { call } from "./evaluate.js";
import type { Callable } from "./evaluate.js";
import { takeApart } from "./layout.js";
import type { Selection } from "./options.js";
import { firstDifference } from "./same.js";
import { copyArguments } from "./shape.js";

/** Calls the gradient twice, and looks at what else it does. Without `gradients` there is nothing to compare. */
export function obtain(
  gradient: Callable,
  args: readonly unknown[],
  selected: Selection,
): { readonly problems: string[]; readonly gradients?: readonly unknown[] } {
  const problems: string[] = [];
  const given = copyArguments(args);
  let result: unknown;
  let kept: unknown;
  let again: unknown;
  try {
    result = call(gradient, given);
    kept = copyArguments([result])[0];
    const changed = firstDifference(args, given, "args");
    if (changed !== undefined) problems.push(`the gradient changes its arguments: ${changed}`);
    again = call(gradient, copyArguments(args));
  } catch (thrown) {
    if (thrown instanceof NotCompiledError) throw thrown;
    return { problems: [...problems, `the gradient throws: ${messageOf(thrown)}`] };
  }
  const layout = takeApart(kept, args, selected);
  if ("problem" in layout) return { problems: [...problems, layout.problem] };
  const differs = firstDifference(kept, again, "gradient");
  if (differs !== undefined) problems.push(`two calls of the gradient disagree: ${differs}`);
  const overwritten = firstDifference(kept, result, "gradient");
  if (overwritten !== undefined) problems.push(`the second call of the gradient overwrites the result of the first: ${overwritten}`);
  return { problems, gradients: layout.gradients };
}

export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
