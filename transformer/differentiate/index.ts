import type { Fn, FnRef } from "../ir/model.js";
import { isReference, carriesReal } from "../ir/types.js";
import { calleesOf } from "../ir/walk.js";
import { reverse } from "./gradient.js";
import { Pairs } from "./pairs.js";

/** What is asked for: which form of the gradient, by the places of which parameters. */
export interface GradientRequest {
  readonly kind: "grad" | "valueAndGrad" | "gradInto";
  readonly wrt: readonly number[];
  /** One gradient is given as it is; several as a tuple. */
  readonly single: boolean;
  readonly name: string;
}

/** A function and those that it needs beside it: pairs in place of calls, and functions that are called as they are. */
export interface Program {
  readonly root: Fn;
  readonly others: readonly FnRef[];
}

/** The gradient of a function, in reverse mode. */
export function gradient(fn: Fn, request: GradientRequest): Program {
  const pairs = new Pairs();
  const root = reverse(fn, request, pairs);
  return { root, others: needed(root, pairs) };
}

/** The functions made here that the root calls, directly or not. */
function needed(root: Fn, pairs: Pairs): FnRef[] {
  const made = new Set<FnRef>(pairs.functions);
  const found = new Set<FnRef>();
  const visit = (fn: Fn): void => {
    for (const callee of calleesOf(fn)) {
      if (!made.has(callee) || found.has(callee)) continue;
      found.add(callee);
      visit(callee.fn());
    }
  };
  visit(root);
  return [...found];
}

/** Whether a parameter has a gradient: it holds numbers, directly or deeper. */
export function isDifferentiable(fn: Fn, place: number): boolean {
  const type = fn.params[place]?.type;
  return type !== undefined && (type.kind === "real" || (isReference(type) && carriesReal(type)));
}
