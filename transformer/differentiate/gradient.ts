import { Builder, literal, region, variable, zero } from "../ir/build.js";
import { overwrittenBy } from "../ir/effects.js";
import type { Atom, Block, Copy, Fn, Key, Var } from "../ir/model.js";
import { rewriteBlock } from "../ir/rewrite.js";
import { bool, containsItself, holdsReferences, isReference, nonNull, nullable, real, tupleOf, type Type } from "../ir/types.js";
import { guard, holdsPartsOf, mayBeSame, mayShareRows, refuseAliases, sharedBuffer, sharesRows } from "./aliases.js";
import { counted } from "./counted.js";
import { Frame } from "./frame.js";
import { joint } from "./joint.js";
import { present } from "./mirror-memory.js";
import { workingShadow } from "./working-shadow.js";
import type { Pairs } from "./pairs.js";
import { depthOf } from "./places.js";
import { Reversal } from "./reversal.js";
import { save } from "./save.js";
import { gradientType, shadowType } from "./shadow-type.js";
import { Walkers } from "./walkers.js";

export interface GradientOptions {
  readonly kind: "grad" | "valueAndGrad" | "gradInto";
  /** The places of the parameters asked for. */
  readonly wrt: readonly number[];
  /** Whether one gradient is given as it is, or all of them as a tuple. */
  readonly single: boolean;
  readonly name: string;
  /** Whether the arguments are copies that nothing else leads to. */
  readonly arePrivate?: boolean;
  /** Of `gradInto`: whether `out` is known to be all zero and no argument. */
  readonly isFresh?: boolean;
}

/** Reverse mode: a function that gives the gradient of `fn`, in the same IR. */
export function reverse(fn: Fn, options: GradientOptions, pairs: Pairs): Fn {
  const entry = new Builder(fn.origin);
  const own = privateCopies(counted(fn), entry, options.arePrivate);
  const { kind, wrt } = options;
  const inputs = wrt.map((i) => own.params[i] as Var);
  const r = Reversal.of(own, inputs, pairs);
  const out = kind === "gradInto" ? variable("out", outType(inputs, options.single), fn.origin) : undefined;
  if (out && options.isFresh !== true) zeroed(out, fn.name, fn.params, entry);
  const exit = new Builder(fn.origin);
  const shadows = inputs.map((p, k) => parameterShadow(p, fn.params[wrt[k] ?? 0] as Var, out, k, r, [entry, exit], options.single));

  const frame = new Frame(r.naming);
  const [value] = own.body.yields;
  if (value === undefined) throw new Error(`${fn.name} gives no value`);
  if (value.kind === "var" && r.isActive(value)) frame.add(value, { ...literal(1), type: real }, false);
  const statements = joint(own.body.statements, frame, r);
  const gradients = inputs.map((p, k): Atom => (isReference(p.type) ? (shadows[k] ?? zero) : (frame.adjoints.get(p)?.atom ?? { ...zero, type: real })));
  const results = finish(kind, value, gradients, out, options.single, exit);
  const body: Block = {
    region: region(options.name),
    statements: [...entry.statements, ...r.entry, ...statements, ...exit.statements],
    yields: results,
  };
  const made: Fn = {
    name: options.name,
    params: out ? [out, ...fn.params] : fn.params,
    captures: fn.captures,
    body,
    results: results.map((a) => a.type),
    ...(fn.origin ? { origin: fn.origin } : {}),
  };
  return save(made, r);
}

/** The shadow of a parameter asked for: new memory, or the place in `out` where the gradient is wanted. */
function parameterShadow(p: Var, given: Var, out: Var | undefined, k: number, r: Reversal, [entry, exit]: readonly [Builder, Builder], single: boolean): Atom | undefined {
  if (!isReference(p.type)) return undefined;
  const name = r.naming.adjoint(p);
  let shadow: Var;
  if (out) shadow = single ? out : entry.load(out, out.type.kind === "record" ? { kind: "field", name: String(k) } : literal(k), name);
  else shadow = entry.allocate(shadowType(p.type), { kind: "zerosLike", source: given }, name);
  r.shadows.set(p, shadow);
  if (p === given || !holdsReferences(p.type) || !r.movesReferences(p)) return shadow;
  r.shadows.set(p, workingShadow(shadow, given, name, { entry, exit, adders: r.adders, isNew: out === undefined }));
  return shadow;
}

/** R6: a parameter that the function writes is copied on entry, and the function works on the copy. */
export function privateCopies(fn: Fn, entry: Builder, arePrivate = false): Fn {
  const written = fn.params.filter((p) => isReference(p.type)).filter(overwrittenBy(fn));
  if (written.length === 0) return fn;
  if (!arePrivate) refuseAliases(written, [...fn.params.filter((p) => !written.includes(p)), ...fn.captures], fn.name, entry);
  const names = new Map(written.map((p) => [p, entry.copy(p, depthOf(p.type), p.name)]));
  const body = rewriteBlock(fn.body, { atom: (a) => (a.kind === "var" ? (names.get(a) ?? a) : a) });
  return { ...fn, body, params: fn.params.map((p) => names.get(p) ?? p) };
}

/** A function that leaves its arguments as they are: it works on copies of those that it would write. */
export function onCopies(fn: Fn): Fn {
  const entry = new Builder(fn.origin);
  const own = privateCopies(fn, entry);
  return own === fn ? fn : { ...own, params: fn.params, body: { ...own.body, statements: [...entry.statements, ...own.body.statements] } };
}

/** Whether a copy refers to memory that its source refers to as well. */
export function sharesParts(s: Copy): boolean {
  return s.depth < depthOf(s.of.type);
}

/** The type of `out`: the gradient's; numbers alone go into any array of their length. */
export function outType(inputs: readonly Var[], single: boolean): Type {
  const types = inputs.map((p) => (p.type.nullable && isReference(p.type) ? nullable(gradientType(p.type)) : gradientType(p.type)));
  const [first] = types;
  if (single && first && isReference(first)) return first;
  return tupleOf(types);
}

/** `out` may not be memory that is still read, and starts from 0. */
export function zeroed(...[out, name, read, entry, nameOf]: Parameters<typeof refuseRead>): void {
  refuseRead(out, name, read, entry, nameOf);
  fillZero(out, out.type, entry);
}

export function refuseRead(out: Var, name: string, read: readonly Var[], entry: Builder, nameOf = (p: Var): string => p.name): void {
  const parts: Var[] = [out];
  const visit = (v: Var): void => {
    for (const { key, type } of membersOf(v.type)) {
      if (!isReference(type) || (type.nullable && v !== out)) continue;
      const part = entry.load(v, key, "", type);
      parts.push(part);
      if (!type.nullable) visit(part);
    }
  };
  visit(out);
  for (const part of parts) {
    for (const p of read) {
      if (!isReference(p.type)) continue;
      if (mayShareRows(part, p)) {
        const holds = (b: Builder): void => {
          guard(sharesRows(part, p, b), `${name}: 'out' holds an array of '${nameOf(p)}', which is still read: pass other arrays`, b);
        };
        if (p.type.nullable) present(p, entry, holds);
        else holds(entry);
      }
      if (!mayBeSame(p.type, part.type)) continue;
      const refuse = (b: Builder): void => {
        const same = part.type.kind === "typed" ? sharedBuffer(part, p, b) : b.let("===", [part, p], bool);
        guard(same, `${name}: 'out' is '${nameOf(p)}', which is still read: pass another array`, b);
      };
      if (p.type.nullable) present(p, entry, refuse);
      else refuse(entry);
    }
  }
  for (const p of read) {
    const holds = isReference(p.type) ? holdsPartsOf(out, p, entry) : undefined;
    if (holds !== undefined) guard(holds, `${name}: 'out' holds a part of '${nameOf(p)}', which is still read: pass other arrays and objects`, entry);
  }
}

/** What stands at places that are known: the fields of a record, the elements of a tuple. */
function membersOf(type: Type): readonly { readonly key: Key; readonly type: Type }[] {
  if (type.kind === "record") return type.fields.map((f) => ({ key: { kind: "field", name: f.name }, type: f.type }));
  if (type.kind !== "array" || type.length === undefined || !isReference(type.element)) return [];
  const { element, length } = type;
  return Array.from({ length }, (_, i) => ({ key: literal(i), type: element }));
}

/** Writes 0 in the place of every number. What may be missing stays so. */
function fillZero(memory: Var, type: Type, b: Builder, all = clearers()): void {
  if (type.kind === "record" && containsItself(type)) all.walk([memory], type, b);
  else fillMembers(memory, type, b, all);
}

function clearers(): Walkers {
  const all = new Walkers("clear", ["object"], ([object], type, b) => {
    if (object !== undefined) fillMembers(object, type, b, all);
  });
  return all;
}

function fillMembers(memory: Var, type: Type, b: Builder, all: Walkers): void {
  const members = membersOf(type);
  for (const { key, type: inner } of members) {
    if (inner.kind !== "real" && !isReference(inner)) continue;
    const write = (to: Builder): void => {
      if (isReference(inner)) fillZero(to.load(memory, key, "", nonNull(inner)), nonNull(inner), to, all);
      else to.clear(memory, key);
    };
    if (inner.nullable) present(b.load(memory, key, "", inner), b, write);
    else write(b);
  }
  if (members.length > 0 || type.kind === "record") return;
  const k = variable("k", { kind: "int" }, b.origin);
  const bound = b.load(memory, { kind: "field", name: "length" });
  const inner = new Builder(b.origin);
  if (type.kind === "array" && isReference(type.element)) fillZero(inner.load(memory, k), type.element, inner, all);
  else inner.clear(memory, k);
  b.add({ kind: "loop", counter: { var: k, start: zero, test: "<", bound, step: 1 }, carried: [], body: inner.block(region("zero"), [zero]) });
}

function finish(kind: GradientOptions["kind"], value: Atom, gradients: readonly Atom[], out: Var | undefined, single: boolean, b: Builder): Atom[] {
  if (out) {
    gradients.forEach((g, k) => {
      if (!isReference(g.type)) b.store(out, out.type.kind === "record" ? { kind: "field", name: String(k) } : literal(k), g);
    });
    return [value];
  }
  const tuple = (elements: readonly Atom[]): Var => b.allocate(tupleOf(elements.map((e) => (e.type.kind === "int" ? real : e.type))), { kind: "elements", elements });
  const [first] = gradients;
  const gradient = single && first ? first : tuple(gradients);
  return kind === "grad" ? [gradient] : [tuple([value, gradient])];
}
