import type { Emitted } from "../compilation.js";
import type { EmitOptions } from "../compile/stages.js";
import type { Fn, Var } from "../ir/model.js";
import type { Type } from "../ir/types.js";
import { bound, boundWithin, statementsOf } from "../ir/walk.js";
import { straighten } from "../optimise/index.js";
import { Body } from "./body.js";
import { asBody } from "./allocations.js";
import { coalesce, Slots, type Slot } from "./coalesce.js";
import { Expressions } from "./expressions.js";
import { fold } from "./fold.js";
import { list, located, write } from "./fragment.js";
import { handedOn } from "./handed-on.js";
import { besideFunctions } from "./in-text.js";
import { Structure } from "./jumps.js";
import { Liveness } from "./liveness.js";
import { certainNumber } from "./logic.js";
import { hintsIn, namesFor } from "./names.js";
import type { Node } from "./nodes.js";
import { takenApart } from "./patterns.js";
import { place } from "./place.js";
import { level } from "./precedence.js";
import { Scopes } from "./scopes.js";
import { Shape } from "./shape.js";
import { signature } from "./signature.js";
import { Statements } from "./statements.js";
import type { Expr } from "./tree.js";
import { emitType } from "./types.js";
import { withoutUnread } from "./unread.js";
import { Usage } from "./usage.js";
import { wordsIn } from "./words.js";

/** Prints a function of the IR as TypeScript. */
export function emitFunction(source: Fn, options: EmitOptions): Emitted {
  const { fn, heads } = takenApart(straighten(source));
  // Expressions out of statements, variables out of names, jumps out of statuses.
  const usage = new Usage(fn);
  const tree = fold(fn, usage, options.reserved);
  const liveness = new Liveness(fn, tree);
  const slots = new Slots(coalesce(fn, liveness), liveness, fn, usage, ownNames(fn));
  const isInteger = (e: Expr): boolean => certainNumber(e, (v) => usage.counters.has(v));
  const rough = new Structure(fn, usage, slots, isInteger).run(tree);

  // Loops with tests, then declarations: where a variable is declared depends on the form of the loops.
  const shape = new Shape(slots, isInteger);
  const shaped = shape.run(withoutUnread(shape.run(rough), slots));
  const nodes = place(handedOn(shaped, slots), slots);

  const params = fn.params.map((p) => slots.of(p));
  const scopes = new Scopes(nodes, params, slots);
  const words = wordsIn(nodes, (ref) => options.callee(ref));
  for (const c of fn.captures) words.add(options.captured(c));
  const names = namesFor([...scopes.scopes.keys()], scopes, { words, reserved: options.reserved, hints: hintsIn(nodes), slotOf: (v) => slots.of(v) });

  const type = (t: Type): string => emitType(t, (name, declared) => (declared === undefined ? options.reserved.has(name) : options.isType?.(name, declared) === true));
  const variable = (v: Var): string => (v.captured === true ? options.captured(v) : nameOf(names, slots.of(v)));
  const print = new Expressions({ variable, type, callee: (ref) => options.callee(ref), ...(options.shared && { shared: options.shared }) });
  const body = new Body(new Statements(slots, names, print, besideFunctions(nodes, slots)), print);
  const head = signature(heads, fn.results, (p) => nameOf(names, slots.of(p)), type, options.name.length);
  const emitted = isShort(options, nodes) ? arrowOf(head, nodes, print) : body.run(headOf(head, options), nodes);
  const text = options.form === "arrow" ? emitted.text.trimEnd() : emitted.text;
  return fn.origin === undefined ? { ...emitted, text } : located({ ...emitted, text }, fn.origin);
}

// function lossGrad(x: number): number {   or   (x: number): number => {
function headOf(signature: string, { form, name }: EmitOptions): string {
  return form === "arrow" ? `${signature} => {` : `function ${name}${signature} {`;
}

// (x: number): number => 2 * x
function arrowOf(signature: string, nodes: readonly Node[], print: Expressions): Emitted {
  const [only] = nodes;
  if (only?.kind !== "return") throw new Error("more than a return");
  const values = only.values.map((v) => print.print(v, level.arrow));
  const [value] = values;
  return write`${signature} => ${value === undefined || values.length > 1 ? write`[${list(values)}]` : asBody(value)}`;
}

function isShort({ form }: EmitOptions, nodes: readonly Node[]): boolean {
  const [first, second] = nodes;
  return form === "arrow" && first?.kind === "return" && second === undefined;
}

function nameOf(names: ReadonlyMap<Slot, string>, slot: Slot): string {
  const name = names.get(slot);
  if (name === undefined) throw new Error(`a variable ${slot.wish} that is declared nowhere`);
  return name;
}

/** The names that code of the source gives; that of the compiler takes others where they would meet. */
function ownNames(fn: Fn): Set<string> {
  const names = new Set<string>();
  for (const s of statementsOf(fn.body)) {
    for (const v of [...bound(s), ...boundWithin(s)]) if (v.name !== "" && v.origin !== undefined && v.origin.reverse !== true) names.add(v.name);
  }
  return names;
}
