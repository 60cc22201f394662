import { Builder, literal, variable } from "../ir/build.js";
import type { Atom, Call, CustomRule, Fn, Statement, Var } from "../ir/model.js";
import { renew, rewriteStatement } from "../ir/rewrite.js";
import { holdsReferences, isReference, real } from "../ir/types.js";
import { sizeOf, statementsOf } from "../ir/walk.js";
import type { AdjointBuilder } from "./algebra.js";
import type { Frame } from "./frame.js";
import { addInto } from "./mirror-memory.js";
import { depthOf, placesOf, type Places } from "./places.js";
import type { Reversal } from "./reversal.js";
import { shadowType } from "./shadow-type.js";

/** What the rule of a call is given in the mirror, as it was when the call was made. */
export interface Given {
  readonly out: Atom;
  readonly args: readonly Atom[];
  /** The shadow of a result that is memory. */
  readonly shadow?: Atom;
  /** Where what arrives for each argument that is memory is added. */
  readonly places: readonly (Places | undefined)[];
}

// out = h(x, a)   becomes   out = h(x, a); dout = zeros like out
// Nothing looks into h. The rule sees what was given and what came: of memory that is written later a copy.
export function sweepCustom(s: Call, r: Reversal): Statement[] {
  const [result] = s.results;
  if (result === undefined || !r.hasMirror([s]) || !r.isActive(result)) return [s];
  const b = new Builder(s.origin);
  const kept = (a: Atom): Atom => (isReference(a.type) && r.isWritten(a) ? b.copy(a, depthOf(a.type), a.kind === "var" ? a.name : "") : a);
  const args = s.args.map(kept);
  b.add(s);
  const out = kept(result);
  const places = s.args.map((a) => (r.isActiveReference(a) ? placesAt(r.shadowOf(a), a, r, b) : undefined));
  if (!isReference(result.type)) {
    r.given.set(s, { out, args, places });
    return b.statements;
  }
  const shadow = r.bindShadow(result);
  b.add({ kind: "allocate", result: shadow, initial: { kind: "zerosLike", source: result } });
  r.given.set(s, { out, args, places, shadow: placesAt(shadow, result, r, b).at(-1) ?? shadow });
  return b.statements;
}

/** A shadow with the parts that it has now, where these may change their places later. */
function placesAt(shadow: Atom, of: Atom, r: Reversal, b: Builder): Places {
  return holdsReferences(of.type) && r.movesReferences(of) ? placesOf(shadow, b) : [shadow];
}

// out = h(x, a)   becomes   [px, pa] = rule(dout, out, x, a); dx += px; da += pa
export function reverseCustom(s: Call, rule: CustomRule, frame: Frame, r: Reversal): void {
  const [result] = s.results;
  const given = r.given.get(s);
  const adjoint = result && frame.take(result);
  if (given === undefined || (given.shadow === undefined && adjoint === undefined)) return;
  const add = (g: Atom, to: Frame): void => {
    const partials = applied(rule.pullback.fn(), rule, [g, given.out, ...given.args], s.args.length, to.builder);
    s.args.forEach((arg, i) => {
      const [places, part] = [given.places[i], partials(i)];
      if (places !== undefined && part !== undefined) addInto(places, [part], shadowType(arg.type), to.builder, r.adders);
      else if (arg.kind === "var" && arg.type.kind === "real" && r.isActive(arg) && part !== undefined) to.add(arg, part, true);
    });
  };
  if (given.shadow !== undefined) add(given.shadow, frame);
  // Where nothing has arrived 0 must not meet an infinite partial, which the rule may hold.
  else if (adjoint !== undefined) frame.present(adjoint, mayBeSingular(rule.pullback.fn()), (inner) => {
    add(adjoint.atom, inner);
  });
}

/** The size up to which a rule is written out where it is used. */
const pasted = 40;

/** What the rule gives for each argument. A small one is written out, so that only what it uses has to be kept for it. */
export function applied(fn: Fn, rule: CustomRule, given: readonly Atom[], count: number, b: AdjointBuilder): (i: number) => Atom | undefined {
  const args = given.slice(0, fn.params.length);
  if (fn.captures.length > 0 || sizeOf(fn.body) > pasted) {
    const partials = variable("", fn.results[0] ?? real, b.origin);
    b.call(rule.pullback, args, [partials]);
    return (i) => (count === 1 ? partials : b.load(partials, literal(i)));
  }
  const [result] = paste(fn, args, b);
  if (count === 1) return () => result;
  const tuple = b.statements.find((s) => s.kind === "allocate" && s.result === result);
  const elements = tuple?.kind === "allocate" && tuple.initial.kind === "elements" ? tuple.initial.elements : undefined;
  return (i) => (elements === undefined ? result && b.load(result, literal(i)) : elements[i]);
}

/** Adds the body of the rule, with its arithmetic written as adjoints are, and gives what it yields. */
function paste(fn: Fn, args: readonly Atom[], b: AdjointBuilder): readonly Atom[] {
  const body = renew(fn.body, new Map<Var, Atom>(fn.params.map((p, i) => [p, args[i] ?? literal(undefined, p.type)])));
  const known = new Map<Var, Atom>();
  const atom = (a: Atom): Atom => (a.kind === "var" ? (known.get(a) ?? a) : a);
  for (const s of body.statements) {
    const written = rewriteStatement(s, { atom });
    if (written.kind === "let" && written.result.type.kind === "real" && arithmetic.has(written.op)) known.set(written.result, b.op(written.op, written.args));
    else b.add(written);
  }
  return body.yields.map(atom);
}

const arithmetic: ReadonlySet<string> = new Set(["+", "-", "*", "/", "neg"]);

/** Whether a rule may give what is infinite, or not a number, where nothing has arrived. */
export function mayBeSingular(fn: Fn): boolean {
  return [...statementsOf(fn.body)].some((s) => {
    if (s.kind === "call" || s.kind === "opaque") return true;
    if (s.kind !== "let") return false;
    return s.op === "/" ? s.args[1]?.kind !== "literal" : /^(%|\*\*|Math\.(pow|log\w*|atanh|tan|hypot|atan2))$/.test(s.op);
  });
}
