import { Builder, field, one, variable, zero } from "../ir/build.js";
import { madeIn } from "../ir/effects.js";
import { Memory, reachable } from "../ir/memory.js";
import type { Atom, Fn, FnRef, Opaque, Origin, Statement, Var } from "../ir/model.js";
import { rewriteBlock } from "../ir/rewrite.js";
import { int, isReference, isText, recordOf } from "../ir/types.js";
import { statementsOf } from "../ir/walk.js";
import { depthOf } from "./places.js";
import { recordType } from "./vjp.js";

export interface Recorded {
  /** What is called for the value. */
  readonly forward: FnRef;
  /** The same function once more, at any later time: what it does beside its value is not done again. */
  readonly again: Fn;
  /** Whether both have an array before their parameters for what text of the source gave the first time. */
  readonly isRecorded: boolean;
}

/**
 * A function as it is run for its value, and as it is run again: what its text may give anew each time, like
 * `Math.random()` or a look-up in a table, is put into an array and taken from there.
 */
export function recorded(fn: Fn, self: FnRef): Recorded {
  const memory = new Memory(reachable(fn));
  const drawn = new Set([...statementsOf(fn.body)].filter((s): s is Opaque => s.kind === "opaque" && isDrawn(s)));
  const captures = reachable(fn).flatMap((one) => one.captures);
  const isRepeated = [...statementsOf(fn.body)].every((s) => s.kind !== "opaque" || s.readsOnly === true || s.pure === true || ![...s.args, ...captures].some((a) => isReference(a.type)));
  if (!isRepeated) throw new NotRepeatable("it runs code that may write to its arrays or objects");
  for (const one of reachable(fn)) {
    if (one !== fn && [...statementsOf(one.body)].some((s) => s.kind === "opaque" && isDrawn(s))) throw new NotRepeatable(`it calls '${one.name}', which may give another result when it is run again`);
  }
  const made = madeIn(fn.body);
  for (const s of statementsOf(fn.body)) {
    const isWrite = s.kind === "store" || s.kind === "push" || s.kind === "pop" || s.kind === "resize";
    if (isWrite && s.of.kind === "var" && !made.has(s.of) && [...memory.outside].some((v) => memory.classOf(v) === memory.classOf(s.of as Var))) throw new NotRepeatable("it writes to memory outside");
  }
  if (drawn.size === 0) return { forward: self, again: { ...fn, body: rewriteBlock(fn.body, { atom: (a) => a, statement: quiet }) }, isRecorded: false };
  const [into, from] = [variable("drawn", recordType, fn.origin), variable("drawn", recordType, fn.origin)];
  const at = variable("at", recordOf([{ name: "next", type: int }]), fn.origin);
  const results = new Set([...drawn].map((s) => s.result));
  const isOne = (s: Statement): s is Opaque & { readonly result: Var } => s.kind === "opaque" && s.result !== undefined && results.has(s.result);
  const put = (s: Statement): readonly Statement[] => {
    if (!isOne(s)) return [s];
    const b = new Builder(s.origin);
    b.add(s);
    const value = isReference(s.result.type) ? variable("", s.result.type, s.origin) : s.result;
    if (value !== s.result) b.copyInto(value, s.result, depthOf(s.result.type));
    b.push(into, value);
    return b.statements;
  };
  const take = (s: Statement): readonly Statement[] => {
    if (!isOne(s)) return quiet(s);
    const b = new Builder(s.origin);
    const next = b.load(at, field("next"));
    b.store(at, field("next"), b.let("+", [next, one], int));
    if (isReference(s.result.type)) b.copyInto(s.result, b.load(from, next, "", s.result.type), depthOf(s.result.type));
    else b.add({ kind: "load", result: s.result, of: from, key: next });
    return b.statements;
  };
  const start = new Builder(fn.origin);
  start.add({ kind: "allocate", result: at, initial: { kind: "elements", elements: [zero] } });
  const forward: Fn = { ...fn, name: `${fn.name}Forward`, params: [into, ...fn.params], body: rewriteBlock(fn.body, { atom: (a) => a, statement: put }) };
  const body = rewriteBlock(fn.body, { atom: (a) => a, statement: take });
  const again: Fn = { ...fn, params: [from, ...fn.params], body: { ...body, statements: [...start.statements, ...body.statements] } };
  return { forward: { name: forward.name, fn: () => forward }, again, isRecorded: true };
}

/** A function as it is run again, where nothing has to be recorded for that. */
export function repeatable(fn: Fn): Fn {
  const { again, isRecorded } = recorded(fn, { name: fn.name, fn: () => fn });
  const outer = again.captures.find((v) => isReference(v.type));
  if (isRecorded) throw new NotRepeatable("it may give another result when it is run again, within a function that is differentiated");
  if (outer !== undefined) throw new NotRepeatable(`it reads '${outer.name}', which may have changed when it is run again, within a function that is differentiated`);
  return again;
}

/** A function that prints nothing, for a call that is made once more. */
export function quietly(ref: FnRef): FnRef {
  const found = new Map<FnRef, FnRef>();
  const visit = (one: FnRef): FnRef => {
    const known = found.get(one);
    if (known !== undefined) return known;
    if (!reachable(one.fn()).some((fn) => [...statementsOf(fn.body)].some(isSaid))) return one;
    let made: Fn | undefined;
    const quiet: FnRef = { name: one.name, ...(one.custom && { custom: one.custom }), fn: () => (made ??= { ...one.fn(), body: rewriteBlock(one.fn().body, { atom: (a) => a, statement: (s) => said(s, visit) }) }) };
    found.set(one, quiet);
    return quiet;
  };
  return visit(ref);
}

function said(s: Statement, visit: (ref: FnRef) => FnRef): readonly Statement[] {
  if (isSaid(s)) return [];
  return s.kind === "call" ? [{ ...s, callee: visit(s.callee) }] : [s];
}

/** Whether a statement only prints. What throws has not thrown the first time. */
function isSaid(s: Statement): boolean {
  return s.kind === "effect" && s.throws !== true;
}

/** Why a function cannot be run again for its derivative, or a call or loop of it, which is named then. */
export class NotRepeatable extends Error {
  constructor(
    message: string,
    readonly at?: Origin,
  ) {
    super(message);
  }
}

/** What is done for its own sake is done once: printing, counting, throwing. */
function quiet(s: Statement): readonly Statement[] {
  return s.kind === "effect" || (s.kind === "opaque" && s.result === undefined) ? [] : [s];
}

/** Whether text may give another value when it is run again: it is not computed from numbers, texts and the function's own memory alone. */
function isDrawn(s: Opaque): boolean {
  if (s.result === undefined) return false;
  if (s.rereads !== undefined) return s.rereads === "untilTextRuns";
  const isOwn = (a: Atom): boolean => {
    if (a.kind === "literal") return true;
    if (isReference(a.type)) return a.captured !== true;
    return a.type.kind !== "opaque" || isText(a.type);
  };
  return s.pure !== true || !s.args.every(isOwn);
}
