import { literal, variable } from "../../transformer/ir/build.js";
import type { Atom, Counter, Fn, Var } from "../../transformer/ir/model.js";
import { arrayOf, int, real, type Type } from "../../transformer/ir/types.js";
import { fn, param, type Writer } from "../differentiate/construct.js";

/** Numbers that are the same each time, from a seed (mulberry32). */
export function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

interface Scope {
  readonly numbers: Atom[];
  readonly arrays: readonly Atom[];
  /** Counters: indices within 0 … 3. */
  readonly indices: readonly Atom[];
}

const binary = ["+", "-", "*", "/", "%", "Math.max", "Math.atan2"];
const unary = ["neg", "Math.sin", "Math.abs", "sigmoid", "identity"];
const comparisons = ["<", ">", "<=", ">=", "===", "!=="];
/** As few names as there can be: they must meet. */
const names = ["x", "y", "", "t", "s", "x2"];

/** Writes a function at random: arithmetic, arrays, branches and loops with exits. The same seed gives the same. */
export function randomFn(seed: number): Fn {
  const next = numbersFrom(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)] as T;
  const number = (scope: Scope): Atom => {
    const kind = next();
    if (kind < 0.15) return { ...literal(pick([0, 1, -1, 2, 0.5, -3, -0, 1e21])), type: real };
    return kind < 0.25 && scope.indices.length > 0 ? pick(scope.indices) : pick(scope.numbers);
  };
  const index = (scope: Scope): Atom => (scope.indices.length > 0 && next() < 0.7 ? pick(scope.indices) : literal(Math.floor(next() * 4)));

  const test = (w: Writer, scope: Scope): Var => {
    const first = w.test(pick(comparisons), pick(scope.numbers), number(scope));
    const kind = next();
    if (kind < 0.2) return w.test("!", first);
    if (kind > 0.35) return first;
    const isAnd = next() < 0.5;
    const [both] = w.either(first, [{ kind: "bool" }], (t) => [isAnd ? test(t, scope) : literal(true)], (e) => [isAnd ? literal(false) : test(e, scope)]);
    return both as Var;
  };

  const statement = (w: Writer, scope: Scope, depth: number): void => {
    const kind = next();
    const name = pick(names);
    if (kind < 0.3) scope.numbers.push(w.let(pick(binary), [number(scope), number(scope)], real, name));
    else if (kind < 0.45) scope.numbers.push(w.let(pick(unary), [number(scope)], real, name));
    else if (kind < 0.6) scope.numbers.push(w.load(pick(scope.arrays), index(scope), name));
    else if (kind < 0.68) w.store(pick(scope.arrays), index(scope), number(scope));
    else if (kind < 0.74) w.accumulate(pick(scope.arrays), index(scope), number(scope));
    else if (kind < 0.78) {
      const [a, b] = [test(w, scope), number(scope)];
      scope.numbers.push(w.let("?:", [a, b, number(scope)], real, name));
    } else if (depth > 0) {
      if (kind < 0.9) branch(w, scope, depth);
      else loop(w, scope, depth);
    }
  };
  const block = (w: Writer, scope: Scope, depth: number): Scope => {
    const inner = { ...scope, numbers: [...scope.numbers] };
    for (let k = Math.floor(next() * 5); k > 0; k--) statement(w, inner, depth);
    return inner;
  };
  const named = (vars: readonly Var[]): void => {
    for (const v of vars) Object.assign(v, { name: v.type.kind === "int" ? v.name : pick(names) });
  };
  const branch = (w: Writer, scope: Scope, depth: number): void => {
    const types: Type[] = next() < 0.5 ? [real] : [real, real];
    const side = (t: Writer): Atom[] => {
      const inner = block(t, scope, depth - 1);
      return types.map(() => number(inner));
    };
    const results = w.either(test(w, scope), types, side, side);
    named(results);
    scope.numbers.push(...results);
  };

  // A status: 0 goes on, 1 and 2 leave, after work of their own.
  const status = (w: Writer, scope: Scope, depth: number, count: number): { atoms: Atom[]; scope: Scope } => {
    const inner = block(w, scope, depth - 1);
    const values = (s: Scope): Atom[] => Array.from({ length: count }, () => number(s));
    if (next() < 0.4 || depth <= 0) return { atoms: [literal(pick([0, 0, 1, 2])), ...values(inner)], scope: inner };
    const types: Type[] = [int, ...values(inner).map(() => real)];
    const side = (t: Writer): Atom[] => status(t, inner, depth - 1, count).atoms;
    const results = w.either(test(w, inner), types, side, side);
    named(results);
    const atoms: Atom[] = next() < 0.7 ? results : [results[0] as Atom, ...values({ ...inner, numbers: [...inner.numbers, ...results.slice(1)] })];
    return { atoms, scope: inner };
  };
  const loop = (w: Writer, scope: Scope, depth: number): void => {
    const count = Math.floor(next() * 3);
    const i = variable(pick(["i", "j", "x"]), int);
    const down = next() < 0.3;
    const counter: Counter = down
      ? { var: i, start: literal(3), test: ">=", bound: literal(0), step: -1 }
      : { var: i, start: literal(0), test: "<", bound: literal(4), step: 1 };
    const init = Array.from({ length: count }, () => number(scope)).map((a) => (a.type.kind === "int" ? w.num("+", a, 0.5) : a));
    const { results, exit } = w.turns(counter, init, (t, params) => {
      named(params);
      const inner: Scope = { ...scope, numbers: [...scope.numbers, ...params], indices: [...scope.indices, i] };
      return status(t, inner, depth, count).atoms;
    });
    named(results);
    scope.numbers.push(...results);
    if (next() < 0.6) scope.numbers.push(...w.either(w.test("===", exit, 1), [real], () => [number(scope)], (e) => [number(block(e, scope, depth - 1))]));
  };

  const params = [param("x"), param("y"), param("a", arrayOf(real)), param("b", arrayOf(real))];
  return fn("random", params, (w) => {
    const scope: Scope = { numbers: params.slice(0, 2), arrays: params.slice(2), indices: [] };
    for (let k = 0; k < 8; k++) statement(w, scope, 3);
    const total = scope.numbers.slice(-6).reduce((sum, v) => w.num("+", sum, v));
    return w.num("+", total, w.at(params[2] as Var, 1));
  });
}
