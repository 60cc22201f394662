import { Builder, literal, region, variable, zero } from "../ir/build.js";
import { overwrittenBy } from "../ir/effects.js";
import type { Atom, Block, Copy, Fn, Var } from "../ir/model.js";
import { rewriteBlock } from "../ir/rewrite.js";
import { bool, holdsReferences, isReference, nullable, real, tupleOf, type Type } from "../ir/types.js";
import { statementsOf } from "../ir/walk.js";
import { optimise } from "../optimise/index.js";
import { replaceByScalars } from "../optimise/scalars.js";
import { guard, holdsPartsOf, mayBeSame, mayShareRows, refuseAliases, sharedBuffer, sharesRows } from "./aliases.js";
import { fillOptional, fillZero, membersOf } from "./cleared.js";
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
import { smooth } from "./smooth.js";

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
  const own = privateCopies(counted(smooth(fn)), entry, options.arePrivate);
  const { kind, wrt } = options;
  const inputs = wrt.map((i) => own.params[i] as Var);
  const r = Reversal.of(own, inputs, pairs);
  const out = kind === "gradInto" ? variable("out", outType(inputs, options.single), fn.origin) : undefined;
  if (out && options.isFresh !== true) {
    refuseRead(out, fn.name, fn.params, entry);
    zeroed(out, wrt.map((i) => fn.params[i] as Var), { ...options, areStored: !inputs.some((p) => isReference(p.type)) }, fn.name, entry);
  }
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
  const own = written.reduce(onVariables, fn);
  const copied = written.filter(overwrittenBy(own));
  const names = new Map(copied.map((p) => [p, entry.copy(p, depthOf(p.type), p.name)]));
  const body = rewriteBlock(own.body, { atom: (a) => (a.kind === "var" ? (names.get(a) ?? a) : a) });
  return { ...own, body, params: fn.params.map((p) => names.get(p) ?? p) };
}

// f(p) { p[0] *= 2; … }   becomes   f(p) { p0 = p[0] * 2; … }
/** The function with variables in place of a parameter that it writes, where all that it asks of it is at places known now. */
function onVariables(fn: Fn, p: Var): Fn {
  const b = new Builder(fn.origin);
  const copy = b.copy(p, depthOf(p.type), p.name);
  const { statements, ...rest } = rewriteBlock(fn.body, { atom: (a) => (a === p ? copy : a) });
  const made = replaceByScalars({ ...fn, body: { ...rest, statements: [...b.statements, ...statements] } });
  return copiesIn(made) > copiesIn(fn) ? fn : optimise(made);
}

function copiesIn({ body }: Fn): number {
  return [...statementsOf(body)].filter((s) => s.kind === "copy").length;
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

interface Zeroed {
  readonly single: boolean;
  /** Whether numbers are stored in the end, whatever was there. */
  readonly areStored?: boolean;
}

/** `out` starts from 0, and has lists as long as those that it is the gradient by. */
export function zeroed(out: Var, inputs: readonly Var[], { single, areStored }: Zeroed, name: string, entry: Builder): void {
  const refusal = `${name}: 'out' has not the shape of the gradient: pass `;
  if (out.type.kind === "array" && out.type.length !== undefined && !isReference(out.type.element)) {
    const { length } = out.type;
    refuseOtherCount(out, length, refusal, entry);
    for (let i = 0; i < length && areStored !== true; i++) entry.clear(out, literal(i));
    return;
  }
  const lists = inputs.filter(({ type }) => isReference(type)).map((p) => `'${p.name}'`);
  const [first = out] = inputs;
  const like = { of: single ? first : inputs, refusal: `${refusal}arrays as long as in ${lists.join(" and ")}` };
  if (out.type.nullable) fillOptional(out, like, entry);
  else fillZero(out, out.type, entry, like);
}

// if (out.length !== 2) throw new Error("f: 'out' has not the shape of the gradient: pass 2 numbers")
/** Any array of its length may stand for a tuple, so that its type does not tell. */
function refuseOtherCount(out: Var, count: number, refusal: string, entry: Builder): void {
  const differs = variable("", bool, entry.origin);
  entry.add({ kind: "opaque", result: differs, text: ["", `.length !== ${String(count)}`], args: [out], pure: true, readsOnly: true });
  guard(differs, `${refusal}an array of ${String(count)}`, entry);
}

/** `out` may not be memory that is still read. */
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
