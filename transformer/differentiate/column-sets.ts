import { region, variable, zero } from "../ir/build.js";
import type { Accumulate, Atom, Call, Fn, FnRef, Let, Statement, Var } from "../ir/model.js";
import { arrayOf, carriesReal, isReference, real, type Type } from "../ir/types.js";
import { AdjointBuilder } from "./algebra.js";
import { besideOf, type Direction } from "./direction.js";
import { eachNumber } from "./each-number.js";
import { ruleFor } from "./pullback.js";
import { shadowType } from "./shadow-type.js";
import type { Forward, TangentKind } from "./tangent.js";

/** Sets by name: a name up to the number of columns is that of the set of one column, and 0 that of the empty set. */
export const setsType: Type = { kind: "opaque", text: "Map<number, readonly number[]>" };

/** Why the pattern of a function cannot be found. */
export class NotSparse extends Error {}

/** The most sets that are known to be the parts of another. */
const most = 32;
/** The first name of a set that is no column: small enough for all to be small integers of V8. */
const firstName = 2 ** 29;

const unionText = `(sets: Map<number, readonly number[]>, names: readonly number[]): number {
  const list: number[] = [];
  for (const name of names) {
    // What is read past the end of an array has no name.
    if (!(name > 0)) continue;
    // What a large set is made of is not listed again.
    const parts = name < ${firstName} ? undefined : sets.get(name);
    const isListed = parts !== undefined && list.length + parts.length <= ${most};
    for (let k = 0; k < (isListed ? parts.length : 1); k++) {
      const part = isListed ? parts[k] : name;
      let at = list.length;
      while (at > 0 && list[at - 1] > part) at--;
      if (at > 0 && list[at - 1] === part) continue;
      list.push(part);
      list.copyWithin(at + 1, at, list.length - 1);
      list[at] = part;
    }
  }
  if (list.length < 2) return list.length === 0 ? 0 : list[0];
  // The name is computed from the parts, so that the same parts have the same name.
  let hash = 17;
  for (const part of list) hash = Math.imul(hash ^ part, 16777619);
  for (let name = ${firstName} + (hash >>> 3); ; name++) {
    const known = sets.get(name);
    if (known === undefined) sets.set(name, list);
    if (known === undefined || (known.length === list.length && known.every((part, k) => part === list[k]))) return name;
  }
}
`;

/** `unionOf(sets, names)`: the name of the union of sets. */
export function unionFunction(): FnRef {
  const [sets, names] = [variable("sets", setsType), variable("names", arrayOf(real))];
  const result = variable("name", real);
  const call: Statement = { kind: "opaque", result, text: ["unionOf(", ", ", ")"], args: [sets, names], pure: true, readsOnly: true };
  const fn: Fn = { name: "unionOf", params: [sets, names], captures: [], body: { region: region("union"), statements: [call], yields: [result] }, results: [real], written: unionText, unites: true };
  return { name: fn.name, fn: () => fn };
}

/**
 * Dependence: the tangent of a number is the name of the set of columns that it is computed from, and 0 where there are
 * none. Every operation gives the union of what its arguments have, whatever the numbers are.
 */
export function columnSets(union: FnRef): TangentKind {
  const sets = variable("sets", setsType);
  /** What a union was made of. */
  const parts = new Map<Atom, readonly Atom[]>();

  // unionOf(sets, [dx, dy])
  const joined = (given: readonly Atom[], b: AdjointBuilder): Atom | undefined => {
    const all = [...new Set(given.flatMap((a) => parts.get(a) ?? [a]))];
    const same = given.find((a) => (parts.get(a)?.length ?? 1) === all.length);
    if (same !== undefined || all.length === 0) return same;
    const isLong = all.length > most;
    const names = b.allocate(arrayOf(real), { kind: "elements", elements: isLong ? [...new Set(given)] : all });
    const result = variable("", real, b.origin);
    b.call(union, [sets, names], [result]);
    if (!isLong) parts.set(result, all);
    return result;
  };
  const set = (v: Var, given: readonly Atom[], d: Direction, b: AdjointBuilder): void => {
    const atom = joined(given, b);
    if (atom !== undefined) d.set(v, { atom, absent: true });
  };

  // out = op(x, y)   also   dout = unionOf(sets, [dx, dy])
  const operation = (s: Let, d: Direction, b: AdjointBuilder): void => {
    if (!d.isActive(s.result)) return;
    const tangents = s.args.map((a) => d.tangentOf(a)?.atom);
    if (tangents.every((t) => t === undefined)) return;
    const { partials } = ruleFor(s);
    set(s.result, tangents.filter((t, i): t is Atom => t !== undefined && partials[i] !== undefined), d, b);
  };

  // a[i] += x   also   da[i] = unionOf(sets, [da[i], dx])
  const accumulate = (s: Accumulate, d: Direction, b: AdjointBuilder): void => {
    const tangent = d.tangentOf(s.value);
    if (!d.isActiveReference(s.of) || tangent === undefined) return;
    const shadow = d.shadowOf(s.of);
    b.store(shadow, s.key, joined([b.load(shadow, s.key), tangent.atom], b) ?? tangent.atom);
  };

  // out = h(x, a)   also   names = [dx]; for (i …) names.push(da[i]); dout = unionOf(sets, names)
  const beside = (s: Call, out: Var, d: Direction, f: Forward): readonly Statement[] => {
    const b = new AdjointBuilder(f.made);
    const origin = besideOf(s.origin);
    if (origin !== undefined) b.origin = origin;
    const numbers = s.args.flatMap((a) => d.tangentOf(a)?.atom ?? []);
    const memory = s.args.filter((a) => d.isActiveReference(a));
    const isNumber = !isReference(out.type);
    if ([out, ...memory].some((a) => mayLack(a.type))) throw new NotSparse(`'${s.callee.name}' has a rule of its own, and what it takes or gives may lack parts`);
    if (memory.length === 0 && isNumber) {
      set(out, numbers, d, b);
      return b.statements;
    }
    const names = b.allocate(arrayOf(real), { kind: "elements", elements: numbers }, "names");
    for (const a of memory) {
      eachNumber([d.shadowOf(a)], shadowType(a.type), zero, b, (inner, [of], key) => {
        if (of !== undefined) inner.push(names, inner.load(of, key));
      });
    }
    const result = variable("", real, b.origin);
    b.call(union, [sets, names], [result]);
    if (isNumber) d.set(out, { atom: result, absent: true });
    else if (carriesReal(out.type)) {
      const shadow = d.bindShadow(out);
      b.add({ kind: "allocate", result: shadow, initial: { kind: "zerosLike", source: out } });
      eachNumber([shadow], shadow.type, zero, b, (inner, [of], key) => {
        if (of !== undefined) inner.store(of, key, result);
      });
    }
    return b.statements;
  };

  return {
    suffix: "Columns",
    context: [sets],
    operation,
    accumulate,
    custom: (s, _rule, f) => {
      const [out] = s.results;
      return out === undefined ? [s] : [s, ...f.directions.flatMap((d) => (d.isActive(out) ? beside(s, out, d, f) : []))];
    },
  };
}

function mayLack(type: Type): boolean {
  if (!carriesReal(type)) return false;
  if (type.nullable === true) return true;
  if (type.kind === "array") return mayLack(type.element);
  return type.kind === "record" && type.fields.some((f) => mayLack(f.type));
}
