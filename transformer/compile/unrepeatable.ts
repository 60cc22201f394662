import type ts from "typescript";
import { catalogue } from "../diagnostics.js";
import { givesNew } from "../differentiate/carried-memory.js";
import { isOptionalNumber } from "../differentiate/sweep.js";
import { allCells, cellsRead, effectsOf, madeIn, mayAppend, mayDoAnything } from "../ir/effects.js";
import { Memory, reachable } from "../ir/memory.js";
import type { Atom, Call, Fn, Opaque, Origin, Statement, Var } from "../ir/model.js";
import { carriesReal, isReference } from "../ir/types.js";
import { statementsOf } from "../ir/walk.js";
import { markWithin } from "../ir/within.js";
import { refuseAt } from "./refuse-at.js";

/**
 * Refuses checkpointed calls that would not do the same when they are made again, or whose adjoints would not find their
 * places: it is seen in what the function does, and in what is done to the memory outside that it reads.
 */
export function refuseUnrepeatable(fn: Fn, program: ts.Program, what = (name: string): string => `'${name}'`): void {
  const functions = reachable(fn);
  const calls = functions.flatMap((one) => [...statementsOf(one.body)]).filter((s): s is Call => s.kind === "call" && s.checkpoint === true);
  if (calls.length === 0) return;
  const memory = new Memory(functions);
  const { writes } = effectsOf(functions.flatMap((one) => one.body.statements), memory);
  const isChanging = [...memory.outside].some((v) => allCells(v, memory).some((cell) => writes.has(cell))) || functions.some((one) => [...statementsOf(one.body)].some(mayDoAnything));
  for (const call of calls) {
    const found = reasonOf(call, isChanging);
    if (found !== undefined) refuseAt(catalogue.checkpoint, found.origin ?? call.origin, program, what(call.callee.name), found.why);
  }
}

interface Reason {
  readonly why: string;
  readonly origin: Origin | undefined;
}

function reasonOf(call: Call, isChanging: boolean): Reason | undefined {
  const fn = call.callee.fn();
  const functions = reachable(fn);
  const memory = new Memory(functions);
  // What is read and written has cells from here on.
  effectsOf(fn.body.statements, memory);
  const given = new Set(fn.params.flatMap((p) => allCells(p, memory)));
  const outside = new Set([...memory.outside].flatMap((v) => allCells(v, memory)));
  const parts = new Set(fn.params.flatMap((p) => allCells(p, memory).filter((cell) => cell !== memory.classOf(p))));
  for (const one of functions) {
    const marked = markWithin(one, () => new Memory(functions, [...one.params, ...one.captures]));
    const made = madeIn(one.body);
    for (const s of statementsOf(marked.body)) {
      const why = faultOf(s, made);
      if (why !== undefined) return { why, origin: s.origin };
    }
  }
  const shared = fn.body.yields.find((y) => isReference(y.type) && allCells(y, memory).some((cell) => given.has(cell) || outside.has(cell)));
  if (shared !== undefined && !givesNew(fn)) return { why: "it returns memory that it was given", origin: call.origin };
  const missing = fn.body.yields.find((y) => isReference(y.type) && y.type.nullable === true && carriesReal(y.type));
  return missing && { why: "it may return nothing in place of an array or object", origin: call.origin };

  function faultOf(s: Statement, made: ReadonlySet<Atom>): string | undefined {
    if (mayDoAnything(s)) return "it runs code that may write to its arrays or objects, or change what lies outside";
    if (s.kind === "opaque" && s.pure !== true) return "it may get another value when this is evaluated again";
    if (isChanging && (cellsRead(s, memory).some((cell) => outside.has(cell)) || (s.kind === "opaque" && readsOutside(s)))) return "it reads what lies outside, which may have changed by then";
    const of = writtenBy(s);
    if (of === undefined || made.has(of)) return undefined;
    const written = memory.classOf(of);
    if (outside.has(written)) return "it writes to memory outside";
    if (!given.has(written)) return undefined;
    if (s.kind === "push" || s.kind === "pop" || s.kind === "resize") return `it makes '${of.name}' longer or shorter, which comes from outside`;
    if (s.kind === "store" && isReference(s.value.type)) return `it moves what '${of.name}' holds, which comes from outside`;
    if (s.kind === "store" && isOptionalNumber(s)) return `it writes to a part of '${of.name}' that may be missing, which comes from outside`;
    if (s.kind === "store" && mayAppend(s) && parts.has(written)) return "it may make an array within what it was given longer";
    return undefined;
  }
}

/** Whether text reads what has another name than those that it is given, or a variable from outside. */
function readsOutside({ args, rereads }: Opaque): boolean {
  if (rereads === "always") return false;
  return args.length === 0 || args.some((a) => a.kind === "var" && a.captured === true && !isReference(a.type));
}

function writtenBy(s: Statement): Var | undefined {
  const isWrite = s.kind === "store" || s.kind === "accumulate" || s.kind === "push" || s.kind === "pop" || s.kind === "resize";
  return isWrite && s.of.kind === "var" && isReference(s.of.type) ? s.of : undefined;
}
