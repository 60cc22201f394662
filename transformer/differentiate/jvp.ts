import { Builder, literal, region, variable, zero } from "../ir/build.js";
import { Memory, reachable } from "../ir/memory.js";
import type { Atom, Fn, Key, Var } from "../ir/model.js";
import { isReference, nullable, real, tupleOf, type Type } from "../ir/types.js";
import { Activity } from "./activity.js";
import { Direction } from "./direction.js";
import { givenIn } from "./given.js";
import { privateCopies } from "./gradient.js";
import { namingFor } from "./naming.js";
import { depthOf } from "./places.js";
import { named } from "./save.js";
import { gradientType, shadowType } from "./shadow-type.js";
import { tangentBlock } from "./tangent.js";
import { TangentFunctions } from "./tangent-call.js";

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
  const functions = reachable(own);
  const memory = new Memory(functions);
  const activity = new Activity(functions, memory, inputs, own.body.yields);
  const isGiven = givenIn(functions, inputs, memory);
  const d = new Direction(activity, namingFor(own, "t"), isGiven);
  const given = tangentParameter(inputs, wrt.map((i) => fn.params[i] as Var), single, d, entry);

  const callees = new TangentFunctions(activity, isGiven, 1);
  const { statements } = tangentBlock(own.body, { directions: [d], made: new Map(), functionOf: (callee) => callees.of(callee) });
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
      statements: [...entry.statements, ...d.entry, ...statements, ...exit.statements],
      yields: [result],
    },
    results: [result.type],
    ...(fn.origin ? { origin: fn.origin } : {}),
  };
  return named(made, d.naming);
}

function placeIn(tuple: Type, i: number): Key {
  return tuple.kind === "record" ? { kind: "field", name: String(i) } : literal(i);
}

/** The parameter of the tangents: one, or a tuple of them, from which each is taken. */
function tangentParameter(inputs: readonly Var[], sources: readonly Var[], single: boolean, d: Direction, entry: Builder): Var {
  const types = sources.map((p) => (p.type.nullable ? nullable(gradientType(p.type)) : gradientType(p.type)));
  const [first] = inputs;
  if (single && first !== undefined && types[0] !== undefined) {
    const given = variable(d.naming.adjoint(first), types[0], first.origin);
    seed(first, given, sources[0] === first, d, entry);
    return given;
  }
  const given: Var = { ...variable("tangents", tupleOf(types), first?.origin), isTuple: true };
  inputs.forEach((p, k) => {
    if (!d.isActive(p)) return;
    const tangent: Var = { ...d.newShadow(p), type: types[k] ?? real };
    entry.add({ kind: "load", result: tangent, of: given, key: placeIn(given.type, k) });
    seed(p, tangent, sources[k] === p, d, entry);
  });
  return given;
}

function seed(p: Var, given: Var, isRead: boolean, d: Direction, entry: Builder): void {
  // What the function writes to is a copy, and so is its tangent.
  if (isReference(p.type)) d.shadows.set(p, isRead ? given : entry.copy(given, depthOf(p.type), given.name));
  else d.set(p, { atom: given.type.nullable ? entry.let("??", [given, zero]) : given, absent: false });
}

function tangentOfResult(value: Atom, d: Direction, b: Builder): Atom {
  if (!isReference(value.type)) return d.tangentOf(value)?.atom ?? { ...zero, type: real };
  if (d.isActive(value)) return d.shadowOf(value);
  return b.allocate(shadowType(value.type), { kind: "zerosLike", source: value });
}
