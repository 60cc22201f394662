import { reachable } from "../ir/memory.js";
import type { Atom, Call, Fn, FnRef, Literal, Statement, Var } from "../ir/model.js";
import { renew, rewriteBlock } from "../ir/rewrite.js";
import { calleesOf, sizeOf } from "../ir/walk.js";
import { recogniseSigmoid } from "./sigmoid.js";

/** R16, in operations: how large a function may be to be pasted, and how large its caller may become. */
const pasted = 40;
const whole = 400;

/**
 * Pastes calls of small functions into the caller, decided from the inside by the size that they have after their own
 * calls are pasted. Recursive functions, and those that use private names of another module, stay calls.
 */
export function inline(fn: Fn, settled?: (callee: Fn) => Fn): Fn {
  const inliner = new Inliner();
  const inlined = inliner.inlined(fn);
  if (settled !== undefined) inliner.settleWithin(inlined, settled);
  return inlined;
}

/** Whether a function is small enough to be pasted where it is called. */
export function isPasted(fn: Fn): boolean {
  return sizeOf(fn.body) <= pasted;
}

class Inliner {
  private readonly done = new Map<Fn, Fn>();
  private readonly refs = new Map<FnRef, FnRef>();
  /** The functions that stay calls as small as they get: what they compute twice is saved once then too. */
  private readonly settled = new Map<Fn, Fn>();

  inlined(fn: Fn): Fn {
    const known = this.done.get(fn);
    if (known !== undefined) return known;
    let size = sizeOf(fn.body);
    const captures = [...fn.captures];
    const visit = (statements: readonly Statement[]): Statement[] => {
      return statements.flatMap((s): Statement[] => {
        if (s.kind === "if") return [{ ...s, then: block(s.then), else: block(s.else) }];
        if (s.kind === "loop") return [{ ...s, body: block(s.body) }];
        if (s.kind !== "call") return [s];
        if (s.later !== undefined || s.checkpoint === true) return [{ ...s, callee: this.ref(s.callee) }];
        const callee = this.candidate(s.callee, fn, captures);
        if (callee === undefined || size + sizeOf(callee.body) > whole) return [{ ...s, callee: this.ref(s.callee) }];
        size += sizeOf(callee.body);
        return paste(s, fn.origin?.file === callee.origin?.file ? callee : withPlainNumbers(callee), captures);
      });
    };
    const block = (b: Fn["body"]): Fn["body"] => ({ ...b, statements: visit(b.statements) });
    const result: Fn = recogniseSigmoid({ ...fn, body: block(fn.body), captures });
    this.done.set(fn, result);
    return result;
  }

  /** Brings the functions that one calls into the form in which they are differentiated, whatever they are given. */
  settleWithin(fn: Fn, settled: (callee: Fn) => Fn): void {
    const callees = [...new Set(reachable(fn).flatMap((f) => [...calleesOf(f)].map((ref) => ref.fn())))].filter((f) => f.written === undefined);
    for (const f of callees) this.settled.set(f, settled(f));
  }

  private candidate(ref: FnRef, caller: Fn, captures: readonly Var[]): Fn | undefined {
    // What has a rule of its own is differentiated as a call.
    if (ref.custom !== undefined || ref.isApart === true) return undefined;
    const fn = ref.fn();
    if (fn.written !== undefined || isRecursive(fn)) return undefined;
    const callee = this.inlined(fn);
    return isPasted(callee) && mayUse(caller, captures, callee) ? callee : undefined;
  }

  /** A call that stays goes to the function with its own calls pasted. */
  private ref(ref: FnRef): FnRef {
    let made = this.refs.get(ref);
    if (made === undefined) {
      made = { ...ref, fn: () => this.final(this.inlined(ref.fn())), of: ref };
      this.refs.set(ref, made);
    }
    return made;
  }
  private final(fn: Fn): Fn {
    return this.settled.get(fn) ?? fn;
  }
}

/** The body of the callee with its parameters bound to the arguments, and its results named as the call's. */
function paste(s: Call, callee: Fn, captures: Var[]): Statement[] {
  const names = new Map<Var, Atom>();
  callee.params.forEach((p, i) => {
    const arg = s.args[i];
    if (arg) names.set(p, arg);
  });
  for (const c of callee.captures) if (!captures.includes(c)) captures.push(c);
  const body = renew(callee.body, names);
  const results = s.results.map((result, i): Statement => {
    const value = body.yields[i] as Atom;
    return { kind: "let", result, op: "identity", args: [value], ...(s.origin ? { origin: s.origin } : {}) };
  });
  return [...body.statements, ...results];
}

/** R16: names of another module are out of reach, and those of a block may be. What is imported is imported anywhere. */
function mayUse(caller: Fn, captures: readonly Var[], callee: Fn): boolean {
  const bound = callee.captures.filter((c) => c.imported !== true);
  if (bound.length > 0 && callee.origin?.file !== caller.origin?.file) return false;
  return bound.every((c) => captures.includes(c) || (!c.local && !captures.some((d) => d.name === c.name)));
}

/** Constants of a module under their numbers, where their names mean nothing. */
export function withPlainNumbers(fn: Fn, isKnown: (name: string) => boolean = () => false): Fn {
  const plain = (a: Atom): Atom => {
    if (a.kind !== "literal" || a.written === undefined || isKnown(a.text ?? "")) return a;
    const number: Literal = { kind: "literal", value: a.value, type: a.type };
    return a.written === String(a.value) ? number : { ...number, text: a.written };
  };
  return { ...fn, body: rewriteBlock(fn.body, { atom: plain }) };
}

function isRecursive(fn: Fn): boolean {
  const seen = new Set<Fn>();
  const visit = (f: Fn): boolean => {
    for (const callee of calleesOf(f)) {
      const g = callee.fn();
      if (g === fn) return true;
      if (!seen.has(g)) {
        seen.add(g);
        if (visit(g)) return true;
      }
    }
    return false;
  };
  return visit(fn);
}
