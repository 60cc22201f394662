import { Builder, literal, region, variable, zero } from "../ir/build.js";
import type { Fn, Key, Var } from "../ir/model.js";
import { isReference, nullable, real, tupleOf, type Type } from "../ir/types.js";
import type { Direction } from "./direction.js";
import { ForwardPass, tangentOfResult } from "./forward-pass.js";
import { privateCopies } from "./gradient.js";
import { depthOf } from "./places.js";
import { gradientType } from "./shadow-type.js";

export interface JvpOptions {
  readonly wrt: readonly number[];
  /** Whether one tangent is given as it is, or all of them as a tuple. */
  readonly single: boolean;
  readonly name: string;
}

// fJvp(args, tangents) { const [x, y] = args; const [dx, dy] = tangents; …; return [value, dvalue]; }
/** Forward mode: a function that gives the value of `fn` and how it changes where its arguments change by `tangents`. */
export function jvp(fn: Fn, { wrt, single, name }: JvpOptions): Fn {
  const entry = new Builder(fn.origin);
  const args: Var = { ...variable("args", tupleOf(fn.params.map((p) => p.type)), fn.origin), isTuple: true };
  fn.params.forEach((p, i) => entry.add({ kind: "load", result: p, of: args, key: placeIn(args.type, i) }));
  const own = privateCopies(fn, entry);
  const inputs = wrt.map((i) => own.params[i] as Var);
  const pass = new ForwardPass(own, inputs, own.body.yields);
  const [d] = pass.directions as [Direction];
  const { given } = tangentsGiven(inputs, wrt.map((i) => fn.params[i] as Var), { name: "tangents", single }, d, entry);

  const statements = pass.run();
  const exit = new Builder(fn.origin);
  const value = own.body.yields[0] ?? zero;
  const yields = [value, tangentOfResult(value, d, exit)];
  const result = exit.allocate(tupleOf(yields.map((a) => (a.type.kind === "int" ? real : a.type))), { kind: "elements", elements: yields });
  const made: Fn = {
    name,
    params: [args, given],
    captures: fn.captures,
    body: {
      region: region(name),
      statements: [...entry.statements, ...statements, ...exit.statements],
      yields: [result],
    },
    results: [result.type],
    ...(fn.origin ? { origin: fn.origin } : {}),
  };
  return pass.named(made);
}

function placeIn(tuple: Type, i: number): Key {
  return tuple.kind === "record" ? { kind: "field", name: String(i) } : literal(i);
}

interface Form {
  readonly name: string;
  /** Whether there is one tangent, and not a tuple. */
  readonly single: boolean;
}

/**
 * The parameter of the tangents, and the parts that are taken out of it: one, or a tuple of them. `sources` are the
 * parameters as they are given, where `inputs` are the function's own copies.
 */
export function tangentsGiven(inputs: readonly Var[], sources: readonly Var[], { name, single }: Form, d: Direction, entry: Builder): { given: Var; parts: Var[] } {
  const types = sources.map((p) => (p.type.nullable ? nullable(gradientType(p.type)) : gradientType(p.type)));
  const [first] = inputs;
  if (single && first !== undefined && types[0] !== undefined) {
    const given = variable(name === "v" ? name : d.naming.adjoint(first), types[0], first.origin);
    seed(first, given, sources[0] === first, d, entry);
    return { given, parts: [given] };
  }
  const given: Var = { ...variable(name, tupleOf(types), first?.origin), isTuple: true };
  const parts = inputs.flatMap((p, k): Var[] => {
    if (!d.isActive(p)) return [];
    const tangent: Var = { ...d.newShadow(p), type: types[k] ?? real };
    entry.add({ kind: "load", result: tangent, of: given, key: placeIn(given.type, k) });
    seed(p, tangent, sources[k] === p, d, entry);
    return [tangent];
  });
  return { given, parts: [given, ...parts] };
}

function seed(p: Var, given: Var, isRead: boolean, d: Direction, entry: Builder): void {
  // What the function writes to is a copy, and so is its tangent.
  if (isReference(p.type)) d.shadows.set(p, isRead ? given : entry.copy(given, depthOf(p.type), given.name));
  else d.set(p, { atom: given.type.nullable ? entry.let("??", [given, zero]) : given, absent: false });
}
