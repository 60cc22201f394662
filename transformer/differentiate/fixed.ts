import { Builder, literal, region } from "../ir/build.js";
import { allCells, effectsOf } from "../ir/effects.js";
import { Memory, reachable } from "../ir/memory.js";
import type { Atom, Fn, Key, Var } from "../ir/model.js";
import { rewriteBlock } from "../ir/rewrite.js";
import { carriesReal, holdsReferences, isReference, real, type Type } from "../ir/types.js";
import { statementsOf } from "../ir/walk.js";
import { optimise } from "../optimise/index.js";
import { countOf, membersOf, type Place } from "./columns.js";
import { jacobianType, keyIn, rowType } from "./jacobian-type.js";
import type { ForwardPass } from "./forward-pass.js";

/** The most directions that are carried at once, each in variables of its own. */
const most = 8;

/** A function by numbers alone, which it is known to have so many of. */
export interface Fixed {
  /** The function with these numbers as parameters of their own. */
  readonly fn: Fn;
  readonly numbers: readonly Var[];
  /** Where each stands in the gradient. */
  readonly places: readonly Place[];
  /** The statements that take them out of the parameters as they are given. */
  readonly entry: Builder;
}

// f(p: [number, number])   becomes   f(p0, p1) { const p = [p0, p1]; … }   where p0 = p[0] and p1 = p[1]
/** Takes the numbers out of the parameters asked for, where there are few and all are known. */
export function fixed(fn: Fn, wrt: readonly number[], single: boolean): Fixed | undefined {
  const inputs = wrt.map((i) => fn.params[i] as Var);
  // A number that may be left out has its place all the same.
  const count = inputs.reduce((n, p) => n + countOf(p.type.kind === "real" ? real : p.type), 0);
  if (!(count >= 1 && count <= most) || !areOnlyValues(inputs, fn)) return undefined;
  const entry = new Builder(fn.origin);
  const inner = new Builder(fn.origin);
  const numbers: Var[] = [];
  const places: Place[] = [];
  const copyOf = (v: Var, place: Place): Atom => {
    if (v.type.kind === "real") {
      numbers.push(v);
      places.push(place);
      return v;
    }
    const members = isReference(v.type) && carriesReal(v.type) ? membersOf(v.type) : undefined;
    if (members === undefined) return v;
    const elements = members.map(({ key }, i) => copyOf(entry.load(v, key, nameOf(v, key, i)), [...place, key]));
    return inner.allocate(v.type, { kind: "elements", elements }, v.name);
  };
  const names = new Map<Var, Atom>();
  inputs.forEach((p, k) => {
    const copy = copyOf(p, single ? [] : [literal(k)]);
    if (copy !== p) names.set(p, copy);
  });
  const body = rewriteBlock(fn.body, { atom: (a) => (a.kind === "var" ? (names.get(a) ?? a) : a) });
  const taken = new Set<Var>(fn.params);
  const made: Fn = {
    ...fn,
    params: [...fn.params, ...entry.statements.flatMap((s) => (s.kind === "load" && !taken.has(s.result) ? [s.result] : []))],
    body: { ...body, region: region(fn.name), statements: [...inner.statements, ...body.statements] },
  };
  return { fn: optimise(made), numbers, places, entry };
}

/**
 * Whether a function takes nothing but values out of its parameters, so that others with the same values do as well: no
 * text sees them, which may ask in which order their members stand, nothing asks whether two are the same, and none is
 * written that may be another too.
 */
function areOnlyValues(inputs: readonly Var[], fn: Fn): boolean {
  const functions = reachable(fn);
  const memory = new Memory(functions);
  const { writes } = effectsOf(fn.body.statements, memory);
  const cells = new Set(inputs.flatMap((p) => allCells(p, memory)));
  const isInput = (a: Atom): boolean => a.kind === "var" && isReference(a.type) && cells.has(memory.classOf(a));
  for (const s of functions.flatMap((one) => statementsOf(one.body))) {
    const looksAtMore = s.kind === "opaque" || s.kind === "effect" || (s.kind === "let" && (s.op === "===" || s.op === "!=="));
    if (looksAtMore && s.args.some(isInput)) return false;
  }
  const given = [...fn.params, ...fn.captures].filter((p) => isReference(p.type));
  const isAlone = given.length <= 1 && given.every((p) => !holdsReferences(p.type));
  return isAlone || ![...cells].some((cell) => writes.has(cell));
}

function nameOf({ name }: Var, key: Key, i: number): string {
  const part = key.kind === "field" ? key.name : String(i);
  return name === "" ? "" : `${name}${part.charAt(0).toUpperCase()}${part.slice(1)}`;
}

/** Each number is its own direction: its tangent is 1 there, and that of the others is absent. */
export function seedEach({ directions }: ForwardPass, numbers: readonly Var[]): void {
  numbers.forEach((v, l) => directions[l]?.set(v, { atom: { ...literal(1), type: real }, absent: false }));
}

/** A value of the gradient's shape, with these numbers in their places. */
export function rowOf(inputs: readonly Var[], single: boolean, values: readonly Atom[], b: Builder): Atom {
  return shaped(rowType(inputs, single), { ...real }, values, b);
}

/** A value of some shape with others in the place of its numbers, each of type `of`. */
export function shaped(type: Type, of: Type, values: readonly Atom[], b: Builder): Atom {
  let next = 0;
  const shape = (inner: Type): Atom => {
    if (inner.kind === "real") return values[next++] ?? { ...literal(0), type: real };
    const members = membersOf(inner);
    if (members === undefined) return literal(undefined);
    const made = jacobianType(inner, of);
    return b.allocate(made, { kind: "elements", elements: members.map((member) => shape(member.type)) });
  };
  return shape(type);
}

export function valueAt(of: Atom, i: number, b: Builder): Var {
  return b.load(of, keyIn(of.type, literal(i)));
}

